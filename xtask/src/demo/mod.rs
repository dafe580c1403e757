//! `cargo xtask demo`: the README's tour, played with the release binary in a folder of its own.

mod compare;

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

use crate::failure::Failure;
use crate::process;
use crate::workspace::Workspace;

/// The tour, one command a row, with the words as the README has them.
const UP_AND_BACK: &[&[&str]] = &[
    &["cp", "--recursive", "docs", "az://quickstart/docs"],
    &["ls", "az://quickstart/docs"],
    &["cat", "az://quickstart/docs/src/SUMMARY.md"],
    &["stat", "az://quickstart/docs/src/architecture.md"],
    &["cp", "--recursive", "az://quickstart/docs", "./back"],
];
const AWAY: &[&str] = &["rm", "--recursive", "az://quickstart/docs"];

/// A real account in the developer's environment must not be where the tour goes.
const ACCOUNT_VARIABLES: &[&str] = &[
    "AZURE_STORAGE_CONNECTION_STRING",
    "AZURE_STORAGE_ACCOUNT",
    "AZURE_STORAGE_KEY",
    "AZURE_STORAGE_SAS_TOKEN",
];

pub(crate) fn run(workspace: &Workspace) -> Result<(), Failure> {
    process::run(
        "build the release binary",
        &mut workspace.cargo(&["build", "--release", "--package", "lazuli-cli"]),
    )?;
    let folder = workspace.target().join("demo");
    empty(&folder)?;
    compare::copy(&workspace.root().join("docs"), &folder.join("docs"))?;

    let play = |words: &[&str]| {
        let mut command = Command::new(workspace.release_binary());
        command.current_dir(&folder).args(words);
        for name in ACCOUNT_VARIABLES {
            command.env_remove(name);
        }
        println!("\n$ lazuli {}", words.join(" "));
        match command.status() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(Failure::new(format!(
                "`lazuli {}` failed ({status})",
                words.join(" ")
            ))),
            Err(error) => Err(Failure::io("start", &workspace.release_binary(), &error)),
        }
    };
    UP_AND_BACK.iter().try_for_each(|words| play(words))?;

    println!("\n$ diff --recursive docs back");
    let differences = compare::differences(&folder.join("docs"), &folder.join("back"))?;
    for difference in &differences {
        println!("{difference}");
    }
    if !differences.is_empty() {
        return Err(Failure::new(format!(
            "what came back differs in {} place(s)",
            differences.len()
        )));
    }
    println!("identical");
    play(AWAY)
}

fn empty(folder: &Path) -> Result<(), Failure> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Failure::io("remove", folder, &error)),
        _ => fs::create_dir_all(folder).map_err(|error| Failure::io("make", folder, &error)),
    }
}
