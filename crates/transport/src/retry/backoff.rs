//! How long to wait before another try.

use std::fmt::Debug;
use std::time::Duration;

/// How waits grow with the tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Backoff {
    /// The same time before each try.
    Fixed(Duration),
    /// Any time up to this one before the second try, up to twice as much before the third, and so on: exponential backoff with full
    /// jitter, so that clients that failed together do not come back together.
    Exponential(Duration),
}

/// Chooses the wait within its limit, an input so that a test can foresee it.
pub trait Jitter: Debug + Send + Sync + 'static {
    /// A time from zero up to `longest`.
    fn wait(&self, longest: Duration) -> Duration;
}

/// Any time up to the longest, each as likely as another.
#[derive(Clone, Copy, Debug, Default)]
pub struct FullJitter;

impl Jitter for FullJitter {
    fn wait(&self, longest: Duration) -> Duration {
        let longest = u64::try_from(longest.as_nanos()).unwrap_or(u64::MAX);
        Duration::from_nanos(fastrand::u64(0..=longest))
    }
}

/// A wait that was asked for, and up to a quarter more: all who were told the same time would come back at once.
pub(crate) fn spread(asked: Duration, longest: Duration, jitter: &dyn Jitter) -> Duration {
    let more = (asked / 4).min(longest.saturating_sub(asked));
    asked.saturating_add(jitter.wait(more).min(more))
}

impl Backoff {
    /// The wait after `attempts` tries.
    pub(crate) fn wait(self, attempts: u32, longest: Duration, jitter: &dyn Jitter) -> Duration {
        match self {
            Self::Fixed(wait) => wait.min(longest),
            Self::Exponential(base) => {
                let factor = 2_u32.checked_pow(attempts.saturating_sub(1)).unwrap_or(u32::MAX);
                let limit = base.saturating_mul(factor).min(longest);
                // A foreign source may overdo it.
                jitter.wait(limit).min(limit)
            }
        }
    }
}
