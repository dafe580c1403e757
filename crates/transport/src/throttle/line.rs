//! Those who wait at a gate, in the order in which they came.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Waker;
use std::time::Duration;

use tokio::time::Instant;

/// How long after its time somebody who has not looked keeps those behind waiting.
pub(super) const PATIENCE: Duration = Duration::from_millis(10);

/// A number for somebody who comes, higher than that of all who came before, at whatever gate.
pub(super) fn number() -> u64 {
    static COME: AtomicU64 = AtomicU64::new(0);
    COME.fetch_add(1, Ordering::Relaxed)
}

/// Who leaves calls the one who is first then, so that nobody else need wake up.
///
/// But nobody relies on that: each has a time at which it looks by itself, and who does not look when it is time is passed over by those who
/// do. It comes back to its place, by its number, when it looks again.
#[derive(Debug, Default)]
pub(super) struct Line {
    waiting: BTreeMap<u64, Waiting>,
    // Of all who wait.
    cost: f64,
}

#[derive(Debug)]
struct Waiting {
    cost: f64,
    // When it looks again.
    at: Instant,
    // None once it is called.
    waker: Option<Waker>,
}

/// The first in a line.
#[derive(Debug)]
pub(super) struct Before {
    /// When it looks.
    pub(super) at: Instant,
    /// Whether it is the first because others have been passed over.
    pub(super) passed: bool,
    /// To be woken.
    pub(super) called: Option<Waker>,
}

impl Line {
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// What all who wait want to have.
    pub(super) fn cost(&self) -> f64 {
        self.cost
    }

    /// When the one with this number looks again.
    pub(super) fn at(&self, number: u64) -> Option<Instant> {
        self.waiting.get(&number).map(|waiting| waiting.at)
    }

    /// The first in the line, if that is somebody before this number. Those who have not looked in time are passed over.
    pub(super) fn before(&mut self, number: u64, now: Instant) -> Option<Before> {
        let mut passed = false;
        while let Some(first) = self.waiting.first_entry()
            && *first.key() < number
        {
            let at = first.get().at;
            if now < at + PATIENCE {
                let called = if passed { self.call(now) } else { None };
                return Some(Before { at, passed, called });
            }
            self.cost -= first.remove().cost;
            passed = true;
        }
        None
    }

    /// Keeps a place in the line until this time.
    pub(super) fn keep(&mut self, number: u64, cost: f64, at: Instant, waker: &Waker) {
        let waiting = self.waiting.entry(number).or_insert_with(|| {
            self.cost += cost;
            Waiting {
                cost,
                at,
                waker: None,
            }
        });
        waiting.at = at;
        match &mut waiting.waker {
            Some(kept) => kept.clone_from(waker),
            None => waiting.waker = Some(waker.clone()),
        }
    }

    /// Leaves the line. Who is first now is to be woken.
    pub(super) fn leave(&mut self, number: u64, now: Instant) -> Option<Waker> {
        let was_first = self.waiting.first_key_value()?.0 == &number;
        self.cost -= self.waiting.remove(&number)?.cost;
        if self.waiting.is_empty() {
            // What rounding has left of it.
            self.cost = 0.0;
        }
        if was_first { self.call(now) } else { None }
    }

    fn call(&mut self, now: Instant) -> Option<Waker> {
        let mut first = self.waiting.first_entry()?;
        let first = first.get_mut();
        first.at = first.at.min(now);
        first.waker.take()
    }
}
