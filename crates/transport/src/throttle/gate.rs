//! A bucket that callers wait at, in the order in which they came.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use super::bucket::{Bucket, Growth};
use super::line::Line;

/// Its lock is held for a look, never while anybody waits.
#[derive(Debug)]
pub(super) struct Gate(Mutex<State>);

#[derive(Debug)]
pub(super) struct State {
    pub(super) bucket: Bucket,
    pub(super) line: Line,
}

impl Gate {
    pub(super) fn new(bucket: Bucket) -> Self {
        let line = Line::default();
        Self(Mutex::new(State { bucket, line }))
    }

    /// Takes this much now, if nobody waits and it is there. Whether it did.
    pub(super) fn pass(&self, now: Instant, cost: f64) -> bool {
        let mut state = self.lock();
        let passes = state.line.is_empty() && state.bucket.wait(now, cost).is_none();
        if passes {
            state.bucket.take(now, cost);
        }
        passes
    }

    /// Takes this much whoever waits, into debt if need be. Whether who takes more has to wait: for the debt, or behind others.
    pub(super) fn take(&self, now: Instant, cost: f64) -> bool {
        let mut state = self.lock();
        state.bucket.take(now, cost) || !state.line.is_empty()
    }

    /// Another rate from now on. Who waits sees it when it looks.
    pub(super) fn pace(&self, now: Instant, rate: f64, growth: Growth) {
        self.lock().bucket.pace(now, rate, growth);
    }

    pub(super) fn rate(&self, now: Instant) -> f64 {
        self.lock().bucket.rate(now)
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
