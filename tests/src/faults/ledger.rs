//! What was sent, what was carried out, and what is still open.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use http::request::Parts;
use lazuli_protocol::header;

/// How often one request came, by its client request id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// It came in.
    pub sent: u32,
    /// The service behind the faults did what it asks for.
    pub carried_out: u32,
}

/// What a [`Faulty`](super::Faulty) service has seen. A clone is the same ledger.
#[derive(Clone, Debug, Default)]
pub struct Ledger(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    // A soak has too many requests to write each of them down.
    counts_only: bool,
    requests: Mutex<BTreeMap<(String, String), Counts>>,
    faults: Mutex<BTreeMap<&'static str, u64>>,
    seen: AtomicU64,
    open: AtomicU64,
}

impl Ledger {
    /// A ledger that counts, and writes no request down.
    #[must_use]
    pub fn of_counts() -> Self {
        Self(Arc::new(Inner {
            counts_only: true,
            ..Inner::default()
        }))
    }

    /// The requests, by their client request id and by method and path.
    #[must_use]
    pub fn requests(&self) -> BTreeMap<(String, String), Counts> {
        locked(&self.0.requests).clone()
    }

    /// How often each fault struck, by its name.
    #[must_use]
    pub fn faults(&self) -> BTreeMap<&'static str, u64> {
        locked(&self.0.faults).clone()
    }

    /// How many requests came.
    #[must_use]
    pub fn seen(&self) -> u64 {
        self.0.seen.load(Ordering::Relaxed)
    }

    /// How many exchanges are under way: requests that have no answer yet, and bodies of answers that somebody holds.
    #[must_use]
    pub fn open(&self) -> u64 {
        self.0.open.load(Ordering::SeqCst)
    }

    pub(super) fn arrived(&self, parts: &Parts) -> Visit {
        self.0.seen.fetch_add(1, Ordering::Relaxed);
        let kept = (!self.0.counts_only).then(|| {
            let id = parts.headers.get(header::CLIENT_REQUEST_ID);
            let id = id.map_or("", |id| id.to_str().unwrap());
            (id.to_owned(), format!("{} {}", parts.method, parts.uri.path()))
        });
        Visit {
            ledger: self.clone(),
            kept,
        }
    }

    pub(super) fn opened(&self) -> Open {
        self.0.open.fetch_add(1, Ordering::SeqCst);
        Open(self.clone())
    }

    pub(super) fn struck(&self, fault: &'static str) {
        *locked(&self.0.faults).entry(fault).or_default() += 1;
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One request on its way through.
#[derive(Debug)]
pub(super) struct Visit {
    ledger: Ledger,
    kept: Option<(String, String)>,
}

impl Visit {
    pub(super) fn sent(&self) {
        self.count(|counts| counts.sent += 1);
    }

    pub(super) fn carried_out(&self) {
        self.count(|counts| counts.carried_out += 1);
    }

    fn count(&self, count: impl FnOnce(&mut Counts)) {
        if let Some(key) = &self.kept {
            count(locked(&self.ledger.0.requests).entry(key.clone()).or_default());
        }
    }
}

/// Something that is open for as long as this is held.
#[derive(Debug)]
pub(super) struct Open(Ledger);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}
