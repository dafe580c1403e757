//! `lazuli ls`: the containers of an account, or the blobs and folders of a container.

use clap::Args;
use futures_util::TryStreamExt as _;
use lazuli_blob::{BlobClient, ContainerClient};
use lazuli_protocol::ErrorCode;
use lazuli_protocol::xml::ListBlobsEntry;

mod row;

use crate::exit::Exit;
use crate::explain::About;
use crate::failure::Failure;
use crate::help;
use crate::location::{Location, Remote};
use crate::output::Output;
use crate::session::{Connection, Intent, Session};
use row::Row;

/// List containers, or the blobs and folders of a container
#[derive(Args, Debug)]
#[command(after_help = help::LS)]
pub(crate) struct Arguments {
    /// A container or a folder; the account when left out
    location: Option<String>,

    /// All blobs below LOCATION, not just one level
    #[arg(short, long)]
    recursive: bool,

    /// With size, date, type and ETag
    #[arg(short, long)]
    long: bool,
}

/// How a list is written.
#[derive(Clone, Copy, Debug)]
struct Style {
    output: Output,
    long: bool,
}

impl Style {
    /// Writes a page of rows at once. Names are shown without `folder`, which the person typed.
    fn write(self, rows: &[Row], folder: &str, place: &Remote) -> Result<(), Failure> {
        if self.output.is_json() {
            return rows.iter().try_for_each(|row| self.output.json(&row.json(place)));
        }
        let line = |row: &Row| {
            if self.long {
                row.long(folder)
            } else {
                row.short(folder)
            }
        };
        self.output.text(&rows.iter().map(line).collect::<String>())
    }
}

pub(crate) async fn run(arguments: Arguments, session: &Session) -> Result<Exit, Failure> {
    let remote = match &arguments.location {
        Some(text) => Location::parse_remote(text)?,
        None => Remote::ACCOUNT,
    };
    let style = Style {
        output: session.output(),
        long: arguments.long,
    };
    if remote.container.is_none() && arguments.recursive {
        return Err(
            Failure::usage("--recursive lists the blobs of one container").help("name it: az://CONTAINER")
        );
    }
    let connection = session.connect(&remote.place, Intent::Read).await?;
    let about = connection.about(format!("cannot list {remote}"), &remote);
    match &remote.container {
        None => containers(&connection, &remote, style, &about).await?,
        Some(name) => {
            let container = connection.container(name);
            let found = blobs(&container, &remote, arguments.recursive, style, &about).await?;
            if !found && !remote.path.is_empty() {
                single(&connection.blob(&remote)?, &remote, style, &about).await?;
            }
        }
    }
    Ok(Exit::Done)
}

async fn containers(
    connection: &Connection,
    remote: &Remote,
    style: Style,
    about: &About,
) -> Result<(), Failure> {
    let mut pages = connection.service().list_containers().pages();
    while let Some(page) = pages.try_next().await.map_err(|error| about.blob(&error))? {
        let rows: Vec<Row> = page.containers.into_iter().map(Row::container).collect();
        style.write(&rows, "", remote)?;
    }
    Ok(())
}

/// Lists a folder, and returns whether anything was in it.
async fn blobs(
    container: &ContainerClient,
    remote: &Remote,
    recursive: bool,
    style: Style,
    about: &About,
) -> Result<bool, Failure> {
    let folder = if remote.path.is_empty() {
        String::new()
    } else {
        remote.folder_prefix()
    };
    let mut list = container.list();
    if !folder.is_empty() {
        list = list.prefix(folder.as_str());
    }
    if !recursive {
        list = list.delimiter("/");
    }
    let mut found = false;
    let mut pages = list.pages();
    while let Some(page) = pages.try_next().await.map_err(|error| about.blob(&error))? {
        let rows: Vec<Row> = page.entries.into_iter().filter_map(row).collect();
        found |= !rows.is_empty();
        style.write(&rows, &folder, remote)?;
    }
    Ok(found)
}

fn row(entry: ListBlobsEntry) -> Option<Row> {
    match entry {
        ListBlobsEntry::Blob(blob) => Some(Row::blob(*blob)),
        ListBlobsEntry::Prefix(prefix) => Some(Row::prefix(prefix.name)),
        // A kind of entry that this version does not know is not shown.
        _ => None,
    }
}

/// What is no folder may be a blob.
async fn single(blob: &BlobClient, remote: &Remote, style: Style, about: &About) -> Result<(), Failure> {
    let nothing = || {
        let message = format!("{remote} is no blob, and there is none below it");
        Failure::new(Exit::NotFound, message).while_doing(&about.what)
    };
    if remote.is_folder() {
        return Err(nothing());
    }
    match blob.properties().await {
        Ok(properties) => {
            let folder = remote
                .path
                .rsplit_once('/')
                .map_or(String::new(), |(folder, _)| format!("{folder}/"));
            style.write(&[Row::single(&remote.path, &properties)], &folder, remote)
        }
        // The service answers a HEAD without a body, and some services without a code.
        Err(error)
            if error.code() == Some(&ErrorCode::BlobNotFound)
                || error.status().is_some_and(|it| it == 404) =>
        {
            Err(nothing())
        }
        Err(error) => Err(about.blob(&error)),
    }
}
