//! What `x-ms-version` changes in a string-to-sign. The rules of 2016 hold until today.

use super::SortedHeaders;
use crate::headers::X_MS_VERSION;

/// The version since which a `Content-Length` of zero is signed as nothing.
const EMPTY_FOR_ZERO_LENGTH: &str = "2015-02-21";

/// The version since which an `x-ms-` header without a value has a line.
const LINE_FOR_EMPTY_HEADER: &str = "2016-05-31";

/// The rules that a request asks for by its version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct VersionRules {
    /// A `Content-Length` of zero is signed as the empty text, not as `0`.
    pub(crate) empty_for_zero_length: bool,
    /// An `x-ms-` header without a value is signed as `name:`, not left out.
    pub(crate) line_for_empty_header: bool,
}

impl VersionRules {
    /// The rules for a request. One without a version, or with one that is not a date, follows today's.
    pub(crate) fn of(headers: &SortedHeaders<'_>) -> Self {
        let version = headers
            .x_ms(&X_MS_VERSION)
            .and_then(|value| value.to_str().ok())
            .map(str::trim);
        // Dates in this shape compare as texts.
        let since = |date: &str| {
            version
                .filter(|text| is_date(text))
                .is_none_or(|version| version >= date)
        };
        Self {
            empty_for_zero_length: since(EMPTY_FOR_ZERO_LENGTH),
            line_for_empty_header: since(LINE_FOR_EMPTY_HEADER),
        }
    }
}

fn is_date(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderMap, HeaderValue};

    #[test]
    fn old_versions_have_old_rules() {
        for (version, zero, line) in [
            ("2009-09-19", false, false),
            ("2014-02-14", false, false),
            ("2015-02-21", true, false),
            ("2015-12-11", true, false),
            ("2016-05-31", true, true),
            ("2026-10-06", true, true),
            ("latest", true, true),
            ("1", true, true),
            ("", true, true),
        ] {
            let headers = HeaderMap::from_iter([(X_MS_VERSION.clone(), HeaderValue::from_static(version))]);
            let rules = VersionRules {
                empty_for_zero_length: zero,
                line_for_empty_header: line,
            };
            assert_eq!(VersionRules::of(&SortedHeaders::of(&headers)), rules, "{version}");
        }
        let today = VersionRules {
            empty_for_zero_length: true,
            line_for_empty_header: true,
        };
        assert_eq!(VersionRules::of(&SortedHeaders::of(&HeaderMap::new())), today);
    }
}
