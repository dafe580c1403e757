//! The time of day as an input, so that a signature, a lease or an expiry that a test sees can be seen again.

use std::fmt::Debug;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use time::OffsetDateTime;

/// Tells the time of day, in UTC.
pub trait Clock: Debug + Send + Sync + 'static {
    /// The time now.
    fn now(&self) -> OffsetDateTime;
}

/// The machine's own clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the machine's clock is read"
    )]
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }
}

/// A clock that stands still until it is moved.
///
/// ```
/// use std::time::Duration;
/// use lazuli_protocol::{Clock, ManualClock};
///
/// let clock = ManualClock::at(time::macros::datetime!(2026-01-02 03:04:05 UTC));
/// let before = clock.now();
/// clock.advance(Duration::from_secs(60));
/// assert_eq!(clock.now() - before, time::Duration::MINUTE);
/// ```
#[derive(Debug)]
pub struct ManualClock {
    // Ticks of 100 ns since the Unix epoch: the resolution of the service's own timestamps.
    ticks: AtomicI64,
}

const NANOS_A_TICK: i128 = 100;

impl ManualClock {
    /// A clock that shows `now`, to the 100 ns that the service itself resolves.
    #[must_use]
    pub fn at(now: OffsetDateTime) -> Self {
        Self {
            ticks: AtomicI64::new(ticks(now)),
        }
    }

    /// Moves the clock on.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_nanos().cast_signed() / NANOS_A_TICK).unwrap_or(i64::MAX);
        self.ticks.fetch_add(by, Ordering::SeqCst);
    }

    /// Sets the clock, forward or back.
    pub fn set(&self, now: OffsetDateTime) {
        self.ticks.store(ticks(now), Ordering::SeqCst);
    }
}

fn ticks(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos() / NANOS_A_TICK).unwrap_or(i64::MAX)
}

impl Clock for ManualClock {
    fn now(&self) -> OffsetDateTime {
        let nanos = i128::from(self.ticks.load(Ordering::SeqCst)) * NANOS_A_TICK;
        OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}
