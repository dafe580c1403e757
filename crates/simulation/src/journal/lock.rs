//! One process a location.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use super::files;
use crate::{Error, ErrorKind};

/// The lock on a location. The operating system takes it back when the process ends, however it ends.
#[derive(Debug)]
#[expect(dead_code, reason = "holding the file open is what locks the location")]
pub(super) struct Lock(File);

impl Lock {
    pub(super) fn take(root: &Path) -> Result<Self, Error> {
        let path = files::lock(root);
        let shown = root.display();
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|source| {
                Error::new(
                    ErrorKind::Io,
                    format!("the lock of the location {shown} cannot be opened"),
                )
                .because(source)
            })?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(Error::new(
                ErrorKind::LocationInUse,
                format!(
                    "the location {shown} is in use by another simulation; stop that one or choose another location"
                ),
            )),
            Err(TryLockError::Error(source)) => Err(Error::new(
                ErrorKind::Io,
                format!("the location {shown} cannot be locked"),
            )
            .because(source)),
        }
    }
}
