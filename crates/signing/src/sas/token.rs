//! A SAS that is made, here or by somebody else, carried as it is.

use std::fmt::{self, Write};
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
        if !token
            .split('&')
            .any(|parameter| signature_name(parameter).is_some_and(|(_, value)| !value.is_empty()))
        {
            return refuse("it has no `sig`; copy all of it, from `sv=` or `?` to its end".to_owned());
        }
        Ok(Self(Zeroizing::new(token.to_owned())))
    }

    /// Adds the token to a request's query. The path and the query that are there stay byte for byte as they are, and
    /// a request that has the token at its end already, as on a retry, stays as it is.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidRequest`] when the URI cannot take it: the result would be 64 KiB or longer, or it is no
    /// URI with a path.
    pub fn append_to(&self, parts: &mut Parts) -> Result<(), Error> {
        let token = self.0.as_str();
        let query = parts.uri.query().unwrap_or_default();
        if query
            .strip_suffix(token)
            .is_some_and(|before| before.is_empty() || before.ends_with('&'))
        {
            return Ok(());
        }
        let path = parts.uri.path();
        let mut text = String::with_capacity(path.len() + query.len() + token.len() + 2);
        text.push_str(path);
        text.push('?');
        if !query.is_empty() {
            text.push_str(query);
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
            let (name, value) = parameter.split_once('=')?;
            let value = name
                .eq_ignore_ascii_case(Field::Se.name())
                .then(|| percent_decode_str(value));
            value?.decode_utf8().ok().and_then(|text| instant::parse(&text))
        };
        self.0.split('&').find_map(named)
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
        for (at, parameter) in self.0.split('&').enumerate() {
            if at > 0 {
                f.write_char('&')?;
            }
            match signature_name(parameter) {
                Some((name, _)) => write!(f, "{name}=REDACTED")?,
                None => f.write_str(parameter)?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for SasToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SasToken({self})")
    }
}

/// The name and the value of a parameter that is the signature, however its name is written.
fn signature_name(parameter: &str) -> Option<(&str, &str)> {
    let (name, value) = parameter.split_once('=')?;
    let decoded = percent_decode_str(name).decode_utf8().ok()?;
    decoded.eq_ignore_ascii_case("sig").then_some((name, value))
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
            ("/c?xsv=1&sig=c2ln", "/c?xsv=1&sig=c2ln&sv=1&sig=c2ln"),
        ] {
            assert_eq!(appended(uri), result);
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
        ] {
            let token = SasToken::parse(text).unwrap();
            assert!(!format!("{token} {token:?}").contains("planted"), "{text}");
            assert!(token.expose().contains("planted"));
        }
    }
}
