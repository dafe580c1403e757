//! What a deadline tells the layers below, and hears from them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::time::Instant;

/// In a request's extensions: when its time is up, and how many tries it has had by then.
#[derive(Clone, Debug)]
pub(crate) struct Expires {
    at: Instant,
    attempts: Arc<AtomicU32>,
}

impl Expires {
    pub(crate) fn at(at: Instant) -> Self {
        // Where nothing below counts tries, there is one.
        Self {
            at,
            attempts: Arc::new(AtomicU32::new(1)),
        }
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
}
