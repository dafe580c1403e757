//! The side of the client: a date and a signature for each try of a request.

use http::HeaderValue;
use http::header::AUTHORIZATION;
use http::request::Parts;
use time::OffsetDateTime;

use super::SharedKey;
use super::string_to_sign::push_string_to_sign;
use crate::account_key::{MAC_LENGTH, MacBase64};
use crate::authorization::Scheme;
use crate::canonical::{Reading, Text};
use crate::date;
use crate::error::{Error, ErrorKind};
use crate::headers::X_MS_DATE;

impl SharedKey {
    /// Signs a request: sets `x-ms-date` to `now` and `Authorization` to the signature, in place of what was there,
    /// and touches nothing else. A retry signs the same parts again.
    ///
    /// Everything else that is signed must be final: the URI as it will be sent, all `x-ms-` headers, and
    /// `Content-Length` when there is a body. A `Date` beside `x-ms-date` is not signed, and some servers mind it.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidRequest`] when `now` does not fit into a header, a signed header has a value beyond
    /// printable ASCII, or the query is not UTF-8 once it is decoded. There is no `Authorization` then.
    pub fn sign(&self, parts: &mut Parts, now: OffsetDateTime) -> Result<(), Error> {
        self.sign_with(Scheme::SharedKey, parts, now)
    }

    /// Signs a request with Shared Key Lite, for a server that knows nothing else; otherwise as [`sign`](Self::sign).
    ///
    /// It signs less: of the standard headers `Content-MD5` and `Content-Type` only, and of the query `comp` only. So
    /// it does not notice when somebody on the way changes another parameter, a condition or a range.
    ///
    /// # Errors
    /// Those of [`sign`](Self::sign).
    pub fn sign_lite(&self, parts: &mut Parts, now: OffsetDateTime) -> Result<(), Error> {
        self.sign_with(Scheme::SharedKeyLite, parts, now)
    }

    /// The value of `Authorization` for a request that has its date, marked as sensitive.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidRequest`] as for [`string_to_sign`](crate::string_to_sign()).
    pub fn authorization(&self, parts: &Parts) -> Result<HeaderValue, Error> {
        self.authorization_with(Scheme::SharedKey, parts)
    }

    /// The value of `Authorization` for a request that has its date, by Shared Key Lite, marked as sensitive.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidRequest`] as for [`string_to_sign_lite`](crate::string_to_sign_lite()).
    pub fn authorization_lite(&self, parts: &Parts) -> Result<HeaderValue, Error> {
        self.authorization_with(Scheme::SharedKeyLite, parts)
    }

    /// The signature of a request that has its date, in base64. It is as good as a key to this one request: handle
    /// it as a secret.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidRequest`] as for [`string_to_sign`](crate::string_to_sign()).
    pub fn signature(&self, parts: &Parts) -> Result<String, Error> {
        let mac = self.mac(&mut Text::new(), Scheme::SharedKey, parts)?;
        Ok(MacBase64::of(&mac).as_str().to_owned())
    }

    fn sign_with(&self, scheme: Scheme, parts: &mut Parts, now: OffsetDateTime) -> Result<(), Error> {
        // A signature of an earlier try must not go out with a request that could not be signed again.
        parts.headers.remove(AUTHORIZATION);
        parts.headers.insert(&X_MS_DATE, date::header_value(now)?);
        let authorization = self.authorization_with(scheme, parts)?;
        parts.headers.insert(AUTHORIZATION, authorization);
        Ok(())
    }

    fn authorization_with(&self, scheme: Scheme, parts: &Parts) -> Result<HeaderValue, Error> {
        let mut text = Text::new();
        let mac = self.mac(&mut text, scheme, parts)?;
        text.truncate(0);
        for part in [
            scheme.as_str(),
            " ",
            self.account.as_str(),
            ":",
            MacBase64::of(&mac).as_str(),
        ] {
            text.push_str(part);
        }
        let mut value = HeaderValue::from_bytes(text.as_bytes()).map_err(|source| {
            Error::new(
                ErrorKind::InvalidRequest,
                "the signature does not fit into a header",
            )
            .because(source)
        })?;
        value.set_sensitive(true);
        Ok(value)
    }

    fn mac(&self, buffer: &mut Text, scheme: Scheme, parts: &Parts) -> Result<[u8; MAC_LENGTH], Error> {
        push_string_to_sign(buffer, scheme, &self.account, parts, Reading::SIGNED)?;
        Ok(self.key.mac(buffer.as_bytes()))
    }

    /// The MAC of a text that is written already.
    pub(super) fn mac_of(&self, text: &Text) -> [u8; MAC_LENGTH] {
        self.key.mac(text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AccountKey, EMULATOR_ACCOUNT, EMULATOR_KEY};
    use http::Request;
    use time::macros::datetime;

    fn shared_key() -> SharedKey {
        SharedKey::new(
            EMULATOR_ACCOUNT.parse().unwrap(),
            AccountKey::from_base64(EMULATOR_KEY).unwrap(),
        )
    }

    #[test]
    fn a_retry_has_a_fresh_date_and_signature_and_the_rest_stays() {
        let request = Request::get("/devstoreaccount1/c")
            .header("x-ms-date", "stale")
            .header("x-ms-date", "staler");
        let (mut parts, ()) = request.header("accept", "*/*").body(()).unwrap().into_parts();
        let key = shared_key();

        key.sign(&mut parts, datetime!(2026-06-26 23:39:12 UTC)).unwrap();
        let first = parts.headers.clone();
        key.sign(&mut parts, datetime!(2026-06-26 23:39:13 UTC)).unwrap();

        assert_eq!(parts.headers.len(), 3);
        assert_eq!(
            parts.headers.get_all(&X_MS_DATE).iter().collect::<Vec<_>>(),
            ["Fri, 26 Jun 2026 23:39:13 GMT"]
        );
        assert_ne!(parts.headers[AUTHORIZATION], first[AUTHORIZATION]);
        assert!(parts.headers[AUTHORIZATION].is_sensitive());
        assert_eq!(parts.headers["accept"], "*/*");

        key.sign(&mut parts, datetime!(2026-06-26 23:39:12 UTC)).unwrap();
        assert_eq!(parts.headers, first);
    }

    #[test]
    fn authorization_is_the_signature_with_its_account() {
        let (parts, ()) = Request::get("/")
            .header("x-ms-date", "any")
            .body(())
            .unwrap()
            .into_parts();
        let key = shared_key();
        let expected = format!("SharedKey devstoreaccount1:{}", key.signature(&parts).unwrap());
        assert_eq!(key.authorization(&parts).unwrap(), expected);
    }

    #[test]
    fn a_request_that_cannot_be_signed_again_keeps_no_old_signature() {
        let (mut parts, ()) = Request::get("/").body(()).unwrap().into_parts();
        let (key, now) = (shared_key(), datetime!(2026-06-26 23:39:12 UTC));
        key.sign(&mut parts, now).unwrap();
        parts.headers.insert(
            "x-ms-meta-city",
            HeaderValue::from_bytes("Zürich".as_bytes()).unwrap(),
        );
        assert!(key.sign(&mut parts, now).unwrap_err().is_request());
        assert!(!parts.headers.contains_key(AUTHORIZATION));
    }
}
