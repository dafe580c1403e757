//! `cargo xtask tidy`: the rules of the house that no compiler checks. One rule a file.

mod file;
mod length;
mod machine_paths;
mod module_doc;
mod names;
mod registries;
mod thin_lib;
mod tracked;
mod unfinished;
mod whitespace;

use crate::failure::Failure;
use crate::process::Stopwatch;
use crate::workspace::Workspace;
use file::{Finding, SourceFile};

type Rule = fn(&SourceFile) -> Vec<Finding>;

/// Every rule by the name that a finding carries.
const RULES: &[(&str, Rule)] = &[
    ("length", length::check),
    ("module-doc", module_doc::check),
    ("names", names::check),
    ("thin-lib", thin_lib::check),
    ("whitespace", whitespace::check),
    ("unfinished", unfinished::check),
    ("machine-paths", machine_paths::check),
    ("registries", registries::check),
];

pub(crate) fn run(workspace: &Workspace) -> Result<(), Failure> {
    let watch = Stopwatch::start();
    let files = tracked::read(workspace)?;
    let mut count = 0_usize;
    for file in &files {
        for (name, rule) in RULES {
            for finding in rule(file) {
                println!("{}:{}: {name}: {}", file.path(), finding.line, finding.message);
                count = count.saturating_add(1);
            }
        }
    }
    println!(
        "tidy: {} files, {} rules, {count} findings, {}",
        files.len(),
        RULES.len(),
        watch.elapsed()
    );
    if count > 0 {
        return Err(Failure::new(format!("tidy found {count} thing(s) to put right")));
    }
    Ok(())
}
