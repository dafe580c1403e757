//! The text that a Shared Key signature is made over: method, eleven standard headers, `x-ms-` headers, resource.

use http::header::{
    CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, DATE, IF_MATCH, IF_MODIFIED_SINCE,
    IF_NONE_MATCH, IF_UNMODIFIED_SINCE, RANGE,
};
use http::request::Parts;

use crate::account_name::AccountName;
use crate::canonical::{Reading, VersionRules, push_resource, push_standard_header, push_x_ms_headers};
use crate::error::Error;
use crate::headers::{CONTENT_MD5, X_MS_DATE};
use crate::string_to_sign::StringToSign;

/// Room for the text of a usual request.
const USUAL_LENGTH: usize = 1024;

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
    let mut text = buffer();
    push_string_to_sign(&mut text, account, parts, Reading::SIGNED)?;
    Ok(StringToSign::new(text))
}

/// A buffer that seldom has to grow.
pub(super) fn buffer() -> String {
    String::with_capacity(USUAL_LENGTH)
}

/// Writes the text.
pub(super) fn push_string_to_sign(
    out: &mut String,
    account: &AccountName,
    parts: &Parts,
    reading: Reading,
) -> Result<(), Error> {
    let headers = &parts.headers;
    let rules = VersionRules::of(headers);

    out.extend(parts.method.as_str().chars().map(|c| c.to_ascii_uppercase()));
    out.push('\n');
    for name in [&CONTENT_ENCODING, &CONTENT_LANGUAGE] {
        push_standard_header(out, headers, name)?;
        out.push('\n');
    }
    let length = out.len();
    push_standard_header(out, headers, &CONTENT_LENGTH)?;
    if rules.empty_for_zero_length && out.get(length..) == Some("0") {
        out.truncate(length);
    }
    out.push('\n');
    for name in [&CONTENT_MD5, &CONTENT_TYPE] {
        push_standard_header(out, headers, name)?;
        out.push('\n');
    }
    // `x-ms-date` has a line of its own, and the `Date` beside it does not count.
    if !headers.contains_key(&X_MS_DATE) {
        push_standard_header(out, headers, &DATE)?;
    }
    out.push('\n');
    for name in [
        &IF_MODIFIED_SINCE,
        &IF_MATCH,
        &IF_NONE_MATCH,
        &IF_UNMODIFIED_SINCE,
        &RANGE,
    ] {
        push_standard_header(out, headers, name)?;
        out.push('\n');
    }
    push_x_ms_headers(out, headers, rules, reading.whitespace)?;
    push_resource(out, account, parts, reading.primary_path)
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
