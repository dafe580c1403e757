//! Two requests side by side: the first good answer is taken.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use http::Response;
use lazuli_protocol::ResponseBody;

use crate::{Error, Trouble};

pub(super) type Outcome = Result<Response<ResponseBody>, Error>;

/// In the extensions of a response whose request was sent twice by a [`HedgeLayer`](crate::HedgeLayer): which of the two was answered with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hedged {
    /// The first: the second was not needed.
    First,
    /// The second: it overtook the first, or the first failed.
    Second,
}

/// How a race ended.
pub(super) struct Ended {
    pub(super) by: Hedged,
    /// Whether the first request was still under way, and is given up.
    pub(super) overtaken: bool,
    pub(super) outcome: Outcome,
}

/// Waits for a good outcome of either. When both fail, what a service answered counts more than an error, and the first more than the second.
pub(super) async fn race(
    mut first: Pin<&mut impl Future<Output = Outcome>>,
    mut second: Pin<&mut impl Future<Output = Outcome>>,
) -> Ended {
    let ended = poll_fn(|cx| {
        if let Poll::Ready(outcome) = first.as_mut().poll(cx) {
            return Poll::Ready((Hedged::First, outcome));
        }
        let second = second.as_mut().poll(cx);
        second.map(|outcome| (Hedged::Second, outcome))
    });
    let (first, second) = match ended.await {
        (by, outcome) if is_good(&outcome) => {
            return Ended {
                by,
                overtaken: by == Hedged::Second,
                outcome,
            };
        }
        (Hedged::First, failed) => (failed, second.await),
        (Hedged::Second, failed) => (first.await, failed),
    };
    let (by, outcome) = if is_good(&second) || (first.is_err() && second.is_ok()) {
        (Hedged::Second, second)
    } else {
        (Hedged::First, first)
    };
    Ended {
        by,
        overtaken: false,
        outcome,
    }
}

/// An answer, and one that another try would not better.
pub(super) fn is_good(outcome: &Outcome) -> bool {
    outcome.is_ok() && Trouble::of_outcome(outcome).is_none()
}
