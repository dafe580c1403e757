//! The names of the cache's files, and which files in a folder are its own.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::super::key::{BlobKey, BlockKey, StateKey};

const HEAD: &str = "head";
const UNFINISHED: &str = ".new";

/// Where a file is, below the cache's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    folder: String,
    file: String,
}

impl Name {
    /// What is known of a blob.
    pub(super) fn head(blob: BlobKey) -> Self {
        Self::new(blob, HEAD)
    }

    /// A block. In the name, what its state is called comes before its number.
    pub(super) fn block(key: BlockKey) -> Self {
        Self::new(key.blob, &format!("{}.{:x}", key.state.hex(), key.index))
    }

    // All files about a blob are in one of 256 folders, and their names begin alike.
    fn new(blob: BlobKey, rest: &str) -> Self {
        let hex = blob.hex();
        Self {
            folder: folder_of(&hex),
            file: format!("{hex}.{rest}"),
        }
    }

    pub(super) fn folder(&self, root: &Path) -> PathBuf {
        root.join(&self.folder)
    }

    pub(super) fn path(&self, root: &Path) -> PathBuf {
        root.join(&self.folder).join(&self.file)
    }

    /// The file while it is being written.
    pub(super) fn unfinished(&self, root: &Path) -> PathBuf {
        root.join(&self.folder).join(format!("{}{UNFINISHED}", self.file))
    }
}

/// A file of the cache that is there.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) path: PathBuf,
    pub(super) unfinished: bool,
}

/// All files of the cache. What else lies in its folders is somebody else's, and stays.
pub(super) fn all(root: &Path) -> io::Result<Vec<Found>> {
    let mut found = Vec::new();
    for number in 0..=u8::MAX {
        for (path, name) in entries(&root.join(format!("{number:02x}")))? {
            if is_ours(&name) {
                let unfinished = name.ends_with(UNFINISHED);
                found.push(Found { path, unfinished });
            }
        }
    }
    Ok(found)
}

/// The finished files about a blob. When a state is to `stay`, its blocks are left out, and what is known of the blob.
pub(super) fn about(root: &Path, blob: BlobKey, stay: Option<StateKey>) -> io::Result<Vec<PathBuf>> {
    let hex = blob.hex();
    let kept = stay.map(|state| format!("{hex}.{}.", state.hex()));
    let about = format!("{hex}.");
    let head = format!("{hex}.{HEAD}");
    let goes = |name: &str| {
        let stays = kept
            .as_ref()
            .is_some_and(|kept| name.starts_with(kept) || name == head);
        is_ours(name) && name.starts_with(&about) && !stays && !name.ends_with(UNFINISHED)
    };
    let entries = entries(&root.join(folder_of(&hex)))?;
    Ok(entries
        .into_iter()
        .filter(|(_, name)| goes(name))
        .map(|(path, _)| path)
        .collect())
}

fn entries(folder: &Path) -> io::Result<Vec<(PathBuf, String)>> {
    let listing = match fs::read_dir(folder) {
        Ok(listing) => listing,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut entries = Vec::new();
    for entry in listing {
        let entry = entry?;
        if let Ok(name) = entry.file_name().into_string() {
            entries.push((entry.path(), name));
        }
    }
    Ok(entries)
}

fn folder_of(hex: &str) -> String {
    hex.chars().take(2).collect()
}

fn is_ours(name: &str) -> bool {
    let name = name.strip_suffix(UNFINISHED).unwrap_or(name);
    let hex = |text: &str, length: usize| {
        text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let Some((blob, rest)) = name.split_once('.') else {
        return false;
    };
    let block = |rest: &str| {
        let Some((state, index)) = rest.split_once('.') else {
            return false;
        };
        hex(state, 64) && (1..=16).contains(&index.len()) && hex(index, index.len())
    };
    hex(blob, 64) && (rest == HEAD || block(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_files_are_not_touched() {
        let hash = "0f".repeat(32);
        for ours in [
            format!("{hash}.head"),
            format!("{hash}.head.new"),
            format!("{hash}.{hash}.0"),
            format!("{hash}.{hash}.ff.new"),
        ] {
            assert!(is_ours(&ours), "{ours}");
        }
        for other in [
            "",
            "notes.txt",
            "lock",
            &hash,
            &format!("{hash}.{hash}"),
            &format!("{hash}.{hash}.x"),
            &format!("a{hash}.head"),
        ] {
            assert!(!is_ours(other), "{other}");
        }
    }
}
