//! The commands, one file or folder each.

pub(crate) mod cat;
pub(crate) mod cp;
pub(crate) mod ls;
pub(crate) mod mb;
pub(crate) mod rm;
pub(crate) mod sas;
pub(crate) mod serve;
pub(crate) mod stat;

mod completions;
mod date;

use std::sync::Arc;

use crate::args::Command;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::session::Session;

/// Runs a command that ends by itself.
///
/// # Errors
/// What the command could not do.
pub(crate) async fn run(command: Command, session: Arc<Session>) -> Result<Exit, Failure> {
    match command {
        Command::Cp(arguments) => cp::run(arguments, &session).await,
        Command::Ls(arguments) => ls::run(arguments, &session).await,
        Command::Cat(arguments) => cat::run(arguments, &session).await,
        Command::Stat(arguments) => stat::run(arguments, &session).await,
        Command::Rm(arguments) => rm::run(arguments, &session).await,
        Command::Mb(arguments) => mb::run(arguments, &session).await,
        Command::Sas(arguments) => sas::run(arguments, &session).await,
        Command::Completions { shell } => completions::run(shell, session.output()),
        // It listens for signals itself, and is started before there is a session.
        Command::Serve(_) => Err(Failure::usage("serve cannot run inside another command")),
    }
}
