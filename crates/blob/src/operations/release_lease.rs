//! Lease Blob and Lease Container: release.

use http::{StatusCode, response};
use lazuli_protocol::{
    Answer, Body, Conditions, Endpoint, Error, Etag, LeaseId, Operation, OperationInfo, ResponseBody,
};
use time::OffsetDateTime;

use super::LeaseTarget;
use super::lease_target::lease_request;
use super::request::set_lease;

/// Releases a lease: anybody can acquire another at once.
///
/// # Repeats
/// A second try after one whose answer was lost finds no lease, and is refused with 409 `LeaseNotPresentWithLeaseOperation`: the lease is
/// gone as it should be.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReleaseLease<T> {
    /// What is leased.
    pub target: T,
    /// The id of the lease.
    pub lease_id: LeaseId,
    /// The target's state must meet these. Of a container only dates count.
    pub conditions: Conditions,
}

/// What the service answers to a lease that is released.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LeaseReleased {
    /// The identity of the state of what was leased.
    pub etag: Etag,
    /// When it last changed; whole seconds.
    pub last_modified: OffsetDateTime,
}

impl<T: LeaseTarget> ReleaseLease<T> {
    /// Releases the lease `id` on `target`.
    #[must_use]
    pub fn new(target: T, id: LeaseId) -> Self {
        Self {
            target,
            lease_id: id,
            conditions: Conditions::new(),
        }
    }
}

impl<T: LeaseTarget> Operation for ReleaseLease<T> {
    type Output = LeaseReleased;
    const INFO: OperationInfo = T::INFO;

    fn info(&self) -> OperationInfo {
        self.target.info()
    }

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let mut request = lease_request(self, &self.target, "release", &self.conditions, endpoint)?;
        set_lease(request.headers_mut(), Some(self.lease_id))?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<LeaseReleased, Error> {
        let (answer, _) = Answer::expect(parts, body, &[StatusCode::OK]).await?;
        Ok(LeaseReleased {
            etag: answer.etag()?,
            last_modified: answer.last_modified()?,
        })
    }
}
