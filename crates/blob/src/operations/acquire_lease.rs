//! Lease Blob and Lease Container: acquire.

use http::{HeaderValue, StatusCode, response};
use lazuli_protocol::{
    Answer, Body, Conditions, Endpoint, Error, ErrorKind, LeaseId, Operation, OperationInfo, ResponseBody,
    header, limits,
};

use super::LeaseTarget;
use super::lease_target::{LeaseHeld, lease_request};

/// Acquires a lease. Who holds it already, by the proposed id, gets it anew with the time that is asked for now.
///
/// # Repeats
/// With a proposed id a second try finds the first one's lease as its own. Without, it would find it as another's: such a request is sent once.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AcquireLease<T> {
    /// What to lease.
    pub target: T,
    /// How long the lease lasts if it is not renewed.
    pub time: LeaseTime,
    /// The id that the lease is to have; the service makes one up when `None`.
    pub proposed_id: Option<LeaseId>,
    /// The target's state must meet these. Of a container only dates count.
    pub conditions: Conditions,
}

/// How long a lease lasts if nobody renews it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LeaseTime {
    /// This many seconds: 15 to 60.
    Seconds(u32),
    /// Until it is released or broken.
    Infinite,
}

impl LeaseTime {
    fn header_value(self) -> Result<HeaderValue, Error> {
        match self {
            Self::Infinite => Ok(HeaderValue::from_static("-1")),
            Self::Seconds(seconds @ limits::LEASE_SECONDS_MIN..=limits::LEASE_SECONDS_MAX) => {
                Ok(seconds.into())
            }
            Self::Seconds(other) => {
                let message =
                    format!("a lease lasts 15 to 60 seconds or is infinite; {other} seconds cannot be");
                Err(Error::new(ErrorKind::InvalidInput, message))
            }
        }
    }
}

impl<T: LeaseTarget> AcquireLease<T> {
    /// Acquires a lease on `target` whose id the service makes up.
    #[must_use]
    pub fn new(target: T, time: LeaseTime) -> Self {
        Self {
            target,
            time,
            proposed_id: None,
            conditions: Conditions::new(),
        }
    }
}

impl<T: LeaseTarget> Operation for AcquireLease<T> {
    type Output = LeaseHeld;
    const INFO: OperationInfo = T::INFO;

    fn info(&self) -> OperationInfo {
        match self.proposed_id {
            Some(_) => self.target.info(),
            None => self.target.info().sent_once(),
        }
    }

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let mut request = lease_request(self, &self.target, "acquire", &self.conditions, endpoint)?;
        let headers = request.headers_mut();
        headers.insert(header::LEASE_DURATION, self.time.header_value()?);
        if let Some(id) = self.proposed_id {
            headers.insert(header::PROPOSED_LEASE_ID, id.header_value()?);
        }
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<LeaseHeld, Error> {
        let (answer, _) = Answer::expect(parts, body, &[StatusCode::CREATED]).await?;
        LeaseHeld::read(&answer)
    }
}
