//! When all of a request's body was handed over: what the body at the bottom tells the layer that times the try.

use std::sync::{Arc, OnceLock};

use tokio::time::Instant;

/// In a request's extensions: where its body shall tell that the client below has all of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct HandedOver(Arc<OnceLock<Instant>>);

impl HandedOver {
    /// When that was; `None` while the client does not have all of it, or where no body tells.
    pub(super) fn at(&self) -> Option<Instant> {
        self.0.get().copied()
    }

    /// The end that the body holds.
    pub(crate) fn by(self) -> Handing {
        Handing(self)
    }
}

/// Held by a body until its last byte was taken. Dropping it says that this has happened, or that nobody will take more of it.
#[derive(Debug)]
pub(crate) struct Handing(HandedOver);

impl Drop for Handing {
    fn drop(&mut self) {
        // Only the first time counts.
        let _ = self.0.0.set(Instant::now());
    }
}
