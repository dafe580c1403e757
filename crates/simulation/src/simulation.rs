//! The simulated accounts, as one thing that can be served and closed.

use std::fmt;
use std::sync::Arc;

use crate::engine::Engine;
use crate::entra::Gate;
#[cfg(feature = "entra")]
use crate::entra::{Authority, Entra};
use crate::service::{Accounts, Fetch};
use crate::{BlobService, Builder, Error};

/// Simulated storage accounts, with all that is in them.
///
/// A clone is cheap and is the same simulation. What is at a [location](Builder::location) is released when the last clone, and
/// the last service made from one, is gone.
///
/// ```
/// use lazuli_simulation::Simulation;
/// use tower::ServiceExt as _;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let simulation = Simulation::in_memory();
/// let request = http::Request::get("http://127.0.0.1:10000/devstoreaccount1/?comp=list")
///     .header("x-ms-version", "2026-06-06")
///     .body(String::new())?;
/// let answer = simulation.blob_service().oneshot(request).await?;
/// // Nobody signed it.
/// assert_eq!(answer.status(), 401);
/// assert_eq!(answer.headers()["x-ms-error-code"], "NoAuthenticationInformation");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Simulation {
    engine: Arc<Engine>,
    accounts: Arc<Accounts>,
    gate: Arc<Gate>,
    fetch: Option<Fetch>,
    #[cfg(feature = "entra")]
    authority: Arc<Authority>,
}

impl Simulation {
    pub(crate) fn new(
        engine: Arc<Engine>,
        accounts: Arc<Accounts>,
        gate: Arc<Gate>,
        fetch: Option<Fetch>,
        #[cfg(feature = "entra")] authority: Arc<Authority>,
    ) -> Self {
        Self {
            engine,
            accounts,
            gate,
            fetch,
            #[cfg(feature = "entra")]
            authority,
        }
    }

    /// Sets a simulation up: accounts, clock, where it keeps its data.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use lazuli_protocol::ManualClock;
    /// use lazuli_simulation::Simulation;
    ///
    /// let clock = Arc::new(ManualClock::at(time::macros::datetime!(2026-01-02 03:04:05 UTC)));
    /// let simulation = Simulation::builder().account("acct", "c2VjcmV0").clock(clock.clone()).seed(1).build()?;
    /// # Ok::<(), lazuli_simulation::Error>(())
    /// ```
    #[must_use]
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// A simulation of the well-known development account, in memory.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::builder().build_in_memory()
    }

    /// The Blob service of the accounts, to be called or served.
    #[must_use]
    pub fn blob_service(&self) -> BlobService {
        BlobService::new(
            self.engine.clone(),
            self.accounts.clone(),
            self.gate.clone(),
            self.fetch.clone(),
        )
    }

    /// The simulated Entra whose tokens the services check, with its faults and counts.
    #[cfg(feature = "entra")]
    #[must_use]
    pub fn entra(&self) -> Entra {
        Entra::new(self.authority.clone())
    }

    /// Sees to it that the disk has everything that was acknowledged, and may take as long as the disk does. In memory there is
    /// nothing to do. It is for a clean end: what is dropped without it is with the operating system, and survives all but a loss of
    /// power.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) when the disk refuses.
    pub fn close(&self) -> Result<(), Error> {
        self.engine.flush_all()
    }
}

impl fmt::Debug for Simulation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names: Vec<&str> = self.accounts.keys().map(String::as_str).collect();
        names.sort_unstable();
        f.debug_struct("Simulation")
            .field("accounts", &names)
            .field("engine", &self.engine)
            .finish()
    }
}
