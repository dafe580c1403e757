//! What calls on leases take.

use lazuli_protocol::LeaseId;
use tokio::time::Instant;

use super::Call;
use super::by_date::conditional_by_date;
use crate::lease::{self, MadeUp};
use crate::operations::{
    AcquireLease, BreakLease, ChangeLease, Leasable, LeaseTarget, LeasedBlob, LeasedContainer, ReleaseLease,
    RenewLease,
};
use crate::{Error, Lease};

pub(super) type AcquireBlobLease = AcquireLease<LeasedBlob>;
pub(super) type RenewBlobLease = RenewLease<LeasedBlob>;
pub(super) type ChangeBlobLease = ChangeLease<LeasedBlob>;
pub(super) type ReleaseBlobLease = ReleaseLease<LeasedBlob>;
pub(super) type BreakBlobLease = BreakLease<LeasedBlob>;

conditional_by_date! {
    AcquireLease<LeasedContainer>
    RenewLease<LeasedContainer>
    ChangeLease<LeasedContainer>
    ReleaseLease<LeasedContainer>
    BreakLease<LeasedContainer>
}

impl<T: LeaseTarget> Call<AcquireLease<T>> {
    /// The id that the lease is to have, in place of a random one.
    pub fn proposed_id(self, id: LeaseId) -> Self {
        self.with(|operation| operation.proposed_id = Some(id))
    }
}

#[expect(private_bounds, reason = "what can be leased is known to this crate alone")]
impl<T: LeaseTarget + Into<Leasable>> Call<AcquireLease<T>> {
    /// Acquires the lease, and gives a handle that knows how to renew and release it.
    ///
    /// When this future is dropped, or fails while the service may have acquired the lease, a lease with a random id is released in a task of its own.
    /// One with an [id that was given](Self::proposed_id) is left to whoever knows it, who may have held it before.
    ///
    /// # Errors
    /// What the way there or the service refuses: 409 `LeaseAlreadyPresent` while somebody else holds it, which is tried again when
    /// [asked for](Call::retry_conflicts).
    pub async fn hold(self) -> Result<Lease, Error> {
        let operation = self.operation?;
        // Before the request is sent: the service counts from a later time.
        let since = Instant::now();
        let made_up = self.options.get::<MadeUp>().map(|made_up| made_up.0);
        let made_up = made_up.filter(|id| operation.proposed_id == Some(*id));
        let acquiring = made_up.map(|id| {
            let target = operation.target.clone().into();
            lease::acquiring(self.service.clone(), target, id, operation.time)
        });
        let held = self.service.send_with(&operation, &self.options).await;
        if let Some(acquiring) = acquiring {
            acquiring.came_to(&held);
        }
        let held = held?;
        let id = held.lease_id.or(operation.proposed_id).ok_or_else(|| {
            let message = "the service acquired a lease and did not say which";
            lazuli_protocol::Error::new(lazuli_protocol::ErrorKind::InvalidResponse, message)
        })?;
        Ok(Lease::new(
            self.service,
            operation.target.into(),
            id,
            operation.time,
            since,
        ))
    }
}

impl<T: LeaseTarget> Call<BreakLease<T>> {
    /// How long the lease goes on at most, in seconds: 0 to 60. Without it, a lease that ends by itself runs out, and an infinite one ends at once.
    pub fn break_period(self, seconds: u32) -> Self {
        self.with(|operation| operation.break_period = Some(seconds))
    }
}
