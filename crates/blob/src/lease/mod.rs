//! Leases as handles: held, kept alive in the background, and released whatever happens.

mod acquiring;
mod kept;
mod lost;
mod renewal;
mod within;

pub(crate) use acquiring::{Acquiring, MadeUp};
pub use kept::{KeptLease, LeaseGuard};
pub use lost::LeaseLost;
pub(crate) use within::with_lease;

use std::time::Duration;

use http::StatusCode;
use lazuli_protocol::{ErrorCode, LeaseId, Service};
use lazuli_transport::{ActiveLease, Deadline, PastCircuit};
use tokio::time::Instant;

use self::acquiring::had_no_effect;
use crate::operations::{
    BreakLease, ChangeLease, Leasable, LeaseBroken, LeaseTime, ReleaseLease, RenewLease,
};
use crate::options::CallOptions;
use crate::{BlobServiceClient, Error};

/// A lease that was acquired. It ends with its time unless it is renewed; dropping the handle neither renews nor releases it.
///
/// ```no_run
/// use lazuli_blob::operations::LeaseTime;
///
/// # async fn example(blob: lazuli_blob::BlobClient) -> Result<(), lazuli_blob::Error> {
/// let lease = blob.lease(LeaseTime::Seconds(30)).await?.keep_alive();
/// blob.upload("mine alone").lease(lease.id()).await?;
/// lease.release().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a lease keeps others out until it is released or runs out"]
pub struct Lease {
    held: Held,
    // When the latest request that the service granted was sent: it counts from a little later.
    since: Instant,
    _counted: ActiveLease,
}

/// What it takes to work on a lease.
#[derive(Clone, Debug)]
struct Held {
    service: BlobServiceClient,
    target: Leasable,
    id: LeaseId,
    time: LeaseTime,
    // The id that it may have in place of the other: nobody heard whether a change went through.
    perhaps: Option<LeaseId>,
}

/// A lease that is asked for, and its id: what becomes of it is not known yet.
pub(crate) fn acquiring(
    service: BlobServiceClient,
    target: Leasable,
    id: LeaseId,
    time: LeaseTime,
) -> Acquiring {
    Acquiring::new(Held::new(service, target, id, time))
}

impl Lease {
    pub(crate) fn new(
        service: BlobServiceClient,
        target: Leasable,
        id: LeaseId,
        time: LeaseTime,
        since: Instant,
    ) -> Self {
        Self {
            held: Held::new(service, target, id, time),
            since,
            _counted: ActiveLease::new(Service::Blob),
        }
    }

    /// The lease's id, which calls show to [prove](crate::Call::lease) that they come from its holder.
    #[must_use]
    pub fn id(&self) -> LeaseId {
        self.held.id
    }

    /// How long it lasts if it is not renewed.
    #[must_use]
    pub fn time(&self) -> LeaseTime {
        self.held.time
    }

    /// What is left of it, at least: zero when it may have run out, `None` when it is infinite.
    #[must_use]
    pub fn time_left(&self) -> Option<Duration> {
        let term = self.held.term()?;
        Some((self.since + term).saturating_duration_since(Instant::now()))
    }

    /// Renews it: its time starts anew.
    ///
    /// # Errors
    /// 409 when it is lost; what the way there or the service refuses.
    pub async fn renew(&mut self) -> Result<(), Error> {
        let since = Instant::now();
        let id = self.held.renew(None).await?;
        self.held.is_known_as(id);
        self.since = since;
        Ok(())
    }

    /// Changes its id, as when it is handed on. It does not renew it.
    ///
    /// When the answer is lost, or this future is dropped, [`id`](Self::id) is the old one still, and the service may know the lease by either. Both
    /// are remembered: another `change` to the same id finds what this one has done, [`renew`](Self::renew) takes over the id that it finds, and
    /// [`release`](Self::release) releases the lease whichever it has.
    ///
    /// # Errors
    /// 409 when it is lost; what the way there or the service refuses.
    pub async fn change(&mut self, id: LeaseId) -> Result<(), Error> {
        // Of three ids it could have, one would be forgotten.
        if let Some(perhaps) = self.held.perhaps.filter(|perhaps| *perhaps != id) {
            self.held.change(perhaps).await?;
        }
        self.held.change(id).await
    }

    /// Releases it: anybody can acquire another at once. What is not there any more, or what an earlier try has released, is released. After trouble on
    /// the way it can be tried again.
    ///
    /// # Errors
    /// 409 when it was lost before; what the way there or the service refuses.
    pub async fn release(&self) -> Result<(), Error> {
        self.held.release().await
    }

    /// Breaks it: nobody can acquire another before what is left of it is over, or `period` seconds (0 to 60) if that is shorter.
    ///
    /// # Errors
    /// What the way there or the service refuses.
    pub async fn break_(&self, period: Option<u32>) -> Result<LeaseBroken, Error> {
        let mut operation = BreakLease::new(self.held.target.clone());
        operation.break_period = period;
        self.held.service.send(&operation).await
    }

    /// Renews it in the background, whenever a third of its time is over, until the handle that this gives is dropped or the lease is lost.
    ///
    /// An infinite lease is renewed every 20 seconds, to learn when somebody breaks it. Trouble on the way loses a lease only when it lasts until
    /// the lease's time is over, counted from before the last renewal was sent.
    ///
    /// # Panics
    /// Outside of a tokio runtime, as [`tokio::spawn`] does.
    pub fn keep_alive(self) -> KeptLease {
        KeptLease::new(self)
    }
}

impl Held {
    fn new(service: BlobServiceClient, target: Leasable, id: LeaseId, time: LeaseTime) -> Self {
        Self {
            service,
            target,
            id,
            time,
            perhaps: None,
        }
    }

    /// Takes over the id that the service was found to know it by.
    fn is_known_as(&mut self, id: LeaseId) {
        if id != self.id {
            (self.id, self.perhaps) = (id, None);
        }
    }

    /// How long it lasts; `None` when it is infinite.
    fn term(&self) -> Option<Duration> {
        match self.time {
            LeaseTime::Seconds(seconds) => Some(Duration::from_secs(seconds.into())),
            LeaseTime::Infinite => None,
        }
    }

    /// Renews; in the background, when it takes no longer than `budget` for all tries.
    async fn renew(&self, budget: Option<Duration>) -> Result<LeaseId, Error> {
        match (self.renew_as(self.id, budget).await, self.perhaps) {
            (Err(error), Some(perhaps)) if is_of_another(&error) => self.renew_as(perhaps, budget).await,
            (outcome, _) => outcome,
        }
    }

    async fn renew_as(&self, id: LeaseId, budget: Option<Duration>) -> Result<LeaseId, Error> {
        let mut options = CallOptions::default();
        if let Some(budget) = budget {
            options.set(Deadline(budget));
            // A circuit may stay open for longer than the lease lasts.
            options.set(PastCircuit);
        }
        let operation = RenewLease::new(self.target.clone(), id);
        self.service.send_with(&operation, &options).await.map(|_| id)
    }

    async fn change(&mut self, id: LeaseId) -> Result<(), Error> {
        let operation = ChangeLease::new(self.target.clone(), self.id, id);
        self.perhaps = Some(id);
        let changed = self.service.send(&operation).await;
        if changed.as_ref().err().is_none_or(had_no_effect) {
            self.perhaps = None;
        }
        self.id = changed?.lease_id.unwrap_or(id);
        Ok(())
    }

    async fn release(&self) -> Result<(), Error> {
        match (self.release_as(self.id).await, self.perhaps) {
            (Err(error), Some(perhaps)) if is_of_another(&error) => self.release_as(perhaps).await,
            (outcome, _) => outcome,
        }
    }

    async fn release_as(&self, id: LeaseId) -> Result<(), Error> {
        let operation = ReleaseLease::new(self.target.clone(), id);
        match self.service.send(&operation).await {
            // The lease went with what it was on: whoever holds it may delete that.
            Err(error) if error.status() == Some(StatusCode::NOT_FOUND) => Ok(()),
            Err(error)
                if error.attempts() > 1
                    && error.code() == Some(&ErrorCode::LeaseNotPresentWithLeaseOperation) =>
            {
                Ok(())
            }
            outcome => outcome.map(drop),
        }
    }
}

/// Whether the service knows the lease by another id.
fn is_of_another(error: &Error) -> bool {
    error.code() == Some(&ErrorCode::LeaseIdMismatchWithLeaseOperation)
}
