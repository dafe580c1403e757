//! Reading a range of a blob, a batch ahead of the one who reads.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use tokio::task::JoinHandle;

use super::structured_body::Packing;
use crate::content::zeros;
use crate::engine::blocking;
use crate::state::{Blob, Segment};
use crate::{Error, ErrorKind};

/// The largest frame of a body, in bytes.
const FRAME: usize = 256 * 1024;
/// How much is read at once, in bytes.
const BATCH: usize = 1024 * 1024;
/// What is read where it is asked for, even if that is a disk: the way to another thread would take longer.
const AT_ONCE: u64 = 64 * 1024;

/// Bytes that were read, and where to read on.
pub(super) type Batch = (Cursor, VecDeque<Bytes>);

/// Some bytes of a blob on their way out.
pub(super) struct Download {
    cursor: Cursor,
    ready: VecDeque<Bytes>,
    coming: Option<JoinHandle<io::Result<Batch>>>,
    len: u64,
    left: u64,
    packing: Option<Box<Packing>>,
}

impl Download {
    /// Begins to read `len` bytes from `first` on. Both must lie within the blob.
    pub(super) async fn open(blob: Arc<Blob>, first: u64, len: u64) -> io::Result<Self> {
        let cursor = Cursor::new(blob, first, len);
        let (cursor, ready) = if len <= AT_ONCE || !cursor.waits() {
            cursor.batch()?
        } else {
            blocking(move || cursor.batch()).await?
        };
        Ok(Self {
            cursor,
            ready,
            coming: None,
            len,
            left: len,
            packing: None,
        })
    }

    /// The same bytes as a structured message.
    pub(super) fn packed(self) -> Self {
        Self {
            packing: Some(Box::new(Packing::new(self.len))),
            ..self
        }
    }

    /// All bytes at once.
    pub(super) fn whole(blob: Arc<Blob>, first: u64, len: u64) -> io::Result<Vec<u8>> {
        let mut cursor = Cursor::new(blob, first, len);
        let mut all = Vec::new();
        while cursor.left > 0 {
            let batch;
            (cursor, batch) = cursor.batch()?;
            for bytes in batch {
                all.extend_from_slice(&bytes);
            }
        }
        Ok(all)
    }

    pub(super) fn len(&self) -> u64 {
        self.packing.as_ref().map_or(self.len, |packing| packing.len())
    }

    pub(super) fn left(&self) -> u64 {
        self.packing.as_ref().map_or(self.left, |packing| packing.left())
    }

    pub(super) fn poll_bytes(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        loop {
            match &mut self.packing {
                None => return self.poll_content(cx),
                Some(packing) => {
                    if let Some(bytes) = packing.next() {
                        return Poll::Ready(Some(Ok(bytes)));
                    }
                    if packing.is_over() {
                        return Poll::Ready(None);
                    }
                }
            }
            let content = ready!(self.poll_content(cx)).transpose()?;
            if let Some(packing) = &mut self.packing {
                packing.take(content);
            }
        }
    }

    fn poll_content(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        loop {
            if self.coming.is_none() && self.cursor.left > 0 {
                let next = self.cursor.clone();
                if next.waits() {
                    self.coming = Some(tokio::task::spawn_blocking(move || next.batch()));
                } else if self.ready.is_empty() {
                    match next.batch() {
                        Ok((cursor, batch)) => (self.cursor, self.ready) = (cursor, batch),
                        Err(error) => return Poll::Ready(Some(Err(broken(error)))),
                    }
                }
            }
            if let Some(mut bytes) = self.ready.pop_front() {
                if bytes.len() > FRAME {
                    let later = bytes.split_off(FRAME);
                    self.ready.push_front(later);
                }
                self.left = self.left.saturating_sub(wide(bytes.len()));
                return Poll::Ready(Some(Ok(bytes)));
            }
            let Some(coming) = &mut self.coming else {
                return Poll::Ready(None);
            };
            let arrived = ready!(Pin::new(coming).poll(cx));
            self.coming = None;
            match arrived.unwrap_or_else(|error| Err(io::Error::other(error))) {
                Ok((cursor, batch)) => (self.cursor, self.ready) = (cursor, batch),
                Err(error) => {
                    self.cursor.left = 0;
                    return Poll::Ready(Some(Err(broken(error))));
                }
            }
        }
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("len", &self.len)
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}

pub(super) fn broken(source: io::Error) -> Error {
    tracing::error!(%source, "a download broke off");
    Error::new(ErrorKind::Io, "the blob's content cannot be read").because(source)
}

/// A place in a blob, and how far to read from there. It holds its share in the contents.
#[derive(Clone)]
pub(super) struct Cursor {
    blob: Arc<Blob>,
    at: u64,
    left: u64,
}

impl Cursor {
    pub(super) fn new(blob: Arc<Blob>, first: u64, len: u64) -> Self {
        Self {
            blob,
            at: first,
            left: len,
        }
    }

    pub(super) fn waits(&self) -> bool {
        self.blob.waits()
    }

    /// How many bytes are left to read.
    pub(super) fn left(&self) -> u64 {
        self.left
    }

    /// Reads a batch, across segments if they are small.
    fn batch(self) -> io::Result<Batch> {
        self.read(BATCH)
    }

    /// Reads so many bytes, or as many as are left.
    pub(super) fn read(mut self, mut room: usize) -> io::Result<Batch> {
        let mut batch = VecDeque::new();
        while room > 0 && self.left > 0 {
            let limit = usize::try_from(self.left).map_or(room, |left| left.min(room));
            let bytes = match self.blob.segment(self.at).ok_or_else(short)? {
                Segment::Bytes { content, offset, len } => {
                    let limit = usize::try_from(len).map_or(limit, |len| len.min(limit));
                    content.read(offset, limit)?
                }
                Segment::Zeros { len } => {
                    let limit = usize::try_from(len).map_or(limit, |len| len.min(limit));
                    zeros(limit)
                }
            };
            if bytes.is_empty() {
                return Err(short());
            }
            let len = wide(bytes.len());
            self.at = self.at.saturating_add(len);
            self.left = self.left.saturating_sub(len);
            room = room.saturating_sub(bytes.len());
            batch.push_back(bytes);
        }
        Ok((self, batch))
    }
}

fn short() -> io::Error {
    io::Error::new(
        io::ErrorKind::UnexpectedEof,
        "the blob has fewer bytes than it says",
    )
}

fn wide(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}
