//! Work that is done under a lease, which is released however the work ends.

use std::future::Future;

use tokio::runtime::Handle;

use super::{KeptLease, Lease, LeaseGuard};
use crate::Error;

/// Does `work` while the lease is kept alive, and releases it.
pub(crate) async fn with_lease<T, E, F>(lease: Lease, work: impl FnOnce(LeaseGuard) -> F) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
    E: From<Error>,
{
    let kept = lease.keep_alive();
    let guard = kept.guard();
    let release = Release {
        kept: Some(kept),
        runtime: Handle::current(),
    };
    let done = work(guard).await;
    let released = release.now().await;
    let done = done?;
    released?;
    Ok(done)
}

/// Releases the lease when the work is done, or when it is dropped in the middle of it.
struct Release {
    kept: Option<KeptLease>,
    runtime: Handle,
}

impl Release {
    async fn now(mut self) -> Result<(), Error> {
        let Some(kept) = &self.kept else {
            return Ok(());
        };
        kept.stop();
        // It stays where it is: when this future is dropped, the release is done again in the background.
        let released = kept.lease().held.release().await;
        self.kept = None;
        released
    }
}

impl Drop for Release {
    fn drop(&mut self) {
        if let Some(kept) = self.kept.take() {
            // Nobody is left to hear of a failure: the lease runs out then.
            self.runtime.spawn(async move { kept.release().await.ok() });
        }
    }
}
