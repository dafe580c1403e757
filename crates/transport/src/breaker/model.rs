//! The state machine against a model that keeps a log and counts in it anew for each question.

use std::time::Duration;

use proptest::prelude::*;
use tokio::time::Instant;

use super::machine::{CircuitState, Entry, Machine};
use super::policy::Limits;
use super::verdict::Verdict;

#[derive(Clone, Debug)]
enum Act {
    Begin,
    // One of the calls under way ends.
    End(prop::sample::Index, Verdict),
    Pass(u64),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let verdict = prop_oneof![
        4 => Just(Verdict::Failure),
        2 => Just(Verdict::Success),
        1 => Just(Verdict::Busy),
        1 => Just(Verdict::Nothing),
    ];
    let act = prop_oneof![
        4 => Just(Act::Begin),
        4 => (any::<prop::sample::Index>(), verdict).prop_map(|(which, verdict)| Act::End(which, verdict)),
        1 => prop_oneof![0_u64..400, 900_u64..1100].prop_map(Act::Pass),
    ];
    prop::collection::vec(act, 1..300)
}

fn limits() -> impl Strategy<Value = Limits> {
    let within = prop::option::of((1_u64..500).prop_map(Duration::from_millis));
    (1_u32..6, within, 0_u64..600, 1_u32..4, 1_u32..4).prop_map(
        |(failures, within, open, successes, probes)| Limits {
            failures,
            within,
            open_for: Duration::from_millis(open),
            successes,
            probes,
        },
    )
}

struct Model {
    limits: Limits,
    state: CircuitState,
    since: Instant,
    // How calls that began in this state ended, and when.
    log: Vec<(Instant, Verdict)>,
    // For probes.
    places: u32,
    latest: Instant,
    changes: u64,
}

impl Model {
    fn enter(&mut self, state: CircuitState, now: Instant) {
        self.state = state;
        self.since = now;
        self.log.clear();
        self.places = self.limits.probes;
        self.latest = now;
        self.changes += 1;
    }

    fn ended(&self, verdict: Verdict) -> usize {
        self.log.iter().filter(|(_, other)| *other == verdict).count()
    }

    fn begin(&mut self, now: Instant) -> bool {
        if self.state == CircuitState::Open && now - self.since >= self.limits.open_for {
            self.enter(CircuitState::HalfOpen, now);
        }
        let patience = self.limits.open_for.max(Duration::from_secs(1));
        let may = match self.state {
            CircuitState::Closed => true,
            CircuitState::HalfOpen => {
                if now - self.latest >= patience {
                    self.places = self.limits.probes;
                }
                self.places > 0
            }
            _ => false,
        };
        if may {
            self.places = self.places.saturating_sub(1);
            self.latest = now;
        }
        may
    }

    fn end(&mut self, verdict: Verdict, now: Instant) {
        self.log.push((now, verdict));
        self.places = self.limits.probes.min(self.places + 1);
        let failures = match self.limits.within {
            Some(time) => {
                let recent =
                    |(at, verdict): &&(Instant, Verdict)| *verdict == Verdict::Failure && now - *at <= time;
                self.log.iter().filter(recent).count()
            }
            None => {
                let row = self
                    .log
                    .iter()
                    .rev()
                    .take_while(|(_, verdict)| *verdict != Verdict::Success);
                row.filter(|(_, verdict)| *verdict == Verdict::Failure).count()
            }
        };
        match self.state {
            CircuitState::Closed if failures >= self.limits.failures as usize => {
                self.enter(CircuitState::Open, now);
            }
            CircuitState::HalfOpen if self.ended(Verdict::Failure) > 0 => self.enter(CircuitState::Open, now),
            CircuitState::HalfOpen
                if self.ended(Verdict::Success) + self.ended(Verdict::Busy)
                    >= self.limits.successes as usize =>
            {
                self.enter(CircuitState::Closed, now);
            }
            _ => {}
        }
    }
}

proptest! {
    #[test]
    fn the_machine_does_what_the_log_says(limits in limits(), acts in acts()) {
        let mut now = Instant::now();
        let mut machine = Machine::new(limits);
        let mut model = Model {
            limits,
            state: CircuitState::Closed,
            since: now,
            log: Vec::new(),
            places: 0,
            latest: now,
            changes: 0,
        };
        let mut under_way: Vec<(Entry, u64)> = Vec::new();
        for act in acts {
            match act {
                Act::Pass(millis) => now += Duration::from_millis(millis),
                Act::Begin => {
                    let entry = machine.begin(now);
                    prop_assert_eq!(entry.is_ok(), model.begin(now));
                    match entry {
                        Ok(entry) => under_way.push((entry, model.changes)),
                        Err(refusal) => {
                            prop_assert!(refusal.failures > 0);
                            prop_assert!(refusal.probing || refusal.wait == limits.open_for - (now - model.since));
                        }
                    }
                }
                Act::End(which, verdict) if !under_way.is_empty() => {
                    let (entry, begun) = under_way.swap_remove(which.index(under_way.len()));
                    machine.end(entry, verdict, now);
                    if begun == model.changes {
                        model.end(verdict, now);
                    }
                }
                Act::End(..) => {}
            }
            prop_assert_eq!(machine.state(), model.state);
            prop_assert_eq!(machine.generation(), model.changes);
        }
    }
}
