//! Where the workspace is, and the commands that start in it.

use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_metadata::{Metadata, MetadataCommand};

use crate::failure::Failure;
use crate::process;

/// The workspace as `cargo metadata` tells it (its own crates, not theirs).
#[derive(Debug)]
pub(crate) struct Workspace {
    metadata: Metadata,
}

impl Workspace {
    pub(crate) fn load() -> Result<Self, Failure> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let metadata = MetadataCommand::new()
            .manifest_path(manifest)
            .no_deps()
            .exec()
            .map_err(|error| {
                Failure::new(format!(
                    "could not read the workspace with `cargo metadata`: {error}"
                ))
            })?;
        Ok(Self { metadata })
    }

    pub(crate) fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    pub(crate) fn root(&self) -> &Path {
        self.metadata.workspace_root.as_std_path()
    }

    pub(crate) fn target(&self) -> &Path {
        self.metadata.target_directory.as_std_path()
    }

    /// The folder of everything that tests need and cargo does not bring.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target().join("tools")
    }

    /// The command that `cargo build --release -p lazuli-cli` makes.
    pub(crate) fn release_binary(&self) -> PathBuf {
        self.target()
            .join("release")
            .join(format!("lazuli{}", std::env::consts::EXE_SUFFIX))
    }

    /// A program that starts in the root of the workspace.
    pub(crate) fn program(&self, name: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(name);
        command.current_dir(self.root());
        command
    }

    /// `git ls-files -z` with the given words, a path each.
    pub(crate) fn listed_by_git(&self, words: &[&str]) -> Result<Vec<String>, Failure> {
        let mut git = self.program("git");
        // A build machine may check out as another user than the one who builds; listing files is harmless.
        git.args(["-c", "safe.directory=*", "ls-files", "-z"]).args(words);
        let listing = process::output(&mut git)?;
        Ok(listing
            .split('\0')
            .filter(|path| !path.is_empty())
            .map(str::to_owned)
            .collect())
    }

    /// The cargo that runs this xtask, with the given words.
    pub(crate) fn cargo(&self, words: &[&str]) -> Command {
        #[expect(
            clippy::disallowed_methods,
            reason = "cargo says through the environment which cargo it is"
        )]
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = self.program(cargo);
        command.args(words);
        // `cargo run` describes xtask in these. Build scripts that watch them would run again for nothing.
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_some_and(describes_a_package) {
                command.env_remove(name);
            }
        }
        command
    }
}

fn describes_a_package(name: &str) -> bool {
    name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") || name == "CARGO_PRIMARY_PACKAGE"
}

#[cfg(test)]
mod tests {
    use super::describes_a_package;

    #[test]
    fn only_the_description_of_the_package_is_dropped() {
        for dropped in ["CARGO_PKG_NAME", "CARGO_MANIFEST_DIR", "CARGO_PRIMARY_PACKAGE"] {
            assert!(describes_a_package(dropped), "{dropped}");
        }
        for kept in [
            "CARGO",
            "CARGO_HOME",
            "CARGO_TARGET_DIR",
            "CARGO_NET_OFFLINE",
            "PATH",
        ] {
            assert!(!describes_a_package(kept), "{kept}");
        }
    }
}
