//! The soak: many operations in flight for a long time, while a part of them meets trouble.
//!
//! The service is a process of its own, the simulation in memory behind a [faulty](crate::faults) service on a socket; the client is the
//! default stack. Each worker owns a few names, so that it knows what every read must give: after a write that failed, either the old or
//! the new content, and never a mix. At the end nothing may be left: no task, no socket, no connection, and no memory that grew.

mod book;
mod machine;
mod memory;
mod options;
mod run;
mod service;
mod summary;
mod tally;
mod worker;

pub use run::run;
