//! `cargo xtask bench`: measurements beside what others have made. Each is a package in `bench/`, a workspace of its
//! own, so that what it measures beside us stays out of our dependency graph.

use std::process::Command;

use crate::failure::Failure;
use crate::process;
use crate::workspace::Workspace;

/// Shared Key and SAS, beside reqsign and the Python SDK.
pub(crate) fn signing(workspace: &Workspace) -> Result<(), Failure> {
    let mut bench = package(workspace, "bench/signing/Cargo.toml");
    let folder = if cfg!(windows) { "Scripts" } else { "bin" };
    let python = workspace.tools().join("venv").join(folder).join("python");
    if python.exists() {
        bench.arg("--python").arg(python);
    }
    process::run("operations a second", &mut bench)
}

/// The default stack, over the bare hyper client.
pub(crate) fn transport(workspace: &Workspace) -> Result<(), Failure> {
    let mut bench = package(workspace, "bench/transport/Cargo.toml");
    process::run("the cost of the default stack", &mut bench)
}

fn package(workspace: &Workspace, manifest: &str) -> Command {
    let mut bench = workspace.cargo(&["run", "--quiet", "--release"]);
    bench
        .args(["--manifest-path", manifest, "--target-dir"])
        .arg(workspace.target().join("bench"))
        .arg("--");
    bench
}
