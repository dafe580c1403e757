//! `cargo xtask audit`: a program that reads and writes blobs cannot make, remove or re-configure containers, nor the service, unless it says
//! so in its manifest. Proven on what the compiler made, not on what the sources seem to say.

mod build;
mod features;
mod probes;

use build::Library;
use probes::Probes;

use crate::coverage::{self, Row};
use crate::failure::Failure;
use crate::workspace::Workspace;

/// The crates that are taken as they come.
const PACKAGES: &[&str] = &["lazuli-blob", "lazuli-transfer"];

/// Operations that must be behind the feature, whatever the table says of them.
const MUST_BE_BEHIND: &[&str] = &[
    "service.set_properties",
    "container.create",
    "container.delete",
    "container.set_metadata",
    "container.set_access_policy",
    "container.restore",
    "container.rename",
];

/// What a build must have: a probe that finds nothing anywhere proves nothing.
const ALWAYS_THERE: &str = "GetBlob";

pub(crate) fn run(workspace: &Workspace) -> Result<(), Failure> {
    let rows = coverage::read(workspace)?;
    let behind = |row: &&Row| row.feature.as_deref() == Some("provisioning");
    let mut wrong: Vec<String> = in_front(&rows);
    wrong.extend(features::violations(workspace.metadata()));

    let rows: Vec<&Row> = rows.iter().filter(behind).collect();
    let (types, methods) = (Probes::types(&rows), Probes::methods(&rows));
    let control = Probes::type_named(ALWAYS_THERE);
    for package in PACKAGES {
        println!("==> {package} as it comes");
        let library = Library::of(workspace, package, &[])?;
        if library.features.iter().any(|feature| feature == "provisioning") {
            wrong.push(format!("{package} is built with provisioning"));
        }
        for (name, probes) in [("types", &types), ("methods", &methods)] {
            let there = library.has(workspace, name, probes)?;
            wrong.extend(
                there
                    .iter()
                    .map(|name| format!("{package} as it comes has {name}")),
            );
        }
        if library.has(workspace, "control", &control)? != [ALWAYS_THERE] {
            wrong.push(format!(
                "{ALWAYS_THERE} is not found in {package}: the audit sees nothing"
            ));
        }
    }

    println!("==> the same probes where provisioning is on");
    let library = Library::of(workspace, "lazuli-blob", &["--features", "provisioning"])?;
    for (name, probes) in [("types", &types), ("methods", &methods)] {
        let there = library.has(workspace, name, probes)?;
        let absent = probes.names.iter().filter(|name| !there.contains(&name.as_str()));
        wrong.extend(
            absent
                .map(|name| format!("{name} is not found where provisioning is on: the audit sees nothing")),
        );
    }

    for line in &wrong {
        println!("audit: {line}");
    }
    if !wrong.is_empty() {
        return Err(Failure::new(format!(
            "{} things are not as they must be",
            wrong.len()
        )));
    }
    println!(
        "a default build has none of {} operations and {} methods behind `provisioning`",
        types.names.len(),
        methods.names.len()
    );
    Ok(())
}

/// Operations that the client has without the feature that they must be behind.
fn in_front(rows: &[Row]) -> Vec<String> {
    let open = |row: &&Row| {
        MUST_BE_BEHIND.contains(&row.name.as_str())
            && row.operation.is_some()
            && row.feature.as_deref() != Some("provisioning")
    };
    rows.iter()
        .filter(open)
        .map(|row| format!("{} must be behind provisioning", row.name))
        .collect()
}
