//! A service in trouble: any service of HTTP requests, with [faults](Fault) put between it and its callers.
//!
//! A [`Faulty`] service stands before another one and asks a [`Plan`] what goes wrong with each request: by a script, or by chance with a
//! seed. Its [`Ledger`] says what was sent, what the service behind it carried out, and what is still open. It works in the same process,
//! where tests pause the time, and behind a [`Listener`], where connections really break.

mod answer;
mod body;
mod draw;
mod failure;
mod fault;
mod ledger;
mod listener;
mod plan;
mod service;
#[cfg(test)]
mod tests;

pub use body::FaultyBody;
pub use failure::Failure;
pub use fault::{Fault, GARBAGE, Refusal, Share, Wait, When};
pub use ledger::{Counts, Ledger};
pub use listener::Listener;
pub use plan::Plan;
pub use service::{Exchange, Faulty, Upload};
