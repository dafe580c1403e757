//! `cargo xtask bench`: measurements beside what others have made. Each is a package in `bench/`, a workspace of its
//! own, so that what it measures beside us stays out of our dependency graph.

use crate::failure::Failure;
use crate::process;
use crate::workspace::Workspace;

/// Shared Key and SAS, beside reqsign and the Python SDK.
pub(crate) fn signing(workspace: &Workspace) -> Result<(), Failure> {
    let mut bench = workspace.cargo(&["run", "--quiet", "--release"]);
    bench
        .args(["--manifest-path", "bench/signing/Cargo.toml"])
        .arg("--target-dir")
        .arg(workspace.target().join("bench"))
        .arg("--");
    let folder = if cfg!(windows) { "Scripts" } else { "bin" };
    let python = workspace.tools().join("venv").join(folder).join("python");
    if python.exists() {
        bench.arg("--python").arg(python);
    }
    process::run("operations a second", &mut bench)
}
