//! `cargo xtask ci`: every check that a change must pass. All of them run, and the end names those that failed.

mod features;
mod locks;

use crate::arguments::LayersMode;
use crate::failure::Failure;
use crate::process::{self, Stopwatch};
use crate::workspace::Workspace;
use crate::{audit, coverage, layers, test, tidy};
use features::{FEATURE_SETS, FeatureSet};

type Check = fn(&Workspace) -> Result<Outcome, Failure>;

/// How a check ended that found nothing wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed,
    /// With the reason.
    Skipped(&'static str),
}

/// In the order of how soon they know.
const CHECKS: &[(&str, Check)] = &[
    ("format", format),
    ("layers", |workspace| {
        layers::run(workspace, LayersMode::CheckDocs).map(passed)
    }),
    ("tidy", |workspace| tidy::run(workspace).map(passed)),
    ("locks", |workspace| locks::check(workspace).map(passed)),
    ("dependencies", dependencies),
    ("clippy", clippy),
    ("docs", docs),
    ("features", feature_sets),
    ("audit", |workspace| audit::run(workspace).map(passed)),
    // Without ../shared it leaves recorded traffic out, and says so.
    ("coverage", |workspace| coverage::run(workspace).map(passed)),
];

pub(crate) fn run(workspace: &Workspace, with_tests: bool) -> Result<(), Failure> {
    let mut report = Vec::new();
    for (name, check) in CHECKS {
        report.push(timed(name, || check(workspace)));
    }
    if with_tests {
        report.push(timed("test", || test::run(workspace, &[]).map(passed)));
    }
    println!("\nci:");
    for (_, line) in &report {
        println!("  {line}");
    }
    let failed = report.iter().filter(|(good, _)| !good).count();
    if failed > 0 {
        return Err(Failure::new(format!(
            "{failed} of {} checks failed",
            report.len()
        )));
    }
    Ok(())
}

fn passed((): ()) -> Outcome {
    Outcome::Passed
}

/// Runs a check; gives whether it is good, and its line in the report.
fn timed(name: &str, check: impl FnOnce() -> Result<Outcome, Failure>) -> (bool, String) {
    println!("\n=== {name}");
    let watch = Stopwatch::start();
    let result = check();
    let time = watch.elapsed();
    match result {
        Ok(Outcome::Passed) => (true, format!("{name}: passed, {time}")),
        Ok(Outcome::Skipped(reason)) => {
            println!("skipped: {reason}");
            (true, format!("{name}: skipped, {reason}"))
        }
        Err(failure) => {
            println!("{name}: {failure}");
            (false, format!("{name}: FAILED, {time}: {failure}"))
        }
    }
}

fn format(workspace: &Workspace) -> Result<Outcome, Failure> {
    process::run("rustfmt", &mut workspace.cargo(&["fmt", "--all", "--check"])).map(passed)
}

fn clippy(workspace: &Workspace) -> Result<Outcome, Failure> {
    let words = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
    process::run("clippy", &mut workspace.cargo(&words)).map(passed)
}

fn docs(workspace: &Workspace) -> Result<Outcome, Failure> {
    let mut command = workspace.cargo(&["doc", "--workspace", "--no-deps"]);
    process::run("rustdoc", command.env("RUSTDOCFLAGS", "-D warnings")).map(passed)
}

/// Without advisories, which need the network and change by themselves: those are for `cargo deny check` by hand.
fn dependencies(workspace: &Workspace) -> Result<Outcome, Failure> {
    if !process::answers(&mut workspace.cargo(&["deny", "--version"])) {
        return Ok(Outcome::Skipped("cargo-deny not installed"));
    }
    let words = ["deny", "check", "bans", "licenses", "sources"];
    process::run("cargo-deny", &mut workspace.cargo(&words)).map(passed)
}

fn feature_sets(workspace: &Workspace) -> Result<Outcome, Failure> {
    FEATURE_SETS
        .iter()
        .try_for_each(|set| feature_set(workspace, set))
        .map(passed)
}

fn feature_set(workspace: &Workspace, set: &FeatureSet) -> Result<(), Failure> {
    process::run("feature check", workspace.cargo(&["check"]).args(set.selection()))?;
    let tree = |depth: &[&str]| {
        let mut tree = workspace.cargo(&["tree", "--edges", "normal", "--prefix", "none"]);
        process::output(tree.args(depth).args(set.selection()))
    };
    let intruders = set.intruders(&tree(&[])?);
    if !intruders.is_empty() {
        return Err(Failure::new(format!(
            "{} pulls in {}; `cargo tree --invert` shows why",
            set.shown(),
            intruders.join(", ")
        )));
    }
    let named = set.named(&tree(&["--depth", "1"])?);
    if !named.is_empty() {
        return Err(Failure::new(format!(
            "{} needs {} itself; a feature should bring it",
            set.shown(),
            named.join(", ")
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_tells_passed_skipped_and_failed_apart() {
        assert!(
            matches!(timed("a", || Ok(Outcome::Passed)), (true, line) if line.starts_with("a: passed, 0."))
        );
        assert_eq!(
            timed("b", || Ok(Outcome::Skipped("no tool"))),
            (true, "b: skipped, no tool".to_owned())
        );
        let (good, line) = timed("c", || Err(Failure::new("it is broken")));
        assert!(
            !good && line.starts_with("c: FAILED") && line.ends_with("it is broken"),
            "{line}"
        );
    }
}
