//! Set Blob Tier.

use http::{Method, StatusCode, response};
use lazuli_protocol::{
    AccessTier, Answer, BlobName, Body, Conditions, ContainerName, Endpoint, Error, LeaseId, Operation,
    OperationInfo, OperationKind, RehydratePriority, ResponseBody, header,
};

use super::request::{of_state, request, set, set_if, set_lease};

/// Puts a blob in a price class: [Set Blob Tier](https://learn.microsoft.com/rest/api/storageservices/set-blob-tier). Out of the archive that takes
/// hours; the blob's ETag stays as it is.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SetBlobTier {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// A snapshot of the blob, by its id.
    pub snapshot: Option<String>,
    /// A version of the blob, by its id.
    pub version_id: Option<String>,
    /// The price class.
    pub access_tier: AccessTier,
    /// How urgently an archived blob is to be brought back. A second request can raise it.
    pub rehydrate_priority: Option<RehydratePriority>,
    /// Shows that the caller holds the lease.
    pub lease_id: Option<LeaseId>,
    /// The blob's tags must meet these; there are no other conditions here.
    pub conditions: Conditions,
}

/// What the service answers when a tier was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TierSet {
    /// The blob is in the tier (200).
    Applied,
    /// The blob is on its way out of the archive (202).
    Pending,
}

impl SetBlobTier {
    /// Puts the current blob in `tier`.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName, tier: AccessTier) -> Self {
        Self {
            container,
            blob,
            snapshot: None,
            version_id: None,
            access_tier: tier,
            rehydrate_priority: None,
            lease_id: None,
            conditions: Conditions::new(),
        }
    }
}

impl Operation for SetBlobTier {
    type Output = TierSet;
    const INFO: OperationInfo = OperationInfo::blob("SetBlobTier", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint.uri().container(&self.container).blob(&self.blob);
        let uri = uri.query("comp", "tier");
        let uri = of_state(uri, self.snapshot.as_deref(), self.version_id.as_deref()).build()?;
        let mut request = request::<Self>(Method::PUT, uri, Body::empty());
        let headers = request.headers_mut();
        set(headers, header::ACCESS_TIER, self.access_tier.as_str())?;
        let priority = self.rehydrate_priority.as_ref().map(RehydratePriority::as_str);
        set_if(headers, header::REHYDRATE_PRIORITY, priority)?;
        set_lease(headers, self.lease_id)?;
        self.conditions.apply(headers)?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<TierSet, Error> {
        let expected = [StatusCode::OK, StatusCode::ACCEPTED];
        let (answer, _) = Answer::expect(parts, body, &expected).await?;
        Ok(match answer.status() {
            StatusCode::ACCEPTED => TierSet::Pending,
            _ => TierSet::Applied,
        })
    }
}
