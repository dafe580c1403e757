//! What stood in the way of a download, and whether the rest is to be asked for once more.

use std::borrow::Cow;
use std::time::Duration;

use http::response::Parts;
use lazuli_protocol::{BoxError, retry_after};

use crate::error::AnswerHead;
use crate::{Error, ErrorKind, Trouble, answer};

/// The least wait for a circuit breaker, whatever it says: what it refuses is not counted, and must not become a spin.
const LEAST_WAIT: Duration = Duration::from_millis(100);

/// Why the rest has not come, in the words and with the kind of the error that this becomes when it is the last.
pub(super) struct Setback {
    pub(super) kind: ErrorKind,
    pub(super) why: Cow<'static, str>,
    // Of an answer that was not the rest.
    pub(super) head: Option<AnswerHead>,
    // The wait that the service or a breaker asks for.
    pub(super) asked: Option<Duration>,
    pub(super) again: Again,
}

/// Whether another request may fare better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Again {
    Never,
    /// It may, and this one counts.
    Counted,
    /// It may, and this one was none: nothing was sent.
    Free,
}

impl Setback {
    /// The body ended before its end.
    pub(super) fn broke() -> Self {
        Self {
            kind: ErrorKind::Body,
            why: "it broke off once more".into(),
            head: None,
            asked: None,
            again: Again::Counted,
        }
    }

    /// The body ended before its end, with this. What was damaged stands for itself: it may come well the next time, unless some of it was handed on.
    pub(super) fn of_break(broke: &BoxError) -> Self {
        let damage = broke
            .downcast_ref::<lazuli_protocol::Error>()
            .map(|error| (error.kind().into(), error.to_string(), Again::Counted));
        let final_damage = broke
            .downcast_ref::<Error>()
            .map(|error| (error.kind(), error.message().to_owned(), Again::Never));
        match damage.or(final_damage) {
            Some((kind @ (ErrorKind::ChecksumMismatch | ErrorKind::InvalidResponse), why, again)) => Self {
                kind,
                why: why.into(),
                again,
                ..Self::broke()
            },
            _ => Self::broke(),
        }
    }

    /// No answer came.
    pub(super) fn of_error(error: &Error) -> Self {
        let asked = error.retry_after();
        let (kind, asked, again) = match Trouble::of_error(error) {
            Some(Trouble::CircuitOpen) => {
                let wait = asked.unwrap_or_default().max(LEAST_WAIT);
                (ErrorKind::Body, Some(wait), Again::Free)
            }
            Some(_) => (ErrorKind::Body, asked, Again::Counted),
            None => (error.kind(), asked, Again::Never),
        };
        Self {
            kind,
            why: format!("the rest could not be asked for: {error}").into(),
            head: None,
            asked,
            again,
        }
    }

    /// An answer came that is not the rest.
    pub(super) fn of_answer(kind: ErrorKind, why: impl Into<Cow<'static, str>>, head: &Parts) -> Self {
        let trouble = Trouble::of_answer(head.status, answer::error_code(&head.headers));
        let again = match trouble {
            // A lock or a lease is somebody's will.
            None | Some(Trouble::Conflict) => Again::Never,
            Some(_) => Again::Counted,
        };
        Self {
            kind,
            why: why.into(),
            head: Some(AnswerHead::of(head)),
            asked: retry_after(&head.headers),
            again,
        }
    }
}
