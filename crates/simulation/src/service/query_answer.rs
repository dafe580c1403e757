//! The answer to a query on its way out: the blob goes through the engine a stretch at a time, and what comes out goes to the client.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use tokio::task::JoinHandle;

use super::download::{Cursor, broken};
use crate::Error;
use crate::avro::Writer;
use crate::sql::Engine;
use crate::state::Blob;

/// How much of the blob is taken at once, in bytes. A column that is selected many times makes many times as much of it.
const STRETCH: usize = 256 * 1024;
/// A blob of up to this many bytes in memory is queried where it is asked for: the way to another thread would take longer.
const AT_ONCE: u64 = 16 * 1024;

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
    cursor: Option<Cursor>,
    engine: Option<Engine>,
    writer: Writer,
}

impl QueryAnswer {
    /// Sends all of a blob through the engine.
    pub(super) fn new(blob: Arc<Blob>, engine: Engine, writer: Writer) -> Self {
        let len = blob.len;
        let cursor = Cursor::new(blob, 0, len);
        Self {
            ready: VecDeque::from([writer.header()]),
            at_once: len <= AT_ONCE && !cursor.waits(),
            work: Some(Work {
                cursor: Some(cursor),
                engine: Some(engine),
                writer,
            }),
            coming: None,
        }
    }

    pub(super) fn poll_bytes(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        loop {
            if let Some(bytes) = self.ready.pop_front() {
                return Poll::Ready(Some(Ok(bytes)));
            }
            if let Some(work) = self.work.take().filter(|work| work.engine.is_some()) {
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

impl Work {
    /// Takes the next stretch, or comes to the end.
    fn step(mut self) -> io::Result<Done> {
        let mut frames = Vec::new();
        let wanted = self.engine.as_ref().is_some_and(|engine| !engine.is_done());
        let cursor = self.cursor.take().filter(|cursor| wanted && cursor.left() > 0);
        match (cursor, &mut self.engine) {
            (Some(cursor), Some(engine)) => {
                let (cursor, stretch) = cursor.read(STRETCH)?;
                for bytes in stretch {
                    engine.push(&bytes, &mut frames);
                }
                self.cursor = Some(cursor);
            }
            (None, engine) => {
                if let Some(engine) = engine.take() {
                    engine.finish(&mut frames);
                }
            }
            (Some(_), None) => {}
        }
        let ready = frames.iter().map(|frame| self.writer.frame(frame)).collect();
        Ok((self, ready))
    }
}

impl fmt::Debug for QueryAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QueryAnswer").finish_non_exhaustive()
    }
}
