//! `lazuli rm`: deletes a blob, or all blobs below a folder.

use clap::Args;
use lazuli_transfer::{Options, Summary, Transfer};
use serde::Serialize;

use super::cp::{self, FailureLine};
use crate::exit::Exit;
use crate::explain::About;
use crate::failure::Failure;
use crate::help;
use crate::location::{Location, Remote};
use crate::session::{Connection, Intent, Session};
use crate::size::{count, duration};
use crate::watcher::Verb;

/// Delete a blob, or all blobs below a folder
#[derive(Args, Debug)]
#[command(after_help = help::RM)]
pub(crate) struct Arguments {
    /// The blob or, with --recursive, the folder or container
    location: String,

    /// Delete the blob and all blobs below it; with a slash at the end of LOCATION, only those below
    #[arg(short, long)]
    recursive: bool,

    /// All blobs of a whole container are meant
    #[arg(short, long, requires = "recursive")]
    yes: bool,
}

#[derive(Serialize)]
struct Removed<'a> {
    operation: &'static str,
    location: String,
    blobs: u64,
    failed: u64,
    failures: Vec<FailureLine<'a>>,
    seconds: f64,
}

pub(crate) async fn run(arguments: Arguments, session: &Session) -> Result<Exit, Failure> {
    let remote = Location::parse_remote(&arguments.location)?;
    check(&remote, &arguments)?;
    let connection = session.connect(&remote.place, Intent::Read).await?;
    let about = connection.about(format!("cannot delete {remote}"), &remote);
    if arguments.recursive {
        recursive(&remote, session, &connection, &about).await
    } else {
        single(&remote, session, &connection, &about).await
    }
}

fn check(remote: &Remote, arguments: &Arguments) -> Result<(), Failure> {
    remote.required_container()?;
    if !arguments.recursive && remote.is_folder() {
        return Err(Failure::usage(format!("{remote} is a folder"))
            .help("add --recursive to delete all blobs below it"));
    }
    if remote.path.is_empty() && !arguments.yes {
        return Err(Failure::usage(format!("{remote} is a whole container"))
            .help("add --yes to delete all its blobs; the container itself stays"));
    }
    Ok(())
}

async fn single(
    remote: &Remote,
    session: &Session,
    connection: &Connection,
    about: &About,
) -> Result<Exit, Failure> {
    let blob = connection.blob(remote)?;
    blob.delete().await.map_err(|error| about.blob(&error))?;
    report(remote, session, &Summary::default(), 1)
}

async fn recursive(
    remote: &Remote,
    session: &Session,
    connection: &Connection,
    about: &About,
) -> Result<Exit, Failure> {
    cp::tree_prefix(remote)?;
    let container = connection.container(remote.required_container()?);
    let transfer = Transfer::new(Options::default()).observe(session.watch(Verb::Delete));
    let summary = transfer.delete_tree(&container, &remote.path).await;
    session.end_watch();
    let summary = summary.map_err(|error| about.transfer(&error))?;
    if summary.files == 0 && summary.failed == 0 && !remote.path.is_empty() {
        let message = if remote.is_folder() {
            format!("there is no blob below {remote}")
        } else {
            format!("there is no blob {remote} and none below it")
        };
        return Err(Failure::new(Exit::NotFound, message));
    }
    report(remote, session, &summary, summary.files)
}

fn report(remote: &Remote, session: &Session, summary: &Summary, blobs: u64) -> Result<Exit, Failure> {
    let output = session.output();
    if output.is_json() {
        output.json(&Removed {
            operation: "delete",
            location: remote.to_string(),
            blobs,
            failed: summary.failed,
            failures: cp::failure_lines(summary),
            seconds: summary.elapsed.as_secs_f64(),
        })?;
    } else if blobs == 1 && summary.failed == 0 {
        output.text(&format!("deleted {remote}\n"))?;
    } else {
        let (blobs, elapsed) = (count(blobs, "blob"), duration(summary.elapsed));
        output.text(&format!("deleted {blobs} from {remote} in {elapsed}\n"))?;
    }
    Ok(if summary.failed == 0 {
        Exit::Done
    } else {
        Exit::Failed
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_deleted_must_be_meant() {
        for (location, recursive, yes, refused) in [
            ("az://box/a", false, false, None),
            ("az://box/a", true, false, None),
            ("az://box/a/", true, false, None),
            ("az://box", true, true, None),
            ("az://box/a/", false, false, Some("az://box/a/ is a folder")),
            ("az://box", false, false, Some("az://box is a folder")),
            ("az://box", true, false, Some("az://box is a whole container")),
            ("az://", true, true, Some("az:// names no container")),
        ] {
            let remote = Location::parse_remote(location).unwrap();
            let arguments = Arguments {
                location: location.to_owned(),
                recursive,
                yes,
            };
            let said = check(&remote, &arguments)
                .err()
                .map(|failure| failure.message().to_owned());
            assert_eq!(said.as_deref(), refused, "{location} {recursive} {yes}");
        }
    }
}
