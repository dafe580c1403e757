//! `lazuli cp`: files and trees to an account and back.

mod plan;
mod report;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use lazuli_protocol::ErrorCode;
use lazuli_transfer::{Options, Summary, Transfer};

pub(crate) use report::{FailureLine, failure_lines};

use crate::exit::Exit;
use crate::explain::{About, exit_of_io};
use crate::failure::Failure;
use crate::help;
use crate::location::{Location, Remote, shown};
use crate::session::{Connection, EMBEDDED_LOCATION, Intent, Session};
use crate::watcher::Verb;
use plan::{Plan, There};
use report::Report;

/// Copy files and folders to an account, or back
#[derive(Args, Debug)]
#[command(after_help = help::CP)]
pub(crate) struct Arguments {
    /// What is copied: a file, a folder, a blob, or all blobs below a name
    source: String,

    /// Where it goes
    destination: String,

    /// Copy a folder with all that is below it
    #[arg(short, long)]
    recursive: bool,

    /// Leave alone what is at the destination already
    #[arg(long)]
    no_overwrite: bool,

    /// How many requests are in flight at most; each takes about 1 MiB of memory
    #[arg(long, value_name = "N", default_value_t = 32, value_parser = clap::value_parser!(u16).range(1..=1024))]
    requests: u16,
}

/// What the work stands on.
struct Work<'a> {
    session: &'a Session,
    connection: &'a Connection,
    about: About,
    transfer: Transfer,
}

pub(crate) async fn run(arguments: Arguments, session: &Session) -> Result<Exit, Failure> {
    let (source, destination) = (
        Location::parse(&arguments.source)?,
        Location::parse(&arguments.destination)?,
    );
    let what = format!("cannot copy {source} to {destination}");
    let plan =
        plan::plan(source, &arguments, look, destination).map_err(|failure| failure.while_doing(&what))?;
    let intent = if plan.writes_to_account() {
        Intent::Write
    } else {
        Intent::Read
    };
    let connection = session.connect(&plan.remote().place, intent).await;
    let connection = connection.map_err(|failure| failure.while_doing(&what))?;
    let options = Options::default()
        .requests(arguments.requests.into())
        .overwrite(!arguments.no_overwrite)
        .keep_out_of(own_folder());
    let mut work = Work {
        session,
        connection: &connection,
        about: connection.about(what, plan.remote()),
        transfer: Transfer::new(options),
    };
    let plan = work.settle(plan).await?;
    work.transfer = work.transfer.observe(session.watch(if plan.is_tree() {
        Verb::CopyTree
    } else {
        Verb::CopyFile
    }));
    let copied = work.perform(&plan).await;
    session.end_watch();
    let summary = copied?;
    Report::new(&plan, &summary, &connection).write(session.output())?;
    Ok(if summary.failed == 0 {
        Exit::Done
    } else {
        Exit::Failed
    })
}

impl Work<'_> {
    /// `--recursive` with the name of one blob copies that blob, as it would without.
    async fn settle(&self, plan: Plan) -> Result<Plan, Failure> {
        let Plan::DownloadTree { folder, destination } = plan else {
            return Ok(plan);
        };
        tree_prefix(&folder)?;
        // A folder is made only when there is something to put into it.
        if self.anything_below(&folder).await? {
            return Ok(Plan::DownloadTree { folder, destination });
        }
        let nothing = || {
            let message = format!("there is no blob below {folder}");
            Failure::new(Exit::NotFound, message).while_doing(&self.about.what)
        };
        if folder.is_folder() {
            return Err(nothing());
        }
        match self.connection.blob(&folder)?.properties().await {
            Ok(_) => plan::download_file(folder, destination, look)
                .map_err(|failure| failure.while_doing(&self.about.what)),
            Err(error) if error.status().is_some_and(|status| status == 404) => Err(nothing()),
            Err(error) => Err(self.about.blob(&error)),
        }
    }

    async fn perform(&self, plan: &Plan) -> Result<Summary, Failure> {
        let remote = plan.remote();
        let container = self.connection.container(remote.required_container()?);
        match plan {
            Plan::UploadFile { source, .. } => {
                self.make_container(remote).await?;
                let copied = self
                    .transfer
                    .upload_file(source, &self.connection.blob(remote)?)
                    .await;
                copied.map_err(|error| self.about.transfer(&error))
            }
            Plan::UploadTree { source, .. } => {
                self.keep_out_of_itself(source)?;
                self.make_container(remote).await?;
                self.check_container(remote).await?;
                let copied = self
                    .transfer
                    .upload_tree(source, &container, tree_prefix(remote)?)
                    .await;
                copied.map_err(|error| self.about.transfer(&error))
            }
            Plan::DownloadFile { destination, .. } => self.download_file(remote, destination).await,
            Plan::DownloadTree { destination, .. } => {
                self.keep_out_of_own(destination)?;
                let prefix = tree_prefix(remote)?;
                let copied = self.transfer.download_tree(&container, prefix, destination).await;
                copied.map_err(|error| self.about.transfer(&error))
            }
        }
    }

    async fn download_file(&self, remote: &Remote, destination: &Path) -> Result<Summary, Failure> {
        let blob = self.connection.blob(remote)?;
        self.keep_out_of_own(destination)?;
        let made = missing_folder(destination);
        if let Some(folder) = made {
            fs::create_dir_all(folder)
                .map_err(|error| cannot_make(folder, &error).while_doing(&self.about.what))?;
        }
        let copied = self.transfer.download_file(&blob, destination).await;
        copied.map_err(|error| {
            if let Some(folder) = made {
                // It goes again only when nothing is in it.
                let _ = fs::remove_dir(folder);
            }
            self.about.transfer(&error)
        })
    }

    async fn anything_below(&self, remote: &Remote) -> Result<bool, Failure> {
        use futures_util::TryStreamExt as _;

        let mut list = self
            .connection
            .container(remote.required_container()?)
            .list()
            .page_size(1);
        if !remote.path.is_empty() {
            list = list.prefix(remote.folder_prefix());
        }
        let first = list.items().try_next().await;
        Ok(first.map_err(|error| self.about.blob(&error))?.is_some())
    }

    /// Says once that the container is missing, rather than once a file.
    async fn check_container(&self, remote: &Remote) -> Result<(), Failure> {
        match self.anything_below(&remote.with_path("")).await {
            // Whoever may only write may not list; then the first file tells.
            Err(failure) if failure.exit() != Exit::NotFound => Ok(()),
            answer => answer.map(|_| ()),
        }
    }

    /// Makes the container where nobody else will: in the account that the command brings with it.
    async fn make_container(&self, remote: &Remote) -> Result<(), Failure> {
        let name = remote.required_container()?;
        if !self.connection.is_embedded() {
            return Ok(());
        }
        match self.connection.container(name).create().await {
            Ok(_) => self
                .session
                .output()
                .note(format_args!("made the container {name}")),
            Err(error) if error.code() == Some(&ErrorCode::ContainerAlreadyExists) => {}
            Err(error) => return Err(self.about.blob(&error)),
        }
        Ok(())
    }

    /// Nothing is downloaded into the data of the local account, and no folder is made there. For the files of a tree around it, the
    /// transfer sees to that.
    fn keep_out_of_own(&self, destination: &Path) -> Result<(), Failure> {
        if !resolved(destination).starts_with(own_folder()) {
            return Ok(());
        }
        let message = format!(
            "{} is in {EMBEDDED_LOCATION}, where the local account keeps its data",
            shown(destination)
        );
        Err(Failure::usage(message)
            .help("choose another destination")
            .while_doing(&self.about.what))
    }

    /// The data of the local account must not be copied into itself: it would grow for ever.
    fn keep_out_of_itself(&self, source: &Path) -> Result<(), Failure> {
        let (Ok(source_path), Ok(own)) = (source.canonicalize(), Path::new(EMBEDDED_LOCATION).canonicalize())
        else {
            return Ok(());
        };
        if !self.connection.is_embedded() || !(own.starts_with(&source_path) || source_path.starts_with(&own))
        {
            return Ok(());
        }
        let message = format!(
            "{} holds {EMBEDDED_LOCATION}, where the local account keeps its data",
            shown(source)
        );
        Err(Failure::usage(message)
            .help(format!(
                "copy the folders beside {EMBEDDED_LOCATION} one by one, or run lazuli from another folder"
            ))
            .while_doing(&self.about.what))
    }
}

/// What the names in a tree start with, without the slash at its end.
pub(crate) fn tree_prefix(remote: &Remote) -> Result<&str, Failure> {
    let prefix = remote.path.strip_suffix('/').unwrap_or(&remote.path);
    if prefix.is_empty() && !remote.path.is_empty() {
        // It would stand for the whole container, which is not what was typed.
        return Err(Failure::usage(format!("{remote} is a folder without a name")));
    }
    Ok(prefix)
}

/// Where the local account keeps its data, or would.
fn own_folder() -> PathBuf {
    resolved(Path::new(EMBEDDED_LOCATION))
}

/// A path with the part of it that is there resolved.
fn resolved(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let there = absolute.ancestors().find_map(|part| {
        let rest = absolute.strip_prefix(part).ok()?;
        Some((part.canonicalize().ok()?, rest))
    });
    match there {
        Some((there, rest)) if rest.as_os_str().is_empty() => there,
        Some((there, rest)) => there.join(rest),
        None => absolute,
    }
}

fn missing_folder(destination: &Path) -> Option<&Path> {
    destination
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty() && !folder.exists())
}

fn cannot_make(folder: &Path, error: &io::Error) -> Failure {
    Failure::new(
        exit_of_io(error),
        format!("cannot make the folder {}: {error}", shown(folder)),
    )
}

fn look(path: &Path) -> Result<There, Failure> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => Ok(There::Folder),
        Ok(_) => Ok(There::File),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(There::Nothing),
        Err(error) => Err(Failure::new(
            exit_of_io(&error),
            format!("cannot look at {}: {error}", shown(path)),
        )),
    }
}
