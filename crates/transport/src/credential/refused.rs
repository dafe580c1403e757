//! What a source is told of a credential that the service did not take.

use std::fmt;
use std::sync::Arc;

use http::header::WWW_AUTHENTICATE;
use http::{HeaderMap, StatusCode};
use lazuli_signing::Credential;

use super::Challenge;
use crate::answer::error_code;

/// A credential that the service has refused, with what it said about it.
#[derive(Clone, Debug)]
pub struct Refused {
    credential: Arc<Credential>,
    status: StatusCode,
    code: Option<Box<str>>,
    challenge: Option<Challenge>,
}

impl Refused {
    /// Reads the head of an answer to a request that this credential was applied to: `None` unless its status is 401 or 403.
    #[must_use]
    pub fn of(credential: &Arc<Credential>, status: StatusCode, headers: &HeaderMap) -> Option<Self> {
        if !matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            return None;
        }
        let mut challenges = headers.get_all(WWW_AUTHENTICATE).iter();
        Some(Self {
            credential: Arc::clone(credential),
            status,
            code: error_code(headers).map(Into::into),
            challenge: challenges.find_map(|value| Challenge::parse(value.to_str().ok()?)),
        })
    }

    /// What was refused: the very thing that the source had given.
    #[must_use]
    pub fn credential(&self) -> &Arc<Credential> {
        &self.credential
    }

    /// 401 or 403.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The service's error code, such as `AuthenticationFailed`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// What the service asks for in `WWW-Authenticate: Bearer`.
    #[must_use]
    pub fn challenge(&self) -> Option<&Challenge> {
        self.challenge.as_ref()
    }

    /// Whether the credential itself may be at fault (it has expired, was revoked, or its key was changed), so that another one could do
    /// better. A missing permission is not such a fault.
    #[must_use]
    pub fn may_be_stale(&self) -> bool {
        self.status == StatusCode::UNAUTHORIZED || self.code() == Some("AuthenticationFailed")
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the service refused the credential with status {}",
            self.status.as_u16()
        )?;
        match self.code() {
            Some(code) => write!(f, " and code {code}"),
            None => Ok(()),
        }
    }
}
