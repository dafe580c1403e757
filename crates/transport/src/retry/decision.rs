//! Whether to try again, decided from what the request is and how its last try went.

use std::time::Duration;

use http::{Request, Response};
use lazuli_protocol::{Body, Repeat, retry_after};

use super::backoff::spread;
use super::past::has_left;
use super::{Jitter, RetryConflicts, RetryPolicy, Trouble};
use crate::deadline::Expires;
use crate::{Error, ErrorKind, request};

/// What to do after a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// Return what came.
    Return,
    /// Return it, and say that only the body stood in the way of another try.
    SentOnce,
    /// Wait this long, and try again.
    Again(Trouble, Duration),
}

/// What decides, of a request.
#[derive(Debug)]
pub(super) struct Facts {
    repeat: Repeat,
    replayable: bool,
    conflicts: Option<RetryConflicts>,
    pub(super) reads: bool,
    pub(super) expires: Option<Expires>,
}

impl Facts {
    pub(super) fn of(request: &Request<Body>) -> Self {
        Self {
            repeat: request::repeat(request),
            replayable: request.body().is_replayable(),
            conflicts: request.extensions().get().copied(),
            reads: request::is_read(request),
            expires: request.extensions().get().cloned(),
        }
    }

    pub(super) fn decide<B>(
        &self,
        outcome: &Result<Response<B>, Error>,
        tries: u32,
        policy: &RetryPolicy,
        jitter: &dyn Jitter,
    ) -> Decision {
        let Some(trouble) = Trouble::of_outcome(outcome) else {
            return Decision::Return;
        };
        let rule = policy.of(trouble);
        let begun = has_left(outcome);
        let arrived = begun && !matches!(outcome, Err(error) if error.kind() == ErrorKind::Connect);
        if !policy.takes(trouble, self.conflicts)
            || tries >= rule.tries
            || (arrived && self.repeat != Repeat::Safe)
        {
            return Decision::Return;
        }
        let asked = match outcome {
            Ok(response) => retry_after(response.headers()),
            Err(error) => error.retry_after(),
        };
        let wait = match asked {
            Some(asked) if asked > policy.longest() => return Decision::Return,
            Some(asked) => spread(asked, policy.longest(), jitter),
            None => rule.backoff.wait(tries, policy.longest(), jitter),
        };
        if self
            .expires
            .as_ref()
            .is_some_and(|expires| expires.left() <= wait)
        {
            return Decision::Return;
        }
        // What kept a request back, a breaker say, did so before its body was opened.
        if self.replayable || !begun {
            Decision::Again(trouble, wait)
        } else if trouble == Trouble::Damaged {
            // That says more than that it was sent once.
            Decision::Return
        } else {
            Decision::SentOnce
        }
    }
}
