//! What is known of one host's reads: how long each kind takes, and how many more may be sent twice.

use std::sync::{Mutex, MutexGuard, PoisonError};

use lazuli_protocol::OperationKind;
use tokio::time::Instant;

use super::HedgePolicy;
use super::histogram::Histogram;

/// The most second requests that are saved up.
const MOST_SAVED: f64 = 10.0;

/// Ten tenths do not quite make one.
const ONE: f64 = 1.0 - 1e-9;

#[derive(Debug, Default)]
pub(super) struct Reads(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    saved: f64,
    // One a kind, made when the first answer of its kind comes: they are few.
    kinds: Vec<(OperationKind, Box<Histogram>)>,
}

impl Reads {
    /// Counts a read that begins now, and says when it will be late; `None` when it will not be sent twice.
    pub(super) fn begin(
        &self,
        kind: OperationKind,
        now: Instant,
        policy: &HedgePolicy,
    ) -> Option<std::time::Duration> {
        let mut known = self.lock();
        known.saved = (known.saved + policy.share).min(MOST_SAVED);
        if known.saved < ONE {
            return None;
        }
        let (_, times) = known.kinds.iter_mut().find(|(known, _)| *known == kind)?;
        let usual = times.percentile(now, policy.percentile, policy.least_samples)?;
        Some(usual.max(policy.least_delay))
    }

    /// Whether a second request may be sent; if so, it is counted.
    pub(super) fn take(&self) -> bool {
        let mut known = self.lock();
        let enough = known.saved >= ONE;
        if enough {
            known.saved = (known.saved - 1.0).max(0.0);
        }
        enough
    }

    /// Learns that a read took the time from `begun` until now, or at least that.
    pub(super) fn record(&self, kind: OperationKind, begun: Instant) {
        let now = Instant::now();
        let took = now.saturating_duration_since(begun);
        let mut known = self.lock();
        if let Some((_, times)) = known.kinds.iter_mut().find(|(known, _)| *known == kind) {
            times.record(now, took);
            return;
        }
        let mut times = Box::new(Histogram::new(now));
        times.record(now, took);
        known.kinds.push((kind, times));
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
