//! What a transfer did.

use std::time::Duration;

use crate::Error;

/// What a transfer did. It is returned also when some files failed; look at [`failures`](Self::failures).
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Summary {
    /// How many files or blobs were moved, or deleted.
    pub files: u64,
    /// Their content, in bytes.
    pub bytes: u64,
    /// How many were left out: they were there already and are not to be replaced, or are no plain files.
    pub skipped: u64,
    /// What could not be moved, and why, in the order of failing. At most 10,000 are kept; see [`failed`](Self::failed).
    pub failures: Vec<Failure>,
    /// How many could not be moved.
    pub failed: u64,
    /// How long it took.
    pub elapsed: Duration,
    /// How what was moved was checked.
    pub verified: Verified,
}

/// A file or blob that could not be moved.
#[derive(Debug)]
#[non_exhaustive]
pub struct Failure {
    /// Its path or name.
    pub name: String,
    /// Why.
    pub error: Error,
}

/// How many files were checked by what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verified {
    /// Every byte, by CRC64, at the other side.
    pub crc64: u64,
    /// Every byte, by MD5: that of each range, or that of the whole which is kept with the blob.
    pub md5: u64,
    /// The length alone: the service had no checksum to offer.
    pub length: u64,
}

/// How one file was checked, from the strongest to the weakest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Check {
    Crc64,
    Md5,
    Length,
}

/// How one file ended.
#[derive(Debug)]
pub(crate) enum Outcome {
    Moved {
        bytes: u64,
        check: Check,
    },
    Deleted,
    /// A folder was made for a blob that stands for one.
    Folder,
    Skipped,
}

// A list of failures is for people, and memory is bounded.
const FAILURES_KEPT: usize = 10_000;

impl Summary {
    pub(crate) fn record(&mut self, name: String, outcome: Result<Outcome, Error>) {
        match outcome {
            Ok(Outcome::Moved { bytes, check }) => {
                self.files += 1;
                self.bytes += bytes;
                match check {
                    Check::Crc64 => self.verified.crc64 += 1,
                    Check::Md5 => self.verified.md5 += 1,
                    Check::Length => self.verified.length += 1,
                }
            }
            Ok(Outcome::Deleted | Outcome::Folder) => self.files += 1,
            Ok(Outcome::Skipped) => self.skipped += 1,
            Err(error) => {
                self.failed += 1;
                if self.failures.len() < FAILURES_KEPT {
                    self.failures.push(Failure { name, error });
                }
            }
        }
    }
}
