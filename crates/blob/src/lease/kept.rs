//! A lease that is kept alive.

use std::future::Future;
use std::time::Duration;

use lazuli_protocol::LeaseId;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::renewal::{self, Known, Standing};
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
struct Renewal {
    task: JoinHandle<()>,
    known: watch::Sender<Known>,
}

impl Renewal {
    fn stop(&self) {
        self.task.abort();
        self.known.send_if_modified(|known| {
            let held = matches!(known.standing, Standing::Held(_));
            if held {
                known.standing = Standing::Ended;
            }
            held
        });
    }
}

impl Drop for Renewal {
    fn drop(&mut self) {
        self.stop();
    }
}

impl KeptLease {
    pub(super) fn new(lease: Lease) -> Self {
        let (sender, known) = watch::channel(Known {
            id: lease.id(),
            standing: Standing::Held(lease.since),
        });
        let task = tokio::spawn(renewal::keep(lease.held.clone(), lease.since, sender.clone()));
        let guard = LeaseGuard {
            term: lease.held.term(),
            known,
        };
        let renewal = Renewal { task, known: sender };
        Self {
            lease,
            guard,
            renewal,
        }
    }

    /// The lease's id, which calls show to [prove](crate::Call::lease) that they come from its holder. It becomes another when the answer to a
    /// [change](Lease::change) was lost before, and a renewal finds that it went through.
    #[must_use]
    pub fn id(&self) -> LeaseId {
        self.guard.id()
    }

    /// Whether it is held, as far as is known: it was granted, its time is not over, and nobody was heard to have taken it.
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
        self.renewal.stop();
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
        {
            let known = guard.known.borrow();
            lease.held.is_known_as(known.id);
            if let Standing::Held(since) = known.standing {
                lease.since = since;
            }
        }
        drop(renewal);
        lease
    }
}

/// What a lease's holder shows to those who work for it. It can be cloned and shared, and keeps nothing alive.
#[derive(Clone, Debug)]
pub struct LeaseGuard {
    // How long it lasts when it is not renewed; `None` when it is infinite.
    term: Option<Duration>,
    known: watch::Receiver<Known>,
}

impl LeaseGuard {
    /// The lease's id, which calls show to [prove](crate::Call::lease) that they come from its holder: as [`KeptLease::id`].
    #[must_use]
    pub fn id(&self) -> LeaseId {
        self.known.borrow().id
    }

    /// Whether it is held, as far as is known: it was granted, its time is not over, and nobody was heard to have taken it. It is not any more once
    /// its holder has released it, or keeps it alive no longer.
    #[must_use]
    pub fn is_held(&self) -> bool {
        match &self.known.borrow().standing {
            Standing::Held(since) => self.term.is_none_or(|term| since.elapsed() < term),
            Standing::Lost(_) | Standing::Ended => false,
        }
    }

    /// Waits until it is lost, and says why. It never ends when the lease is released or no longer kept alive.
    pub fn lost(&self) -> impl Future<Output = LeaseLost> + Send + use<> {
        let mut known = self.known.clone();
        async move {
            loop {
                if let Standing::Lost(lost) = &known.borrow_and_update().standing {
                    return lost.clone();
                }
                if known.changed().await.is_err() {
                    // Nobody renews it any more, so nobody will know.
                    return std::future::pending().await;
                }
            }
        }
    }
}
