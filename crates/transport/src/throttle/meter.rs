//! The rate that is really seen: how many requests of the last second a host has taken on.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

const SLOT_MILLIS: u64 = 100;
/// A second, the present slot with it.
const WINDOW: u64 = 10;
const SLOTS: usize = 16;
/// A shorter time says nothing of a rate.
const SHORTEST: Duration = Duration::from_millis(10);

/// Counts without a lock, in slots of 100 ms. Where threads meet at a slot's border a count may be lost, which a rate can bear.
#[derive(Debug)]
pub(super) struct Meter {
    begun: Instant,
    // The present slot's number, from the beginning.
    slot: AtomicU64,
    // When the first request came after a second without any, in milliseconds from the beginning.
    woke: AtomicU64,
    slots: [Slot; SLOTS],
}

#[derive(Debug, Default)]
struct Slot {
    sent: AtomicU32,
    refused: AtomicU32,
}

/// What there was in the last second.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    sent: u32,
    refused: u32,
}

impl Meter {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            begun: now,
            slot: AtomicU64::new(0),
            woke: AtomicU64::new(0),
            slots: Default::default(),
        }
    }

    /// A request is sent.
    pub(super) fn sent(&self, now: Instant) {
        if let Some(slot) = self.slot(self.turn_to(now)) {
            slot.sent.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// One that was sent has not been taken on.
    pub(super) fn refused(&self, now: Instant) {
        if let Some(slot) = self.slot(self.turn_to(now)) {
            slot.refused.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Requests a second that were taken on, in the last second or since the first of them.
    pub(super) fn rate(&self, now: Instant) -> f64 {
        let (counts, oldest) = self.last_second(now);
        let from = self.woke.load(Ordering::Relaxed).max(oldest * SLOT_MILLIS);
        let time = self.millis(now).saturating_sub(from);
        let time = Duration::from_millis(time).max(SHORTEST);
        f64::from(counts.sent.saturating_sub(counts.refused)) / time.as_secs_f64()
    }

    /// The share of the requests in the last second that were refused beside one, from 0 on. It is above 1 where most of them were sent before.
    pub(super) fn refused_share(&self, now: Instant) -> f64 {
        let (counts, _) = self.last_second(now);
        f64::from(counts.refused.saturating_sub(1)) / f64::from(counts.sent.max(1))
    }

    /// What there was in it, and its first slot.
    fn last_second(&self, now: Instant) -> (Counts, u64) {
        let slot = self.turn_to(now);
        let oldest = slot.saturating_sub(WINDOW - 1);
        let mut counts = Counts::default();
        for slot in (oldest..=slot).filter_map(|slot| self.slot(slot)) {
            counts.sent = counts.sent.saturating_add(slot.sent.load(Ordering::Relaxed));
            counts.refused = counts
                .refused
                .saturating_add(slot.refused.load(Ordering::Relaxed));
        }
        (counts, oldest)
    }

    fn turn_to(&self, now: Instant) -> u64 {
        let millis = self.millis(now);
        let slot = millis / SLOT_MILLIS;
        let before = self.slot.load(Ordering::Relaxed);
        let turn = |before| {
            self.slot
                .compare_exchange(before, slot, Ordering::Relaxed, Ordering::Relaxed)
        };
        if slot > before && turn(before).is_ok() {
            // All slots are gone through at most once.
            let first = (before + 1).max(slot.saturating_sub(SLOTS as u64 - 1));
            for slot in (first..=slot).filter_map(|slot| self.slot(slot)) {
                slot.sent.store(0, Ordering::Relaxed);
                slot.refused.store(0, Ordering::Relaxed);
            }
            if slot - before >= WINDOW {
                self.woke.store(millis, Ordering::Relaxed);
            }
        }
        slot
    }

    fn slot(&self, number: u64) -> Option<&Slot> {
        self.slots.get(usize::try_from(number).ok()? % SLOTS)
    }

    fn millis(&self, now: Instant) -> u64 {
        let time = now.saturating_duration_since(self.begun);
        u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steady(meter: &Meter, from: Instant, millis: u64, each: u64) {
        for at in 0..millis {
            for _ in 0..each {
                meter.sent(from + Duration::from_millis(at));
            }
        }
    }

    #[test]
    fn a_steady_rate_is_read_soon_and_later() {
        let begun = Instant::now();
        let meter = Meter::new(begun);
        steady(&meter, begun, 50, 7);
        assert!((meter.rate(begun + Duration::from_millis(50)) - 7000.0).abs() < 1.0);
        steady(&meter, begun + Duration::from_millis(50), 4000, 7);
        let rate = meter.rate(begun + Duration::from_millis(4050));
        assert!((rate - 7000.0).abs() < 1.0, "{rate}");
    }

    #[test]
    fn what_was_refused_is_not_counted() {
        let begun = Instant::now();
        let meter = Meter::new(begun);
        steady(&meter, begun, 1000, 4);
        let end = begun + Duration::from_millis(999);
        (0..1000).for_each(|_| meter.refused(end));
        assert!((meter.rate(end) - 3000.0).abs() < 10.0);
        assert!((meter.refused_share(end) - 0.25).abs() < 0.01);
        (0..9000).for_each(|_| meter.refused(end));
        assert!(meter.rate(end).abs() < 1e-9);
    }

    #[test]
    fn a_pause_is_no_part_of_the_rate() {
        let begun = Instant::now();
        let meter = Meter::new(begun);
        steady(&meter, begun, 1000, 9);
        let again = begun + Duration::from_millis(60_050);
        assert!(meter.rate(again).abs() < 1e-9);
        let meter = Meter::new(begun);
        steady(&meter, begun, 1000, 9);
        steady(&meter, again, 100, 5);
        let rate = meter.rate(again + Duration::from_millis(100));
        assert!((rate - 5000.0).abs() < 60.0, "{rate}");
    }
}
