//! Lease Blob and Lease Container: change.

use http::{StatusCode, response};
use lazuli_protocol::{
    Answer, Body, Conditions, Endpoint, Error, LeaseId, Operation, OperationInfo, ResponseBody, header,
};

use super::LeaseTarget;
use super::lease_target::{LeaseHeld, lease_request};
use super::request::set_lease;

/// Changes the id of a lease, as when its holder hands it on. The time goes on as it was.
///
/// # Repeats
/// The service takes either id as the lease's own, so a second try finds what the first has done.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ChangeLease<T> {
    /// What is leased.
    pub target: T,
    /// The id of the lease.
    pub lease_id: LeaseId,
    /// The id that it is to have.
    pub proposed_id: LeaseId,
    /// The target's state must meet these. Of a container only dates count.
    pub conditions: Conditions,
}

impl<T: LeaseTarget> ChangeLease<T> {
    /// Changes the id of the lease on `target`.
    #[must_use]
    pub fn new(target: T, id: LeaseId, proposed: LeaseId) -> Self {
        Self {
            target,
            lease_id: id,
            proposed_id: proposed,
            conditions: Conditions::new(),
        }
    }
}

impl<T: LeaseTarget> Operation for ChangeLease<T> {
    type Output = LeaseHeld;
    const INFO: OperationInfo = T::INFO;

    fn info(&self) -> OperationInfo {
        self.target.info()
    }

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let mut request = lease_request(self, &self.target, "change", &self.conditions, endpoint)?;
        let headers = request.headers_mut();
        set_lease(headers, Some(self.lease_id))?;
        headers.insert(header::PROPOSED_LEASE_ID, self.proposed_id.header_value()?);
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<LeaseHeld, Error> {
        let (answer, _) = Answer::expect(parts, body, &[StatusCode::OK]).await?;
        LeaseHeld::read(&answer)
    }
}
