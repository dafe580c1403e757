//! How many requests came, and which of the next ones go wrong.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use super::Endpoint;
use super::fault::Fault;

/// What happens at each endpoint.
#[derive(Debug, Default)]
pub(super) struct Script(Mutex<HashMap<Endpoint, Part>>);

#[derive(Debug, Default)]
struct Part {
    requests: u64,
    faults: VecDeque<Fault>,
}

impl Script {
    /// A request came: what happens to it.
    pub(super) fn next(&self, endpoint: Endpoint) -> Option<Fault> {
        self.with(endpoint, |part| {
            part.requests = part.requests.saturating_add(1);
            while let Some(fault) = part.faults.front_mut() {
                if let Some(left) = fault.times.checked_sub(1) {
                    fault.times = left;
                    return Some(fault.clone());
                }
                part.faults.pop_front();
            }
            None
        })
    }

    pub(super) fn push(&self, endpoint: Endpoint, fault: Fault) {
        self.with(endpoint, |part| part.faults.push_back(fault));
    }

    pub(super) fn requests(&self, endpoint: Endpoint) -> u64 {
        self.with(endpoint, |part| part.requests)
    }

    fn with<T>(&self, endpoint: Endpoint, act: impl FnOnce(&mut Part) -> T) -> T {
        let mut parts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        act(parts.entry(endpoint).or_default())
    }
}
