//! The text that a signature with the account's key is made over: method, standard headers in their slots, `x-ms-`
//! headers, resource. The two schemes differ in their slots and in what they sign of the query.

use http::HeaderName;
use http::header::{
    CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, DATE, IF_MATCH, IF_MODIFIED_SINCE,
    IF_NONE_MATCH, IF_UNMODIFIED_SINCE, RANGE,
};
use http::request::Parts;

use crate::account_name::AccountName;
use crate::authorization::Scheme;
use crate::canonical::{Reading, SignedQuery, SortedHeaders, Text, VersionRules, push_resource};
use crate::error::Error;
use crate::headers::{CONTENT_MD5, X_MS_DATE};
use crate::string_to_sign::StringToSign;

/// The text that [`SharedKey`](crate::SharedKey) signs for a request, for those who look for the difference between
/// theirs and the one that a server prints in `AuthenticationErrorDetail`.
///
/// The account is the one that owns the resource, without `-secondary`. An emulator's URL has the account in its path
/// as well, and then the text has it twice.
///
/// ```
/// use lazuli_signing::string_to_sign;
///
/// let (parts, ()) = http::Request::put("https://example.blob.core.windows.net/models?restype=container")
///     .header("content-length", "0")
///     .header("x-ms-date", "Fri, 26 Jun 2026 23:39:12 GMT")
///     .header("x-ms-version", "2026-06-06")
///     .body(())?
///     .into_parts();
/// assert_eq!(
///     string_to_sign(&"example".parse()?, &parts)?,
///     "PUT\n\n\n\n\n\n\n\n\n\n\n\n\
///      x-ms-date:Fri, 26 Jun 2026 23:39:12 GMT\n\
///      x-ms-version:2026-06-06\n\
///      /example/models\n\
///      restype:container",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) when a signed header has a value beyond printable
/// ASCII, or the query is not UTF-8 once it is decoded.
pub fn string_to_sign(account: &AccountName, parts: &Parts) -> Result<StringToSign, Error> {
    shown(Scheme::SharedKey, account, parts)
}

/// The text that [`SharedKey::sign_lite`](crate::SharedKey::sign_lite) signs for a request.
///
/// ```
/// use lazuli_signing::string_to_sign_lite;
///
/// let (parts, ()) = http::Request::put("https://example.blob.core.windows.net/models/a?comp=tier&timeout=20")
///     .header("content-length", "0")
///     .header("x-ms-access-tier", "Cool")
///     .header("x-ms-date", "Fri, 26 Jun 2026 23:39:12 GMT")
///     .body(())?
///     .into_parts();
/// assert_eq!(
///     string_to_sign_lite(&"example".parse()?, &parts)?,
///     "PUT\n\n\n\n\
///      x-ms-access-tier:Cool\n\
///      x-ms-date:Fri, 26 Jun 2026 23:39:12 GMT\n\
///      /example/models/a?comp=tier",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Those of [`string_to_sign`].
pub fn string_to_sign_lite(account: &AccountName, parts: &Parts) -> Result<StringToSign, Error> {
    shown(Scheme::SharedKeyLite, account, parts)
}

fn shown(scheme: Scheme, account: &AccountName, parts: &Parts) -> Result<StringToSign, Error> {
    let mut text = Text::new();
    push_string_to_sign(&mut text, scheme, account, parts, Reading::SIGNED)?;
    Ok(StringToSign::new(text.to_str().into_owned()))
}

/// What the text says between the method and the `x-ms-` headers, on a line each.
enum Slot {
    /// The value of a header.
    Header(HeaderName),
    /// `Content-Length`, by the rules of the version.
    Length,
    /// `Date`, unless `x-ms-date` was sent: that has a line of its own, and the `Date` beside it does not count.
    Date,
}

static SHARED_KEY: [Slot; 11] = [
    Slot::Header(CONTENT_ENCODING),
    Slot::Header(CONTENT_LANGUAGE),
    Slot::Length,
    Slot::Header(CONTENT_MD5),
    Slot::Header(CONTENT_TYPE),
    Slot::Date,
    Slot::Header(IF_MODIFIED_SINCE),
    Slot::Header(IF_MATCH),
    Slot::Header(IF_NONE_MATCH),
    Slot::Header(IF_UNMODIFIED_SINCE),
    Slot::Header(RANGE),
];

static SHARED_KEY_LITE: [Slot; 3] = [Slot::Header(CONTENT_MD5), Slot::Header(CONTENT_TYPE), Slot::Date];

/// Writes the text.
pub(super) fn push_string_to_sign(
    out: &mut Text,
    scheme: Scheme,
    account: &AccountName,
    parts: &Parts,
    reading: Reading,
) -> Result<(), Error> {
    let (slots, query) = match scheme {
        Scheme::SharedKey => (&SHARED_KEY[..], SignedQuery::Lines),
        Scheme::SharedKeyLite => (&SHARED_KEY_LITE[..], SignedQuery::Comp),
    };
    let headers = SortedHeaders::of(&parts.headers);
    let rules = VersionRules::of(&headers);

    out.push_str(parts.method.as_str());
    out.make_ascii_uppercase();
    out.push('\n');
    for slot in slots {
        slot.push(out, &headers, rules)?;
        out.push('\n');
    }
    headers.push_x_ms(out, rules, reading.whitespace)?;
    push_resource(out, account, parts, reading, query)
}

impl Slot {
    fn push(&self, out: &mut Text, headers: &SortedHeaders<'_>, rules: VersionRules) -> Result<(), Error> {
        match self {
            Self::Header(name) => headers.push_standard(out, name),
            Self::Date if headers.x_ms(&X_MS_DATE).is_some() => Ok(()),
            Self::Date => headers.push_standard(out, &DATE),
            Self::Length => {
                let start = out.len();
                headers.push_standard(out, &CONTENT_LENGTH)?;
                if rules.empty_for_zero_length && out.as_bytes().get(start..) == Some(b"0") {
                    out.truncate(start);
                }
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    fn text(headers: &[(&str, &str)]) -> String {
        let mut request = Request::put("/c");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        string_to_sign(&"acct".parse().unwrap(), &parts)
            .unwrap()
            .into_string()
    }

    #[test]
    fn each_standard_header_has_its_slot() {
        let all = text(&[
            ("range", "range"),
            ("if-unmodified-since", "unmodified"),
            ("if-none-match", "none"),
            ("if-match", "match"),
            ("if-modified-since", "modified"),
            ("date", "date"),
            ("content-type", " type "),
            ("content-md5", "md5"),
            ("content-length", "11"),
            ("content-language", "language"),
            ("content-encoding", "encoding"),
        ]);
        assert_eq!(
            all,
            "PUT\nencoding\nlanguage\n11\nmd5\ntype\ndate\nmodified\nmatch\nnone\nunmodified\nrange\n/acct/c"
        );
    }

    #[test]
    fn a_length_of_zero_is_nothing_since_2015() {
        let slot = |version| {
            text(&[("content-length", "0"), ("x-ms-version", version)])
                .split('\n')
                .nth(3)
                .unwrap()
                .to_owned()
        };
        assert_eq!(slot("2014-02-14"), "0");
        assert_eq!(slot("2015-02-21"), "");
        assert_eq!(slot("2026-10-06"), "");
        assert_eq!(
            text(&[("x-ms-version", "2014-02-14")]).split('\n').nth(3),
            Some("")
        );
    }

    #[test]
    fn a_date_does_not_count_beside_x_ms_date() {
        let both = text(&[("date", "theirs"), ("x-ms-date", "ours")]);
        assert_eq!(both, "PUT\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:ours\n/acct/c");
    }

    #[test]
    fn repeated_standard_headers_are_joined() {
        assert_eq!(
            text(&[("if-match", "\"1\""), ("if-match", "\"2\"")])
                .split('\n')
                .nth(8),
            Some("\"1\",\"2\"")
        );
    }

    #[test]
    fn a_method_is_signed_in_upper_case() {
        let (parts, ()) = Request::builder()
            .method("merge")
            .uri("/")
            .body(())
            .unwrap()
            .into_parts();
        assert!(
            string_to_sign(&"acct".parse().unwrap(), &parts)
                .unwrap()
                .as_str()
                .starts_with("MERGE\n")
        );
    }
}
