//! The lines of headers in a string-to-sign: the standard ones in their slots, the `x-ms-` ones by name.

use http::{HeaderMap, HeaderName, HeaderValue};

use super::{VersionRules, Whitespace, collation};
use crate::error::{Error, ErrorKind};
use crate::headers::X_MS_PREFIX;

/// Writes the value of a standard header, or nothing when it was not sent.
pub(crate) fn push_standard_header(
    out: &mut String,
    headers: &HeaderMap<HeaderValue>,
    name: &HeaderName,
) -> Result<(), Error> {
    push_values(out, headers, name, Whitespace::AsSent)
}

/// Writes a line for each `x-ms-` header, in the service's order.
pub(crate) fn push_x_ms_headers(
    out: &mut String,
    headers: &HeaderMap<HeaderValue>,
    rules: VersionRules,
    whitespace: Whitespace,
) -> Result<(), Error> {
    // `HeaderName` is lower-case by construction, and `keys` has each name once.
    let mut names: Vec<&HeaderName> = headers
        .keys()
        .filter(|name| name.as_str().starts_with(X_MS_PREFIX))
        .collect();
    names.sort_unstable_by(|a, b| collation::compare(a.as_str(), b.as_str()));
    for name in names {
        let line = out.len();
        out.push_str(name.as_str());
        out.push(':');
        let value = out.len();
        push_values(out, headers, name, whitespace)?;
        if out.len() == value && !rules.line_for_empty_header {
            out.truncate(line);
        } else {
            out.push('\n');
        }
    }
    Ok(())
}

/// Writes the values of a header with commas between them.
fn push_values(
    out: &mut String,
    headers: &HeaderMap<HeaderValue>,
    name: &HeaderName,
    whitespace: Whitespace,
) -> Result<(), Error> {
    for (at, value) in headers.get_all(name).iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        let value = value.to_str().map_err(|source| {
            let message =
                format!("the header {name} has characters other than printable ASCII, which cannot be signed; encode them");
            Error::new(ErrorKind::InvalidRequest, message).because(source)
        })?;
        whitespace.push(out, value);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: VersionRules = VersionRules {
        empty_for_zero_length: true,
        line_for_empty_header: true,
    };

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap<HeaderValue> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        headers
    }

    fn lines(pairs: &[(&'static str, &str)], rules: VersionRules) -> Result<String, Error> {
        let mut out = String::new();
        push_x_ms_headers(&mut out, &headers(pairs), rules, Whitespace::AsSent).map(|()| out)
    }

    #[test]
    fn only_x_ms_headers_have_lines_and_repeated_ones_share_one() {
        let sent = [
            ("x-ms-meta-b", " 1 "),
            ("accept", "*/*"),
            ("x-ms-meta-a", "0"),
            ("x-ms-meta-b", "2"),
        ];
        assert_eq!(lines(&sent, TODAY).unwrap(), "x-ms-meta-a:0\nx-ms-meta-b:1,2\n");
    }

    #[test]
    fn an_empty_header_keeps_its_line_in_new_versions_only() {
        let sent = [("x-ms-a", " "), ("x-ms-b", "1")];
        assert_eq!(lines(&sent, TODAY).unwrap(), "x-ms-a:\nx-ms-b:1\n");
        let old = VersionRules {
            line_for_empty_header: false,
            ..TODAY
        };
        assert_eq!(lines(&sent, old).unwrap(), "x-ms-b:1\n");
    }

    #[test]
    fn a_value_beyond_ascii_is_an_error_that_names_the_header_alone() {
        let error = lines(&[("x-ms-meta-city", "Zürich")], TODAY).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the header x-ms-meta-city has characters other than printable ASCII, which cannot be signed; encode them"
        );
        let standard = push_standard_header(
            &mut String::new(),
            &headers(&[("if-match", "\"ü\"")]),
            &http::header::IF_MATCH,
        );
        assert_eq!(standard.unwrap_err().kind(), ErrorKind::InvalidRequest);
    }
}
