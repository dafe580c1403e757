//! The guard of a request's body: looks at its progress now and then.

use std::time::Duration;

use super::Progress;
use super::policy::Rule;
use super::progress::Seen;
use crate::{Error, ErrorKind};

#[derive(Debug)]
pub(super) struct Watch {
    rule: Rule,
    progress: Progress,
    // The beginning of the window.
    from: Seen,
}

/// What is to be done now.
#[derive(Debug)]
pub(super) enum Verdict {
    /// Look again after this time.
    Again(Duration),
    /// There is nothing left to guard.
    Off,
    /// End the try.
    Stalled(Error),
}

impl Watch {
    pub(super) fn new(rule: Rule, progress: Progress) -> Self {
        let from = progress.seen();
        Self { rule, progress, from }
    }

    pub(super) fn look(&mut self) -> Verdict {
        if self.progress.is_finished() {
            return Verdict::Off;
        }
        let Rule {
            window, least, floor, ..
        } = self.rule;
        let now = self.progress.seen();
        // The time that was the client's alone.
        let starved = now.starved.saturating_sub(self.from.starved);
        let counted = now.at.duration_since(self.from.at).saturating_sub(starved);
        if counted < window {
            // Never so short that a source which is always behind makes this a spin.
            return Verdict::Again((window - counted).max(self.rule.grain()));
        }
        let taken = now.taken.saturating_sub(self.from.taken);
        if taken >= least {
            self.from = now;
            return Verdict::Again(window);
        }
        let message = format!(
            "the request's body stalled: {taken} bytes were taken in {counted:?}, fewer than {floor} a second; check the network, or let bodies be slower"
        );
        Verdict::Stalled(Error::new(ErrorKind::Timeout, message))
    }
}
