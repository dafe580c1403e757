//! `cargo xtask fuzz`: each target of `fuzz/` for a while, with cargo-fuzz.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::process;
use crate::workspace::Workspace;

/// In the order in which they run.
const TARGETS: &[&str] = &[
    "connection_string",
    "sas_token",
    "received_sas",
    "authorization",
    "list_xml",
    "list_arrow",
    "query_answer",
    "query_table",
    "batch_answer",
    "structured_message",
    "service_request",
];

const MISSING: &str = "cargo-fuzz is not installed; `cargo install cargo-fuzz --locked` does that";

/// Where the targets are in the root, and where what they make is in the target folder.
const FOLDER: &str = "fuzz";

pub(crate) fn run(workspace: &Workspace, seconds: u32) -> Result<(), Failure> {
    if !process::answers(&mut workspace.cargo(&["fuzz", "--version"])) {
        return Err(Failure::new(MISSING));
    }
    let mut found = Vec::new();
    for target in TARGETS {
        let run = process::run(&format!("fuzz {target}"), &mut fuzz(workspace, target, seconds)?);
        if let Err(failure) = run {
            println!("{failure}");
            found.push(*target);
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "fuzzing failed for {}; the input that does it is in {FOLDER}/artifacts",
        found.join(" and ")
    )))
}

fn fuzz(workspace: &Workspace, target: &str, seconds: u32) -> Result<Command, Failure> {
    let made = workspace.target().join(FOLDER);
    let corpus = made.join("corpus").join(target);
    fs::create_dir_all(&corpus).map_err(|error| Failure::io("make", &corpus, &error))?;
    let seeds = made.join("seeds").join(target);
    sow(&seed_list(workspace, target), &seeds)?;
    let mut command = workspace.cargo(&["fuzz", "run", "--fuzz-dir", FOLDER]);
    command
        // cargo-fuzz asks the compiler for sanitizers, which the stable one has but keeps behind this.
        .env("RUSTC_BOOTSTRAP", "1")
        .arg("--target-dir")
        .arg(made)
        .arg(target)
        // What it finds goes into the first folder.
        .arg(corpus)
        .arg(seeds)
        .arg("--")
        .arg(format!("-dict={FOLDER}/words.dict"))
        .arg(format!("-max_total_time={seconds}"))
        .args([
            "-max_len=2048",
            "-timeout=5",
            "-verbosity=0",
            "-print_final_stats=1",
        ]);
    Ok(command)
}

/// The inputs that a target begins with, one on each line.
fn seed_list(workspace: &Workspace, target: &str) -> PathBuf {
    workspace
        .root()
        .join(FOLDER)
        .join("seeds")
        .join(target)
        .with_extension("txt")
}

/// Makes a file of each line, as libFuzzer wants them. What a line cannot hold is escaped in it: `\n`, `\r`, `\x` with two digits.
fn sow(list: &Path, folder: &Path) -> Result<(), Failure> {
    let text = fs::read_to_string(list).map_err(|error| Failure::io("read", list, &error))?;
    fs::create_dir_all(folder).map_err(|error| Failure::io("make", folder, &error))?;
    for (number, line) in (1_usize..).zip(text.lines()) {
        let path = folder.join(number.to_string());
        fs::write(&path, unescaped(line)).map_err(|error| Failure::io("write", &path, &error))?;
    }
    Ok(())
}

fn unescaped(line: &str) -> Vec<u8> {
    let (mut bytes, mut rest) = (Vec::new(), line.as_bytes());
    while let Some((first, after)) = rest.split_first() {
        let digit = |at: usize| after.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        let number = digit(1)
            .zip(digit(2))
            .and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
        let (byte, taken) = match (first, after.first(), number) {
            (b'\\', Some(b'n'), _) => (b'\n', 2),
            (b'\\', Some(b'r'), _) => (b'\r', 2),
            (b'\\', Some(b'x'), Some(number)) => (number, 4),
            _ => (*first, 1),
        };
        bytes.push(byte);
        rest = rest.get(taken..).unwrap_or_default();
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_seed_can_hold_any_bytes() {
        assert_eq!(unescaped(r"a\n\r\x00\xfFb"), b"a\n\r\0\xffb");
        assert_eq!(unescaped(r"\ \x0 \xé \"), r"\ \x0 \xé \".as_bytes());
    }

    #[test]
    fn every_target_is_run_and_has_seeds() {
        let root = Workspace::load().unwrap().root().join(FOLDER);
        let names = |folder: &str| -> BTreeSet<String> {
            let entries = fs::read_dir(root.join(folder)).unwrap();
            let paths = entries.map(|entry| entry.unwrap().path());
            paths
                .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
                .collect()
        };
        let run: BTreeSet<String> = TARGETS.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(names("targets"), run);
        assert_eq!(names("seeds"), run);
    }
}
