//! A token of Microsoft Entra, as it goes into a request.

use std::fmt;
use std::sync::Arc;

use http::HeaderValue;
use http::header::AUTHORIZATION;
use http::request::Parts;
use secrecy::{ExposeSecret, SecretString};

use crate::error::{Error, ErrorKind};

/// The name of the scheme in `Authorization`.
pub(crate) const SCHEME: &str = "Bearer";

/// An access token of Microsoft Entra: whoever has it is let in until it expires. It is wiped from memory when its last
/// clone is dropped, and shows nothing in `Debug`. A clone is cheap.
///
/// The service takes it over `https` only, with an `x-ms-version` of 2017-11-09 or later. Where it comes from, and when it is to be
/// fetched anew, is not known here.
///
/// ```
/// use lazuli_signing::BearerToken;
///
/// let token = BearerToken::new("eyJ0eXAi.eyJvaWQi.c2ln")?;
/// let (mut parts, ()) = http::Request::get("https://example.blob.core.windows.net/?comp=list").body(())?.into_parts();
/// token.apply(&mut parts)?;
/// assert_eq!(parts.headers["authorization"], "Bearer eyJ0eXAi.eyJvaWQi.c2ln");
/// assert_eq!(format!("{token:?}"), "BearerToken([redacted])");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct BearerToken(Arc<SecretString>);

impl BearerToken {
    /// Takes a token as the token endpoint gives it, without `Bearer` before it.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidBearerToken`] when it is empty, or has anything but visible ASCII. The message quotes none of it.
    pub fn new(token: impl Into<SecretString>) -> Result<Self, Error> {
        let token = token.into();
        let text = token.expose_secret();
        let refuse = |why| Err(Error::new(ErrorKind::InvalidBearerToken, why));
        if text.is_empty() {
            return refuse("the access token is empty");
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return refuse(
                "the access token has spaces or characters beyond ASCII; give it as it was issued, without `Bearer`",
            );
        }
        Ok(Self(Arc::new(token)))
    }

    /// Sets `Authorization`, in place of what was there, marked as sensitive. A retry may do so again.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidRequest`] when the token is too long for a header.
    pub fn apply(&self, parts: &mut Parts) -> Result<(), Error> {
        let token = self.0.expose_secret();
        let mut text = String::with_capacity(SCHEME.len() + 1 + token.len());
        for part in [SCHEME, " ", token] {
            text.push_str(part);
        }
        let mut value = HeaderValue::try_from(text).map_err(|_| {
            Error::new(
                ErrorKind::InvalidRequest,
                "the access token does not fit into a header",
            )
        })?;
        value.set_sensitive(true);
        parts.headers.insert(AUTHORIZATION, value);
        Ok(())
    }

    /// The token itself. Whoever sees it can use it.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for BearerToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BearerToken([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_takes_the_place_of_what_was_there() {
        let request = http::Request::get("/").header(AUTHORIZATION, "Bearer old");
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        BearerToken::new("new").unwrap().apply(&mut parts).unwrap();
        assert_eq!(
            parts.headers.get_all(AUTHORIZATION).iter().collect::<Vec<_>>(),
            ["Bearer new"]
        );
        assert!(parts.headers[AUTHORIZATION].is_sensitive());
    }

    #[test]
    fn what_no_header_can_hold_is_refused_without_being_shown() {
        for text in ["", "Bearer planted", "planted\n", "plantéd"] {
            let error = BearerToken::new(text).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidBearerToken);
            assert!(!format!("{error} {error:?}").contains("plant"), "{error}");
        }
    }
}
