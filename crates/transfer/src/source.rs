//! A local file as the source of an upload: opened once, read in pieces, and watched for changes.

use std::fs::{self, File, Metadata};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use lazuli_protocol::{Body, Crc64, Crc64Hasher, FilePart};

use crate::positioned::read_at;
use crate::{Error, ErrorKind};

// A file of this size is read as it is opened, and sent from memory.
pub(crate) const SMALL: u64 = PIECE as u64;
// Pieces of this size are still in the cache of the processor when they are sent.
const PIECE: usize = 256 * 1024;

/// A file that is open for reading.
#[derive(Clone, Debug)]
pub(crate) struct SourceFile {
    file: Arc<File>,
    path: PathBuf,
    len: u64,
    modified: Option<SystemTime>,
}

/// A file, with its content when it is small.
pub(crate) enum Opened {
    Small(Bytes),
    Large(SourceFile),
}

impl SourceFile {
    /// Opens a file, and reads it when it is small.
    pub(crate) async fn open(path: &Path) -> Result<Opened, Error> {
        let path = path.to_owned();
        blocking(move || Self::open_now(path)).await
    }

    fn open_now(path: PathBuf) -> Result<Opened, Error> {
        let fail = |verb: &str, source: io::Error| Error::io(verb, &path, source);
        // Asked before it is opened: to open a pipe is to wait for its other end.
        let metadata = fs::metadata(&path).map_err(|source| fail("open", source))?;
        if !metadata.is_file() {
            return Err(fail("read", io::Error::other("it is no plain file")));
        }
        let mut file = File::open(&path).map_err(|source| fail("open", source))?;
        let metadata = file.metadata().map_err(|source| fail("look at", source))?;
        let len = metadata.len();
        if len > SMALL {
            let modified = metadata.modified().ok();
            return Ok(Opened::Large(Self {
                file: Arc::new(file),
                path,
                len,
                modified,
            }));
        }
        let mut content = Vec::with_capacity(usize::try_from(len).unwrap_or_default());
        // One byte more than there should be tells a file that grows.
        (&mut file)
            .take(SMALL + 1)
            .read_to_end(&mut content)
            .map_err(|source| fail("read", source))?;
        if content.len() as u64 != len {
            return Err(changed(&path));
        }
        Ok(Opened::Small(content.into()))
    }

    /// The length, in bytes, when the file was opened.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// A part of the file, for a request.
    pub(crate) fn part(&self, offset: u64, length: u64) -> Body {
        Body::file(FilePart {
            file: Arc::clone(&self.file),
            offset,
            length,
        })
    }

    /// The CRC64 of a part of the file.
    pub(crate) async fn crc64(&self, offset: u64, len: u64) -> Result<Crc64, Error> {
        let this = self.clone();
        blocking(move || this.crc64_now(offset, len)).await
    }

    fn crc64_now(&self, mut offset: u64, mut len: u64) -> Result<Crc64, Error> {
        let mut hasher = Crc64Hasher::new();
        let mut buffer = vec![0; PIECE];
        while len > 0 {
            let want = usize::try_from(len).unwrap_or(PIECE).min(PIECE);
            let piece = buffer.get_mut(..want).unwrap_or_default();
            let read =
                read_at(&self.file, piece, offset).map_err(|source| Error::io("read", &self.path, source))?;
            if read == 0 {
                return Err(changed(&self.path));
            }
            hasher.update(piece.get(..read).unwrap_or_default());
            offset += read as u64;
            len -= read as u64;
        }
        Ok(hasher.finish())
    }

    /// Fails when the file is not what it was when it was opened.
    pub(crate) async fn check_unchanged(&self) -> Result<(), Error> {
        let this = self.clone();
        let same =
            move |metadata: Metadata| metadata.len() == this.len && metadata.modified().ok() == this.modified;
        let file = Arc::clone(&self.file);
        let metadata = blocking(move || Ok(file.metadata())).await?;
        let metadata = metadata.map_err(|source| Error::io("look at", &self.path, source))?;
        if same(metadata) {
            Ok(())
        } else {
            Err(changed(&self.path))
        }
    }
}

fn changed(path: &Path) -> Error {
    let message = format!(
        "{} changed while it was read; nothing was written, try again when it rests",
        path.display()
    );
    Error::new(ErrorKind::Changed, message)
}

/// Does work on the disk away from the tasks that serve the network.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => outcome,
        Err(error) => Err(Error::new(
            ErrorKind::Io,
            format!("the work on the disk was given up: {error}"),
        )),
    }
}
