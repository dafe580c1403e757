//! Each `Cargo.lock` is as its manifests want it. Packages beside the workspace (`fuzz/`, those in `bench/`) depend on our crates, and a
//! dependency more there would change their locks in silence when somebody builds them next.

use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::process;
use crate::workspace::Workspace;

pub(super) fn check(workspace: &Workspace) -> Result<(), Failure> {
    for manifest in manifests(workspace)? {
        let mut update =
            workspace.cargo(&["update", "--quiet", "--workspace", "--locked", "--manifest-path"]);
        process::run("lock", update.arg(manifest))?;
    }
    Ok(())
}

/// Of every workspace in the repository: git knows where a lock is kept.
fn manifests(workspace: &Workspace) -> Result<Vec<PathBuf>, Failure> {
    let locks = workspace.listed_by_git(&["--", "Cargo.lock", "**/Cargo.lock"])?;
    Ok(locks
        .iter()
        .map(|lock| Path::new(lock).with_file_name("Cargo.toml"))
        .collect())
}
