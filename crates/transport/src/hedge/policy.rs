//! When a second request is sent.

use std::time::Duration;

const PERCENTILE: f64 = 0.95;
const LEAST_DELAY: Duration = Duration::from_millis(10);
const LEAST_SAMPLES: u32 = 50;
const SHARE: f64 = 0.1;

/// When a read is late enough to be sent a second time, and how many may be.
///
/// | option | default |
/// |---|---|
/// | [`percentile`](Self::percentile) | 0.95 |
/// | [`least_delay`](Self::least_delay) | 10 ms |
/// | [`least_samples`](Self::least_samples) | 50 |
/// | [`share`](Self::share) | 0.1 |
///
/// ```
/// use std::time::Duration;
/// use lazuli_transport::HedgePolicy;
///
/// let rare = HedgePolicy::default().percentile(0.99).least_delay(Duration::from_millis(50)).share(0.02);
/// # let _ = rare;
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HedgePolicy {
    pub(super) percentile: f64,
    pub(super) least_delay: Duration,
    pub(super) least_samples: u32,
    pub(super) share: f64,
}

impl Default for HedgePolicy {
    fn default() -> Self {
        Self {
            percentile: PERCENTILE,
            least_delay: LEAST_DELAY,
            least_samples: LEAST_SAMPLES,
            share: SHARE,
        }
    }
}

impl HedgePolicy {
    /// A read is late when it takes longer than this share of the reads of its kind took: from 0 to 1, what is beyond counts as that.
    #[must_use]
    pub fn percentile(mut self, percentile: f64) -> Self {
        // What is not a number hedges the least.
        self.percentile = if percentile < 1.0 {
            percentile.max(0.0)
        } else {
            1.0
        };
        self
    }

    /// No read is late before this time, however fast the others were.
    #[must_use]
    pub fn least_delay(mut self, delay: Duration) -> Self {
        self.least_delay = delay;
        self
    }

    /// No read is late before this many of its kind were answered within the last half minute.
    #[must_use]
    pub fn least_samples(mut self, samples: u32) -> Self {
        self.least_samples = samples;
        self
    }

    /// The share of a host's reads that may be sent twice: from 0 to 1, what is beyond counts as that. Up to ten that were not used are kept.
    #[must_use]
    pub fn share(mut self, share: f64) -> Self {
        self.share = if share > 0.0 { share.min(1.0) } else { 0.0 };
        self
    }
}
