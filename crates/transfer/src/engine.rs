//! The engine: what all transfers share.

use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use lazuli_blob::operations::RangeChecksum;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

use crate::observer::Unobserved;
use crate::summary::{Outcome, Summary};
use crate::{Error, Event, Observer, Options};

/// Moves files and trees. A clone shares the limits: all transfers of one engine together stay within them.
#[derive(Clone)]
pub struct Transfer {
    shared: Arc<Shared>,
    observer: Arc<dyn Observer>,
}

struct Shared {
    options: Options,
    requests: Semaphore,
    rng: Mutex<fastrand::Rng>,
    // Set when a service turned out to compute no CRC64 of a range.
    range_md5: AtomicBool,
}

impl Transfer {
    /// An engine with these settings.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let rng = options
            .seed
            .map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed);
        let shared = Shared {
            requests: Semaphore::new(options.requests),
            rng: Mutex::new(rng),
            range_md5: AtomicBool::new(false),
            options,
        };
        Self {
            shared: Arc::new(shared),
            observer: Arc::new(Unobserved),
        }
    }

    /// The same engine, which tells `observer` what it does.
    #[must_use]
    pub fn observe(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = observer;
        self
    }

    pub(crate) fn options(&self) -> &Options {
        &self.shared.options
    }

    pub(crate) fn event(&self, event: &Event<'_>) {
        self.observer.event(event);
    }

    /// Leave to have one more request in flight, for as long as it is held.
    pub(crate) async fn request(&self) -> SemaphorePermit<'_> {
        match self.shared.requests.acquire().await {
            Ok(permit) => permit,
            // Nobody closes this semaphore, and without its leave nothing may run.
            Err(_) => std::future::pending().await,
        }
    }

    /// The checksum that ranges are asked for with.
    pub(crate) fn range_checksum(&self) -> RangeChecksum {
        if self.shared.range_md5.load(Ordering::Relaxed) {
            RangeChecksum::Md5
        } else {
            RangeChecksum::Crc64
        }
    }

    /// Asks no more for CRC64.
    pub(crate) fn without_range_crc64(&self) {
        self.shared.range_md5.store(true, Ordering::Relaxed);
    }

    pub(crate) fn random<T>(&self, draw: impl FnOnce(&mut fastrand::Rng) -> T) -> T {
        draw(&mut self.shared.rng.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Moves one file, and tells of its end.
    pub(crate) async fn one(
        &self,
        name: String,
        work: impl Future<Output = Result<Outcome, Error>>,
    ) -> (String, Result<Outcome, Error>) {
        let outcome = work.await;
        match &outcome {
            Ok(Outcome::Moved { bytes, .. }) => self.event(&Event::Finished {
                name: &name,
                bytes: *bytes,
            }),
            Ok(Outcome::Deleted | Outcome::Folder) => self.event(&Event::Finished {
                name: &name,
                bytes: 0,
            }),
            Ok(Outcome::Skipped) => self.event(&Event::Skipped {
                name: &name,
                reason: "it is there already",
            }),
            Err(error) => self.event(&Event::Failed { name: &name, error }),
        }
        (name, outcome)
    }

    /// A summary of one file: its failure is the failure of the whole.
    pub(crate) async fn alone(
        &self,
        name: String,
        work: impl Future<Output = Result<Outcome, Error>>,
    ) -> Result<Summary, Error> {
        let started = Instant::now();
        let (name, outcome) = self.one(name, work).await;
        let mut summary = Summary::default();
        summary.record(name, Ok(outcome?));
        summary.elapsed = started.elapsed();
        Ok(summary)
    }
}

impl fmt::Debug for Transfer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transfer")
            .field("options", &self.shared.options)
            .finish_non_exhaustive()
    }
}
