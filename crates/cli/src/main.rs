//! The `lazuli` command.

mod account;
mod args;
mod commands;
mod embedded;
mod environment;
mod exit;
mod explain;
mod failure;
mod help;
mod location;
mod logging;
mod output;
mod redact;
mod run;
mod session;
mod signals;
mod size;
mod watcher;

fn main() -> std::process::ExitCode {
    run::run().into()
}
