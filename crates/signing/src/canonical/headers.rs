//! The headers in a string-to-sign: the standard ones in their slots, the `x-ms-` ones by name on lines of their own.

use http::{HeaderMap, HeaderName, HeaderValue};
use smallvec::SmallVec;

use super::{Text, VersionRules, Whitespace, collation};
use crate::error::{Error, ErrorKind};
use crate::headers::X_MS_PREFIX;

/// The headers of a request, sorted out in one go: a look into the map for each name that can be signed would cost
/// more than all the writing.
pub(crate) struct SortedHeaders<'a> {
    /// In the service's order.
    x_ms: SmallVec<[Header<'a>; 16]>,
    others: SmallVec<[Header<'a>; 8]>,
}

type Header<'a> = (&'a HeaderName, &'a HeaderValue);

impl<'a> SortedHeaders<'a> {
    pub(crate) fn of(headers: &'a HeaderMap) -> Self {
        let mut sorted = Self {
            x_ms: SmallVec::new(),
            others: SmallVec::new(),
        };
        for header in headers {
            // `HeaderName` is lower-case by construction.
            if header.0.as_str().starts_with(X_MS_PREFIX) {
                sorted.x_ms.push(header);
            } else {
                sorted.others.push(header);
            }
        }
        // The values of a header that is repeated stay in their order.
        sorted
            .x_ms
            .sort_by(|(a, _), (b, _)| collation::compare(a.as_str(), b.as_str()));
        sorted
    }

    /// The first value of an `x-ms-` header.
    pub(crate) fn x_ms(&self, name: &HeaderName) -> Option<&'a HeaderValue> {
        let found = self.x_ms.iter().find(|(found, _)| *found == name);
        found.map(|(_, value)| *value)
    }

    /// Writes the value of a standard header, or nothing when it was not sent.
    pub(crate) fn push_standard(&self, out: &mut Text, name: &HeaderName) -> Result<(), Error> {
        let same = self.others.iter().filter(|(found, _)| *found == name);
        push_values(out, name, same.map(|(_, value)| *value), Whitespace::AsSent)
    }

    /// Writes a line for each `x-ms-` header.
    pub(crate) fn push_x_ms(
        &self,
        out: &mut Text,
        rules: VersionRules,
        whitespace: Whitespace,
    ) -> Result<(), Error> {
        for same in self.x_ms.chunk_by(|(a, _), (b, _)| a == b) {
            let Some((name, _)) = same.first() else { continue };
            let line = out.len();
            out.push_str(name.as_str());
            out.push(':');
            let start = out.len();
            push_values(out, name, same.iter().map(|(_, value)| *value), whitespace)?;
            if out.len() == start && !rules.line_for_empty_header {
                out.truncate(line);
            } else {
                out.push('\n');
            }
        }
        Ok(())
    }
}

/// Writes the values of a header with commas between them.
fn push_values<'a>(
    out: &mut Text,
    name: &HeaderName,
    values: impl Iterator<Item = &'a HeaderValue>,
    whitespace: Whitespace,
) -> Result<(), Error> {
    for (at, value) in values.enumerate() {
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
        let mut out = Text::new();
        SortedHeaders::of(&headers(pairs)).push_x_ms(&mut out, rules, Whitespace::AsSent)?;
        Ok(out.to_str().into_owned())
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
    fn an_empty_value_among_repeated_ones_keeps_its_place() {
        let sent = [("x-ms-a", ""), ("x-ms-a", "1"), ("x-ms-b", ""), ("x-ms-b", "")];
        assert_eq!(lines(&sent, TODAY).unwrap(), "x-ms-a:,1\nx-ms-b:,\n");
    }

    #[test]
    fn more_headers_than_usual_are_all_there() {
        let mut sent = HeaderMap::new();
        for number in (10..60).rev() {
            sent.insert(
                HeaderName::try_from(format!("x-ms-meta-m{number}")).unwrap(),
                HeaderValue::from(number),
            );
            sent.insert(
                HeaderName::try_from(format!("other-{number}")).unwrap(),
                HeaderValue::from(number),
            );
        }
        let mut out = Text::new();
        let sorted = SortedHeaders::of(&sent);
        sorted.push_x_ms(&mut out, TODAY, Whitespace::AsSent).unwrap();
        let expected: String = (10..60)
            .map(|number| format!("x-ms-meta-m{number}:{number}\n"))
            .collect();
        assert_eq!(out.to_str(), expected);
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
        let headers = headers(&[("if-match", "\"ü\"")]);
        let standard = SortedHeaders::of(&headers).push_standard(&mut Text::new(), &http::header::IF_MATCH);
        assert_eq!(standard.unwrap_err().kind(), ErrorKind::InvalidRequest);
    }
}
