//! What the default stack of `lazuli-transport` costs over the bare hyper client. `cargo xtask bench transport` runs this.
//!
//! ```text
//! lazuli-bench-transport [--rounds N] [--micros MOST] [--percent MOST]
//! ```
//!
//! A server in a thread of its own has a blob of 1 KiB and one of 1 GiB. In every round each client has its turn, one after the other and
//! all in one thread, and what is counted is the CPU time of that thread: system calls with it, the server without. What the stack costs is
//! the median over the rounds of its difference, or its ratio, to hyper's cost in the same round. Exit code 1 says that it costs more than
//! it may.

#![allow(
    clippy::disallowed_methods,
    reason = "what is measured takes the clock of the machine, as its callers do"
)]

mod arguments;
mod bare;
mod client;
mod layers;
mod rounds;
mod server;
mod stack;

use std::error::Error;
use std::process::ExitCode;

use arguments::Arguments;
use client::Client;
use rounds::{Rounds, median};
use server::Blob;

/// So many small reads make a turn.
const SMALL_READS: u32 = 4000;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("lazuli-bench-transport: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether the stack is cheap enough.
fn run() -> Result<bool, Box<dyn Error>> {
    let arguments = Arguments::read()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let address = server::start()?;
    // The clients' pools belong to the runtime.
    let _entered = runtime.enter();
    let mut clients: [Box<dyn Client>; 2] = [
        Box::new(bare::Bare::new(address)),
        Box::new(stack::Stack::new(address)?),
    ];

    let small = Rounds {
        count: arguments.rounds,
        blob: Blob::Small,
        reads: SMALL_READS,
    };
    let small = small.hold(&runtime, &mut clients)?;
    let micros = median(small.iter().map(|[bare, stack]| (stack - bare) * 1e6));
    let [bare, stack] = [0, 1].map(|at| median(small.iter().map(|round| round[at] * 1e6)));
    println!(
        "GET of 1 KiB, over loopback, µs of CPU: hyper {bare:.2}, the stack {stack:.2}, which is {micros:.2} more"
    );

    let (direct, layered) = layers::cost(&runtime, arguments.rounds, SMALL_READS)?;
    println!(
        "the same in one process, with no socket, µs of CPU: the service {direct:.2}, through the stack {layered:.2}, which is {:.2} more",
        layered - direct
    );

    let large = Rounds {
        count: arguments.rounds,
        blob: Blob::Large,
        reads: 1,
    };
    let large = large.hold(&runtime, &mut clients)?;
    let percent = median(large.iter().map(|[bare, stack]| (stack / bare - 1.0) * 100.0));
    let [bare, stack] = [0, 1].map(|at| median(large.iter().map(|round| round[at])));
    println!(
        "GET of 1 GiB, over loopback, s of CPU: hyper {bare:.3}, the stack {stack:.3}, which is {percent:+.2} %"
    );

    let mut cheap = true;
    for (what, cost, most) in [
        ("a small read, in µs", micros, arguments.micros),
        ("a GiB, in percent", percent, arguments.percent),
    ] {
        if cost > most {
            println!("too dear: {what}: {cost:.2}, and it may cost {most:.2}");
            cheap = false;
        }
    }
    Ok(cheap)
}
