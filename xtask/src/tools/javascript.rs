//! The official SDK for JavaScript, which runs on Azurite's Node, and AzCopy: both from npm.

use std::fs;
use std::path::Path;

use super::{azurite, npm};
use crate::failure::Failure;
use crate::process;
use crate::workspace::Workspace;

/// Below target/tools. The package brings AzCopy for Linux on x86-64 only, and elsewhere nobody asks for it.
const AZCOPY: &str = "javascript/node_modules/@azure-tools/azcopy-linux/dist/bin/azcopy_linux_amd64";

const AZCOPY_FAILS: &str = "AzCopy does not start; it needs the libraries libsecret and GLib: install them \
    (Debian, Ubuntu: apt-get install libsecret-1-0), remove target/tools/javascript and run this again";

pub(super) fn install(workspace: &Workspace) -> Result<(), Failure> {
    npm::install(workspace, "javascript", starts)
}

fn starts(workspace: &Workspace) -> Result<(), Failure> {
    let modules = workspace.tools().join("javascript/node_modules");
    for package in ["@azure/storage-blob", "@azure/storage-file-share"] {
        let loads = ["--eval", "require(process.argv[1])"];
        process::output(
            workspace
                .program(azurite::node(workspace))
                .args(loads)
                .arg(modules.join(package)),
        )?;
        println!("    {package} loads");
    }
    if cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        azcopy_starts(workspace)?;
    }
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "a machine that judges changes says so through the environment"
)]
fn azcopy_starts(workspace: &Workspace) -> Result<(), Failure> {
    let azcopy = workspace.tools().join(AZCOPY);
    // The package has it as a file that nobody may run.
    make_executable(&azcopy).map_err(|error| Failure::io("make executable", &azcopy, &error))?;
    let mut version = workspace.program(&azcopy);
    if process::answers(version.args(["--version", "--skip-version-check"])) {
        println!("    AzCopy starts");
        return Ok(());
    }
    // Whoever only wants to see the tests run need not install a library for one of them.
    if std::env::var_os("CI").is_some() {
        return Err(Failure::new(AZCOPY_FAILS));
    }
    println!("    {AZCOPY_FAILS}; without that, its test is skipped");
    Ok(())
}

#[cfg(unix)]
fn make_executable(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_executable(path: &Path) -> std::io::Result<()> {
    fs::metadata(path).map(drop)
}
