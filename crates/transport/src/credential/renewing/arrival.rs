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
    /// What a service has asked for; `None` for a renewal like any other.
    pub(super) demand: Option<Challenge>,
    /// What the issuer is told.
    pub(super) challenge: Option<Challenge>,
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
    /// The caller has waited long enough, for this and for other work.
    OutOfTime,
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
        self.outcome.has_changed().is_ok()
    }

    pub(super) fn is_overdue(&self) -> bool {
        self.begun.elapsed() >= ISSUED_WITHIN
    }

    pub(super) fn give_up(&self) {
        self.task.abort();
    }

    /// Waits for it, until then at the most, by the clock of the caller's own runtime: the one that the work is in may stand still.
    pub(super) async fn wait(&self, until: Instant) -> Waited {
        let mut outcome = self.outcome.clone();
        let overdue = self.begun + ISSUED_WITHIN;
        let arrived = timeout_at(overdue.min(until), outcome.wait_for(Option::is_some)).await;
        match arrived {
            Ok(Ok(outcome)) => outcome.clone().map_or(Waited::Abandoned, Waited::Arrived),
            Ok(Err(_)) => Waited::Abandoned,
            Err(_) if overdue <= until => Waited::Overdue,
            Err(_) => Waited::OutOfTime,
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
