//! The events as a stream that knows where it is.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use futures_util::stream::{self, StreamExt as _};

use super::walk::{Step, Walk};
use super::{ChangeFeedCursor, ChangeFeedEvent};
use crate::Error;

/// The events of the change feed, as a [`Stream`] that ends where the log ends that may be read now. Take its [`cursor`](Self::cursor) then, and go on
/// later: the service adds to the log within minutes of a change, and opens an hour of it at once.
///
/// # Order
/// The events of one blob come in the order of its changes. The order between blobs is undefined: within a segment, an hour of the log, the shards
/// are read one after the other, each of which has blobs of its own. All of a segment comes before all of the next.
///
/// # Memory
/// A range of 4 MiB of a file, and what of it is not read yet: a block of the file, of 64 MiB at most. The service's own are much smaller.
///
/// # Errors
/// `ContainerNotFound` in an account that never had a change feed. After an error there is nothing more; the cursor is where it was, and reading can
/// go on from it.
pub struct ChangeFeed {
    steps: Pin<Box<dyn Stream<Item = Result<Step, Error>> + Send>>,
    cursor: Option<ChangeFeedCursor>,
}

impl ChangeFeed {
    pub(super) fn new(walk: Walk, cursor: Option<ChangeFeedCursor>) -> Self {
        let steps = stream::unfold(Some(walk), async |walk| {
            let mut walk = walk?;
            match walk.next().await {
                Ok(Some(step)) => Some((Ok(step), Some(walk))),
                Ok(None) => None,
                Err(error) => Some((Err(error), None)),
            }
        });
        Self {
            steps: Box::pin(steps.fuse()),
            cursor,
        }
    }

    /// The place after the last event that was taken; `None` where there was none, and no cursor to start from.
    #[must_use]
    pub fn cursor(&self) -> Option<&ChangeFeedCursor> {
        self.cursor.as_ref()
    }
}

impl Stream for ChangeFeed {
    type Item = Result<ChangeFeedEvent, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let step = ready!(self.steps.as_mut().poll_next(cx)).transpose()?;
            match step {
                Some(Step::Event(event, cursor)) => {
                    self.cursor = Some(cursor);
                    return Poll::Ready(Some(Ok(*event)));
                }
                Some(Step::Moved(cursor)) => self.cursor = Some(cursor),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl fmt::Debug for ChangeFeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChangeFeed")
            .field("cursor", &self.cursor)
            .finish_non_exhaustive()
    }
}
