//! From the command line to an exit code.

use std::ffi::OsString;
use std::io::{IsTerminal as _, Write as _};
use std::sync::Arc;
use std::time::Duration;

use clap::Parser as _;
use clap::error::ErrorKind;

use crate::args::{Arguments, Command};
use crate::commands::{self, serve};
use crate::environment::Environment;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::logging;
use crate::output::{Format, Output};
use crate::redact::without_secrets;
use crate::session::Session;
use crate::signals::{Interruption, Signals};

// How long work that was given up has to clean up after itself.
const CLEAN_UP: Duration = Duration::from_secs(2);

/// Runs the command that this process was started with.
pub(crate) fn run() -> Exit {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return refuse(&error, asks_for_json(std::env::args_os())),
    };
    let output = Output::new(arguments.output, arguments.quiet, arguments.verbose);
    let ended = Environment::read().and_then(|environment| {
        logging::start(arguments.verbose, environment.log.as_deref())?;
        // Events and a bar that moves would write over each other.
        let verbose = arguments.verbose || environment.log.is_some();
        let output = Output::new(arguments.output, arguments.quiet, verbose);
        in_runtime(arguments.command, output, environment)
    });
    ended.unwrap_or_else(|failure| {
        output.failure(&failure);
        failure.exit()
    })
}

/// Prints help, the version, or what is wrong with the command line, which may quote a URL with a SAS.
fn refuse(error: &clap::Error, json: bool) -> Exit {
    if !error.use_stderr() {
        // To a pipe that is closed, there is nothing to be said.
        let _ = error.print();
        return Exit::Done;
    }
    if json {
        let failure = failure_of(error);
        Output::new(Format::Json, false, false).failure(&failure);
        return failure.exit();
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        let _ = error.print();
        return Exit::Usage;
    }
    let text = error.render();
    let text = if std::io::stderr().is_terminal() {
        text.ansi().to_string()
    } else {
        text.to_string()
    };
    let _ = write!(std::io::stderr().lock(), "{}", without_secrets(&text));
    Exit::Usage
}

/// What is wrong with the command line, as every other failure is told to programs.
fn failure_of(error: &clap::Error) -> Failure {
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return Failure::usage("a command or its arguments are missing").help("see --help");
    }
    let text = error.render().to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text).trim_end();
    match text.split_once("\n\n") {
        Some((message, help)) => Failure::usage(message).help(help.trim_start()),
        None => Failure::usage(text),
    }
}

/// Whether a command line that could not be read as a whole asks for JSON.
fn asks_for_json(arguments: impl Iterator<Item = OsString>) -> bool {
    let mut before = OsString::new();
    for argument in arguments.take_while(|argument| argument != "--") {
        if argument == "--output=json" || (before == "--output" && argument == "json") {
            return true;
        }
        before = argument;
    }
    false
}

fn in_runtime(command: Command, output: Output, environment: Environment) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Failed, format!("cannot start: {error}")))?;
    let ended = runtime.block_on(perform(command, output, environment));
    // A write to a pipe that nobody reads may hang in a thread for ever.
    runtime.shutdown_timeout(CLEAN_UP);
    ended
}

async fn perform(command: Command, output: Output, environment: Environment) -> Result<Exit, Failure> {
    let signals = Signals::listen()?;
    if let Command::Serve(arguments) = command {
        return serve::run(arguments, output, &environment, signals).await;
    }
    let session = Arc::new(Session::new(output, environment));
    // A task of its own, so that a signal is heard while the work waits for the reader of a pipe.
    let mut work = tokio::spawn(commands::run(command, Arc::clone(&session)));
    let mut signals = signals;
    let ended = tokio::select! {
        ended = &mut work => ended.unwrap_or_else(|error| {
            Err(Failure::new(Exit::Failed, format!("the command broke off: {error}")))
        }),
        Interruption = signals.next() => {
            session.end_watch();
            work.abort();
            // Dropping the work cancels its requests and removes its temporary files. A second signal does not wait for that.
            tokio::select! {
                _ = tokio::time::timeout(CLEAN_UP, work) => {}
                Interruption = signals.next() => {}
            }
            Err(Failure::new(Exit::Interrupted, "interrupted").help("what had been done stays done; run the command again to go on"))
        }
    };
    let closed = session.close().await;
    let exit = ended?;
    closed.map(|()| exit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_asked_for_by_the_option_alone() {
        for (line, json) in [
            ("lazuli frobnicate --output json", true),
            ("lazuli --output=json", true),
            ("lazuli ls json", false),
            ("lazuli --output text ls json", false),
            ("lazuli ls -- --output json", false),
        ] {
            assert_eq!(asks_for_json(line.split(' ').map(OsString::from)), json, "{line}");
        }
    }
}
