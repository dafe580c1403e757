//! The state machine of one circuit. It is told the time and knows no locks, no hosts and no calls.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::policy::Limits;
use super::verdict::Verdict;

/// What a half-open circuit without room for another probe tells those it refuses: when to ask again.
const PROBING: Duration = Duration::from_secs(1);

/// What a circuit does with calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum CircuitState {
    /// It lets them through.
    Closed,
    /// It lets a few through, to see how they fare, and refuses the others.
    HalfOpen,
    /// It refuses them. Once its time is over, the next call makes it half-open.
    Open,
}

impl CircuitState {
    /// As the metric shows it.
    pub(super) fn gauge(self) -> f64 {
        match self {
            Self::Closed => 0.0,
            Self::HalfOpen => 1.0,
            Self::Open => 2.0,
        }
    }
}

#[derive(Debug)]
pub(super) struct Machine {
    limits: Limits,
    phase: Phase,
    // One more with each change of state: the result of a call that began in another state counts for nothing.
    generation: u64,
}

#[derive(Debug)]
enum Phase {
    Closed {
        failures: VecDeque<Instant>,
    },
    Open {
        until: Instant,
        failures: u32,
    },
    HalfOpen {
        failures: u32,
        successes: u32,
        probes: u32,
        // When the latest of the probes began.
        latest: Instant,
    },
}

/// A call that may be made, for [`Machine::end`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) generation: u64,
    pub(super) probe: bool,
}

/// A call that may not be made now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// How many failures opened the circuit.
    pub(super) failures: u32,
    /// How long it lasts; about how long, while others probe.
    pub(super) wait: Duration,
    pub(super) probing: bool,
}

impl Machine {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            phase: Phase::Closed {
                failures: VecDeque::new(),
            },
            generation: 0,
        }
    }

    pub(super) fn state(&self) -> CircuitState {
        match self.phase {
            Phase::Closed { .. } => CircuitState::Closed,
            Phase::Open { .. } => CircuitState::Open,
            Phase::HalfOpen { .. } => CircuitState::HalfOpen,
        }
    }

    pub(super) fn generation(&self) -> u64 {
        self.generation
    }

    /// Whether it is closed and has counted no failure, so that neither a call nor its success changes anything.
    pub(super) fn is_calm(&self) -> bool {
        matches!(&self.phase, Phase::Closed { failures } if failures.is_empty())
    }

    /// Whether a call may be made. Whoever may must tell of its [end](Self::end).
    pub(super) fn begin(&mut self, now: Instant) -> Result<Entry, Refusal> {
        if let Phase::Open { until, failures } = self.phase
            && until <= now
        {
            self.enter(Phase::HalfOpen {
                failures,
                successes: 0,
                probes: 0,
                latest: now,
            });
        }
        let generation = self.generation;
        let most = self.limits.probes;
        let patience = self.limits.open_for.max(PROBING);
        if let Phase::HalfOpen { probes, latest, .. } = &mut self.phase
            && now.saturating_duration_since(*latest) >= patience
        {
            // What takes so long, a large upload say, is not waited for any longer.
            *probes = 0;
        }
        match &mut self.phase {
            Phase::Closed { .. } => Ok(Entry {
                generation,
                probe: false,
            }),
            Phase::HalfOpen { probes, latest, .. } if *probes < most => {
                *probes += 1;
                *latest = now;
                Ok(Entry {
                    generation,
                    probe: true,
                })
            }
            Phase::HalfOpen { failures, .. } => Err(Refusal {
                failures: *failures,
                wait: PROBING,
                probing: true,
            }),
            Phase::Open { until, failures } => Err(Refusal {
                failures: *failures,
                wait: until.saturating_duration_since(now),
                probing: false,
            }),
        }
    }

    /// How a call went.
    pub(super) fn end(&mut self, entry: Entry, verdict: Verdict, now: Instant) {
        if entry.generation != self.generation {
            return;
        }
        let limits = self.limits;
        let next = match &mut self.phase {
            Phase::Closed { failures } => {
                count(failures, verdict, now, &limits);
                let counted = u32::try_from(failures.len()).unwrap_or(u32::MAX);
                (counted >= limits.failures).then(|| open(now, counted, &limits))
            }
            Phase::HalfOpen {
                failures,
                successes,
                probes,
                ..
            } => {
                *probes = probes.saturating_sub(1);
                match verdict {
                    Verdict::Failure => Some(open(now, failures.saturating_add(1), &limits)),
                    Verdict::Success | Verdict::Busy => {
                        *successes += 1;
                        (*successes >= limits.successes).then(|| Phase::Closed {
                            failures: VecDeque::new(),
                        })
                    }
                    Verdict::Nothing => None,
                }
            }
            // No call begins in it.
            Phase::Open { .. } => None,
        };
        if let Some(next) = next {
            self.enter(next);
        }
    }

    fn enter(&mut self, phase: Phase) {
        self.phase = phase;
        self.generation += 1;
    }
}

fn count(failures: &mut VecDeque<Instant>, verdict: Verdict, now: Instant, limits: &Limits) {
    match (limits.within, verdict) {
        (None, Verdict::Success) => failures.clear(),
        (Some(time), _) => {
            let old = |failed: &&Instant| now.saturating_duration_since(**failed) > time;
            let gone = failures.iter().take_while(old).count();
            failures.drain(..gone);
        }
        (None, _) => {}
    }
    if verdict == Verdict::Failure {
        failures.push_back(now);
    }
}

fn open(now: Instant, failures: u32, limits: &Limits) -> Phase {
    // A time beyond what the clock can show is as good as for ever.
    let until = now
        .checked_add(limits.open_for)
        .unwrap_or_else(|| now + Duration::from_secs(u64::from(u32::MAX)));
    Phase::Open { until, failures }
}
