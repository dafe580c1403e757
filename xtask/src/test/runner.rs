//! The test runner: cargo-nextest, or `cargo test` where nextest is not installed.

use std::process::Command;

use crate::process;
use crate::workspace::Workspace;

/// Tests that need the tools are `#[ignore]`d, so that a plain `cargo test` works without them. Here they run too.
const NEXTEST: &[&str] = &["nextest", "run", "--run-ignored", "all"];

/// Naming the kinds leaves the examples in the docs to their own step.
const CARGO_TEST: &[&str] = &["test", "--lib", "--bins", "--tests"];

pub(super) fn command(workspace: &Workspace, extra: &[String]) -> Command {
    let nextest = process::answers(&mut workspace.cargo(&["nextest", "--version"]));
    if !nextest {
        println!("cargo-nextest is not installed; `cargo test` runs the tests instead");
    }
    let mut command = workspace.cargo(&[]);
    command.args(words(nextest, extra));
    command
}

fn words(nextest: bool, extra: &[String]) -> Vec<String> {
    let (fixed, last): (&[&str], &[&str]) = if nextest {
        (NEXTEST, &[])
    } else {
        (CARGO_TEST, &["--", "--include-ignored"])
    };
    let mut words: Vec<String> = fixed.iter().map(|word| (*word).to_owned()).collect();
    // Cargo lets `--workspace` win over `--package`, so it is left out where a package is asked for.
    if !extra
        .iter()
        .take_while(|word| *word != "--")
        .any(|word| word.starts_with("-p") || word.starts_with("--package"))
    {
        words.push("--workspace".to_owned());
    }
    // What follows a second `--` is for the test binaries.
    let mut parts = extra.splitn(2, |word| word == "--");
    words.extend(parts.next().unwrap_or_default().iter().cloned());
    let to_binaries = parts.next();
    words.extend(last.iter().map(|word| (*word).to_owned()));
    if let Some(to_binaries) = to_binaries {
        if last.is_empty() {
            words.push("--".to_owned());
        }
        words.extend(to_binaries.iter().cloned());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::words;

    fn line(nextest: bool, extra: &str) -> String {
        let extra: Vec<String> = extra.split_whitespace().map(str::to_owned).collect();
        words(nextest, &extra).join(" ")
    }

    #[test]
    fn ignored_tests_run_with_either_runner() {
        assert_eq!(line(true, ""), "nextest run --run-ignored all --workspace");
        assert_eq!(
            line(false, ""),
            "test --lib --bins --tests --workspace -- --include-ignored"
        );
    }

    #[test]
    fn arguments_reach_the_runner_and_the_tests() {
        assert_eq!(line(true, "-p x y"), "nextest run --run-ignored all -p x y");
        assert_eq!(
            line(true, "-- --exact a"),
            "nextest run --run-ignored all --workspace -- --exact a"
        );
        assert_eq!(
            line(false, "y -- --exact"),
            "test --lib --bins --tests --workspace y -- --include-ignored --exact"
        );
    }
}
