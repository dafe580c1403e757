//! A reading of the change feed in the making.

use time::OffsetDateTime;

use super::log::Log;
use super::walk::{Walk, Window};
use super::{ChangeFeed, ChangeFeedCursor};
use crate::BlobServiceClient;
use crate::options::CallOptions;

/// A reading of the change feed in the making; nothing is sent before its stream is polled.
#[derive(Clone, Debug)]
#[must_use = "the change feed is read when its stream is polled"]
pub struct ChangeFeedCall {
    service: BlobServiceClient,
    window: Window,
    cursor: Option<ChangeFeedCursor>,
    pub(crate) options: CallOptions,
}

impl ChangeFeedCall {
    pub(crate) fn new(service: BlobServiceClient) -> Self {
        Self {
            service,
            window: Window::default(),
            cursor: None,
            options: CallOptions::default(),
        }
    }

    /// Only events from this time on.
    ///
    /// The log is kept in segments of an hour, and the service puts an event up to 15 minutes past the ends of its own; the segments beside are
    /// read too, so that none is missed.
    pub fn from(mut self, time: OffsetDateTime) -> Self {
        self.window.from = Some(time);
        self
    }

    /// Only events from before this time.
    pub fn until(mut self, time: OffsetDateTime) -> Self {
        self.window.until = Some(time);
        self
    }

    /// Goes on after the event that a [cursor](ChangeFeed::cursor) was taken at, wherever [`from`](Self::from) would start. The cursor does not hold the
    /// times: give the same ones again.
    pub fn cursor(mut self, cursor: ChangeFeedCursor) -> Self {
        self.cursor = Some(cursor);
        self
    }

    /// The events.
    #[must_use]
    pub fn events(self) -> ChangeFeed {
        let log = Log::new(&self.service, self.options);
        let walk = Walk::new(log, self.window, self.cursor.clone());
        ChangeFeed::new(walk, self.cursor)
    }
}
