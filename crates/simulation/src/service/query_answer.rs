//! The answer to a query on its way out: the blob goes through the engine a stretch at a time, and what comes out goes to the client.
//! A table is read by the engine itself, from wherever it has to be.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use time::OffsetDateTime;
use tokio::task::JoinHandle;

use super::download::{Cursor, broken};
use crate::Error;
use crate::avro::Writer;
use crate::sql::{Engine, Frame, Malformed, Request};
#[cfg(feature = "parquet")]
use crate::sql::{Stored, TableEngine};
use crate::state::Blob;

/// How much of the blob is taken at once, in bytes. A column that is selected many times makes many times as much of it.
const STRETCH: usize = 256 * 1024;
/// A blob of up to this many bytes in memory is queried where it is asked for, by an expression that is no longer than the one below: the
/// way to another thread would take longer.
const AT_ONCE: u64 = 4 * 1024;
const AT_ONCE_EXPRESSION: usize = 1024;

/// What came of one stretch, and what does the next.
type Done = (Work, VecDeque<Bytes>);

/// The answer to one query.
pub(super) struct QueryAnswer {
    ready: VecDeque<Bytes>,
    /// Idle, or at work on another thread, or neither at the end.
    work: Option<Work>,
    coming: Option<JoinHandle<io::Result<Done>>>,
    at_once: bool,
}

/// A query, and how far it is.
struct Work {
    /// None once it is over.
    query: Option<Query>,
    writer: Writer,
}

enum Query {
    Stream {
        cursor: Cursor,
        engine: Box<Engine>,
    },
    #[cfg(feature = "parquet")]
    Table(Box<TableEngine>),
}

impl QueryAnswer {
    /// Sends all of a blob through the engine. None if blobs of this form are not read.
    ///
    /// # Errors
    /// The query is not one.
    pub(super) fn new(
        blob: Arc<Blob>,
        request: &Request,
        now: OffsetDateTime,
        writer: Writer,
    ) -> Result<Option<Self>, Malformed> {
        let len = blob.len;
        let cursor = Cursor::new(blob.clone(), 0, len);
        let is_short = request.expression.len() <= AT_ONCE_EXPRESSION;
        let mut at_once = len <= AT_ONCE && is_short && !cursor.waits();
        let query = match Engine::new(request, len, now)? {
            Some(engine) => Some(Query::Stream {
                cursor,
                engine: Box::new(engine),
            }),
            None => {
                // Its decoders may be busy for long, however small the blob is.
                at_once = false;
                table(blob, request, now)?
            }
        };
        Ok(query.map(|query| Self {
            ready: VecDeque::from([writer.header()]),
            at_once,
            work: Some(Work {
                query: Some(query),
                writer,
            }),
            coming: None,
        }))
    }

    pub(super) fn poll_bytes(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        loop {
            if let Some(bytes) = self.ready.pop_front() {
                return Poll::Ready(Some(Ok(bytes)));
            }
            if let Some(work) = self.work.take().filter(|work| work.query.is_some()) {
                if self.at_once {
                    match work.step() {
                        Ok((work, ready)) => (self.work, self.ready) = (Some(work), ready),
                        Err(error) => return Poll::Ready(Some(Err(broken(error)))),
                    }
                    continue;
                }
                self.coming = Some(tokio::task::spawn_blocking(move || work.step()));
            }
            let Some(coming) = &mut self.coming else {
                return Poll::Ready(None);
            };
            let done = ready!(Pin::new(coming).poll(cx));
            self.coming = None;
            match done.unwrap_or_else(|error| Err(io::Error::other(error))) {
                Ok((work, ready)) => (self.work, self.ready) = (Some(work), ready),
                Err(error) => return Poll::Ready(Some(Err(broken(error)))),
            }
        }
    }
}

#[cfg(feature = "parquet")]
fn table(blob: Arc<Blob>, request: &Request, now: OffsetDateTime) -> Result<Option<Query>, Malformed> {
    let engine = TableEngine::new(request, Arc::new(Whole(blob)), now)?;
    Ok(Some(Query::Table(Box::new(engine))))
}

#[cfg(not(feature = "parquet"))]
fn table(_: Arc<Blob>, _: &Request, _: OffsetDateTime) -> Result<Option<Query>, Malformed> {
    Ok(None)
}

impl Work {
    /// Takes the next stretch, or comes to the end.
    fn step(mut self) -> io::Result<Done> {
        let mut frames = Vec::new();
        if let Some(query) = self.query.take() {
            self.query = query.step(&mut frames)?;
        }
        let ready = frames.iter().map(|frame| self.writer.frame(frame)).collect();
        Ok((self, ready))
    }
}

impl Query {
    /// What is left of the query after a step.
    fn step(self, frames: &mut Vec<Frame>) -> io::Result<Option<Self>> {
        match self {
            Self::Stream { cursor, mut engine } => {
                if cursor.left() == 0 || engine.is_done() {
                    engine.finish(frames);
                    return Ok(None);
                }
                let (cursor, stretch) = cursor.read(STRETCH)?;
                for bytes in stretch {
                    engine.push(&bytes, frames);
                }
                Ok(Some(Self::Stream { cursor, engine }))
            }
            #[cfg(feature = "parquet")]
            Self::Table(mut engine) => {
                if engine.step(frames)? {
                    return Ok(Some(Self::Table(engine)));
                }
                engine.finish(frames);
                Ok(None)
            }
        }
    }
}

/// All of a blob's bytes.
#[cfg(feature = "parquet")]
struct Whole(Arc<Blob>);

#[cfg(feature = "parquet")]
impl Stored for Whole {
    fn len(&self) -> u64 {
        self.0.len
    }

    fn read(&self, at: u64, len: usize) -> io::Result<Bytes> {
        let left = self.0.len.saturating_sub(at);
        let (_, mut parts) = Cursor::new(self.0.clone(), at, left).read(len)?;
        let all = match (parts.pop_front(), parts.is_empty()) {
            (Some(only), true) => only,
            (first, _) => first.into_iter().chain(parts).flatten().collect(),
        };
        if all.len() == len {
            Ok(all)
        } else {
            Err(io::ErrorKind::UnexpectedEof.into())
        }
    }
}

impl fmt::Debug for QueryAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QueryAnswer").finish_non_exhaustive()
    }
}
