//! `cargo xtask test`: everything that the tests need, and then every test.

mod runner;

use crate::failure::Failure;
use crate::process::{self, Stopwatch};
use crate::tools;
use crate::workspace::Workspace;

/// Where the tests find the release binary of the command.
const BINARY: &str = "LAZULI_BIN";

/// Where the tests find the Python venv (`venv/`) and Azurite (`azurite/`).
const TOOLS: &str = "LAZULI_TOOLS";

pub(crate) fn run(workspace: &Workspace, extra: &[String]) -> Result<(), Failure> {
    let watch = Stopwatch::start();
    tools::install(workspace)?;
    process::run(
        "build the release binary, for tests that move gigabytes",
        &mut workspace.cargo(&["build", "--release", "--package", "lazuli-cli"]),
    )?;
    let mut tests = runner::command(workspace, extra);
    tests
        .env(BINARY, workspace.release_binary())
        .env(TOOLS, workspace.tools());
    process::run("tests", &mut tests)?;
    if extra.is_empty() {
        process::run(
            "examples in the docs",
            &mut workspace.cargo(&["test", "--workspace", "--doc"]),
        )?;
    } else {
        println!("examples in the docs: left out, because arguments select some of the tests");
    }
    println!("test: all passed, {}", watch.elapsed());
    Ok(())
}
