//! A circuit that many calls share: the state machine behind a lock, and a word beside it that makes the lock rare.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lazuli_protocol::Service;
use tokio::time::Instant;

use super::change::{changed, gone};
use super::machine::{CircuitState, Entry, Machine, Refusal};
use super::policy::Limits;
use super::verdict::Verdict;
use crate::request::Host;

#[derive(Debug)]
pub(super) struct Circuit {
    host: Host,
    service: Service,
    machine: Mutex<Machine>,
    // The generation, shifted by one; the lowest bit is set while the machine is calm, when only a failure needs the lock.
    word: AtomicU64,
}

impl Circuit {
    pub(super) fn new(host: Host, service: Service, limits: Limits) -> Self {
        let machine = Machine::new(limits);
        Self {
            host,
            service,
            word: AtomicU64::new(word(&machine)),
            machine: Mutex::new(machine),
        }
    }

    pub(super) fn host(&self) -> &Host {
        &self.host
    }

    pub(super) fn state(&self) -> CircuitState {
        self.lock().state()
    }

    /// Whether a call may be made, and the pass that its end is told to.
    pub(super) fn begin(self: &Arc<Self>) -> Result<Pass, Refusal> {
        let word = self.word.load(Ordering::Acquire);
        let entry = if word & 1 == 1 {
            Entry {
                generation: word >> 1,
                probe: false,
            }
        } else {
            self.change(|machine| machine.begin(Instant::now()))?
        };
        Ok(Pass {
            circuit: Arc::clone(self),
            entry: Some(entry),
        })
    }

    fn end(&self, entry: Entry, verdict: Verdict) {
        let calm = (entry.generation << 1) | 1;
        let changes = match verdict {
            Verdict::Failure => true,
            Verdict::Success => self.word.load(Ordering::Acquire) != calm,
            Verdict::Busy | Verdict::Nothing => entry.probe,
        };
        if changes {
            self.change(|machine| machine.end(entry, verdict, Instant::now()));
        }
    }

    fn change<T>(&self, act: impl FnOnce(&mut Machine) -> T) -> T {
        let mut machine = self.lock();
        let before = machine.generation();
        let result = act(&mut machine);
        let state = (machine.generation() != before).then(|| machine.state());
        self.word.store(word(&machine), Ordering::Release);
        drop(machine);
        if let Some(state) = state {
            changed(&self.host, self.service, state);
        }
        result
    }

    fn lock(&self) -> MutexGuard<'_, Machine> {
        self.machine.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Circuit {
    fn drop(&mut self) {
        if self.state() != CircuitState::Closed {
            gone(&self.host, self.service);
        }
    }
}

fn word(machine: &Machine) -> u64 {
    (machine.generation() << 1) | u64::from(machine.is_calm())
}

/// A call that may be made. Dropped without a verdict, it has said nothing, and its place is free for another.
#[derive(Debug)]
pub(super) struct Pass {
    circuit: Arc<Circuit>,
    entry: Option<Entry>,
}

impl Pass {
    pub(super) fn end(mut self, verdict: Verdict) {
        if let Some(entry) = self.entry.take() {
            self.circuit.end(entry, verdict);
        }
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        if let Some(entry) = self.entry.take() {
            self.circuit.end(entry, Verdict::Nothing);
        }
    }
}
