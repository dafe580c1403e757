//! A token bucket: arithmetic only, told the time.

use std::time::Duration;

use tokio::time::Instant;

/// The longest wait before the bucket is asked again: its rate may change meanwhile.
const LONGEST: Duration = Duration::from_secs(1);
/// More than any host bears, and far from where numbers end.
const FASTEST: f64 = 1e9;
/// What rounding may take away from a wait is added to it.
const SHORTEST: Duration = Duration::from_micros(1);

/// Tokens that come at a rate, which itself may grow, and are saved up for a time.
#[derive(Clone, Debug)]
pub(super) struct Bucket {
    // Tokens a second, at the time below.
    rate: f64,
    growth: Growth,
    saves: Duration,
    // Negative in debt.
    level: f64,
    at: Instant,
}

/// What is added to the rate in a second: the larger of the two.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Growth {
    pub(super) tokens: f64,
    // Of the rate itself.
    pub(super) share: f64,
}

impl Bucket {
    /// A full one.
    pub(super) fn new(rate: f64, saves: Duration, now: Instant) -> Self {
        let mut bucket = Self {
            rate,
            growth: Growth::default(),
            saves,
            level: 0.0,
            at: now,
        };
        bucket.level = bucket.most();
        bucket
    }

    /// Another rate from now on.
    pub(super) fn pace(&mut self, now: Instant, rate: f64, growth: Growth) {
        self.refill(now);
        self.rate = rate;
        self.growth = growth;
        self.level = self.level.min(self.most());
    }

    pub(super) fn rate(&mut self, now: Instant) -> f64 {
        self.refill(now);
        self.rate
    }

    /// The wait until this much can be taken; none when it can be now. What is more than the bucket holds may be taken when it is full.
    pub(super) fn wait(&mut self, now: Instant, cost: f64) -> Option<Duration> {
        self.refill(now);
        let cost = cost.min(self.most());
        // A millionth of a token is what rounding makes of nothing.
        if cost - self.level <= 1e-6 {
            return None;
        }
        Some(self.earns(now, cost).clamp(SHORTEST, LONGEST))
    }

    /// The time in which this much has come in all, at the present rate, whether the bucket would hold it or not.
    pub(super) fn earns(&mut self, now: Instant, cost: f64) -> Duration {
        self.refill(now);
        let missing = (cost - self.level).max(0.0);
        Duration::try_from_secs_f64(missing / self.rate).unwrap_or(Duration::MAX)
    }

    /// Takes this much, going into debt for what is not there. Whether it is in debt then.
    pub(super) fn take(&mut self, now: Instant, cost: f64) -> bool {
        self.refill(now);
        self.level -= cost;
        self.level < 0.0
    }

    fn most(&self) -> f64 {
        (self.rate * self.saves.as_secs_f64()).max(1.0)
    }

    fn refill(&mut self, now: Instant) {
        let time = now.saturating_duration_since(self.at).as_secs_f64();
        if time > 0.0 {
            let growth = self.growth.tokens.max(self.growth.share * self.rate);
            self.level += time * (self.rate + growth * time / 2.0);
            self.rate = (self.rate + growth * time).min(FASTEST);
            self.at = now;
            self.level = self.level.min(self.most());
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        // Whoever takes as early as the bucket allows, in any amounts and with any pauses, gets no more in any window than its rate and one
        // bucketful allow.
        #[test]
        fn no_window_has_more_than_its_rate_and_a_burst(
            rate in 1_u32..100_000,
            saves in 1_u64..2_000,
            costs in prop::collection::vec((1_u32..50, 0_u64..300), 1..200),
        ) {
            let rate = f64::from(rate);
            let begun = Instant::now();
            let mut now = begun;
            let mut bucket = Bucket::new(rate, Duration::from_millis(saves), now);
            let most = bucket.most();
            let mut taken = Vec::new();
            for (cost, pause) in costs {
                let cost = f64::from(cost).min(most);
                now += Duration::from_millis(pause);
                while let Some(wait) = bucket.wait(now, cost) {
                    now += wait;
                }
                bucket.take(now, cost);
                taken.push((now, cost));
            }
            for from in 0..taken.len() {
                let mut sum = 0.0;
                for (at, cost) in &taken[from..] {
                    sum += cost;
                    let time = (*at - taken[from].0).as_secs_f64();
                    prop_assert!(sum <= rate * time + most + 1e-3, "{sum} in {time} s at {rate}/s");
                }
            }
        }

        // Nobody waits longer than it takes to earn what is taken.
        #[test]
        fn the_rate_is_reached(rate in 1_u32..100_000, saves in 1_u64..2_000, takes in 1_u32..500) {
            let rate = f64::from(rate);
            let begun = Instant::now();
            let mut now = begun;
            let mut bucket = Bucket::new(rate, Duration::from_millis(saves), now);
            for _ in 0..takes {
                while let Some(wait) = bucket.wait(now, 1.0) {
                    now += wait;
                }
                bucket.take(now, 1.0);
            }
            prop_assert!((now - begun).as_secs_f64() <= f64::from(takes) / rate + 1e-3);
        }
    }

    #[test]
    fn more_than_it_holds_is_owed() {
        let now = Instant::now();
        let mut bucket = Bucket::new(10.0, Duration::from_secs(1), now);
        assert_eq!(bucket.wait(now, 100.0), None);
        assert!(bucket.take(now, 100.0));
        // Of the 90 that are owed, a tenth is paid in 0.9 s; the wait is asked for again after a second at most.
        assert_eq!(bucket.wait(now, 0.0), Some(LONGEST));
        assert_eq!(
            bucket.wait(now + Duration::from_millis(8900), 0.0),
            Some(Duration::from_millis(100))
        );
        assert_eq!(bucket.wait(now + Duration::from_secs(9), 0.0), None);
    }

    #[test]
    fn a_low_rate_grows_by_its_own_share_and_so_is_a_high_one_soon() {
        let begun = Instant::now();
        let mut bucket = Bucket::new(5.0, Duration::from_secs(1), begun);
        let growth = Growth {
            tokens: 1.0,
            share: 0.05,
        };
        bucket.pace(begun, 5.0, growth);
        for second in 1..=180 {
            bucket.rate(begun + Duration::from_secs(second));
        }
        let rate = bucket.rate(begun + Duration::from_secs(180));
        assert!(rate > 5000.0, "{rate}");
    }

    #[test]
    fn a_rate_can_grow() {
        let now = Instant::now();
        let mut bucket = Bucket::new(1000.0, Duration::from_secs(60), now);
        bucket.take(now, 60_000.0);
        let growth = Growth {
            tokens: 10.0,
            share: 0.0,
        };
        bucket.pace(now, 100.0, growth);
        let later = now + Duration::from_secs(10);
        assert!((bucket.rate(later) - 200.0).abs() < 1e-6);
        // 100 a second for ten seconds, and half of 10 times 10 squared.
        assert!((bucket.level - 1500.0).abs() < 1e-6, "{}", bucket.level);
    }
}
