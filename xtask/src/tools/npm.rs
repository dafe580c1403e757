//! A folder of npm packages, made as a package file of the strangers says.

use std::fs;

use super::stamp::Stamped;
use crate::failure::Failure;
use crate::process;
use crate::workspace::Workspace;

const MISSING: &str = "the tests need npm, which brings Azurite with its own Node, the SDK for JavaScript and AzCopy: \
    install npm (Debian, Ubuntu: apt-get install npm) and run this again";

/// Makes `target/tools/NAME` as `tests/strangers/NAME/package.json` says, unless it is already so. `check` looks at what was
/// installed, and has the last word on whether it is of use.
pub(super) fn install(
    workspace: &Workspace,
    name: &str,
    check: fn(&Workspace) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let path = workspace
        .root()
        .join("tests/strangers")
        .join(name)
        .join("package.json");
    let wanted = fs::read_to_string(&path).map_err(|error| Failure::io("read", &path, &error))?;
    let packages = Stamped::new(workspace.tools().join(name), wanted.clone());
    if packages.is_current() {
        println!("==> npm packages of {name}: already as tests/strangers/{name}/package.json says");
        return Ok(());
    }
    if !process::answers(workspace.program("npm").arg("--version")) {
        return Err(Failure::new(MISSING));
    }
    packages.clear()?;
    let copy = packages.folder().join("package.json");
    fs::write(&copy, wanted).map_err(|error| Failure::io("write", &copy, &error))?;
    process::run(
        &format!("install the npm packages of {name}"),
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
            .arg(packages.folder()),
    )?;
    check(workspace)?;
    packages.set()
}
