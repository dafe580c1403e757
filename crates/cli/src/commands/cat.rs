//! `lazuli cat`: blobs to standard output, each piece checked before it is written.

use clap::Args;
use futures_util::TryStreamExt as _;
use lazuli_blob::BlobClient;
use lazuli_transfer::{Error, ErrorKind, Options, Transfer};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::help;
use crate::location::Location;
use crate::output::Output;
use crate::session::{Intent, Session};

/// Print blobs, one after the other
#[derive(Args, Debug)]
#[command(after_help = help::CAT)]
pub(crate) struct Arguments {
    /// The blobs
    #[arg(required = true, value_name = "BLOB")]
    blobs: Vec<String>,
}

pub(crate) async fn run(arguments: Arguments, session: &Session) -> Result<Exit, Failure> {
    let mut remotes = Vec::new();
    // Nothing is written when any of them cannot be meant.
    for text in &arguments.blobs {
        let remote = Location::parse_remote(text)?;
        remote.required_container()?;
        if remote.is_folder() {
            return Err(
                Failure::usage(format!("{remote} is a folder, and cat prints blobs"))
                    .help(format!("see what is in it with `lazuli ls {remote}`")),
            );
        }
        remotes.push(remote);
    }
    let transfer = Transfer::new(Options::default());
    for remote in &remotes {
        let connection = session.connect(&remote.place, Intent::Read).await?;
        let about = connection.about(format!("cannot read {remote}"), remote);
        let printed = print(&transfer, &connection.blob(remote)?, session.output()).await;
        printed.map_err(|stop| match stop {
            Stop::Read(error) if error.kind() == ErrorKind::Changed => about
                .transfer(&error)
                .help("what was printed is the start of the blob as it was"),
            Stop::Read(error) => about.transfer(&error),
            Stop::Write(failure) => failure,
        })?;
    }
    Ok(Exit::Done)
}

/// Why printing stopped.
enum Stop {
    Read(Error),
    Write(Failure),
}

async fn print(transfer: &Transfer, blob: &BlobClient, output: Output) -> Result<(), Stop> {
    let mut pieces = transfer.read(blob);
    while let Some(piece) = pieces.try_next().await.map_err(Stop::Read)? {
        output.bytes(&piece).map_err(Stop::Write)?;
    }
    Ok(())
}
