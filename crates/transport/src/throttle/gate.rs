//! A bucket that callers wait at, in the order in which they came.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync;
use tokio::time::{Instant, sleep};

use super::bucket::Bucket;

/// Only the first in the queue looks at the bucket and has a timer; the others sleep until it is their turn. Whoever is dropped leaves the
/// queue, and has taken nothing.
#[derive(Debug)]
pub(super) struct Gate {
    turn: sync::Mutex<()>,
    bucket: Mutex<Bucket>,
}

/// The first place in the queue, with the bucket holding enough. Nothing is taken yet.
#[derive(Debug)]
pub(super) struct Turn<'gate> {
    gate: &'gate Gate,
    cost: f64,
    /// Whether it had to be waited for.
    pub(super) waited: bool,
    _turn: sync::MutexGuard<'gate, ()>,
}

impl Gate {
    pub(super) fn new(bucket: Bucket) -> Self {
        Self {
            turn: sync::Mutex::new(()),
            bucket: Mutex::new(bucket),
        }
    }

    /// Waits for the first place, and for the bucket to hold this much.
    pub(super) async fn turn(&self, cost: f64) -> Turn<'_> {
        let (turn, mut waited) = match self.turn.try_lock() {
            Ok(turn) => (turn, false),
            Err(_) => (self.turn.lock().await, true),
        };
        loop {
            let wait = self.bucket().wait(Instant::now(), cost);
            let Some(wait) = wait else {
                break;
            };
            waited = true;
            sleep(wait).await;
        }
        Turn {
            gate: self,
            cost,
            waited,
            _turn: turn,
        }
    }

    /// Takes this much now, if nobody waits and it is there. Whether it did.
    pub(super) fn pass(&self, now: Instant, cost: f64) -> bool {
        let Ok(_turn) = self.turn.try_lock() else {
            return false;
        };
        let mut bucket = self.bucket();
        let passes = bucket.wait(now, cost).is_none();
        if passes {
            bucket.take(now, cost);
        }
        passes
    }

    pub(super) fn bucket(&self) -> MutexGuard<'_, Bucket> {
        self.bucket.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn<'_> {
    pub(super) fn take(self, now: Instant) {
        self.gate.bucket().take(now, self.cost);
    }
}
