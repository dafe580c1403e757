//! The command line of xtask, read by hand so that it builds in a moment.

use std::ffi::OsString;

use crate::failure::Failure;

const HELP: &str = "\
Usage: cargo xtask COMMAND

Commands:
  layers    Check that every crate uses only crates of lower floors, and print the floors
  tidy      Check the house rules that the compiler does not know
  tools     Install what the tests need under target/tools
  test      The same, then build, and run every test
  ci        Everything that must pass before a change goes in
  coverage  Hold every operation of the Blob service against client, simulation, scenarios and recordings
  audit     Prove that a default build cannot set up or remove containers
  demo      Play the README's tour with the release binary, in a folder of its own
  bench     Measure, beside what others have made
  fuzz      Give the parsers what nobody meant to send, for a while
  soak      Keep the whole stack busy under trouble, and look for what it leaves behind

`cargo xtask COMMAND --help` says more.";

const HELP_LAYERS: &str = "\
Usage: cargo xtask layers [--check-docs | --write]

Reads `cargo metadata`, fails on each dependency that does not lead to a lower floor, and on each crate that
is not on the table (xtask/src/layers/floors.rs). Prints the floors with their crates and what these use.
Dev-dependencies are free.

Options:
  --check-docs  Also fail when docs/src/architecture.md does not hold the current picture
  --write       Put the current picture into docs/src/architecture.md";

const HELP_TIDY: &str = "\
Usage: cargo xtask tidy

Checks every file that git tracks or would track, and prints `path:line: rule: message` for each finding.

Rules:
  length         a .rs file has at most 600 lines
  module-doc     a .rs file begins with `//!`
  names          no module, file or folder is named for holding anything and everything
  thin-lib       lib.rs has docs, attributes, `mod` and `use` lines only
  whitespace     no trailing whitespace; a file ends with one newline
  unfinished     no notes of work left undone, and no macros that stand for it, in .rs files
  machine-paths  no folders of somebody's machine
  registries     no host names of package registries";

const HELP_TOOLS: &str = "\
Usage: cargo xtask tools

Installs what the tests need under target/tools: a Python venv (venv/) from tests/strangers/requirements.txt, and from npm
Azurite with its own Node (azurite/) and the SDK for JavaScript with AzCopy (javascript/), as the package.json of the same
folder in tests/strangers says. What is already so is left alone.";

const HELP_TEST: &str = "\
Usage: cargo xtask test [-- ARGUMENTS OF NEXTEST]

Installs the tools (`cargo xtask tools`), builds the release `lazuli`, and runs every test, the ignored ones
included, and the examples in the docs. Without cargo-nextest, `cargo test` runs them.

With arguments after `--` only the tests that these select run, and the examples are left out:
  cargo xtask test -- -p lazuli-tests strangers

The tests see LAZULI_BIN (the release binary) and LAZULI_TOOLS (target/tools), both absolute. Those that draw random input
print their seed, and take another from LAZULI_SEED.";

const HELP_CI: &str = "\
Usage: cargo xtask ci [--no-test]

Format, clippy, layers, tidy, docs, cargo-deny when it is installed, the feature table (xtask/src/ci/features.rs), `audit` and
`coverage`, and then what `cargo xtask test` does. Every check runs, also after one failed; the end names those that failed.

Options:
  --no-test  Leave out the tests";

const HELP_COVERAGE: &str = "\
Usage: cargo xtask coverage

Prints a row for each of the 71 operations of the Blob service: the client's method, the simulation's route, a scenario that calls the
method, and what was read of recorded traffic. docs/coverage.tsv claims these; each claim is looked for in the sources. Where ../shared
is not there, recorded traffic is left out. Fails when a row is missing or a claim is not so.";

const HELP_AUDIT: &str = "\
Usage: cargo xtask audit

Builds lazuli-blob and lazuli-transfer as they come, and has the compiler look for every operation and method that docs/coverage.tsv
puts behind the feature `provisioning`. Fails when one is there, when a crate turns the feature on for others, and when the same probes
do not find them where it is on.";

const HELP_DEMO: &str = "\
Usage: cargo xtask demo

Builds the release binary and plays the README's tour in target/demo: docs/ goes up into the embedded account,
is listed, read, comes back, is compared byte for byte, and is removed.";

const HELP_BENCH: &str = "\
Usage: cargo xtask bench (listing | signing | transport)

Builds a package of bench/, a workspace of its own, and runs it.

  listing    What an entry of a list of blobs costs the client, in CPU, beside object_store and the bare hyper client, and what a list of
             a million blobs holds in memory. Fails when an entry costs 2.5 microseconds, or memory grows with the list.
  signing    How many operations a second lazuli-signing, reqsign and the Python SDK do: Shared Key on a Put Block, and a SAS.
             The Python SDK needs `cargo xtask tools`. Fails when ours does less than three times what reqsign does.
  transport  What the default stack of lazuli-transport costs over the bare hyper client, in CPU. Fails when a read of 1 KiB
             costs 15 microseconds more, or one of 1 GiB 3 % more.";

const HELP_FUZZ: &str = "\
Usage: cargo xtask fuzz [--seconds N]

Runs each target of fuzz/ for N seconds (20 unless told), from the seeds in fuzz/seeds and from what earlier runs
found, which is kept in target/fuzz. Needs cargo-fuzz, which this does not install.";

const HELP_SOAK: &str = "\
Usage: cargo xtask soak [--minutes N] [--in-flight N] [--faults PERCENT] [--seed S]

Runs the default stack over sockets against the simulation, a process of its own in which some of the requests meet trouble:
for 30 minutes, with 1,000 operations in flight and 5 % faults, unless told. Fails on a wrong byte, on a failure that the documentation does
not name, on anything left open at the end, and on memory that grew (which only Linux tells). The seed is printed: it repeats the
work of each worker and the order of the faults; which request meets which is up to the system.";

/// What `soak` takes, each with a number.
const SOAK: &[&str] = &["--minutes", "--in-flight", "--faults", "--seed"];

/// So long each target of `fuzz` runs unless told.
const FUZZ_SECONDS: u32 = 20;

/// What the developer asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Command {
    Help(&'static str),
    Layers(LayersMode),
    Tidy,
    Tools,
    /// With the words that go on to the test runner.
    Test(Vec<String>),
    Ci {
        with_tests: bool,
    },
    Coverage,
    Audit,
    Demo,
    Bench(Bench),
    Fuzz {
        seconds: u32,
    },
    /// With the words that go on to the program, which knows their ranges.
    Soak(Vec<String>),
}

/// What `bench` measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bench {
    Listing,
    Signing,
    Transport,
}

/// What `layers` does with the picture in the docs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LayersMode {
    Print,
    CheckDocs,
    Write,
}

/// The words after the program's name.
pub(crate) fn words() -> Result<Vec<String>, Failure> {
    std::env::args_os()
        .skip(1)
        .map(OsString::into_string)
        .collect::<Result<_, _>>()
        .map_err(|word| Failure::new(format!("the argument {} is not UTF-8", word.display())))
}

/// Reads the words; says what is wrong with them when they are not understood.
pub(crate) fn parse(words: &[String]) -> Result<Command, Failure> {
    let Some((name, rest)) = words.split_first() else {
        return Ok(Command::Help(HELP));
    };
    let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
    let (command, help) = match name.as_str() {
        "help" | "--help" | "-h" => return Ok(Command::Help(HELP)),
        "layers" => (layers(&rest), HELP_LAYERS),
        "tidy" => (bare(&rest, Command::Tidy), HELP_TIDY),
        "tools" => (bare(&rest, Command::Tools), HELP_TOOLS),
        "test" => (test(&rest), HELP_TEST),
        "ci" => (ci(&rest), HELP_CI),
        "coverage" => (bare(&rest, Command::Coverage), HELP_COVERAGE),
        "audit" => (bare(&rest, Command::Audit), HELP_AUDIT),
        "demo" => (bare(&rest, Command::Demo), HELP_DEMO),
        "bench" => (bench(&rest), HELP_BENCH),
        "fuzz" => (fuzz(&rest), HELP_FUZZ),
        "soak" => (soak(&rest), HELP_SOAK),
        other => {
            return Err(Failure::new(format!(
                "no command `{other}`; `cargo xtask --help` lists them"
            )));
        }
    };
    if rest
        .iter()
        .take_while(|word| **word != "--")
        .any(|word| matches!(*word, "--help" | "-h"))
    {
        return Ok(Command::Help(help));
    }
    command.ok_or_else(|| {
        Failure::new(format!(
            "`{name}` does not take `{}`; `cargo xtask {name} --help` says what it takes",
            rest.join(" ")
        ))
    })
}

fn bare(rest: &[&str], command: Command) -> Option<Command> {
    rest.is_empty().then_some(command)
}

fn layers(rest: &[&str]) -> Option<Command> {
    match rest {
        [] => Some(Command::Layers(LayersMode::Print)),
        ["--check-docs"] => Some(Command::Layers(LayersMode::CheckDocs)),
        ["--write"] => Some(Command::Layers(LayersMode::Write)),
        _ => None,
    }
}

fn test(rest: &[&str]) -> Option<Command> {
    match rest.split_first() {
        None => Some(Command::Test(Vec::new())),
        Some((&"--", extra)) => Some(Command::Test(
            extra.iter().map(|word| (*word).to_owned()).collect(),
        )),
        Some(_) => None,
    }
}

fn ci(rest: &[&str]) -> Option<Command> {
    match rest {
        [] => Some(Command::Ci { with_tests: true }),
        ["--no-test"] => Some(Command::Ci { with_tests: false }),
        _ => None,
    }
}

fn bench(rest: &[&str]) -> Option<Command> {
    match rest {
        ["listing"] => Some(Command::Bench(Bench::Listing)),
        ["signing"] => Some(Command::Bench(Bench::Signing)),
        ["transport"] => Some(Command::Bench(Bench::Transport)),
        _ => None,
    }
}

fn fuzz(rest: &[&str]) -> Option<Command> {
    let seconds = match rest {
        [] => FUZZ_SECONDS,
        // For libFuzzer, 0 seconds are for ever.
        ["--seconds", number] => number.parse().ok().filter(|seconds| *seconds > 0)?,
        _ => return None,
    };
    Some(Command::Fuzz { seconds })
}

fn soak(rest: &[&str]) -> Option<Command> {
    let (pairs, odd) = rest.as_chunks::<2>();
    let known = |[name, number]: &[&str; 2]| SOAK.contains(name) && number.parse::<u64>().is_ok();
    let understood = odd.is_empty() && pairs.iter().all(known);
    understood.then(|| Command::Soak(rest.iter().map(|word| (*word).to_owned()).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Command, Failure> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        parse(&words)
    }

    #[test]
    fn every_command_is_understood() {
        let cases = [
            ("", Command::Help(HELP)),
            ("--help", Command::Help(HELP)),
            ("layers", Command::Layers(LayersMode::Print)),
            ("layers --check-docs", Command::Layers(LayersMode::CheckDocs)),
            ("layers --write", Command::Layers(LayersMode::Write)),
            ("layers --write --help", Command::Help(HELP_LAYERS)),
            ("tidy", Command::Tidy),
            ("tidy -h", Command::Help(HELP_TIDY)),
            ("tools", Command::Tools),
            ("test", Command::Test(vec![])),
            (
                "test -- -p x --help",
                Command::Test(vec!["-p".into(), "x".into(), "--help".into()]),
            ),
            ("ci", Command::Ci { with_tests: true }),
            ("ci --no-test", Command::Ci { with_tests: false }),
            ("coverage", Command::Coverage),
            ("audit", Command::Audit),
            ("demo", Command::Demo),
            ("bench listing", Command::Bench(Bench::Listing)),
            ("bench signing", Command::Bench(Bench::Signing)),
            ("bench transport", Command::Bench(Bench::Transport)),
            ("bench --help", Command::Help(HELP_BENCH)),
            ("fuzz", Command::Fuzz { seconds: 20 }),
            ("fuzz --seconds 5", Command::Fuzz { seconds: 5 }),
            ("soak", Command::Soak(vec![])),
            (
                "soak --minutes 2 --seed 7",
                Command::Soak(["--minutes", "2", "--seed", "7"].map(str::to_owned).into()),
            ),
        ];
        for (line, expected) in cases {
            assert_eq!(parsed(line), Ok(expected), "{line}");
        }
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (line, part) in [
            ("lairs", "no command `lairs`"),
            ("layers --draw", "`layers` does not take `--draw`"),
            ("tidy now", "`tidy` does not take `now`"),
            ("test -p x", "`test` does not take `-p x`"),
            ("bench singing", "`bench` does not take `singing`"),
            ("fuzz --seconds 0", "`fuzz` does not take `--seconds 0`"),
            ("fuzz --seconds soon", "`fuzz` does not take `--seconds soon`"),
            ("soak --minutes", "`soak` does not take `--minutes`"),
            ("soak --hours 2", "`soak` does not take `--hours 2`"),
            ("ci --no-test --fast", "`ci` does not take `--no-test --fast`"),
        ] {
            let message = parsed(line).unwrap_err().to_string();
            assert!(message.contains(part), "{line}: {message}");
        }
    }
}
