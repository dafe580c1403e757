//! A lease that is kept alive.

use std::future::Future;

use lazuli_protocol::LeaseId;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::renewal::{self, Standing};
use super::{Lease, LeaseLost};
use crate::Error;

/// A lease that is renewed in the background for as long as this lives. Dropping it stops that, and leaves the lease to run out.
#[derive(Debug)]
#[must_use = "a lease is kept alive only as long as this lives"]
pub struct KeptLease {
    lease: Lease,
    guard: LeaseGuard,
    renewal: Renewal,
}

/// The task, which ends with its owner.
#[derive(Debug)]
struct Renewal(JoinHandle<()>);

impl Drop for Renewal {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl KeptLease {
    pub(super) fn new(lease: Lease) -> Self {
        let (sender, standing) = watch::channel(Standing::Held(lease.since));
        let task = tokio::spawn(renewal::keep(lease.held.clone(), lease.since, sender));
        let guard = LeaseGuard {
            id: lease.id(),
            standing,
        };
        Self {
            lease,
            guard,
            renewal: Renewal(task),
        }
    }

    /// The lease's id, which calls show to [prove](crate::Call::lease) that they come from its holder.
    #[must_use]
    pub fn id(&self) -> LeaseId {
        self.guard.id
    }

    /// Whether it is held, as far as is known.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.guard.is_held()
    }

    /// Waits until it is lost, and says why. It never ends when the lease is released or no longer kept alive.
    pub fn lost(&self) -> impl Future<Output = LeaseLost> + Send + use<> {
        self.guard.lost()
    }

    /// What others may know of the lease: its id, and whether it is held.
    pub fn guard(&self) -> LeaseGuard {
        self.guard.clone()
    }

    pub(super) fn lease(&self) -> &Lease {
        &self.lease
    }

    /// Stops renewing it.
    pub(super) fn stop(&self) {
        self.renewal.0.abort();
    }

    /// Releases it: anybody can acquire another at once.
    ///
    /// # Errors
    /// As [`Lease::release`].
    pub async fn release(self) -> Result<(), Error> {
        self.into_lease().release().await
    }

    /// Stops renewing it, and gives the lease back.
    pub fn into_lease(self) -> Lease {
        let Self {
            mut lease,
            guard,
            renewal,
        } = self;
        drop(renewal);
        if let Standing::Held(since) = &*guard.standing.borrow() {
            lease.since = *since;
        }
        lease
    }
}

/// What a lease's holder shows to those who work for it. It can be cloned and shared, and keeps nothing alive.
#[derive(Clone, Debug)]
pub struct LeaseGuard {
    id: LeaseId,
    standing: watch::Receiver<Standing>,
}

impl LeaseGuard {
    /// The lease's id, which calls show to [prove](crate::Call::lease) that they come from its holder.
    #[must_use]
    pub fn id(&self) -> LeaseId {
        self.id
    }

    /// Whether it is held, as far as is known.
    #[must_use]
    pub fn is_held(&self) -> bool {
        matches!(&*self.standing.borrow(), Standing::Held(_))
    }

    /// Waits until it is lost, and says why. It never ends when the lease is released or no longer kept alive.
    pub fn lost(&self) -> impl Future<Output = LeaseLost> + Send + use<> {
        let mut standing = self.standing.clone();
        async move {
            loop {
                if let Standing::Lost(lost) = &*standing.borrow_and_update() {
                    return lost.clone();
                }
                if standing.changed().await.is_err() {
                    // Nobody renews it any more, so nobody will know.
                    return std::future::pending().await;
                }
            }
        }
    }
}
