//! A file in the making: written beside its destination, renamed when it is whole, gone when it is given up.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use lazuli_protocol::{Md5, Md5Hasher};

use super::destination::Destination;
use crate::Error;
use crate::positioned::{read_at, write_all_at};
use crate::source::blocking;

/// A file under a temporary name. Dropping it removes the file.
#[derive(Debug)]
pub(super) struct PartialFile {
    file: Arc<File>,
    temporary: PathBuf,
    destination: PathBuf,
    replace: bool,
    finished: bool,
}

// The longest name that common file systems take, in bytes.
const NAME_BYTES: usize = 255;

impl PartialFile {
    /// Starts a file that is to be at `destination`, of `len` bytes. `nonce` keeps its temporary name apart from others.
    pub(super) async fn create(destination: Destination, len: u64, nonce: u64) -> Result<Self, Error> {
        let Destination {
            path: destination,
            replace,
            permissions,
        } = destination;
        blocking(move || {
            let temporary = temporary_name(&destination, nonce);
            let fail = |source: io::Error| Error::io("write", &destination, source);
            let file = OpenOptions::new()
                .read(true)
                .write(true)
                .create_new(true)
                .open(&temporary)
                .map_err(fail)?;
            let partial = Self {
                file: Arc::new(file),
                temporary,
                destination: destination.clone(),
                replace,
                finished: false,
            };
            if let Some(permissions) = permissions {
                partial.file.set_permissions(permissions).map_err(fail)?;
            }
            partial.file.set_len(len).map_err(fail)?;
            Ok(partial)
        })
        .await
    }

    /// What writes to the file, from any task.
    pub(super) fn writer(&self) -> Writer {
        Writer {
            file: Arc::clone(&self.file),
            destination: self.destination.clone(),
        }
    }

    /// The MD5 of what is written.
    pub(super) async fn md5(&self) -> Result<Md5, Error> {
        let (file, destination) = (Arc::clone(&self.file), self.destination.clone());
        blocking(move || {
            let mut hasher = Md5Hasher::new();
            let mut buffer = vec![0; 256 * 1024];
            let mut offset = 0;
            loop {
                let read = read_at(&file, &mut buffer, offset)
                    .map_err(|source| Error::io("read back", &destination, source))?;
                if read == 0 {
                    return Ok(hasher.finish());
                }
                hasher.update(buffer.get(..read).unwrap_or_default());
                offset += read as u64;
            }
        })
        .await
    }

    /// Gives the file its final name, in place of what has it now. Says `false` when something has it that is to be kept.
    pub(super) async fn finish(self) -> Result<bool, Error> {
        blocking(move || {
            let mut whole = self;
            let fail = |source| Error::io("write", &whole.destination, source);
            if !whole.replace {
                // A second name is given only where there is none. The first goes when `whole` is dropped.
                match fs::hard_link(&whole.temporary, &whole.destination) {
                    Ok(()) => return Ok(true),
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
                    // Some file systems have no second names; what comes between this look and the renaming is replaced there.
                    Err(_) if fs::symlink_metadata(&whole.destination).is_ok() => return Ok(false),
                    Err(_) => {}
                }
            }
            fs::rename(&whole.temporary, &whole.destination).map_err(fail)?;
            whole.finished = true;
            Ok(true)
        })
        .await
    }
}

impl Drop for PartialFile {
    fn drop(&mut self) {
        if !self.finished
            && let Err(error) = fs::remove_file(&self.temporary)
        {
            tracing::warn!(path = %self.temporary.display(), %error, "a temporary file could not be removed");
        }
    }
}

fn temporary_name(destination: &Path, nonce: u64) -> PathBuf {
    let suffix = format!(".{nonce:016x}.lazuli-part");
    let name = destination.file_name().unwrap_or_default();
    let mut temporary = OsString::from(".");
    // A name near the limit would not fit with the suffix; the nonce alone tells such files apart.
    if name.len() + suffix.len() < NAME_BYTES {
        temporary.push(name);
    }
    temporary.push(suffix);
    destination.with_file_name(temporary)
}

/// Writes pieces of a file, each at its place.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    file: Arc<File>,
    destination: PathBuf,
}

impl Writer {
    pub(super) async fn write(&self, bytes: Bytes, offset: u64) -> Result<(), Error> {
        let this = self.clone();
        blocking(move || {
            write_all_at(&this.file, &bytes, offset)
                .map_err(|source| Error::io("write", &this.destination, source))
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(path: &Path, replace: bool) -> Destination {
        Destination {
            path: path.to_owned(),
            replace,
            permissions: None,
        }
    }

    #[tokio::test]
    async fn a_file_that_is_given_up_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let destination = folder.path().join("a");
        fs::write(&destination, "old").unwrap();
        let partial = PartialFile::create(at(&destination, true), 3, 7).await.unwrap();
        partial
            .writer()
            .write(Bytes::from_static(b"new"), 0)
            .await
            .unwrap();
        assert_eq!(fs::read(&destination).unwrap(), b"old");
        drop(partial);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[tokio::test]
    async fn a_finished_file_takes_the_place_of_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let destination = folder.path().join("x".repeat(255));
        fs::write(&destination, "old").unwrap();
        let partial = PartialFile::create(at(&destination, true), 3, 7).await.unwrap();
        partial
            .writer()
            .write(Bytes::from_static(b"ew"), 1)
            .await
            .unwrap();
        partial.writer().write(Bytes::from_static(b"n"), 0).await.unwrap();
        assert_eq!(partial.md5().await.unwrap(), Md5::of(b"new"));
        assert!(partial.finish().await.unwrap());
        assert_eq!(fs::read(&destination).unwrap(), b"new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[tokio::test]
    async fn what_came_meanwhile_is_kept_when_it_is_not_to_be_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let destination = folder.path().join("a");
        for there in [false, true] {
            let partial = PartialFile::create(at(&destination, false), 3, 7).await.unwrap();
            partial
                .writer()
                .write(Bytes::from_static(b"new"), 0)
                .await
                .unwrap();
            if there {
                fs::write(&destination, "precious").unwrap();
            }
            assert_eq!(partial.finish().await.unwrap(), !there);
            let expected: &[u8] = if there { b"precious" } else { b"new" };
            assert_eq!(fs::read(&destination).unwrap(), expected);
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        }
    }
}
