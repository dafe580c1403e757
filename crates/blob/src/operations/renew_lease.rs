//! Lease Blob and Lease Container: renew.

use http::{StatusCode, response};
use lazuli_protocol::{
    Answer, Body, Conditions, Endpoint, Error, LeaseId, Operation, OperationInfo, ResponseBody,
};

use super::LeaseTarget;
use super::lease_target::{LeaseHeld, lease_request};
use super::request::set_lease;

/// Renews a lease: its time starts anew. One that ran out can be renewed as long as nobody took or changed what it was on.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RenewLease<T> {
    /// What is leased.
    pub target: T,
    /// The id of the lease.
    pub lease_id: LeaseId,
    /// The target's state must meet these. Of a container only dates count.
    pub conditions: Conditions,
}

impl<T: LeaseTarget> RenewLease<T> {
    /// Renews the lease `id` on `target`.
    #[must_use]
    pub fn new(target: T, id: LeaseId) -> Self {
        Self {
            target,
            lease_id: id,
            conditions: Conditions::new(),
        }
    }
}

impl<T: LeaseTarget> Operation for RenewLease<T> {
    type Output = LeaseHeld;
    const INFO: OperationInfo = T::INFO;

    fn info(&self) -> OperationInfo {
        self.target.info()
    }

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let mut request = lease_request(self, &self.target, "renew", &self.conditions, endpoint)?;
        set_lease(request.headers_mut(), Some(self.lease_id))?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<LeaseHeld, Error> {
        let (answer, _) = Answer::expect(parts, body, &[StatusCode::OK]).await?;
        LeaseHeld::read(&answer)
    }
}
