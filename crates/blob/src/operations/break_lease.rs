//! Lease Blob and Lease Container: break.

use std::time::Duration;

use http::{StatusCode, response};
use lazuli_protocol::{
    Answer, Body, Conditions, Endpoint, Error, ErrorKind, Etag, Operation, OperationInfo, ResponseBody,
    header, limits,
};
use time::OffsetDateTime;

use super::LeaseTarget;
use super::lease_target::lease_request;

/// Breaks a lease, whoever holds it. It cannot be renewed then, and nobody can acquire another before what is left of it, or the break period if
/// that is shorter, is over.
///
/// # Repeats
/// A second try breaks what is broken already, and cannot prolong it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BreakLease<T> {
    /// What is leased.
    pub target: T,
    /// How long the lease goes on at most, in seconds: 0 to 60. When `None`, one that ends by itself runs out, and an infinite one ends at once.
    pub break_period: Option<u32>,
    /// The target's state must meet these. Of a container only dates count.
    pub conditions: Conditions,
}

/// What the service answers to a lease that is broken.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LeaseBroken {
    /// The identity of the state of what is leased.
    pub etag: Etag,
    /// When it last changed; whole seconds.
    pub last_modified: OffsetDateTime,
    /// How long the lease goes on, in whole seconds: nobody can acquire another before.
    pub remaining: Option<Duration>,
}

impl<T: LeaseTarget> BreakLease<T> {
    /// Breaks the lease on `target`.
    #[must_use]
    pub fn new(target: T) -> Self {
        Self {
            target,
            break_period: None,
            conditions: Conditions::new(),
        }
    }
}

impl<T: LeaseTarget> Operation for BreakLease<T> {
    type Output = LeaseBroken;
    const INFO: OperationInfo = T::INFO;

    fn info(&self) -> OperationInfo {
        self.target.info()
    }

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let mut request = lease_request(self, &self.target, "break", &self.conditions, endpoint)?;
        match self.break_period {
            None => {}
            Some(seconds @ ..=limits::LEASE_BREAK_SECONDS_MAX) => {
                request
                    .headers_mut()
                    .insert(header::LEASE_BREAK_PERIOD, seconds.into());
            }
            Some(other) => {
                let message = format!("a broken lease goes on for 0 to 60 seconds, not {other}");
                return Err(Error::new(ErrorKind::InvalidInput, message));
            }
        }
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<LeaseBroken, Error> {
        let (answer, _) = Answer::expect(parts, body, &[StatusCode::ACCEPTED]).await?;
        Ok(LeaseBroken {
            etag: answer.etag()?,
            last_modified: answer.last_modified()?,
            remaining: answer.parsed(&header::LEASE_TIME).map(Duration::from_secs),
        })
    }
}
