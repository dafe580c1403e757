//! Leases that are held, counted by those who hold them.

use lazuli_protocol::Service;

use super::record::{one_lease_less, one_lease_more};

/// Counts as one lease in the gauges `azure_blob_active_leases` and `azure_files_active_leases` for as long as it lives.
///
/// Who acquires a lease holds one of these until it is released, broken or given up. It knows nothing of the lease itself. In a build
/// without the feature `metrics` it does nothing.
///
/// ```
/// use lazuli_protocol::Service;
/// use lazuli_transport::ActiveLease;
///
/// let held = ActiveLease::new(Service::Blob);
/// // … work that the lease keeps others from …
/// drop(held);
/// ```
#[derive(Debug)]
#[must_use = "the lease counts only as long as this lives"]
pub struct ActiveLease(Service);

impl ActiveLease {
    /// One more lease of this service.
    pub fn new(service: Service) -> Self {
        one_lease_more(service);
        Self(service)
    }
}

impl Drop for ActiveLease {
    fn drop(&mut self) {
        one_lease_less(self.0);
    }
}
