//! What is counted while the soak runs.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lazuli_blob::{Error, ErrorKind};

/// Counts of all workers. A clone is the same tally.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally(Arc<Mutex<Counts>>);

/// The counts themselves.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts {
    /// Works that are over, by their name.
    pub(super) works: BTreeMap<&'static str, u64>,
    /// Calls that they were made of.
    pub(super) calls: u64,
    /// Works that failed as documented, by how.
    pub(super) failures: BTreeMap<String, u64>,
    /// What must not happen: wrong bytes, undocumented failures, works that are never over. The first few, in words.
    pub(super) wrong: Vec<String>,
    pub(super) wrong_all: u64,
    latencies: Latencies,
}

const SHOWN: usize = 10;

/// Failures that the documentation names for a service in trouble. Those of a state that a lost answer left behind are the worker's to
/// judge.
fn is_documented(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Connect
        | ErrorKind::Connection
        | ErrorKind::Timeout
        | ErrorKind::Body
        | ErrorKind::InvalidResponse
        | ErrorKind::CircuitOpen => true,
        ErrorKind::Service => error
            .status()
            .is_some_and(|status| matches!(status.as_u16(), 429 | 500 | 503)),
        _ => false,
    }
}

impl Tally {
    pub(super) fn done(&self, work: &'static str, calls: u64, took: Duration) {
        self.with(|counts| {
            *counts.works.entry(work).or_default() += 1;
            counts.calls += calls;
            counts.latencies.add(took);
        });
    }

    pub(super) fn failed(&self, work: &'static str, error: &Error) {
        if !is_documented(error) {
            self.wrong(format!("{work} failed with what nothing explains: {error:?}"));
            return;
        }
        let kind = match (error.kind(), error.status()) {
            (ErrorKind::Service, Some(status)) => format!("Service {}", status.as_u16()),
            (kind, _) => format!("{kind:?}"),
        };
        self.with(|counts| *counts.failures.entry(kind).or_default() += 1);
    }

    pub(super) fn wrong(&self, what: String) {
        self.with(|counts| {
            counts.wrong_all += 1;
            if counts.wrong.len() < SHOWN {
                counts.wrong.push(what);
            }
        });
    }

    pub(super) fn counts(&self) -> Counts {
        self.with(|counts| counts.clone())
    }

    fn with<T>(&self, act: impl FnOnce(&mut Counts) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Counts {
    pub(super) fn all(&self) -> u64 {
        self.works.values().sum()
    }

    pub(super) fn failed(&self) -> u64 {
        self.failures.values().sum()
    }

    /// The time within which so many of a thousand works were over.
    pub(super) fn within(&self, thousandths: u64) -> Duration {
        self.latencies.within(thousandths)
    }
}

/// A histogram whose steps are an eighth of a power of two of microseconds.
#[derive(Clone, Debug)]
struct Latencies(Vec<u64>);

const STEPS: u32 = 8;

impl Default for Latencies {
    fn default() -> Self {
        Self(vec![0; 64 * STEPS as usize])
    }
}

impl Latencies {
    fn add(&mut self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX).max(1);
        let power = micros.ilog2();
        // From STEPS up to twice as many: which step it is between this power of two and the next.
        let step = (u128::from(micros) * u128::from(STEPS)) >> power;
        let index = u128::from(power * STEPS) + step - u128::from(STEPS);
        self.0[usize::try_from(index).unwrap()] += 1;
    }

    fn within(&self, thousandths: u64) -> Duration {
        let all: u64 = self.0.iter().sum();
        let mut left = all * thousandths / 1000;
        for (index, count) in (0_u64..).zip(&self.0) {
            if left < *count {
                let (power, step) = (index / u64::from(STEPS), index % u64::from(STEPS));
                let micros = ((u128::from(STEPS) + u128::from(step) + 1) << power) / u128::from(STEPS);
                return Duration::from_micros(u64::try_from(micros).unwrap_or(u64::MAX));
            }
            left -= count;
        }
        Duration::ZERO
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latencies_are_told_to_an_eighth() {
        let mut latencies = Latencies::default();
        for millis in 1..=1000 {
            latencies.add(Duration::from_millis(millis));
        }
        for (thousandths, millis) in [(500, 500), (990, 990)] {
            let told = latencies.within(thousandths).as_millis();
            assert!((millis..=millis * 9 / 8 + 1).contains(&told), "{told}");
        }
    }
}
