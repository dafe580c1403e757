//! A credential that is being made, for any number of callers to wait for.

use std::future::Future;
use std::sync::Arc;

use lazuli_protocol::BoxError;
use lazuli_signing::Credential;
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, timeout_at};

use super::Issued;
use super::failure::Failure;
use super::state::ISSUED_WITHIN;
use crate::credential::Challenge;

pub(super) type Outcome = Result<Arc<Credential>, Failure>;

/// What the issuer is asked for.
#[derive(Clone, Debug)]
pub(super) struct Work {
    pub(super) generation: u64,
    /// What the credential must answer.
    pub(super) challenge: Option<Challenge>,
    /// Whether it is a renewal like any other, which no service has asked for.
    pub(super) plain: bool,
}

/// Work that is under way.
#[derive(Clone, Debug)]
pub(super) struct Arrival {
    work: Arc<Work>,
    outcome: watch::Receiver<Option<Outcome>>,
    task: AbortHandle,
    begun: Instant,
}

/// How a wait ended.
#[derive(Debug)]
pub(super) enum Waited {
    Arrived(Outcome),
    /// The runtime is gone that the work ran in.
    Abandoned,
    Overdue,
}

impl Arrival {
    /// Sets to work; `None` is what comes out when nobody is there any more.
    pub(super) fn of(
        work: Arc<Work>,
        making: impl Future<Output = Option<Outcome>> + Send + 'static,
    ) -> Self {
        let (sender, outcome) = watch::channel(None);
        let task = tokio::spawn(async move {
            let outcome = making.await;
            sender.send_replace(outcome);
        });
        Self {
            work,
            outcome,
            task: task.abort_handle(),
            begun: Instant::now(),
        }
    }

    pub(super) fn work(&self) -> &Work {
        &self.work
    }

    pub(super) fn is_alive(&self) -> bool {
        self.outcome.has_changed().is_ok() && self.begun.elapsed() < ISSUED_WITHIN
    }

    pub(super) fn give_up(&self) {
        self.task.abort();
    }

    /// Waits for it, by the clock of the caller's own runtime: the one that the work is in may stand still.
    pub(super) async fn wait(&self) -> Waited {
        let mut outcome = self.outcome.clone();
        let arrived = timeout_at(self.begun + ISSUED_WITHIN, outcome.wait_for(Option::is_some)).await;
        match arrived {
            Ok(Ok(outcome)) => outcome.clone().map_or(Waited::Abandoned, Waited::Arrived),
            Ok(Err(_)) => Waited::Abandoned,
            Err(_) => Waited::Overdue,
        }
    }
}

/// Has the issuer's future done, and takes a panic of it for a failure. Dropping this drops that.
pub(super) async fn contained(
    issuing: impl Future<Output = Result<Issued, BoxError>> + Send + 'static,
) -> Result<Issued, BoxError> {
    let mut task = JoinSet::new();
    task.spawn(issuing);
    match task.join_next().await {
        Some(Ok(outcome)) => outcome,
        Some(Err(_)) | None => Err(Failure::abandoned().into()),
    }
}
