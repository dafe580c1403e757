//! How often a download goes on, and after what wait.

use std::time::Duration;

use crate::retry::spread;
use crate::{Backoff, Jitter};

const LONGEST_WAIT: Duration = Duration::from_secs(30);
const PATIENCE: Duration = Duration::from_secs(5 * 60);

/// How often a download that breaks is gone on with.
///
/// | what | default |
/// |---|---|
/// | resumptions in a row with no byte in between | 3 |
/// | time in a row with no byte, in waits and in requests for the rest | 5 min |
/// | resumptions in all | 100 |
/// | wait before a resumption, when the one before it has brought no byte | exponential from 500 ms, up to 30 s |
///
/// A download that has moved since it last broke goes on at once: a connection that broke says nothing about the next.
///
/// A wait that the service asks for (503 with `Retry-After`, say) is kept to, with up to a quarter more: downloads that broke together shall not
/// come back together. One that reaches beyond the time without a byte is not begun.
///
/// Where a circuit breaker is open, nothing is sent, so that is no resumption and only the time bounds it: a download waits as long as the breaker
/// says, and up to a quarter more, as often as it takes. So many downloads at once outlast an outage, although a breaker lets but one of them
/// see whether it is over.
///
/// ```
/// use std::time::Duration;
/// use lazuli_transport::{Backoff, ResumePolicy};
///
/// let patient = ResumePolicy::default()
///     .without_progress(10)
///     .backoff(Backoff::Exponential(Duration::from_secs(1)));
/// assert_ne!(patient, ResumePolicy::never());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResumePolicy {
    without_progress: u32,
    in_all: u32,
    patience: Duration,
    backoff: Backoff,
}

impl Default for ResumePolicy {
    fn default() -> Self {
        Self {
            without_progress: 3,
            in_all: 100,
            patience: PATIENCE,
            backoff: Backoff::Exponential(Duration::from_millis(500)),
        }
    }
}

impl ResumePolicy {
    /// A body that breaks is broken.
    #[must_use]
    pub fn never() -> Self {
        Self::default().in_all(0)
    }

    /// The most resumptions in a row with no byte in between.
    #[must_use]
    pub fn without_progress(mut self, resumptions: u32) -> Self {
        self.without_progress = resumptions;
        self
    }

    /// The most resumptions of one download.
    #[must_use]
    pub fn in_all(mut self, resumptions: u32) -> Self {
        self.in_all = resumptions;
        self
    }

    /// The most time in a row with no byte, that of waits and of requests for the rest together. A wait counts as what it was meant to be, however late
    /// the reader comes back from elsewhere. With 0, no download waits for anything.
    #[must_use]
    pub fn patience(mut self, time: Duration) -> Self {
        self.patience = time;
        self
    }

    /// The waits between resumptions that bring no byte.
    #[must_use]
    pub fn backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = backoff;
        self
    }

    /// Whether anything is gone on with at all.
    pub(super) fn resumes(&self) -> bool {
        self.without_progress > 0 && self.in_all > 0
    }

    /// The wait before one more, no shorter than what is asked for; `None` when it is enough.
    pub(super) fn wait(
        &self,
        so_far: &SoFar,
        asked: Option<Duration>,
        jitter: &dyn Jitter,
    ) -> Option<Duration> {
        if so_far.in_all >= self.in_all || so_far.without_progress >= self.without_progress {
            return None;
        }
        let left = self.patience.checked_sub(so_far.spent)?;
        let own = match so_far.without_progress {
            0 => Duration::ZERO,
            fruitless => self.backoff.wait(fruitless, LONGEST_WAIT, jitter),
        };
        let wait = match asked {
            Some(asked) if asked > left => return None,
            Some(asked) => own.max(spread(asked, left, jitter)),
            None => own,
        };
        (wait <= left).then_some(wait)
    }
}

/// What a download has been through.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SoFar {
    pub(super) in_all: u32,
    // Since the last byte: resumptions, and the time that they and their waits took.
    without_progress: u32,
    spent: Duration,
}

impl SoFar {
    pub(super) fn one_more(&mut self) {
        self.in_all = self.in_all.saturating_add(1);
        self.without_progress = self.without_progress.saturating_add(1);
    }

    /// The latest was none.
    pub(super) fn one_less(&mut self) {
        self.in_all = self.in_all.saturating_sub(1);
        self.without_progress = self.without_progress.saturating_sub(1);
    }

    pub(super) fn took(&mut self, time: Duration) {
        self.spent = self.spent.saturating_add(time);
    }

    /// A byte came.
    pub(super) fn moved(&mut self) {
        self.without_progress = 0;
        self.spent = Duration::ZERO;
    }
}
