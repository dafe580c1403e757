//! What a token source gives.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use time::OffsetDateTime;

/// An access token with the times that its issuer named. It is wiped from memory when it is dropped, and shows nothing of itself.
///
/// ```
/// use lazuli_identity::AccessToken;
/// use time::macros::datetime;
///
/// let token = AccessToken::new("eyJ0eXAi.eyJvaWQi.c2ln", datetime!(2026-06-26 01:00 UTC));
/// assert_eq!(token.secret(), "eyJ0eXAi.eyJvaWQi.c2ln");
/// assert!(!format!("{token:?}").contains("eyJ"));
/// ```
#[derive(Clone)]
pub struct AccessToken {
    token: SecretString,
    expires_on: OffsetDateTime,
    refresh_on: Option<OffsetDateTime>,
}

impl AccessToken {
    /// A token that is good until a time.
    pub fn new(token: impl Into<SecretString>, expires_on: OffsetDateTime) -> Self {
        Self {
            token: token.into(),
            expires_on,
            refresh_on: None,
        }
    }

    /// To be fetched anew from this time on.
    #[must_use]
    pub fn refresh_on(mut self, time: OffsetDateTime) -> Self {
        self.refresh_on = Some(time);
        self
    }

    /// The token itself, as it goes into `Authorization: Bearer`. Whoever sees it can use it.
    #[must_use]
    pub fn secret(&self) -> &str {
        self.token.expose_secret()
    }

    /// When it ends to be good, by the clock of the machine that asked for it.
    #[must_use]
    pub fn expires_on(&self) -> OffsetDateTime {
        self.expires_on
    }

    /// From when on the issuer wants to be asked for another one, where it has said so.
    #[must_use]
    pub fn refreshes_on(&self) -> Option<OffsetDateTime> {
        self.refresh_on
    }

    pub(crate) fn into_parts(self) -> (SecretString, OffsetDateTime, Option<OffsetDateTime>) {
        (self.token, self.expires_on, self.refresh_on)
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken")
            .field("expires_on", &self.expires_on)
            .field("refresh_on", &self.refresh_on)
            .finish_non_exhaustive()
    }
}
