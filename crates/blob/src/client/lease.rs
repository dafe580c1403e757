//! Leases, on blobs and on containers.

use lazuli_protocol::{ContainerName, LeaseId};
use lazuli_transport::{RandomIds, RequestIds as _};

use super::{BlobClient, ContainerClient};
use crate::call::names;
use crate::lease::{self, Lease, LeaseGuard, MadeUp};
use crate::operations::{
    AcquireLease, BreakLease, ChangeLease, LeaseTime, LeasedBlob, LeasedContainer, ReleaseLease, RenewLease,
};
use crate::{BlobServiceClient, Call, Error};

/// Gives a client the calls on the lease of what it is a client of.
macro_rules! leases {
    ($client:ident $target:ident $what:literal $page:literal) => {
        impl $client {
            #[doc = concat!("Acquires a lease on the ", $what, ", and gives a handle that renews and releases it")]
            #[doc = concat!("([Lease ", $page)]
            ///
            /// The handle does nothing by itself: see [`Lease::keep_alive`]. When this future is dropped before it gives one, or fails while the
            /// service may have acquired the lease, the lease is released in a task of its own. For conditions or an id of one's own,
            #[doc = concat!("[`acquire_lease`](Self::acquire_lease) gives the same handle by [`hold`](Call::hold).")]
            ///
            /// # Errors
            /// What the way there or the service refuses: 409 `LeaseAlreadyPresent` while somebody else holds it.
            pub async fn lease(&self, time: LeaseTime) -> Result<Lease, Error> {
                self.acquire_lease(time).hold().await
            }

            #[doc = concat!("Does `work` while a lease on the ", $what, " is held and kept alive, and releases it afterwards: also when the")]
            /// work fails or panics, and when this future is dropped, be it while the lease is acquired, in a task of its own then.
            ///
            /// The work goes on when the lease is lost; the guard [tells](LeaseGuard::lost). Writes that show the lease's id are refused
            /// from then on. A release that is refused is the error of work that succeeded: the lease was not held to its end.
            ///
            /// # Errors
            /// What the work fails with; or what acquiring or releasing does.
            ///
            /// # Panics
            /// Outside of a tokio runtime, as [`tokio::spawn`] does.
            pub async fn with_lease<T, E, F>(
                &self,
                time: LeaseTime,
                work: impl FnOnce(LeaseGuard) -> F,
            ) -> Result<T, E>
            where
                F: Future<Output = Result<T, E>>,
                E: From<Error>,
            {
                lease::with_lease(self.lease(time).await?, work).await
            }

            #[doc = concat!("Acquires a lease on the ", $what, " ([Lease ", $page)]
            ///
            /// The lease has a random id, or the one that the call [is given](Call::proposed_id), so that another try after a lost answer
            /// finds it as its own.
            pub fn acquire_lease(&self, time: LeaseTime) -> Call<AcquireLease<$target>> {
                let id = LeaseId::from(RandomIds.next());
                let mut call = self.on_lease(|target| {
                    let mut operation = AcquireLease::new(target, time);
                    operation.proposed_id = Some(id);
                    operation
                });
                call.options.set(MadeUp(id));
                call
            }

            #[doc = concat!("Renews a lease on the ", $what, " ([Lease ", $page)]
            pub fn renew_lease(&self, id: LeaseId) -> Call<RenewLease<$target>> {
                self.on_lease(|target| RenewLease::new(target, id))
            }

            #[doc = concat!("Changes the id of a lease on the ", $what, " ([Lease ", $page)]
            pub fn change_lease(&self, id: LeaseId, proposed: LeaseId) -> Call<ChangeLease<$target>> {
                self.on_lease(|target| ChangeLease::new(target, id, proposed))
            }

            #[doc = concat!("Releases a lease on the ", $what, " ([Lease ", $page)]
            pub fn release_lease(&self, id: LeaseId) -> Call<ReleaseLease<$target>> {
                self.on_lease(|target| ReleaseLease::new(target, id))
            }

            #[doc = concat!("Breaks the lease on the ", $what, ", whoever holds it ([Lease ", $page)]
            pub fn break_lease(&self) -> Call<BreakLease<$target>> {
                self.on_lease(BreakLease::new)
            }
        }
    };
}

leases! { BlobClient LeasedBlob "blob" "Blob](https://learn.microsoft.com/rest/api/storageservices/lease-blob))." }
leases! { ContainerClient LeasedContainer "container" "Container](https://learn.microsoft.com/rest/api/storageservices/lease-container))." }

impl BlobClient {
    fn on_lease<O: lazuli_protocol::Operation>(&self, operation: impl FnOnce(LeasedBlob) -> O) -> Call<O> {
        let names = names(self.container().name(), self.name());
        let target = names.map(|(container, blob)| LeasedBlob { container, blob });
        call(self.container().service(), target.map(operation))
    }
}

impl ContainerClient {
    fn on_lease<O: lazuli_protocol::Operation>(
        &self,
        operation: impl FnOnce(LeasedContainer) -> O,
    ) -> Call<O> {
        let name = ContainerName::new(self.name()).map_err(Error::from);
        let target = name.map(|container| LeasedContainer { container });
        call(self.service(), target.map(operation))
    }
}

fn call<O: lazuli_protocol::Operation>(service: &BlobServiceClient, operation: Result<O, Error>) -> Call<O> {
    Call::new(service.clone(), operation)
}
