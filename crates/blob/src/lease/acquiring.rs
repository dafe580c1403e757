//! An acquisition that is under way: what it may have got is released when nobody hears of it.

use std::time::Duration;

use http::StatusCode;
use lazuli_protocol::LeaseId;
use tokio::runtime::Handle;
use tokio::time::sleep;

use super::Held;
use crate::{Error, ErrorKind};

/// When a lease that was not there to be released is looked for once more.
const LATER: Duration = Duration::from_secs(3);

/// In the options of a call that acquires: the id that was made up for it. A lease of that id is this call's own, and nobody else's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MadeUp(pub(crate) LeaseId);

/// Releases, in a task of its own, what a request may have acquired: when its future is dropped, and when its answer does not come.
#[derive(Debug)]
pub(crate) struct Acquiring {
    held: Option<Held>,
    // Without a runtime nothing was sent either.
    runtime: Option<Handle>,
}

impl Acquiring {
    pub(super) fn new(held: Held) -> Self {
        Self {
            held: Some(held),
            runtime: Handle::try_current().ok(),
        }
    }

    /// Takes note of the outcome. One that leaves it open whether there is a lease is not the end of it.
    pub(crate) fn came_to<T>(mut self, outcome: &Result<T, Error>) {
        if outcome.as_ref().err().is_none_or(had_no_effect) {
            self.held = None;
        }
    }
}

impl Drop for Acquiring {
    fn drop(&mut self) {
        if let (Some(held), Some(runtime)) = (self.held.take(), &self.runtime) {
            runtime.spawn(async move {
                // The request that was given up may be slower than this one.
                if held.release().await.is_err() {
                    sleep(LATER).await;
                    // Nobody is left to hear of a failure: the lease runs out then.
                    held.release().await.ok();
                }
            });
        }
    }
}

/// Whether a request that changes a lease, and that may be repeated, cannot have had its effect: it was not sent, or was refused the first time. A later
/// refusal says nothing of the tries before it.
pub(super) fn had_no_effect(error: &Error) -> bool {
    let refused = error.service().is_some_and(|service| {
        let client = service.status().is_client_error() && service.status() != StatusCode::REQUEST_TIMEOUT;
        client && error.attempts() <= 1
    });
    refused || error.is_connect() || error.kind() == ErrorKind::InvalidInput
}
