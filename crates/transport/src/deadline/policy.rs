//! The times themselves, by kind of operation.

use std::time::Duration;

use http::Request;
use lazuli_protocol::OperationKind;

use crate::by_kind::ByKind;
use crate::request::kind;

/// A time for one request, in its extensions. It takes the place of the one for its kind.
///
/// ```
/// use std::time::Duration;
/// use lazuli_transport::Deadline;
///
/// let request = http::Request::get("https://example.blob.core.windows.net/c/b").extension(Deadline(Duration::from_secs(2)));
/// # let _ = request.body(());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline(pub Duration);

/// How long calls may take, by their [`OperationKind`].
///
/// | kind | default |
/// |---|---|
/// | `SmallRead` | 30 s |
/// | `LargeRead` | 5 min |
/// | `Write` | 5 min |
/// | `List` | 30 s |
/// | `Lease` | 10 s |
///
/// A request that no operation made counts as a large read when it is a `GET`, a small one when it is a `HEAD`, and as a write otherwise.
///
/// ```
/// use std::time::Duration;
/// use lazuli_protocol::OperationKind;
/// use lazuli_transport::Deadlines;
///
/// let deadlines = Deadlines::default().with(OperationKind::Write, Duration::from_secs(3600));
/// assert_eq!(deadlines.of(OperationKind::Write), Duration::from_secs(3600));
/// assert_eq!(deadlines.of(OperationKind::Lease), Duration::from_secs(10));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines(ByKind<Duration>);

impl Default for Deadlines {
    fn default() -> Self {
        Self(ByKind {
            small_read: Duration::from_secs(30),
            large_read: Duration::from_secs(5 * 60),
            write: Duration::from_secs(5 * 60),
            list: Duration::from_secs(30),
            lease: Duration::from_secs(10),
        })
    }
}

impl Deadlines {
    /// The time for a kind of operation.
    #[must_use]
    pub fn of(&self, kind: OperationKind) -> Duration {
        self.0.of(kind)
    }

    /// The same times, but for one kind.
    #[must_use]
    pub fn with(self, kind: OperationKind, time: Duration) -> Self {
        Self(self.0.with(kind, time))
    }

    /// The time for a request.
    pub(super) fn for_request<B>(&self, request: &Request<B>) -> Duration {
        match request.extensions().get::<Deadline>() {
            Some(Deadline(time)) => *time,
            None => self.of(kind(request)),
        }
    }
}
