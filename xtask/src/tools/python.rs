//! The Python venv with the strangers' clients: the official SDK, and rclone.

use std::fs;

use super::stamp::Stamped;
use crate::failure::Failure;
use crate::process;
use crate::workspace::Workspace;

const REQUIREMENTS: &str = "tests/strangers/requirements.txt";

const MISSING: &str = "the tests need Python 3.9 or later with its `venv` module: install python3 and python3-venv \
    (Debian, Ubuntu: apt-get install python3-venv) and run this again";

/// Makes `target/tools/venv` as the requirements say, unless it is already so.
pub(super) fn install(workspace: &Workspace) -> Result<(), Failure> {
    let path = workspace.root().join(REQUIREMENTS);
    let wanted = fs::read_to_string(&path).map_err(|error| Failure::io("read", &path, &error))?;
    let venv = Stamped::new(workspace.tools().join("venv"), wanted);
    if venv.is_current() {
        println!("==> Python venv: already as {REQUIREMENTS} says");
        return Ok(());
    }
    // A venv without pip is made by a Python without ensurepip, and fails only later.
    if !process::answers(
        workspace
            .program("python3")
            .args(["-c", "import venv, ensurepip"]),
    ) {
        return Err(Failure::new(MISSING));
    }
    venv.clear()?;
    process::run(
        "make the Python venv",
        workspace
            .program("python3")
            .args(["-m", "venv"])
            .arg(venv.folder()),
    )?;
    let bin = venv.folder().join(if cfg!(windows) { "Scripts" } else { "bin" });
    process::run(
        "install the strangers' clients",
        workspace
            .program(bin.join("python"))
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--requirement",
            ])
            .arg(path),
    )?;
    venv.set()
}
