//! Where the programs are that some tests run: the release build of the command, and other people's tools.
//!
//! `cargo xtask test` says so in the environment. A test that needs one is ignored otherwise, and fails when it is run without.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The command, built for release.
///
/// # Panics
/// When it is not there, with what to do.
#[must_use]
pub fn lazuli() -> PathBuf {
    found("LAZULI_BIN", Path::new(""))
}

/// The Python that has the official SDK.
///
/// # Panics
/// As [`lazuli`].
#[must_use]
pub fn python() -> PathBuf {
    found("LAZULI_TOOLS", Path::new("venv/bin/python"))
}

/// rclone.
///
/// # Panics
/// As [`lazuli`].
#[must_use]
pub fn rclone() -> PathBuf {
    found("LAZULI_TOOLS", Path::new("venv/bin/rclone"))
}

/// Azurite's own Node, and its blob service.
///
/// # Panics
/// As [`lazuli`].
#[must_use]
pub fn azurite() -> (PathBuf, PathBuf) {
    let modules = Path::new("azurite/node_modules");
    (
        found("LAZULI_TOOLS", &modules.join(".bin/node")),
        found("LAZULI_TOOLS", &modules.join("azurite/dist/src/blob/main.js")),
    )
}

/// A Node for the scripts of the strangers: Azurite's own.
///
/// # Panics
/// As [`lazuli`].
#[must_use]
pub fn node() -> PathBuf {
    azurite().0
}

/// The npm packages of the official SDK for JavaScript.
///
/// # Panics
/// As [`lazuli`].
#[must_use]
pub fn node_modules() -> PathBuf {
    found("LAZULI_TOOLS", Path::new("javascript/node_modules"))
}

/// AzCopy, where this machine has the libraries that it needs. A machine of `CI` must have them.
///
/// # Panics
/// As [`lazuli`].
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "a machine that judges changes says so through the environment"
)]
pub fn azcopy() -> Option<PathBuf> {
    let package = Path::new("javascript/node_modules/@azure-tools/azcopy-linux");
    let azcopy = found("LAZULI_TOOLS", &package.join("dist/bin/azcopy_linux_amd64"));
    let answer = Command::new(&azcopy)
        .args(["--version", "--skip-version-check"])
        .output();
    let starts = answer.is_ok_and(|answer| answer.status.success());
    assert!(
        starts || std::env::var_os("CI").is_none(),
        "AzCopy does not start: it needs libsecret and GLib"
    );
    starts.then_some(azcopy)
}

/// A script of the strangers, for their Python or Node.
#[must_use]
pub fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("strangers").join(name)
}

/// A folder of the sources: the book, which the README's tour copies.
#[must_use]
pub fn book() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs")
}

#[expect(
    clippy::disallowed_methods,
    reason = "`cargo xtask test` says through the environment where it has put the programs"
)]
fn found(variable: &str, below: &Path) -> PathBuf {
    let Some(place) = std::env::var_os(variable) else {
        panic!("{variable} is not set, so this test cannot run: start it with `cargo xtask test`");
    };
    let mut path = PathBuf::from(place);
    // Joining an empty path would add a slash.
    if !below.as_os_str().is_empty() {
        path.push(below);
    }
    assert!(
        path.exists(),
        "{} is not there, so this test cannot run: start it with `cargo xtask test`, which makes it",
        path.display()
    );
    path
}
