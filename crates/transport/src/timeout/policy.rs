//! The times themselves, by kind of operation.

use std::time::Duration;

use lazuli_protocol::OperationKind;

use crate::by_kind::ByKind;

/// How long one try may take, by its [`OperationKind`].
///
/// | kind | default | counted from |
/// |---|---|---|
/// | `SmallRead` | 9 s | the beginning of the try |
/// | `LargeRead` | 15 s | the same |
/// | `List` | 9 s | the same |
/// | `Lease` | 2.5 s | the same |
/// | `Write` | 60 s | when all of the request's body was handed to the client below |
///
/// A request that no operation made counts as a large read when it is a `GET`, a small one when it is a `HEAD`, and as a write otherwise.
///
/// # Why these
/// So that a service which stays silent is asked three times, with the waits of the [`RetryPolicy`](crate::RetryPolicy) between, before the call's
/// [deadline](crate::Deadlines) has passed.
///
/// ```
/// use std::time::Duration;
/// use lazuli_protocol::OperationKind;
/// use lazuli_transport::Timeouts;
///
/// let timeouts = Timeouts::default().with(OperationKind::List, Some(Duration::from_secs(20)));
/// assert_eq!(timeouts.of(OperationKind::List), Some(Duration::from_secs(20)));
/// assert_eq!(timeouts.of(OperationKind::Lease), Some(Duration::from_millis(2500)));
/// assert_eq!(Timeouts::never().of(OperationKind::Lease), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts(ByKind<Option<Duration>>);

impl Default for Timeouts {
    fn default() -> Self {
        Self(ByKind {
            small_read: Some(Duration::from_secs(9)),
            large_read: Some(Duration::from_secs(15)),
            write: Some(Duration::from_secs(60)),
            list: Some(Duration::from_secs(9)),
            lease: Some(Duration::from_millis(2500)),
        })
    }
}

impl Timeouts {
    /// No limit but the call's deadline.
    #[must_use]
    pub fn never() -> Self {
        Self(ByKind {
            small_read: None,
            large_read: None,
            write: None,
            list: None,
            lease: None,
        })
    }

    /// The time for a kind of operation.
    #[must_use]
    pub fn of(&self, kind: OperationKind) -> Option<Duration> {
        self.0.of(kind)
    }

    /// The same times, but for one kind; `None` for no limit but the call's deadline.
    #[must_use]
    pub fn with(self, kind: OperationKind, time: Option<Duration>) -> Self {
        Self(self.0.with(kind, time))
    }
}
