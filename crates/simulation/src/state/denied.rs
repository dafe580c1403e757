//! Why the state machine says no, before HTTP has a word for it.

use lazuli_protocol::ErrorCode;

/// A request that is well formed and cannot be granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Denied {
    /// For the reason that the code names.
    Because(ErrorCode),
    /// A read found what the caller has already.
    NotModified,
}

impl From<ErrorCode> for Denied {
    fn from(code: ErrorCode) -> Self {
        Self::Because(code)
    }
}
