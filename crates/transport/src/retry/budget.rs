//! How many retries there may be beside the calls, so that those who try again do not multiply an outage.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// What a call adds.
const SHARE: f64 = 0.2;
/// What time adds in a second, and what it adds at most.
const PER_SECOND: u32 = 10;
const BURST: u32 = 100;
/// For how long a call is remembered.
const WINDOW: Duration = Duration::from_secs(10);

/// How many retries there may be: a share of the calls, and a few beside them.
///
/// Every call adds a share of a retry (0.2 unless said otherwise), which is forgotten after about ten seconds. Beside that there is a reserve for clients that
/// make few calls: it begins full, with 100 retries, and time fills it again, with 10 a second. Every retry takes one away. When
/// nothing is left, the failure is returned at once, and says so. So a service that fails for everybody gets
/// at most a fifth more requests than it would without retries, and 10 a second, once the reserve is used up, whatever the [policy](crate::RetryPolicy) allows each
/// call.
///
/// Clones share what they hold: give one to several layers, and they have that much together.
///
/// ```
/// use lazuli_transport::{RetryBudget, RetryLayer, RetryPolicy};
///
/// // A tenth of the calls, and one retry a second beside them, five at once.
/// let budget = RetryBudget::new(0.1, 1, 5);
/// let reads = RetryLayer::new(RetryPolicy::default()).budget(budget.clone());
/// let writes = RetryLayer::new(RetryPolicy::default()).budget(budget);
/// # let _ = (reads, writes);
/// ```
#[derive(Clone, Debug)]
pub struct RetryBudget(Option<Arc<Bucket>>);

impl Default for RetryBudget {
    fn default() -> Self {
        Self::new(SHARE, PER_SECOND, BURST)
    }
}

impl RetryBudget {
    /// With this share of a retry for each call, and a reserve of `burst` retries that grows by `per_second`.
    ///
    /// A share that is negative or no finite number counts as 0. With three times 0 there are no retries.
    #[must_use]
    pub fn new(share: f64, per_second: u32, burst: u32) -> Self {
        let share = if share.is_finite() { share.max(0.0) } else { 0.0 };
        Self(Some(Arc::new(Bucket {
            share,
            per_second: per_second.into(),
            burst: burst.into(),
            calls: AtomicU64::new(0),
            level: Mutex::new(Level {
                at: Instant::now(),
                earned: 0.0,
                reserve: burst.into(),
            }),
        })))
    }

    /// As many as the policy allows each call.
    #[must_use]
    pub fn unlimited() -> Self {
        Self(None)
    }

    /// A call adds its share.
    pub(super) fn deposit(&self) {
        if let Some(bucket) = &self.0 {
            bucket.calls.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Takes a retry away; `false` when there is none.
    pub(super) fn withdraw(&self) -> bool {
        self.0.as_ref().is_none_or(|bucket| bucket.withdraw())
    }
}

#[derive(Debug)]
struct Bucket {
    share: f64,
    per_second: f64,
    burst: f64,
    // Calls since the last withdrawal. They are counted without a lock, because nearly all calls do nothing else here.
    calls: AtomicU64,
    level: Mutex<Level>,
}

#[derive(Debug)]
struct Level {
    at: Instant,
    earned: f64,
    reserve: f64,
}

impl Bucket {
    fn withdraw(&self) -> bool {
        let mut level = self.level.lock().unwrap_or_else(PoisonError::into_inner);
        self.settle(&mut level);
        if level.earned + level.reserve < 1.0 {
            return false;
        }
        // What would be forgotten is spent first.
        let earned = level.earned.min(1.0);
        level.earned -= earned;
        level.reserve -= 1.0 - earned;
        true
    }

    /// Brings the level up to now.
    fn settle(&self, level: &mut Level) {
        let now = Instant::now();
        let passed = now.saturating_duration_since(level.at);
        level.at = now;
        level.reserve = (level.reserve + passed.as_secs_f64() * self.per_second).min(self.burst);
        // Calls that came over a time longer than the window count as if they had come evenly: those within it are left.
        let windows = passed.div_duration_f64(WINDOW);
        let calls = self.calls.swap(0, Ordering::Relaxed) as f64;
        level.earned = level.earned * (1.0 - windows).max(0.0) + calls * self.share / windows.max(1.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::advance;

    /// How many retries can be had now.
    fn left(budget: &RetryBudget) -> usize {
        std::iter::repeat_with(|| budget.withdraw())
            .take(10_000)
            .take_while(|had| *had)
            .count()
    }

    fn calls(budget: &RetryBudget, count: usize) {
        for _ in 0..count {
            budget.deposit();
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_quiet_client_has_the_reserve_and_time_fills_it() {
        let budget = RetryBudget::default();
        assert_eq!(left(&budget), 100);
        advance(Duration::from_millis(500)).await;
        assert_eq!(left(&budget), 5);
        advance(Duration::from_secs(3600)).await;
        assert_eq!(left(&budget), 100, "but not above its brim");
    }

    #[tokio::test(start_paused = true)]
    async fn every_call_adds_a_share() {
        let budget = RetryBudget::new(0.25, 0, 0);
        assert_eq!(left(&budget), 0);
        calls(&budget, 3);
        assert_eq!(left(&budget), 0);
        calls(&budget, 1);
        assert_eq!(left(&budget), 1);
        calls(&budget, 400);
        assert_eq!(left(&budget), 100);
    }

    #[tokio::test(start_paused = true)]
    async fn what_calls_have_added_is_forgotten() {
        let budget = RetryBudget::new(0.5, 0, 1);
        calls(&budget, 200);
        assert!(budget.withdraw(), "99 are left");
        advance(WINDOW / 2).await;
        assert!(budget.withdraw(), "half of them is forgotten");
        assert_eq!(left(&budget), 48 + 1, "and the reserve is not");
        // An hour of a call a second: the last ten seconds of it count.
        calls(&budget, 3600);
        advance(Duration::from_secs(3600)).await;
        assert_eq!(left(&budget), 5);
    }

    #[tokio::test(start_paused = true)]
    async fn clones_share_and_unlimited_is_endless() {
        let budget = RetryBudget::new(0.0, 0, 3);
        assert_eq!(left(&budget.clone()), 3);
        assert_eq!(left(&budget), 0);
        assert_eq!(left(&RetryBudget::unlimited()), 10_000);
    }

    #[tokio::test(start_paused = true)]
    async fn shares_that_make_no_sense_count_as_nothing() {
        for share in [-1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let budget = RetryBudget::new(share, 0, 0);
            calls(&budget, 100);
            assert_eq!(left(&budget), 0, "{share}");
        }
    }
}
