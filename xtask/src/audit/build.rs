//! Builds of crates as somebody else would make them, and the library that such a build links.

use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use cargo_metadata::Message;

use super::probes::Probes;
use crate::failure::Failure;
use crate::process;
use crate::workspace::Workspace;

const LIBRARY: &str = "lazuli_blob";

/// The library of blobs as one build has it.
#[derive(Debug)]
pub(super) struct Library {
    pub(super) features: Vec<String>,
    path: PathBuf,
}

impl Library {
    /// Checks a package with these words added, and finds the library in what cargo made.
    pub(super) fn of(workspace: &Workspace, package: &str, words: &[&str]) -> Result<Self, Failure> {
        let mut cargo = workspace.cargo(&[
            "check",
            "--quiet",
            "--package",
            package,
            "--message-format",
            "json",
        ]);
        cargo.args(words);
        println!("    $ {}", process::shown(&cargo));
        let output = process::output(cargo.stderr(Stdio::inherit()))?;
        for message in Message::parse_stream(BufReader::new(output.as_bytes())) {
            let Ok(Message::CompilerArtifact(artifact)) = message else {
                continue;
            };
            let metadata = artifact
                .filenames
                .iter()
                .find(|path| path.extension() == Some("rmeta"));
            if artifact.target.name == LIBRARY
                && let Some(path) = metadata
            {
                return Ok(Self {
                    features: artifact.features,
                    path: path.clone().into_std_path_buf(),
                });
            }
        }
        Err(Failure::new(format!("{package} was built without {LIBRARY}")))
    }

    /// Which of the names that the probes look for are there.
    pub(super) fn has<'a>(
        &self,
        workspace: &Workspace,
        name: &str,
        probes: &'a Probes,
    ) -> Result<Vec<&'a str>, Failure> {
        let folder = workspace.target().join("audit");
        std::fs::create_dir_all(&folder).map_err(|error| Failure::io("make", &folder, &error))?;
        let source = folder.join(format!("{name}.rs"));
        std::fs::write(&source, &probes.text).map_err(|error| Failure::io("write", &source, &error))?;
        let mut rustc = workspace.program("rustc");
        rustc.args(["--edition", "2024", "--crate-type", "lib", "--emit", "metadata"]);
        rustc
            .args(["--error-format", "short", "--crate-name", "probe", "--out-dir"])
            .arg(&folder);
        rustc
            .arg("--extern")
            .arg(format!("{LIBRARY}={}", self.path.display()));
        rustc.arg("-L").arg(format!(
            "dependency={}",
            self.path.parent().unwrap_or(Path::new(".")).display()
        ));
        let output = rustc.arg(&source).output();
        let output = output.map_err(|error| Failure::new(format!("could not start `rustc`: {error}")))?;
        Ok(probes.there(&String::from_utf8_lossy(&output.stderr)))
    }
}
