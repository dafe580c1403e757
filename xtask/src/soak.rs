//! `cargo xtask soak`: the whole stack under trouble for a long time (`tests/src/soak`), built for release.

use crate::failure::Failure;
use crate::process;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, words: &[String]) -> Result<(), Failure> {
    let mut soak = workspace.cargo(&["run", "--quiet", "--release"]);
    soak.args(["--package", "lazuli-tests", "--bin", "soak", "--"])
        .args(words);
    process::run("soak", &mut soak)
}
