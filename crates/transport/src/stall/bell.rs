//! Hears when a body has something for its reader, however late the reader comes for it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Wake, Waker};

use tokio::time::Instant;

/// Stands between a body and its reader: wakes the reader, and keeps when. It is made once for a body, and a poll costs the lock of a word that
/// nobody else holds.
pub(super) struct Bell {
    rope: Arc<Rope>,
    // The rope as the body knows it, so that a poll makes none.
    waker: Waker,
}

struct Rope(Mutex<State>);

#[derive(Default)]
struct State {
    reader: Option<Waker>,
    // When it rang first since the reader came last.
    rang: Option<Instant>,
}

impl Bell {
    pub(super) fn new() -> Self {
        let rope = Arc::new(Rope(Mutex::default()));
        let waker = Waker::from(Arc::clone(&rope));
        Self { rope, waker }
    }

    /// The reader is here, and is to be woken from now on. Says when it first might have come.
    pub(super) fn reset(&self, reader: &Waker) -> Option<Instant> {
        let mut state = self.rope.lock();
        match &mut state.reader {
            Some(known) => known.clone_from(reader),
            none => *none = Some(reader.clone()),
        }
        state.rang.take()
    }

    /// What the body is to be polled with.
    pub(super) fn context(&self) -> Context<'_> {
        Context::from_waker(&self.waker)
    }
}

// === impl Rope ===

impl Rope {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for Rope {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let mut state = self.lock();
        state.rang.get_or_insert_with(Instant::now);
        let reader = state.reader.take();
        // Whoever is woken may come at once.
        drop(state);
        if let Some(reader) = reader {
            reader.wake();
        }
    }
}
