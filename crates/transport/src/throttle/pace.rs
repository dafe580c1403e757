//! The rate that one host can bear, learned from its being busy: multiplicative decrease, additive increase.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tracing::{debug, info};

use super::bucket::{Bucket, Growth};
use super::gate::Gate;
use super::meter::Meter;
use super::policy::ThrottlePolicy;
use crate::request::Host;

/// A busy host's own burst, which is to be small.
const SAVES: Duration = Duration::from_millis(50);
/// Of the rate that a host has taken on, what is still believed after a decrease that saw less.
const BELIEVED: f64 = 0.9;

#[derive(Debug)]
pub(super) struct Pace {
    host: Host,
    policy: ThrottlePolicy,
    meter: Meter,
    // Whether there is a rate to keep to. Changed under the lock below.
    limited: AtomicBool,
    gate: Gate,
    learned: Mutex<Learned>,
}

#[derive(Debug)]
struct Learned {
    decreased: Option<Instant>,
    // When somebody last had to wait.
    needed: Instant,
    // The rate that the host is known to have borne, in requests a second: what increases are a share of.
    borne: f64,
}

impl Pace {
    /// Of a host that has not been busy yet.
    pub(super) fn new(host: Host, policy: ThrottlePolicy, now: Instant) -> Self {
        Self {
            host,
            policy,
            meter: Meter::new(now),
            limited: AtomicBool::new(false),
            gate: Gate::new(Bucket::new(f64::from(policy.slowest), SAVES, now)),
            learned: Mutex::new(Learned {
                decreased: None,
                needed: now,
                borne: 0.0,
            }),
        }
    }

    pub(super) fn is_limited(&self) -> bool {
        self.limited.load(Ordering::Relaxed)
    }

    /// Requests a second that the host is asked at most, if there is a limit.
    pub(super) fn allowed(&self) -> Option<f64> {
        self.is_limited().then(|| self.gate.rate(Instant::now()))
    }

    /// Whether a request may go to the host without waiting. If so, it has its token.
    pub(super) fn pass(&self, now: Instant) -> bool {
        if !self.is_limited() {
            return true;
        }
        let passes = self.gate.pass(now, 1.0);
        self.was_needed(now, !passes);
        passes
    }

    /// Where requests wait for their tokens.
    pub(super) fn gate(&self) -> &Gate {
        &self.gate
    }

    /// Remembers that somebody had to wait, or forgets the limit when nobody has had to for long enough.
    pub(super) fn was_needed(&self, now: Instant, needed: bool) {
        let mut learned = self.lock();
        if needed {
            learned.needed = now;
        } else if now.saturating_duration_since(learned.needed) >= self.policy.forget_after
            && self.limited.swap(false, Ordering::Relaxed)
        {
            learned.decreased = None;
            drop(learned);
            let host = self.host.as_str();
            info!(
                host,
                "the host bears what it is asked: its rate is no longer limited"
            );
        }
    }

    /// A request goes to the host now.
    pub(super) fn sent(self: Arc<Self>, now: Instant) -> Sent {
        self.meter.sent(now);
        Sent { pace: self, at: now }
    }

    /// The host was too busy for a request that was sent at this time.
    fn busy(&self, sent: Instant) {
        let now = Instant::now();
        self.meter.refused(now);
        // Few of many are chance, and so is one of few: each is asked again, and nothing is gained by asking all others later.
        if self.meter.refused_share(now) < share(self.policy.tolerates) {
            return;
        }
        let mut learned = self.lock();
        // What was sent before the last decrease says nothing about the rate since.
        let counted =
            |at: Instant| sent <= at || now.saturating_duration_since(at) < self.policy.at_most_every;
        if learned.decreased.is_some_and(counted) {
            return;
        }
        let seen = self.meter.rate(now);
        let was = self.is_limited().then(|| self.gate.rate(now));
        if was.is_none() || seen >= 1.0 {
            // A host that refuses everything does not say what it could bear.
            let believed = was.map_or(0.0, |_| learned.borne * BELIEVED);
            learned.borne = seen.max(believed);
        }
        let rate = self.lowered(was, seen);
        let increase = share(self.policy.increase);
        let growth = Growth {
            tokens: (learned.borne * increase).max(1.0),
            // What was borne is forgotten in a long time of nothing but refusals: from there the rate finds back by itself.
            share: increase,
        };
        self.gate.pace(now, rate, growth);
        learned.decreased = Some(now);
        learned.needed = now;
        self.limited.store(true, Ordering::Relaxed);
        drop(learned);
        let host = self.host.as_str();
        match was {
            None => info!(
                host,
                rate, "the host is busy: it is asked less often, in requests a second"
            ),
            Some(was) => debug!(
                host,
                was, rate, "the host is still busy: it is asked even less often"
            ),
        }
    }

    fn lowered(&self, was: Option<f64>, seen: f64) -> f64 {
        let kept = 1.0 - share(self.policy.decrease);
        let rate = match was {
            None => seen * kept,
            // Where little was asked for, the rate is far above what was seen: it comes down in steps that are not too big.
            Some(was) => (was.min(seen) * kept).max(was * kept.min(0.5)),
        };
        rate.max(f64::from(self.policy.slowest))
    }

    fn lock(&self) -> MutexGuard<'_, Learned> {
        self.learned.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn share(percent: u32) -> f64 {
    f64::from(percent) / 100.0
}

/// A request under way to a host.
#[derive(Debug)]
pub(super) struct Sent {
    pace: Arc<Pace>,
    at: Instant,
}

impl Sent {
    /// The host was too busy for it.
    pub(super) fn was_refused(&self) {
        self.pace.busy(self.at);
    }
}
