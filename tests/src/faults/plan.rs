//! Which fault each request meets.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use fastrand::Rng;

use super::Fault;

/// Says what goes wrong with each request, in the order in which they come. A clone is the same plan.
#[derive(Clone, Debug)]
pub struct Plan(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    kind: Kind,
    calm: bool,
}

#[derive(Debug)]
enum Kind {
    Script(VecDeque<Option<Fault>>),
    Chance { rng: Rng, percent: u8 },
}

impl Plan {
    /// These faults, one for each request, and none after them.
    #[must_use]
    pub fn script(faults: impl IntoIterator<Item = Option<Fault>>) -> Self {
        Self::new(Kind::Script(faults.into_iter().collect()))
    }

    /// Any [fault](Fault::draw), for so many requests of a hundred.
    #[must_use]
    pub fn chance(seed: u64, percent: u8) -> Self {
        let rng = Rng::with_seed(seed);
        Self::new(Kind::Chance { rng, percent })
    }

    fn new(kind: Kind) -> Self {
        Self(Arc::new(Mutex::new(State { kind, calm: false })))
    }

    /// Nothing goes wrong until [`trouble`](Self::trouble).
    pub fn calm(&self) {
        self.locked().calm = true;
    }

    /// Things go wrong again.
    pub fn trouble(&self) {
        self.locked().calm = false;
    }

    pub(super) fn next(&self) -> Option<Fault> {
        let mut state = self.locked();
        if state.calm {
            return None;
        }
        match &mut state.kind {
            Kind::Script(faults) => faults.pop_front().flatten(),
            Kind::Chance { rng, percent } => (rng.u8(..100) < *percent).then(|| Fault::draw(rng)),
        }
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
