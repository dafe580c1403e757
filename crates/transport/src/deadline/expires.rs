//! What a deadline tells the layers below, and hears from them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use crate::{Error, ErrorKind};

/// In a request's extensions: when its time is up, and how many tries it has had by then.
#[derive(Clone, Debug)]
pub(crate) struct Expires {
    at: Instant,
    time: Duration,
    told: Arc<Told>,
}

/// What the layers below tell.
#[derive(Debug)]
struct Told {
    attempts: AtomicU32,
    // The call waits for its turn, here and not at the host.
    held: AtomicBool,
}

impl Expires {
    pub(crate) fn new(at: Instant, time: Duration) -> Self {
        // Where nothing below counts tries, there is one.
        Self {
            at,
            time,
            told: Arc::new(Told {
                attempts: AtomicU32::new(1),
                held: AtomicBool::new(false),
            }),
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
        let begun = self.told.attempts.load(Ordering::Relaxed);
        begun.saturating_sub(u32::from(self.is_held()))
    }

    pub(crate) fn begun(&self, attempt: u32) {
        self.told.attempts.store(attempt, Ordering::Relaxed);
    }

    /// The try that was begun waits for its turn, or does so no longer.
    pub(crate) fn hold(&self, held: bool) {
        self.told.held.store(held, Ordering::Relaxed);
    }

    fn is_held(&self) -> bool {
        self.told.held.load(Ordering::Relaxed)
    }

    /// The failure of a call whose time is up.
    pub(crate) fn too_late(&self) -> Error {
        let time = self.time;
        let message = match self.is_held() {
            true => format!(
                "the request waited for its turn (throttle) until its {time:?} were over; ask for less at once, or give it a longer deadline"
            ),
            false => {
                format!("no answer came within {time:?}; check the network, or give it a longer deadline")
            }
        };
        Error::new(ErrorKind::Timeout, message)
    }
}
