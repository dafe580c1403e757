//! What an entry of a list of blobs costs the client. `cargo xtask bench listing` runs this.
//!
//! ```text
//! lazuli-bench-listing [--rounds N] [--micros MOST]
//! lazuli-bench-listing --once ENDPOINT CONTAINER
//! ```
//!
//! A server in a thread of its own has 100,000 blobs in pages of 5,000. In every round each contestant lists them all, one after the other and
//! all in one thread, and what is counted is the CPU time of that thread: system calls with it, the server without. The cost of an entry is the
//! median over the rounds. Exit code 1 says that one costs more than it may.
//!
//! With `--once`, a container of an emulator's account is listed and counted, for measurements from outside.

#![allow(
    clippy::disallowed_methods,
    reason = "what is measured takes the clock of the machine, as its callers do"
)]

mod arguments;
mod contestant;
mod floor;
mod ours;
mod pages;
mod peer;
mod rounds;
mod server;

use std::error::Error;
use std::process::ExitCode;

use arguments::Arguments;
use contestant::Contestant;
use tokio::runtime::Runtime;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("lazuli-bench-listing: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether an entry is cheap enough.
fn run() -> Result<bool, Box<dyn Error>> {
    let arguments = Arguments::read()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    // The clients' pools belong to the runtime.
    let _entered = runtime.enter();
    if let Some((endpoint, container)) = &arguments.once {
        let (entries, bytes) = runtime.block_on(ours::Ours::at(endpoint, container)?.list())?;
        println!("{entries} entries, {bytes} bytes");
        return Ok(true);
    }
    time(&arguments, &runtime)
}

fn time(arguments: &Arguments, runtime: &Runtime) -> Result<bool, Box<dyn Error>> {
    let address = server::start()?;
    let mut contestants: Vec<Box<dyn Contestant>> = vec![
        Box::new(ours::Ours::new(address)?),
        Box::new(ours::Parser::new()),
        Box::new(floor::Floor::new(address)),
        Box::new(peer::Peer::new(address)?),
    ];
    let costs = rounds::hold(arguments.rounds, runtime, &mut contestants)?;
    println!("List Blobs, {} entries, µs of CPU an entry:", pages::ENTRIES);
    for (contestant, cost) in contestants.iter().zip(&costs) {
        println!("  {:<22} {cost:>6.2}", contestant.name());
    }
    let ours = costs.first().copied().unwrap_or(f64::NAN);
    if ours > arguments.micros {
        println!(
            "too dear: an entry costs {ours:.2} µs, and it may cost {:.2}",
            arguments.micros
        );
        return Ok(false);
    }
    Ok(true)
}
