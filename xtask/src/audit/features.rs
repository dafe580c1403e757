//! What the manifests say: nobody who takes a crate of ours gets the power over containers unasked.

use cargo_metadata::{DependencyKind, Metadata, Package};

/// The feature that nothing may turn on for others, and the crate that has it.
const FEATURE: &str = "provisioning";
const CRATE: &str = "lazuli-blob";

/// Who may turn it on: programs, for themselves. No crate can depend on these two.
const MAY: &[&str] = &["lazuli-cli", "lazuli-tests"];

/// Everything that turns the feature on and should not.
pub(super) fn violations(metadata: &Metadata) -> Vec<String> {
    let packages = metadata.workspace_packages();
    packages
        .into_iter()
        .filter(|package| !MAY.contains(&package.name.as_str()))
        .flat_map(of)
        .collect()
}

fn of(package: &Package) -> Vec<String> {
    let mut found = Vec::new();
    for dependency in &package.dependencies {
        let ours = dependency.name == CRATE && dependency.kind != DependencyKind::Development;
        if ours && dependency.features.iter().any(|feature| feature == FEATURE) {
            found.push(format!(
                "{} turns on {FEATURE} of {CRATE} for all who use it",
                package.name
            ));
        }
    }
    for feature in on_by_default(package) {
        let own = package.name == CRATE && feature == FEATURE;
        let others = feature == format!("{CRATE}/{FEATURE}") || feature == format!("{CRATE}?/{FEATURE}");
        if own || others {
            found.push(format!("{} has {feature} on by default", package.name));
        }
    }
    found
}

/// The default features of a package with all that they turn on.
fn on_by_default(package: &Package) -> Vec<String> {
    let mut on = vec!["default".to_owned()];
    let mut at = 0;
    while let Some(feature) = on.get(at).cloned() {
        for next in package.features.get(&feature).into_iter().flatten() {
            if !on.contains(next) {
                on.push(next.clone());
            }
        }
        at += 1;
    }
    on
}
