//! An error as it goes over the wire.

use std::borrow::Cow;

use http::{HeaderName, HeaderValue, StatusCode};
use lazuli_protocol::ErrorCode;

use super::messages::message;
use crate::engine::Failure;
use crate::state::Denied;

/// Where a request was refused. The service's front answers with fewer headers than what is behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Before the version was understood.
    Version,
    /// Before the request reached an operation.
    Front,
    /// By an operation.
    Operation,
}

/// A request that is answered with an error.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) code: ErrorCode,
    pub(super) message: Cow<'static, str>,
    /// Elements after the message.
    pub(super) details: Vec<(&'static str, String)>,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) stage: Stage,
}

impl Refusal {
    /// With the status and the text that go with the code.
    pub(super) fn new(code: ErrorCode) -> Box<Self> {
        let status = code
            .usual_status()
            .and_then(|status| StatusCode::from_u16(status).ok());
        Box::new(Self {
            status: status.unwrap_or(StatusCode::BAD_REQUEST),
            message: Cow::Borrowed(message(&code)),
            code,
            details: Vec::new(),
            headers: Vec::new(),
            stage: Stage::Operation,
        })
    }

    pub(super) fn detail(mut self: Box<Self>, element: &'static str, text: impl Into<String>) -> Box<Self> {
        self.details.push((element, text.into()));
        self
    }

    pub(super) fn message(mut self: Box<Self>, message: impl Into<Cow<'static, str>>) -> Box<Self> {
        self.message = message.into();
        self
    }

    pub(super) fn header(mut self: Box<Self>, name: HeaderName, value: HeaderValue) -> Box<Self> {
        self.headers.push((name, value));
        self
    }

    pub(super) fn at(mut self: Box<Self>, stage: Stage) -> Box<Self> {
        self.stage = stage;
        self
    }

    /// Of a container, where the text of the code speaks of a blob: leases have the same codes on both.
    pub(super) fn of_container(self: Box<Self>) -> Box<Self> {
        match self.code {
            ErrorCode::LeaseIdMissing
            | ErrorCode::LeaseIdMismatchWithLeaseOperation
            | ErrorCode::LeaseLost
            | ErrorCode::LeaseNotPresentWithLeaseOperation => {
                let message = self.message.replace("blob", "container");
                self.message(message)
            }
            _ => self,
        }
    }

    /// A header that is not in the form that it must have.
    pub(super) fn bad_header(name: &str, value: &str) -> Box<Self> {
        Self::new(ErrorCode::InvalidHeaderValue)
            .detail("HeaderName", name)
            .detail("HeaderValue", value)
    }

    pub(super) fn missing_header(name: &str) -> Box<Self> {
        Self::new(ErrorCode::MissingRequiredHeader).detail("HeaderName", name)
    }

    pub(super) fn bad_query(name: &str, value: &str, reason: &str) -> Box<Self> {
        Self::new(ErrorCode::InvalidQueryParameterValue)
            .detail("QueryParameterName", name)
            .detail("QueryParameterValue", value)
            .detail("Reason", reason)
    }

    /// What the real service does and the simulation does not yet.
    pub(super) fn not_simulated(what: &str) -> Box<Self> {
        let mut refusal = Self::new(ErrorCode::from("NotImplemented"));
        refusal.status = StatusCode::NOT_IMPLEMENTED;
        refusal.message(format!("{what} is not simulated yet."))
    }

    pub(super) fn internal(error: &dyn std::error::Error) -> Box<Self> {
        tracing::error!(%error, "a request cannot be served");
        Self::new(ErrorCode::InternalError)
    }
}

impl From<ErrorCode> for Box<Refusal> {
    fn from(code: ErrorCode) -> Self {
        Refusal::new(code)
    }
}

impl From<Denied> for Box<Refusal> {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Because(code) => Refusal::new(code),
            Denied::NotModified => {
                let mut refusal = Refusal::new(ErrorCode::ConditionNotMet);
                refusal.status = StatusCode::NOT_MODIFIED;
                refusal
            }
        }
    }
}

impl From<Failure> for Box<Refusal> {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Denied(denied) => denied.into(),
            Failure::Io(error) => Refusal::internal(&error),
        }
    }
}
