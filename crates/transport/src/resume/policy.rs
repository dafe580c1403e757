//! How often a download goes on, and after what wait.

use std::time::Duration;

use crate::{Backoff, Jitter};

const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// How often a download that breaks is gone on with.
///
/// | what | default |
/// |---|---|
/// | resumptions in a row with no byte in between | 3 |
/// | resumptions in all | 100 |
/// | wait before a resumption, when the one before it has brought no byte | exponential from 500 ms |
///
/// A download that has moved since it last broke goes on at once: a connection that broke says nothing about the next. Where a
/// circuit breaker is open, it waits until that lets a request through. No wait is longer than 30 s.
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
    backoff: Backoff,
}

impl Default for ResumePolicy {
    fn default() -> Self {
        Self {
            without_progress: 3,
            in_all: 100,
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

    /// The wait before one more, no shorter than what is asked for; `None` when there have been enough.
    pub(super) fn wait(
        &self,
        so_far: &SoFar,
        asked: Option<Duration>,
        jitter: &dyn Jitter,
    ) -> Option<Duration> {
        if so_far.in_all >= self.in_all || so_far.without_progress >= self.without_progress {
            return None;
        }
        let wait = match so_far.without_progress {
            0 => Duration::ZERO,
            fruitless => self.backoff.wait(fruitless, LONGEST_WAIT, jitter),
        };
        Some(wait.max(asked.unwrap_or_default()).min(LONGEST_WAIT))
    }
}

/// The resumptions that a download has had.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SoFar {
    pub(super) in_all: u32,
    // Since the last byte.
    pub(super) without_progress: u32,
}

impl SoFar {
    pub(super) fn one_more(&mut self) {
        self.in_all = self.in_all.saturating_add(1);
        self.without_progress = self.without_progress.saturating_add(1);
    }
}
