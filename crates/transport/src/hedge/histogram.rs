//! How long answers took of late: counts in buckets that grow with the time, in two halves of which the older is forgotten in turn.

use std::time::Duration;

use tokio::time::Instant;

/// How long one half is filled. What is known is between one and two of these old.
const HALF: Duration = Duration::from_secs(30);

/// The width of the narrowest bucket, in microseconds. Each doubling of the time has eight buckets, so that a time is known to an eighth.
const UNIT: u64 = 64;
const STEPS: u64 = 8;
const BUCKETS: usize = 160;

/// Times up to four minutes; a longer one counts as that.
#[derive(Debug)]
pub(super) struct Histogram {
    recent: Half,
    before: Half,
    turned: Instant,
}

#[derive(Debug)]
struct Half {
    counts: [u32; BUCKETS],
    total: u32,
}

impl Default for Half {
    fn default() -> Self {
        Self {
            counts: [0; BUCKETS],
            total: 0,
        }
    }
}

impl Histogram {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            recent: Half::default(),
            before: Half::default(),
            turned: now,
        }
    }

    pub(super) fn record(&mut self, now: Instant, took: Duration) {
        self.turn(now);
        if let Some(count) = self.recent.counts.get_mut(bucket(took)) {
            *count = count.saturating_add(1);
            self.recent.total = self.recent.total.saturating_add(1);
        }
    }

    /// The time within which this share of the answers came, rounded up to its bucket's end; `None` while fewer are known than `least`.
    pub(super) fn percentile(&mut self, now: Instant, share: f64, least: u32) -> Option<Duration> {
        self.turn(now);
        let total = self.recent.total.saturating_add(self.before.total);
        if total == 0 || total < least {
            return None;
        }
        let later = f64::from(total) * (1.0 - share);
        let counts = self.recent.counts.iter().zip(&self.before.counts);
        let mut seen = 0_u32;
        // The few that took long are at the end.
        for (index, (recent, before)) in counts.enumerate().rev() {
            seen = seen.saturating_add(*recent).saturating_add(*before);
            if f64::from(seen) > later || seen >= total {
                return Some(end_of(index));
            }
        }
        None
    }

    fn turn(&mut self, now: Instant) {
        let age = now.saturating_duration_since(self.turned);
        if age < HALF {
            return;
        }
        let recent = std::mem::take(&mut self.recent);
        self.before = if age < 2 * HALF { recent } else { Half::default() };
        self.turned = now;
    }
}

fn bucket(took: Duration) -> usize {
    let units = u64::try_from(took.as_micros()).unwrap_or(u64::MAX) / UNIT;
    let doublings = units.max(STEPS).ilog2().saturating_sub(STEPS.ilog2());
    let index = u64::from(doublings) * STEPS + (units >> doublings);
    usize::try_from(index).unwrap_or(usize::MAX).min(BUCKETS - 1)
}

/// The first time that is beyond a bucket.
fn end_of(index: usize) -> Duration {
    let next = u64::try_from(index).unwrap_or(u64::MAX).saturating_add(1);
    let doublings = (next / STEPS).saturating_sub(1);
    let units = (next - doublings * STEPS) << doublings;
    Duration::from_micros(units * UNIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn every_time_is_in_a_bucket_that_ends_at_most_an_eighth_later() {
        let mut last = 0;
        for micros in (0..2_000_000).step_by(37) {
            let took = Duration::from_micros(micros);
            let index = bucket(took);
            assert!(index >= last && index < BUCKETS, "{took:?}");
            last = index;
            let end = end_of(index);
            assert!(
                end > took && end <= took + took / 8 + Duration::from_micros(UNIT),
                "{took:?} {end:?}"
            );
            assert!(index == 0 || end_of(index - 1) <= took, "{took:?}");
        }
        assert_eq!(bucket(Duration::MAX), BUCKETS - 1);
        assert_eq!(end_of(BUCKETS - 1).as_secs(), 268);
    }

    #[tokio::test(start_paused = true)]
    async fn the_percentile_is_the_end_of_the_bucket_that_holds_it() {
        let now = Instant::now();
        let mut known = Histogram::new(now);
        for took in 1..=100 {
            known.record(now, ms(took));
        }
        for (share, took) in [(0.0, 1), (0.5, 50), (0.95, 95), (0.99, 99), (1.0, 100)] {
            let found = known.percentile(now, share, 1).unwrap();
            assert!(
                found > ms(took) && found <= ms(took) + ms(took) / 8 + ms(1),
                "{share} {found:?}"
            );
        }
        assert_eq!(known.percentile(now, 0.95, 101), None);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_old_is_forgotten() {
        let begun = Instant::now();
        let mut known = Histogram::new(begun);
        known.record(begun, ms(500));
        for (later, count) in [(29, 1), (31, 1), (59, 1), (62, 0)] {
            let now = begun + Duration::from_secs(later);
            assert_eq!(known.percentile(now, 0.5, 1).is_some(), count == 1, "{later}");
        }
        // After a long silence both halves go at once.
        let mut known = Histogram::new(begun);
        known.record(begun, ms(500));
        assert_eq!(known.percentile(begun + 2 * HALF, 0.5, 1), None);
    }
}
