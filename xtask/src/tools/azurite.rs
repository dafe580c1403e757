//! Azurite, the other emulator, from npm, with the Node that it asks for.

use std::fs;

use super::stamp::Stamped;
use crate::failure::Failure;
use crate::process;
use crate::workspace::Workspace;

const PACKAGE: &str = "tests/strangers/azurite/package.json";

const MISSING: &str = "the tests need npm, which brings Azurite and its own Node: install npm \
    (Debian, Ubuntu: apt-get install npm) and run this again";

/// Makes `target/tools/azurite` as the package file says, unless it is already so.
pub(super) fn install(workspace: &Workspace) -> Result<(), Failure> {
    let path = workspace.root().join(PACKAGE);
    let wanted = fs::read_to_string(&path).map_err(|error| Failure::io("read", &path, &error))?;
    let azurite = Stamped::new(workspace.tools().join("azurite"), wanted.clone());
    if azurite.is_current() {
        println!("==> Azurite: already as {PACKAGE} says");
        return Ok(());
    }
    if !process::answers(workspace.program("npm").arg("--version")) {
        return Err(Failure::new(MISSING));
    }
    azurite.clear()?;
    let copy = azurite.folder().join("package.json");
    fs::write(&copy, wanted).map_err(|error| Failure::io("write", &copy, &error))?;
    process::run(
        "install Azurite",
        workspace
            .program("npm")
            .args([
                "install",
                "--no-audit",
                "--no-fund",
                "--no-package-lock",
                "--loglevel=error",
                "--prefix",
            ])
            .arg(azurite.folder()),
    )?;
    let modules = azurite.folder().join("node_modules");
    let version = process::output(
        workspace
            .program(modules.join(".bin").join("node"))
            .arg(modules.join("azurite/dist/src/blob/main.js"))
            .arg("--version"),
    )?;
    println!("    Azurite {} starts", version.trim());
    azurite.set()
}
