//! `cargo xtask bench`: measurements beside what others have made. Each is a package in `bench/`, a workspace of its
//! own, so that what it measures beside us stays out of our dependency graph.

use std::process::Command;

use crate::failure::Failure;
use crate::process;
use crate::workspace::Workspace;

/// What an entry of a list costs, beside object_store, and what a long list holds in memory.
pub(crate) fn listing(workspace: &Workspace) -> Result<(), Failure> {
    for (what, program) in [
        ("the cost of an entry", "lazuli-bench-listing"),
        ("the memory of a list", "lazuli-bench-listing-memory"),
    ] {
        let manifest = "bench/listing/Cargo.toml";
        let mut bench = package(workspace, manifest, &["--bin", program]);
        process::run(what, &mut bench)?;
    }
    Ok(())
}

/// Shared Key and SAS, beside reqsign and the Python SDK.
pub(crate) fn signing(workspace: &Workspace) -> Result<(), Failure> {
    let mut bench = package(workspace, "bench/signing/Cargo.toml", &[]);
    let folder = if cfg!(windows) { "Scripts" } else { "bin" };
    let python = workspace.tools().join("venv").join(folder).join("python");
    if python.exists() {
        bench.arg("--python").arg(python);
    }
    process::run("operations a second", &mut bench)
}

/// The default stack, over the bare hyper client.
pub(crate) fn transport(workspace: &Workspace) -> Result<(), Failure> {
    let mut bench = package(workspace, "bench/transport/Cargo.toml", &[]);
    process::run("the cost of the default stack", &mut bench)
}

fn package(workspace: &Workspace, manifest: &str, words: &[&str]) -> Command {
    let mut bench = workspace.cargo(&["run", "--quiet", "--release"]);
    bench
        .args(["--manifest-path", manifest, "--target-dir"])
        .arg(workspace.target().join("bench"))
        .args(words)
        .arg("--");
    bench
}
