//! What a copy means, decided before anything is sent or written.

use std::path::{Path, PathBuf};

use super::Arguments;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::location::{Location, Remote, shown};

/// What is to be done.
#[derive(Debug)]
pub(super) enum Plan {
    UploadFile { source: PathBuf, blob: Remote },
    UploadTree { source: PathBuf, folder: Remote },
    DownloadFile { blob: Remote, destination: PathBuf },
    DownloadTree { folder: Remote, destination: PathBuf },
}

impl Plan {
    /// The side that is in an account.
    pub(super) fn remote(&self) -> &Remote {
        match self {
            Self::UploadFile { blob: remote, .. }
            | Self::UploadTree { folder: remote, .. }
            | Self::DownloadFile { blob: remote, .. }
            | Self::DownloadTree { folder: remote, .. } => remote,
        }
    }

    pub(super) fn writes_to_account(&self) -> bool {
        matches!(self, Self::UploadFile { .. } | Self::UploadTree { .. })
    }

    pub(super) fn is_tree(&self) -> bool {
        matches!(self, Self::UploadTree { .. } | Self::DownloadTree { .. })
    }

    /// Where from and where to, as they can be typed.
    pub(super) fn ends(&self) -> (String, String) {
        let remote = self.remote().to_string();
        match self {
            Self::UploadFile { source, .. } | Self::UploadTree { source, .. } => (shown(source), remote),
            Self::DownloadFile { destination, .. } | Self::DownloadTree { destination, .. } => {
                (remote, shown(destination))
            }
        }
    }
}

/// What is at a path on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum There {
    Nothing,
    File,
    Folder,
}

/// Decides. `look` tells what is on this machine.
pub(super) fn plan(
    source: Location,
    arguments: &Arguments,
    look: impl Fn(&Path) -> Result<There, Failure>,
    destination: Location,
) -> Result<Plan, Failure> {
    match (source, destination) {
        (Location::Local(source), Location::Remote(remote)) => upload(source, remote, arguments, &look),
        (Location::Remote(remote), Location::Local(path)) => download(remote, path, arguments, &look),
        (Location::Remote(_), Location::Remote(_)) => Err(Failure::usage(
            "copies between accounts and containers are not there yet",
        )
        .help("copy to this machine, then from there to the other place")),
        (Location::Local(_), Location::Local(_)) => Err(Failure::usage("both are on this machine").help(
            "use the copy command of your system; a place in an account looks like az://CONTAINER/PATH",
        )),
    }
}

fn upload(
    source: PathBuf,
    remote: Remote,
    arguments: &Arguments,
    look: &impl Fn(&Path) -> Result<There, Failure>,
) -> Result<Plan, Failure> {
    remote.required_container()?;
    match look(&source)? {
        There::Nothing => Err(Failure::new(
            Exit::NotFound,
            format!("{} is not there", shown(&source)),
        )),
        There::Folder if arguments.recursive => Ok(Plan::UploadTree {
            source,
            folder: remote,
        }),
        There::Folder => Err(Failure::usage(format!("{} is a folder", shown(&source)))
            .help("add --recursive to copy all that is in it")),
        There::File if remote.is_folder() => {
            let name = source.file_name().and_then(|name| name.to_str()).ok_or_else(|| {
                Failure::usage(format!(
                    "the name of {} is not Unicode, as a blob's must be",
                    shown(&source)
                ))
                .help(format!(
                    "say what the blob is to be called: {}NAME",
                    folder_shown(&remote)
                ))
            })?;
            let blob = remote.with_path(format!("{}{name}", remote.path));
            Ok(Plan::UploadFile { source, blob })
        }
        There::File => Ok(Plan::UploadFile { source, blob: remote }),
    }
}

fn folder_shown(remote: &Remote) -> String {
    let text = remote.to_string();
    if text.ends_with('/') {
        text
    } else {
        format!("{text}/")
    }
}

fn download(
    remote: Remote,
    path: PathBuf,
    arguments: &Arguments,
    look: &impl Fn(&Path) -> Result<There, Failure>,
) -> Result<Plan, Failure> {
    remote.required_container()?;
    if arguments.recursive {
        return Ok(Plan::DownloadTree {
            folder: remote,
            destination: path,
        });
    }
    if remote.is_folder() {
        return Err(Failure::usage(format!("{remote} is a folder"))
            .help("add --recursive to copy all that is below it"));
    }
    download_file(remote, path, look)
}

/// The download of one blob, into the folder at the path if that is one.
pub(super) fn download_file(
    remote: Remote,
    path: PathBuf,
    look: impl Fn(&Path) -> Result<There, Failure>,
) -> Result<Plan, Failure> {
    let is_folder = ends_in_separator(&path) || look(&path)? == There::Folder;
    let destination = if is_folder {
        path.join(file_name(&remote)?)
    } else {
        path
    };
    Ok(Plan::DownloadFile {
        blob: remote,
        destination,
    })
}

fn ends_in_separator(path: &Path) -> bool {
    path.as_os_str()
        .to_str()
        .is_some_and(|text| text.ends_with(std::path::is_separator))
}

/// The last part of a blob's name, if a file can be called so.
fn file_name(remote: &Remote) -> Result<&str, Failure> {
    let name = remote.path.rsplit('/').next().unwrap_or_default();
    let mut components = Path::new(name).components();
    match (components.next(), components.next()) {
        (Some(std::path::Component::Normal(only)), None) if only == name => Ok(name),
        _ => Err(Failure::usage(format!("no file can be called {name:?}"))
            .help("say what the file is to be called, not only the folder that it goes to")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A machine with a file, and a folder with nothing in it.
    fn look(path: &Path) -> Result<There, Failure> {
        Ok(match path.to_str().unwrap() {
            "notes.txt" | "sub/notes.txt" => There::File,
            "docs" | "docs/" | "." => There::Folder,
            _ => There::Nothing,
        })
    }

    fn decide(source: &str, destination: &str, recursive: bool) -> String {
        let arguments = Arguments {
            source: source.to_owned(),
            destination: destination.to_owned(),
            recursive,
            no_overwrite: false,
            requests: 1,
        };
        let (from, to) = (
            Location::parse(source).unwrap(),
            Location::parse(destination).unwrap(),
        );
        match plan(from, &arguments, look, to) {
            Ok(plan) => {
                let (from, to) = plan.ends();
                let tree = if plan.is_tree() { "tree " } else { "" };
                format!("{tree}{from} -> {to}")
            }
            Err(failure) => failure.to_string(),
        }
    }

    #[test]
    fn what_goes_where() {
        for (source, destination, recursive, expected) in [
            ("notes.txt", "az://box", false, "notes.txt -> az://box/notes.txt"),
            (
                "sub/notes.txt",
                "az://box/in/",
                false,
                "sub/notes.txt -> az://box/in/notes.txt",
            ),
            (
                "notes.txt",
                "az://box/old.txt",
                false,
                "notes.txt -> az://box/old.txt",
            ),
            (
                "notes.txt",
                "az://box/old.txt",
                true,
                "notes.txt -> az://box/old.txt",
            ),
            ("docs", "az://box/docs", true, "tree docs -> az://box/docs"),
            ("docs", "az://box", true, "tree docs -> az://box"),
            ("az://box/a/b.md", ".", false, "az://box/a/b.md -> ./b.md"),
            ("az://box/a/b.md", "docs", false, "az://box/a/b.md -> docs/b.md"),
            ("az://box/a/b.md", "new/", false, "az://box/a/b.md -> new/b.md"),
            ("az://box/a/b.md", "c.md", false, "az://box/a/b.md -> c.md"),
            ("az://box/a", "back", true, "tree az://box/a -> back"),
            ("az://box", "docs", true, "tree az://box -> docs"),
        ] {
            assert_eq!(decide(source, destination, recursive), expected);
        }
    }

    #[test]
    fn what_cannot_be_meant() {
        for (source, destination, recursive, expected) in [
            ("nothing", "az://box", false, "error: nothing is not there"),
            (
                "docs",
                "az://box",
                false,
                "error: docs is a folder\nhelp: add --recursive to copy all that is in it",
            ),
            (
                "az://box/a/",
                "back",
                false,
                "error: az://box/a/ is a folder\nhelp: add --recursive to copy all that is below it",
            ),
            (
                "az://box",
                "back",
                false,
                "error: az://box is a folder\nhelp: add --recursive to copy all that is below it",
            ),
            (
                "az://box/a",
                "az://other/a",
                false,
                "error: copies between accounts and containers are not there yet\nhelp: copy to this machine, then from there to the \
                 other place",
            ),
            (
                "notes.txt",
                "docs",
                false,
                "error: both are on this machine\nhelp: use the copy command of your system; a place in an account looks like \
                 az://CONTAINER/PATH",
            ),
            (
                "notes.txt",
                "az://",
                false,
                "error: az:// names no container\nhelp: add it: az://CONTAINER/PATH",
            ),
            (
                "az://",
                "back",
                true,
                "error: az:// names no container\nhelp: add it: az://CONTAINER/PATH",
            ),
        ] {
            assert_eq!(decide(source, destination, recursive), expected);
        }
    }
}
