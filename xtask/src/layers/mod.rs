//! `cargo xtask layers`: crates use only crates of lower floors, and the docs show the floors as they are.

mod floors;
mod graph;
mod page;
mod picture;
mod rule;

use std::fs;

use crate::arguments::LayersMode;
use crate::failure::Failure;
use crate::workspace::Workspace;

/// The page that shows the picture, from the root of the workspace.
const PAGE: &str = "docs/src/architecture.md";

pub(crate) fn run(workspace: &Workspace, mode: LayersMode) -> Result<(), Failure> {
    let crates = graph::read(workspace.metadata());
    let picture = picture::draw(floors::FLOORS, floors::BESIDE, &crates);
    println!("{picture}");
    let violations = rule::violations(floors::FLOORS, floors::BESIDE, &crates);
    for violation in &violations {
        println!("layers: {violation}");
    }
    if !violations.is_empty() {
        return Err(Failure::new(format!(
            "the floors are broken in {} place(s); the table is xtask/src/layers/floors.rs",
            violations.len()
        )));
    }
    match mode {
        LayersMode::Print => Ok(()),
        LayersMode::CheckDocs => check(workspace, &picture),
        LayersMode::Write => write(workspace, &picture),
    }
}

fn check(workspace: &Workspace, picture: &str) -> Result<(), Failure> {
    if page::picture(&read(workspace)?) == Some(picture) {
        println!("{PAGE} shows these floors");
        return Ok(());
    }
    Err(Failure::new(format!(
        "{PAGE} does not show the current floors; run `cargo xtask layers --write`"
    )))
}

fn write(workspace: &Workspace, picture: &str) -> Result<(), Failure> {
    let before = read(workspace)?;
    let after = page::with_picture(&before, picture).ok_or_else(|| {
        Failure::new(format!(
            "{PAGE} has no place for the picture: lines `{}` and `{}`",
            page::START,
            page::END
        ))
    })?;
    let path = workspace.root().join(PAGE);
    fs::write(&path, after).map_err(|error| Failure::io("write", &path, &error))?;
    println!("{PAGE} is up to date");
    Ok(())
}

fn read(workspace: &Workspace) -> Result<String, Failure> {
    let path = workspace.root().join(PAGE);
    fs::read_to_string(&path).map_err(|error| Failure::io("read", &path, &error))
}
