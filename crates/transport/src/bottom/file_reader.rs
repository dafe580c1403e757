//! Reading a part of a file in pieces, on threads that may block, one piece ahead of what is sent.

use std::fs::File;
use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use lazuli_protocol::FilePart;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use crate::{Error, ErrorKind};

/// Small enough to be still in the processor's cache when it is sent, large enough that the switch to another thread is cheap.
pub(crate) const PIECE: usize = 256 * 1024;

/// Reads a part of a file. The file is shared and keeps its position: reads name their offset.
#[derive(Debug)]
pub(crate) struct FileReader {
    part: FilePart,
    // Bytes of the part that were asked for.
    asked: u64,
    reading: Option<JoinHandle<io::Result<Bytes>>>,
}

impl FileReader {
    pub(crate) fn new(part: FilePart) -> Self {
        Self {
            part,
            asked: 0,
            reading: None,
        }
    }

    /// The next piece; `None` at the end of the part.
    pub(crate) fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        if self.reading.is_none() {
            // The first poll: nothing is read before there is somewhere to send it.
            if let Err(error) = self.read_ahead() {
                return Poll::Ready(Some(Err(error)));
            }
        }
        let Some(reading) = &mut self.reading else {
            return Poll::Ready(None);
        };
        let piece = ready!(Pin::new(reading).poll(cx));
        self.reading = None;
        let piece = piece
            .map_err(io::Error::other)
            .and_then(|read| read)
            .map_err(|error| self.failed(error));
        if piece.is_ok()
            && let Err(error) = self.read_ahead()
        {
            return Poll::Ready(Some(Err(error)));
        }
        Poll::Ready(Some(piece))
    }

    fn read_ahead(&mut self) -> Result<(), Error> {
        let left = self.part.length.saturating_sub(self.asked);
        if left == 0 {
            return Ok(());
        }
        let length = usize::try_from(left).map_or(PIECE, |left| left.min(PIECE));
        let offset = self.part.offset.checked_add(self.asked).ok_or_else(|| {
            Error::new(
                ErrorKind::RequestBody,
                "the part of the file ends beyond what a file can hold",
            )
        })?;
        let runtime = Handle::try_current().map_err(|error| {
            let message = "a file can be sent only from within a tokio runtime";
            Error::new(ErrorKind::RequestBody, message).because(error)
        })?;
        let file = Arc::clone(&self.part.file);
        self.asked = self.asked.saturating_add(length as u64);
        self.reading = Some(runtime.spawn_blocking(move || read(&file, offset, length)));
        Ok(())
    }

    fn failed(&self, error: io::Error) -> Error {
        let FilePart { offset, length, .. } = self.part;
        let message = match error.kind() {
            io::ErrorKind::UnexpectedEof => {
                format!(
                    "the file ended within the {length} bytes from {offset} on that were to be sent; it has become shorter"
                )
            }
            _ => format!("the {length} bytes from {offset} on could not be read from the file"),
        };
        Error::new(ErrorKind::RequestBody, message).because(error)
    }
}

fn read(file: &File, offset: u64, length: usize) -> io::Result<Bytes> {
    let mut piece = vec![0; length];
    let mut rest = piece.as_mut_slice();
    let mut at = offset;
    while !rest.is_empty() {
        let count = match read_at(file, rest, at) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        rest = rest.split_at_mut_checked(count).map_or(&mut [], |(_, rest)| rest);
        at = at.saturating_add(count as u64);
    }
    Ok(piece.into())
}

#[cfg(unix)]
fn read_at(file: &File, piece: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, piece, offset)
}

#[cfg(windows)]
fn read_at(file: &File, piece: &mut [u8], offset: u64) -> io::Result<usize> {
    // It moves the file's position, which nothing here relies on.
    std::os::windows::fs::FileExt::seek_read(file, piece, offset)
}
