//! How far a request came that failed, and whether its host can be blamed.

use super::{Error, ErrorKind};
use crate::answer::Earlier;

/// What an error knows of that, beside its kind.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reach {
    unsent: bool,
    blameless: bool,
}

impl Error {
    /// Says that this try was never sent.
    pub(crate) fn never_sent(mut self) -> Self {
        self.0.reach.unsent = true;
        self
    }

    /// Says that this failure tells nothing about the host.
    pub(crate) fn blaming_nobody(mut self) -> Self {
        self.0.reach.blameless = true;
        self
    }

    pub(crate) fn blames_nobody(&self) -> bool {
        self.0.reach.blameless
    }

    /// Whether the try was sent, or begun to be sent.
    pub(crate) fn has_left(&self) -> bool {
        let kept_back = matches!(
            self.0.kind,
            ErrorKind::InvalidInput | ErrorKind::InsecureUrl | ErrorKind::CircuitOpen | ErrorKind::Sign
        );
        !kept_back && !self.0.reach.unsent
    }

    /// Whether the request of this try may have arrived, by what the error says of itself.
    pub(crate) fn may_have_arrived(&self) -> bool {
        let lost = matches!(
            self.0.kind,
            ErrorKind::Connection | ErrorKind::Timeout | ErrorKind::ChecksumMismatch
        );
        lost && self.has_left()
    }

    /// Says of damage that was stored that another try has not put it right.
    pub(crate) fn and_not_mended(mut self, refusal: &str) -> Self {
        let message = format!("{}; sent once more, {refusal}", self.message());
        self.0.message = message.into();
        self
    }

    /// Says that an earlier try may have arrived, and how that one failed. It becomes the cause of what has none of its own.
    pub(crate) fn behind(mut self, earlier: Self) -> Self {
        self.0.earlier = Some(Earlier::of(&earlier));
        if self.0.source.is_none() && self.0.wire.is_none() {
            self.0.source = Some(earlier.into());
        }
        self
    }
}
