//! The soak, as a program: see `lazuli_tests::soak`. Developers run it with `cargo xtask soak`.
#![allow(clippy::print_stderr, reason = "a program answers on its terminal")]

use std::process::ExitCode;

use lazuli_tests::soak;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match soak::run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("soak: {why}");
            ExitCode::FAILURE
        }
    }
}
