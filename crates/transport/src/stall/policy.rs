//! How slowly a body may move, and for how long.

use std::time::Duration;

const FLOOR: u64 = 1024;
const RECEIVING: Duration = Duration::from_secs(10);
const SENDING: Duration = Duration::from_secs(60);
// No timer reaches further.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// When a body counts as stalled: fewer bytes moved than a floor asks for, over a window of time in which they were waited for.
///
/// | what | default |
/// |---|---|
/// | floor | 1 KiB a second |
/// | window of an answer's body | 10 s |
/// | window of a request's body | 60 s |
///
/// So a download is cut when fewer than 10 KiB have come in 10 seconds of waiting.
///
/// # Why these
/// At the floor, 1 MiB takes 17 minutes: no line that is in use is so slow, and a connection that is gains by being made anew. TCP sends a lost packet again
/// within a second or two, and only one that is lost over and over makes a silence of 10 s. To be wrong about that is cheap: with a
/// [`ResumeLayer`](crate::ResumeLayer) above, a cut costs one request. To wait longer is not: a small answer that stalls has to be asked for again, by a
/// [`GatherLayer`](crate::GatherLayer) and a [`RetryLayer`](crate::RetryLayer) above, within the 30 s of its [deadline](crate::Deadlines).
///
/// Of a request's body less is seen: the client below takes pieces of up to 256 KiB and may hold two of them, besides what the socket holds, until all
/// of that is on its way: a line with some 10 KiB a second may show no progress for a minute, which is why the window is longer. Such a line
/// would not bring a block of 4 MiB to its end within the deadline of a write either.
///
/// ```
/// use std::time::Duration;
/// use lazuli_transport::StallPolicy;
///
/// let strict = StallPolicy::new(64 * 1024, Duration::from_secs(10));
/// let only_downloads = strict.sending(None);
/// assert_ne!(strict, only_downloads);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StallPolicy {
    floor: u64,
    receiving: Option<Duration>,
    sending: Option<Duration>,
}

impl Default for StallPolicy {
    fn default() -> Self {
        Self::new(FLOOR, RECEIVING).sending(Some(SENDING))
    }
}

impl StallPolicy {
    /// A floor in bytes a second, and one window for both directions. A floor of 0 asks for nothing.
    #[must_use]
    pub fn new(floor: u64, window: Duration) -> Self {
        Self {
            floor,
            receiving: Some(window),
            sending: Some(window),
        }
    }

    /// Bodies move as they like.
    #[must_use]
    pub fn never() -> Self {
        Self {
            floor: 0,
            receiving: None,
            sending: None,
        }
    }

    /// The window of answers' bodies; `None` leaves them alone.
    #[must_use]
    pub fn receiving(mut self, window: Option<Duration>) -> Self {
        self.receiving = window;
        self
    }

    /// The window of requests' bodies; `None` leaves them alone.
    #[must_use]
    pub fn sending(mut self, window: Option<Duration>) -> Self {
        self.sending = window;
        self
    }

    /// The window of requests' bodies, if they are watched.
    pub(crate) fn window_of_requests(&self) -> Option<Duration> {
        self.of_requests().map(|rule| rule.window)
    }

    pub(super) fn of_answers(&self) -> Option<Rule> {
        Rule::of(self.floor, self.receiving?)
    }

    pub(super) fn of_requests(&self) -> Option<Rule> {
        Rule::of(self.floor, self.sending?)
    }
}

/// What one direction must keep to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    pub(super) floor: u64,
    pub(super) window: Duration,
    // The bytes that must move in a window.
    pub(super) least: u64,
}

impl Rule {
    fn of(floor: u64, window: Duration) -> Option<Self> {
        if floor == 0 || window.is_zero() {
            return None;
        }
        let window = window.min(LONGEST);
        let least = u128::from(floor).saturating_mul(window.as_nanos()) / 1_000_000_000;
        Some(Self {
            floor,
            window,
            least: u64::try_from(least).unwrap_or(u64::MAX).max(1),
        })
    }

    /// As fine as time is measured.
    pub(super) fn grain(&self) -> Duration {
        self.window / 8
    }
}
