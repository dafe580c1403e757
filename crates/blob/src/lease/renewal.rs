//! The task that renews a lease, again and again until it is lost.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use lazuli_protocol::LeaseId;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until, timeout_at};

use super::{Held, LeaseLost};
use crate::Error;

/// How often an infinite lease is asked for: a third of the longest that ends by itself.
const INFINITE_TURN: Duration = Duration::from_secs(20);
/// The wait after the first renewal that failed; it doubles from then on.
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// The shortest wait between renewals that fail.
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);

/// What is known of a lease.
#[derive(Clone, Debug)]
pub(super) struct Known {
    /// The id that the service knows it by: another than at first when a renewal found that a change had gone through.
    pub(super) id: LeaseId,
    pub(super) standing: Standing,
}

/// How a lease stands.
#[derive(Clone, Debug)]
pub(super) enum Standing {
    /// Held, as of a request that was sent then.
    Held(Instant),
    /// Held no longer.
    Lost(LeaseLost),
    /// Not renewed any more: released, given back, or left to run out.
    Ended,
}

/// Renews until the lease is lost, and says how it stands.
pub(super) async fn keep(mut held: Held, mut since: Instant, known: watch::Sender<Known>) {
    let tell = |id, now| {
        // What has ended stays so, whatever a renewal that was under way then comes to.
        known.send_if_modified(|known| match known.standing {
            Standing::Ended => false,
            _ => {
                *known = Known { id, standing: now };
                true
            }
        })
    };
    let turn = held.term().map_or(INFINITE_TURN, |term| term / 3);
    loop {
        sleep_until(since + turn).await;
        match renewed(&held, turn, held.term().map(|term| since + term)).await {
            Ok((at, id)) => {
                since = at;
                held.is_known_as(id);
                tell(id, Standing::Held(at));
            }
            Err(lost) => {
                tell(held.id, Standing::Lost(lost));
                return;
            }
        }
    }
}

/// Renews once, in as many tries as fit in before `end`. Gives when the one that succeeded was sent, and the id that it found the lease by.
async fn renewed(held: &Held, turn: Duration, end: Option<Instant>) -> Result<(Instant, LeaseId), LeaseLost> {
    let mut why = None;
    let mut pause = FIRST_PAUSE;
    loop {
        let asked = Instant::now();
        let left = end.map_or(turn, |end| end.saturating_duration_since(asked));
        if left.is_zero() {
            return Err(LeaseLost::RanOut(why));
        }
        let budget = left.min(turn);
        // The stack keeps to its deadline; one of somebody's own may know none.
        match timeout_at(asked + left, held.renew(Some(budget))).await {
            Ok(Ok(id)) => return Ok((asked, id)),
            Ok(Err(error)) if is_refusal(&error) => return Err(LeaseLost::Refused(Arc::new(error))),
            Ok(Err(error)) => why = Some(Arc::new(error)),
            Err(_) => continue,
        }
        // Half of what is left at most, so that trouble that passes late is seen to have passed.
        let left = end.map_or(turn, |end| end.saturating_duration_since(Instant::now()));
        sleep(pause.min(left / 2).max(SHORTEST_PAUSE.min(left))).await;
        pause = (pause * 2).min(turn);
    }
}

/// Whether the service says that the lease is not there, rather than that it cannot say.
fn is_refusal(error: &Error) -> bool {
    let refusals = [
        StatusCode::NOT_FOUND,
        StatusCode::CONFLICT,
        StatusCode::PRECONDITION_FAILED,
    ];
    error
        .service()
        .is_some_and(|service| refusals.contains(&service.status()))
}
