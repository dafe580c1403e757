//! Operations a second of `lazuli-signing`, beside reqsign and the Python SDK. `cargo xtask bench signing` runs this.
//!
//! ```text
//! lazuli-bench-signing [--python PROGRAM] [--rounds N] [--floor RATIO]
//! ```
//!
//! Every round has each contestant do the same thing for a moment, one after the other, so that a slow moment of the
//! machine is everybody's. What is counted is the CPU time of the thread (of the process, in Python), without making
//! the request that is signed. The ratio of a row is the median of the rounds' ratios. Exit code 1 says that ours is
//! not as many times as fast as reqsign as it has to be.

#![allow(
    clippy::disallowed_methods,
    reason = "what is measured takes the clock of the machine, as its callers do"
)]

mod account_sas;
mod allocations;
mod arguments;
mod contest;
mod put_block;
mod python;
mod rust;
mod table;

use std::error::Error;
use std::process::ExitCode;

use arguments::Arguments;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("lazuli-bench-signing: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether ours is fast enough.
fn run() -> Result<bool, Box<dyn Error>> {
    let arguments = Arguments::read()?;
    let mut fast_enough = true;
    for (title, contest) in [
        ("Put Block, Shared Key", put_block::contestants as Contest),
        ("account SAS", account_sas::contestants),
    ] {
        let results = contest::hold(contest(&arguments)?, arguments.rounds)?;
        table::print(title, &results);
        let ratio = results.get(1).map_or(0.0, |reqsign| reqsign.ratio);
        if ratio < arguments.floor {
            println!(
                "too slow: {ratio:.1} times reqsign, and it has to be {:.1}",
                arguments.floor
            );
            fast_enough = false;
        }
    }
    Ok(fast_enough)
}

/// Ours first, reqsign second, then who else is there.
type Contest = fn(&Arguments) -> Result<Vec<contest::Entry>, Box<dyn Error>>;
