//! Azurite, the other emulator, from npm, with the Node that it asks for.

use std::path::PathBuf;

use super::npm;
use crate::failure::Failure;
use crate::process;
use crate::workspace::Workspace;

pub(super) fn install(workspace: &Workspace) -> Result<(), Failure> {
    npm::install(workspace, "azurite", starts)
}

/// The Node that Azurite brings, for the scripts of other strangers too.
pub(super) fn node(workspace: &Workspace) -> PathBuf {
    workspace.tools().join("azurite/node_modules/.bin/node")
}

fn starts(workspace: &Workspace) -> Result<(), Failure> {
    let main = workspace
        .tools()
        .join("azurite/node_modules/azurite/dist/src/blob/main.js");
    let version = process::output(workspace.program(node(workspace)).arg(main).arg("--version"))?;
    println!("    Azurite {} starts", version.trim());
    Ok(())
}
