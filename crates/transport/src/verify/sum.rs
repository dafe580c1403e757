//! The CRC64 of a request's body: what the body at the bottom tells the layer that compares it.

use std::sync::{Arc, OnceLock};

use lazuli_protocol::{Crc64, Crc64Hasher};

/// In a request's extensions: where its body shall tell its checksum.
#[derive(Clone, Debug, Default)]
pub(crate) struct OutgoingSum(Arc<OnceLock<Crc64>>);

impl OutgoingSum {
    /// The checksum; `None` while the client below does not have all of the body, or where no body tells.
    pub(super) fn get(&self) -> Option<Crc64> {
        self.0.get().copied()
    }

    /// The end that the body holds.
    pub(crate) fn summing(self) -> Summing {
        Summing {
            hasher: Crc64Hasher::new(),
            sum: self,
        }
    }
}

/// Held by a body while it is sent.
#[derive(Debug)]
pub(crate) struct Summing {
    hasher: Crc64Hasher,
    sum: OutgoingSum,
}

impl Summing {
    /// Takes in what is sent next.
    pub(crate) fn take(&mut self, piece: &[u8]) {
        self.hasher.update(piece);
    }

    /// Says that this was all.
    pub(crate) fn end(self) {
        // A request is sent once: the next try has a place of its own.
        let _ = self.sum.0.set(self.hasher.finish());
    }
}
