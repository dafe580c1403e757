//! The commands of Lazuli developers: `cargo xtask layers`, `tidy`, `tools`, `test`, `ci`, `coverage`, `audit`, `demo`, `bench`, `fuzz` and `soak`.
//!
//! Each command is a module. This file only reads the command line, runs one of them and turns a failure into exit code 1.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line tool answers on its terminal"
)]

mod arguments;
mod audit;
mod bench;
mod ci;
mod coverage;
mod demo;
mod failure;
mod fuzz;
mod layers;
mod process;
mod soak;
mod test;
mod tidy;
mod tools;
mod workspace;

use std::process::ExitCode;

use arguments::{Bench, Command};
use failure::Failure;
use workspace::Workspace;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failure> {
    let words = arguments::words()?;
    let command = match arguments::parse(&words)? {
        Command::Help(text) => {
            println!("{text}");
            return Ok(());
        }
        command => command,
    };
    let workspace = Workspace::load()?;
    match command {
        Command::Help(_) => Ok(()),
        Command::Layers(mode) => layers::run(&workspace, mode),
        Command::Tidy => tidy::run(&workspace),
        Command::Tools => tools::install(&workspace),
        Command::Test(extra) => test::run(&workspace, &extra),
        Command::Ci { with_tests } => ci::run(&workspace, with_tests),
        Command::Coverage => coverage::run(&workspace),
        Command::Audit => audit::run(&workspace),
        Command::Demo => demo::run(&workspace),
        Command::Bench(Bench::Listing) => bench::listing(&workspace),
        Command::Bench(Bench::Signing) => bench::signing(&workspace),
        Command::Bench(Bench::Transport) => bench::transport(&workspace),
        Command::Fuzz { seconds } => fuzz::run(&workspace, seconds),
        Command::Soak(words) => soak::run(&workspace, &words),
    }
}
