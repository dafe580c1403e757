//! Locations: what a person types to say which blob, container, account, file or folder is meant.

mod local;
mod remote;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::{Path, PathBuf};

pub(crate) use remote::{Place, Remote};

use crate::failure::Failure;

/// What an argument means.
#[derive(Clone, Debug)]
pub(crate) enum Location {
    /// In a storage account.
    Remote(Remote),
    /// On this machine.
    Local(PathBuf),
}

impl Location {
    /// Reads a location. `az://CONTAINER/PATH` is taken literally, `https://` and `http://` URLs are percent-decoded, and what
    /// starts with no scheme is a path on this machine.
    ///
    /// # Errors
    /// The part that is wrong, by name. The query of a URL is never shown.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        if text.is_empty() {
            return Err(Failure::usage("a location is empty").help(FORMS));
        }
        match scheme(text) {
            Some(("az", rest)) => remote::parse_az(text, rest).map(Self::Remote),
            Some((scheme @ ("https" | "http"), rest)) => remote::parse_url(scheme, rest).map(Self::Remote),
            Some((other, _)) => {
                let message = format!("{other}:// is not a place that lazuli knows");
                Err(Failure::usage(message).help(format!("{FORMS}; ./{other}:// is a local path")))
            }
            None => local::parse(text).map(Self::Local),
        }
    }

    /// Reads a location that must be in a storage account.
    ///
    /// # Errors
    /// Those of [`parse`](Self::parse), and a path on this machine.
    pub(crate) fn parse_remote(text: &str) -> Result<Remote, Failure> {
        match Self::parse(text)? {
            Self::Remote(remote) => Ok(remote),
            Self::Local(path) => {
                let message = format!("{} is on this machine, not in a storage account", shown(&path));
                Err(Failure::usage(message).help(FORMS))
            }
        }
    }
}

const FORMS: &str =
    "write az://CONTAINER/PATH, or a full URL: https://ACCOUNT.blob.core.windows.net/CONTAINER/PATH";

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Remote(remote) => remote.fmt(f),
            Self::Local(path) => f.write_str(&shown(path)),
        }
    }
}

/// A local path as messages show it.
pub(crate) fn shown(path: &Path) -> String {
    crate::output::printable(&path.display().to_string())
}

/// The scheme in lower case, and what follows its `://`. One letter is a drive of Windows.
fn scheme(text: &str) -> Option<(&'static str, &str)> {
    let (scheme, rest) = text.split_once("://")?;
    if let Some(known) = ["az", "https", "http"]
        .into_iter()
        .find(|known| scheme.eq_ignore_ascii_case(known))
    {
        return Some((known, rest));
    }
    FOREIGN
        .into_iter()
        .find(|foreign| scheme.eq_ignore_ascii_case(foreign))
        .map(|foreign| (foreign, rest))
}

/// Schemes that mean a place to other tools, and so are never meant as a local path.
const FOREIGN: [&str; 11] = [
    "abfs", "abfss", "azblob", "azure", "file", "ftp", "gs", "s3", "sftp", "wasb", "wasbs",
];
