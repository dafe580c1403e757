//! What a deadline tells the layers below, and hears from them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use crate::{Error, ErrorKind};

/// In a request's extensions: when its time is up, and how many tries it has had by then.
#[derive(Clone, Debug)]
pub(crate) struct Expires {
    at: Instant,
    time: Duration,
    attempts: Arc<AtomicU32>,
}

impl Expires {
    pub(crate) fn new(at: Instant, time: Duration) -> Self {
        // Where nothing below counts tries, there is one.
        Self {
            at,
            time,
            attempts: Arc::new(AtomicU32::new(1)),
        }
    }

    pub(crate) fn at(&self) -> Instant {
        self.at
    }

    /// The time that is left.
    pub(crate) fn left(&self) -> Duration {
        self.at.saturating_duration_since(Instant::now())
    }

    pub(crate) fn attempts(&self) -> u32 {
        self.attempts.load(Ordering::Relaxed)
    }

    pub(crate) fn begun(&self, attempt: u32) {
        self.attempts.store(attempt, Ordering::Relaxed);
    }

    /// The failure of a call whose time is up.
    pub(crate) fn too_late(&self) -> Error {
        let time = self.time;
        let message =
            format!("no answer came within {time:?}; check the network, or give it a longer deadline");
        Error::new(ErrorKind::Timeout, message)
    }
}
