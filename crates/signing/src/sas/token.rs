//! A SAS that is made, here or by somebody else, carried as it is.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use http::Uri;
use http::request::Parts;
use http::uri::PathAndQuery;
use percent_encoding::percent_decode_str;
use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::field::Field;
use super::instant;
use crate::error::{Error, ErrorKind};
use crate::redaction::write_without_signatures;

/// A shared access signature: the part of a URL behind its `?` that lets its holder in. It is wiped from memory when
/// dropped; `Debug` and `Display` show it with `sig=REDACTED`.
///
/// ```
/// use lazuli_signing::SasToken;
///
/// let token = SasToken::parse("?sv=2026-06-06&sr=c&sp=rl&se=2026-12-31&sig=c2VjcmV0%3D")?;
/// assert_eq!(token.to_string(), "sv=2026-06-06&sr=c&sp=rl&se=2026-12-31&sig=REDACTED");
///
/// let (mut parts, ()) = http::Request::get("https://example.blob.core.windows.net/c?comp=list").body(())?.into_parts();
/// token.append_to(&mut parts)?;
/// assert_eq!(parts.uri.query(), Some("comp=list&sv=2026-06-06&sr=c&sp=rl&se=2026-12-31&sig=c2VjcmV0%3D"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct SasToken(Zeroizing<String>);

impl SasToken {
    /// A token that was written here.
    pub(super) fn made(token: Zeroizing<String>) -> Self {
        Self(token)
    }

    /// Reads a token as the portal and the tools give it, with or without a `?` before it. It is kept as it is: not
    /// decoded, not sorted, not checked for its dates.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidSasToken`] when it has no `sig`, or characters that cannot stand in a query. The message
    /// names the character and its place, and quotes nothing else.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let token = text.strip_prefix('?').unwrap_or(text);
        let refuse = |why: String| {
            Err(Error::new(
                ErrorKind::InvalidSasToken,
                format!("invalid SAS token: {why}"),
            ))
        };
        if token.is_empty() {
            return refuse("it is empty".to_owned());
        }
        let place = |at: usize| at.saturating_add(1);
        if let Some((at, c)) = token.chars().enumerate().find(|&(_, c)| !is_legal(c)) {
            let (code, at) = (u32::from(c), place(at));
            return refuse(format!(
                "character {at} is U+{code:04X}, which cannot stand in a query; percent-encode it"
            ));
        }
        let bytes = token.as_bytes();
        let broken = token.match_indices('%').map(|(at, _)| at).find(|&at| {
            let digits = bytes.get(place(at)..at.saturating_add(3));
            !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
        });
        if let Some(at) = broken {
            return refuse(format!(
                "the `%` at character {} is not followed by two hexadecimal digits",
                place(at)
            ));
        }
        let signs = |parameter: &str| {
            let value = parameter.split_once('=').map_or("", |(_, value)| value);
            field_of(parameter) == Some(Field::Sig) && !value.is_empty()
        };
        if !token.split('&').any(signs) {
            return refuse("it has no `sig`; copy all of it, from `sv=` or `?` to its end".to_owned());
        }
        Ok(Self(Zeroizing::new(token.to_owned())))
    }

    /// Adds the token to a request's query, in place of another that is there: of a query with a `sig`, every parameter
    /// goes that has the name of one of a SAS. The path and the rest of the query stay byte for byte as they are, and a
    /// request that has the token at its end already, as on a retry, stays as it is.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidRequest`] when the URI cannot take it: the result would be 64 KiB or longer, or it is no
    /// URI with a path.
    pub fn append_to(&self, parts: &mut Parts) -> Result<(), Error> {
        let token = self.0.as_str();
        let query = parts.uri.query().unwrap_or_default();
        let before = query
            .strip_suffix(token)
            .filter(|before| before.is_empty() || before.ends_with('&'));
        let query = match before {
            Some(before) if !has_sas(before) => return Ok(()),
            None if !has_sas(query) => Cow::Borrowed(query),
            _ => {
                let others = query.split('&').filter(|parameter| field_of(parameter).is_none());
                Cow::Owned(others.collect::<Vec<_>>().join("&"))
            }
        };
        let path = parts.uri.path();
        let mut text = String::with_capacity(path.len() + query.len() + token.len() + 2);
        text.push_str(path);
        text.push('?');
        if !query.is_empty() {
            text.push_str(&query);
            text.push('&');
        }
        text.push_str(token);
        let refuse = || {
            Error::new(
                ErrorKind::InvalidRequest,
                "the URI has no room for a SAS token, or no path to have it behind",
            )
        };
        let path_and_query = PathAndQuery::try_from(text).map_err(|source| refuse().because(source))?;
        let mut uri = parts.uri.clone().into_parts();
        uri.path_and_query = Some(path_and_query);
        parts.uri = Uri::from_parts(uri).map_err(|source| refuse().because(source))?;
        Ok(())
    }

    /// When the token ceases to let in, as it says itself: a stored access policy may say it in its stead, and then
    /// this is `None`.
    #[must_use]
    pub fn expires(&self) -> Option<OffsetDateTime> {
        let named = |parameter: &str| {
            let (_, value) = parameter.split_once('=')?;
            let value = (field_of(parameter) == Some(Field::Se)).then(|| percent_decode_str(value));
            value?.decode_utf8().ok().and_then(|text| instant::parse(&text))
        };
        self.0.split('&').find_map(named)
    }

    /// Whether it is bound to one user, whose access token a request must bring too.
    pub(crate) fn is_for_one_user(&self) -> bool {
        self.0
            .split('&')
            .any(|parameter| field_of(parameter) == Some(Field::Sduoid))
    }

    /// The token itself, without a `?`: for a URL that is to be handed on, such as the source of a copy. Whoever
    /// sees it can use it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for SasToken {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

impl fmt::Display for SasToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_without_signatures(f, &self.0).map(|_| ())
    }
}

impl fmt::Debug for SasToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SasToken({self})")
    }
}

/// Which parameter of a SAS this is, however its name is written.
fn field_of(parameter: &str) -> Option<Field> {
    let name = parameter.split_once('=').map_or(parameter, |(name, _)| name);
    Field::named(&percent_decode_str(name).decode_utf8().ok()?)
}

/// Whether a query has a SAS in it.
fn has_sas(query: &str) -> bool {
    query
        .split('&')
        .any(|parameter| field_of(parameter) == Some(Field::Sig))
}

/// Whether RFC 3986 lets a character stand in a query.
fn is_legal(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@/?%".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    fn appended(uri: &str) -> String {
        let token = SasToken::parse("sv=1&sig=c2ln").unwrap();
        let (mut parts, ()) = Request::get(uri).body(()).unwrap().into_parts();
        token.append_to(&mut parts).unwrap();
        let once = parts.uri.to_string();
        token.append_to(&mut parts).unwrap();
        assert_eq!(parts.uri.to_string(), once);
        once
    }

    #[test]
    fn a_token_goes_behind_what_is_there() {
        for (uri, result) in [
            ("https://a.example", "https://a.example/?sv=1&sig=c2ln"),
            (
                "https://a.example/c/a%20b%2f",
                "https://a.example/c/a%20b%2f?sv=1&sig=c2ln",
            ),
            ("/c?", "/c?sv=1&sig=c2ln"),
            (
                "/c?comp=list&prefix=%c3%bc+",
                "/c?comp=list&prefix=%c3%bc+&sv=1&sig=c2ln",
            ),
            ("/c?xsv=1&sv=1&sig=c2ln", "/c?xsv=1&sv=1&sig=c2ln"),
        ] {
            assert_eq!(appended(uri), result);
        }
    }

    #[test]
    fn a_token_takes_the_place_of_another() {
        for (uri, result) in [
            ("/c?xsv=1&sig=c2ln", "/c?xsv=1&sv=1&sig=c2ln"),
            (
                "/c?comp=list&sv=0&sr=c&SIG=old&prefix=%c3%bc+&s%65=2026",
                "/c?comp=list&prefix=%c3%bc+&sv=1&sig=c2ln",
            ),
            ("/c?sig=old&sv=1&sig=c2ln", "/c?sv=1&sig=c2ln"),
            ("/c?sig&a&&b=", "/c?a&&b=&sv=1&sig=c2ln"),
            // Without a signature these are somebody else's.
            ("/c?st=1&sr=2", "/c?st=1&sr=2&sv=1&sig=c2ln"),
        ] {
            assert_eq!(appended(uri), result);
        }
    }

    #[test]
    fn an_expiry_is_read_in_every_form_that_the_service_takes() {
        use time::macros::datetime;
        for (se, expires) in [
            ("2026-06-27T20%3A00%3A00Z", Some(datetime!(2026-06-27 20:00 UTC))),
            ("2026-06-27T20:00%2B02:00", Some(datetime!(2026-06-27 18:00 UTC))),
            ("2026-06-27T20:00:00", Some(datetime!(2026-06-27 20:00 UTC))),
            ("2026-06-27", Some(datetime!(2026-06-27 00:00 UTC))),
            ("soon", None),
        ] {
            let token = SasToken::parse(&format!("sv=1&se={se}&sig=a")).unwrap();
            assert_eq!(token.expires(), expires, "{se}");
        }
    }

    #[test]
    fn a_uri_that_cannot_take_a_token_is_an_error() {
        let token = SasToken::parse(&format!("sv=1&sig={}", "a".repeat(70_000))).unwrap();
        let (mut parts, ()) = Request::get("/c").body(()).unwrap().into_parts();
        assert!(token.append_to(&mut parts).unwrap_err().is_request());
        assert_eq!(parts.uri, "/c");

        let token = SasToken::parse("sv=1&sig=a").unwrap();
        let (mut parts, ()) = Request::connect("a.example:443").body(()).unwrap().into_parts();
        assert!(token.append_to(&mut parts).unwrap_err().is_request());
    }

    #[test]
    fn what_is_no_token_is_refused() {
        for (text, message) in [
            ("", "it is empty"),
            ("?", "it is empty"),
            (
                "sv=1&sp=r",
                "it has no `sig`; copy all of it, from `sv=` or `?` to its end",
            ),
            (
                "sv=1&sig=",
                "it has no `sig`; copy all of it, from `sv=` or `?` to its end",
            ),
            (
                "sv=1&sig",
                "it has no `sig`; copy all of it, from `sv=` or `?` to its end",
            ),
            (
                "sv=1&design=x",
                "it has no `sig`; copy all of it, from `sv=` or `?` to its end",
            ),
            (
                "sv=1&sig=a b",
                "character 11 is U+0020, which cannot stand in a query; percent-encode it",
            ),
            (
                "sv=1&sig=a\n",
                "character 11 is U+000A, which cannot stand in a query; percent-encode it",
            ),
            (
                "sv=1&sig=ü",
                "character 10 is U+00FC, which cannot stand in a query; percent-encode it",
            ),
            (
                "sv=1#sig=a",
                "character 5 is U+0023, which cannot stand in a query; percent-encode it",
            ),
            (
                "\"sv=1&sig=a\"",
                "character 1 is U+0022, which cannot stand in a query; percent-encode it",
            ),
            (
                "sv=1&sig=a%3",
                "the `%` at character 11 is not followed by two hexadecimal digits",
            ),
            (
                "sv=1&sig=%zz",
                "the `%` at character 10 is not followed by two hexadecimal digits",
            ),
        ] {
            let error = SasToken::parse(text).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("invalid SAS token: {message}"),
                "{text:?}"
            );
            assert_eq!(error.kind(), ErrorKind::InvalidSasToken);
        }
    }

    #[test]
    fn a_signature_is_hidden_however_its_name_is_written() {
        for text in [
            "?SIG=planted&sv=1",
            "sv=1&s%69g=planted",
            "sig=planted&sig=planted",
            "?sv=1&x?sig=planted&sig=b",
            "?sv=1&x=y?sig=planted&sig=b",
            "?sv=1&x%3Fsig=planted&sig=b",
        ] {
            let token = SasToken::parse(text).unwrap();
            assert!(!format!("{token} {token:?}").contains("planted"), "{text}");
            assert!(token.expose().contains("planted"));
        }
    }
}
