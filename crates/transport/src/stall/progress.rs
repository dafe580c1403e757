//! How far a request's body is: what the body at the bottom tells the guard above it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

/// The source is not waited for.
const NOT: u64 = u64::MAX;

/// In a request's extensions: where its body shall tell how far it is.
#[derive(Clone, Debug)]
pub(crate) struct Progress(Arc<Shared>);

// All numbers are for an estimate of a rate: none guards another, so that no order is asked for.
#[derive(Debug)]
struct Shared {
    begun: Instant,
    // The last byte was taken, or nobody will take it.
    finished: AtomicBool,
    taken: AtomicU64,
    // Nanoseconds in which the source was waited for, in all, and since when it is now, counted from the beginning. Until the client asks
    // for the first piece, which it does once it has a connection, it is as if the source had none: whatever holds the client back (a line of
    // others, say) is not a body that does not move.
    starved: AtomicU64,
    starving_since: AtomicU64,
}

/// What was seen at one time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub(super) at: Instant,
    pub(super) taken: u64,
    pub(super) starved: Duration,
}

impl Progress {
    pub(super) fn new() -> Self {
        Self(Arc::new(Shared {
            begun: Instant::now(),
            finished: AtomicBool::new(false),
            taken: AtomicU64::new(0),
            starved: AtomicU64::new(0),
            starving_since: AtomicU64::new(0),
        }))
    }

    /// The end that the body holds.
    pub(crate) fn meter(self) -> Meter {
        Meter(self)
    }

    pub(super) fn is_finished(&self) -> bool {
        self.0.finished.load(Ordering::Relaxed)
    }

    pub(super) fn seen(&self) -> Seen {
        let now = self.now();
        let since = self.0.starving_since.load(Ordering::Relaxed);
        let starving = if since == NOT {
            0
        } else {
            now.saturating_sub(since)
        };
        let starved = self.0.starved.load(Ordering::Relaxed).saturating_add(starving);
        Seen {
            at: self
                .0
                .begun
                .checked_add(Duration::from_nanos(now))
                .unwrap_or(self.0.begun),
            taken: self.0.taken.load(Ordering::Relaxed),
            starved: Duration::from_nanos(starved),
        }
    }

    // Some centuries fit.
    fn now(&self) -> u64 {
        u64::try_from(self.0.begun.elapsed().as_nanos()).unwrap_or(NOT - 1)
    }
}

/// What a body tells of itself. Dropping it says that nothing more is to be expected of the body.
#[derive(Debug)]
pub(crate) struct Meter(Progress);

impl Meter {
    /// The client took so many bytes.
    pub(crate) fn took(&self, bytes: usize) {
        let shared = &*self.0.0;
        let since = shared.starving_since.load(Ordering::Relaxed);
        if since != NOT {
            shared.starving_since.store(NOT, Ordering::Relaxed);
            let starved = self.0.now().saturating_sub(since);
            shared.starved.fetch_add(starved, Ordering::Relaxed);
        }
        shared.taken.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// The client asked, and the source has nothing yet.
    pub(crate) fn starves(&self) {
        let since = &self.0.0.starving_since;
        if since.load(Ordering::Relaxed) == NOT {
            since.store(self.0.now(), Ordering::Relaxed);
        }
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.0.0.finished.store(true, Ordering::Relaxed);
    }
}
