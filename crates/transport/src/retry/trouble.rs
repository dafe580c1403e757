//! What may be over in a moment: the kinds of trouble that are worth another try, and how they are recognized.

use http::{Response, StatusCode};

use crate::{Error, ErrorKind, answer};

/// A failure that another try may not meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Trouble {
    /// The service asks for fewer requests: 503 `ServerBusy`, 429.
    ServerBusy,
    /// The service, or something on the way to it, is away for now: other 503, 502.
    Unavailable,
    /// The service failed: 500.
    InternalError,
    /// Time ran out: the one for a try, 500 `OperationTimedOut`, 408, 504.
    Timeout,
    /// Somebody else holds what the request is about, for a time: 409 with a code that tells of a lock, a lease, a copy, or something that is
    /// being deleted. Such a request is sent again only when that was [asked for](crate::RetryPolicy::conflicts).
    Conflict,
    /// No connection could be made, or it broke before the whole answer came.
    Connection,
    /// A circuit breaker let nothing through to the host.
    CircuitOpen,
    /// The service has received something else than was sent, by the checksum that it answers.
    Damaged,
}

/// The first row that fits is taken. No code in a row stands for any code, and for none; no trouble, for an answer that stays what it is.
const ANSWERS: &[(u16, Option<&str>, Option<Trouble>)] = &[
    (408, None, Some(Trouble::Timeout)),
    // What is held now, and may be free in a moment. All other conflicts stay until somebody does something about them.
    (409, Some("ContainerBeingDeleted"), Some(Trouble::Conflict)),
    (409, Some("DeletePending"), Some(Trouble::Conflict)),
    (409, Some("FileLockConflict"), Some(Trouble::Conflict)),
    (409, Some("FileOpenBySmbClient"), Some(Trouble::Conflict)),
    (409, Some("LeaseAlreadyPresent"), Some(Trouble::Conflict)),
    (
        409,
        Some("LeaseIsBreakingAndCannotBeAcquired"),
        Some(Trouble::Conflict),
    ),
    (409, Some("PendingCopyOperation"), Some(Trouble::Conflict)),
    (409, Some("ShareBeingDeleted"), Some(Trouble::Conflict)),
    (409, Some("ShareSnapshotInProgress"), Some(Trouble::Conflict)),
    (409, Some("SharingViolation"), Some(Trouble::Conflict)),
    (429, None, Some(Trouble::ServerBusy)),
    (500, Some("OperationTimedOut"), Some(Trouble::Timeout)),
    // Azurite's word for what it does not have.
    (500, Some("FeatureNotSupported"), None),
    (500, None, Some(Trouble::InternalError)),
    (502, None, Some(Trouble::Unavailable)),
    (503, Some("ServerBusy"), Some(Trouble::ServerBusy)),
    (503, None, Some(Trouble::Unavailable)),
    (504, None, Some(Trouble::Timeout)),
];

const ERRORS: &[(ErrorKind, Trouble)] = &[
    (ErrorKind::ChecksumMismatch, Trouble::Damaged),
    (ErrorKind::CircuitOpen, Trouble::CircuitOpen),
    (ErrorKind::Connect, Trouble::Connection),
    (ErrorKind::Connection, Trouble::Connection),
    (ErrorKind::Timeout, Trouble::Timeout),
];

impl Trouble {
    /// Every kind, in the order of their declaration.
    #[cfg(test)]
    pub(super) const ALL: [Self; 8] = [
        Self::ServerBusy,
        Self::Unavailable,
        Self::InternalError,
        Self::Timeout,
        Self::Conflict,
        Self::Connection,
        Self::CircuitOpen,
        Self::Damaged,
    ];

    /// The trouble that an answer tells of, by its status and the service's error code; `None` when another try would bring the same.
    #[must_use]
    pub fn of_answer(status: StatusCode, code: Option<&str>) -> Option<Self> {
        let row = ANSWERS
            .iter()
            .find(|(row, only, _)| *row == status.as_u16() && only.is_none_or(|only| code == Some(only)));
        row.and_then(|(_, _, trouble)| *trouble)
    }

    /// The trouble that an error tells of.
    #[must_use]
    pub fn of_error(error: &Error) -> Option<Self> {
        let row = ERRORS.iter().find(|(kind, _)| *kind == error.kind());
        row.map(|(_, trouble)| *trouble)
    }

    pub(crate) fn of_outcome<B>(outcome: &Result<Response<B>, Error>) -> Option<Self> {
        match outcome {
            Ok(response) => Self::of_answer(response.status(), answer::error_code(response.headers())),
            Err(error) => Self::of_error(error),
        }
    }
}
