//! The names of a location's files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The folder of the contents.
pub(super) fn content(root: &Path) -> PathBuf {
    root.join("content")
}

pub(super) fn lock(root: &Path) -> PathBuf {
    root.join("lock")
}

pub(super) fn journal(root: &Path, number: u64) -> PathBuf {
    root.join(format!("journal-{number:08}"))
}

pub(super) fn snapshot(root: &Path, number: u64) -> PathBuf {
    root.join(format!("snapshot-{number:08}"))
}

/// A snapshot that is being written. What is left of one is worth nothing.
pub(super) fn unfinished(root: &Path, number: u64) -> PathBuf {
    root.join(format!("snapshot-{number:08}.new"))
}

/// The files that a location has, by their numbers, smallest first.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Files {
    pub(super) journals: Vec<u64>,
    pub(super) snapshots: Vec<u64>,
    pub(super) unfinished: Vec<u64>,
}

impl Files {
    pub(super) fn list(root: &Path) -> io::Result<Self> {
        let mut files = Self::default();
        for entry in fs::read_dir(root)? {
            let name = entry?.file_name();
            let Some(name) = name.to_str() else {
                continue;
            };
            let number = |prefix: &str, suffix: &str| -> Option<u64> {
                let digits = name.strip_prefix(prefix)?.strip_suffix(suffix)?;
                let shaped = digits.len() >= 8 && digits.bytes().all(|byte| byte.is_ascii_digit());
                shaped.then(|| digits.parse().ok()).flatten()
            };
            files.journals.extend(number("journal-", ""));
            files.snapshots.extend(number("snapshot-", ""));
            files.unfinished.extend(number("snapshot-", ".new"));
        }
        files.journals.sort_unstable();
        files.snapshots.sort_unstable();
        Ok(files)
    }

    /// Deletes what newer files have replaced, and what never got finished.
    pub(super) fn delete_before(&self, root: &Path, first: u64) -> io::Result<()> {
        let old = |numbers: &[u64]| -> Vec<u64> {
            numbers.iter().copied().filter(|number| *number < first).collect()
        };
        for number in old(&self.journals) {
            fs::remove_file(journal(root, number))?;
        }
        for number in old(&self.snapshots) {
            fs::remove_file(snapshot(root, number))?;
        }
        for number in &self.unfinished {
            fs::remove_file(unfinished(root, *number))?;
        }
        Ok(())
    }
}
