//! Dates as HTTP headers carry them: RFC 1123, in GMT, to the second.

use http::HeaderValue;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime, UtcOffset};

use crate::error::{Error, ErrorKind};

const RFC1123: &[BorrowedFormatItem<'static>] =
    format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");

/// The value of a date header. Fractions of a second are cut off.
pub(crate) fn header_value(at: OffsetDateTime) -> Result<HeaderValue, Error> {
    let refuse = || {
        Error::new(
            ErrorKind::InvalidRequest,
            "the date to sign with is not in the years 0 to 9999",
        )
    };
    HeaderValue::try_from(text(at).ok_or_else(refuse)?).map_err(|source| refuse().because(source))
}

/// The text of a date header, if the calendar of headers has the date.
pub(crate) fn text(at: OffsetDateTime) -> Option<String> {
    let at = at.checked_to_offset(UtcOffset::UTC)?;
    if at.year() < 0 {
        return None;
    }
    at.format(RFC1123).ok()
}

/// The time that the text of a date header names.
pub(crate) fn parse(text: &str) -> Option<OffsetDateTime> {
    PrimitiveDateTime::parse(text.trim(), RFC1123)
        .ok()
        .map(PrimitiveDateTime::assume_utc)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_date_is_written_in_gmt_and_read_back() {
        let at = datetime!(2026-06-27 01:39:12.9 +2);
        let value = header_value(at).unwrap();
        assert_eq!(value, "Fri, 26 Jun 2026 23:39:12 GMT");
        assert_eq!(
            parse(value.to_str().unwrap()),
            Some(datetime!(2026-06-26 23:39:12 UTC))
        );
    }

    #[test]
    fn a_date_outside_the_calendar_of_headers_is_refused() {
        for at in [datetime!(-0001-01-01 00:00 UTC), datetime!(9999-12-31 23:30 -1)] {
            let error = header_value(at).unwrap_err();
            assert_eq!(
                error.to_string(),
                "the date to sign with is not in the years 0 to 9999"
            );
        }
    }

    #[test]
    fn what_is_not_a_date_is_not_read() {
        for text in [
            "",
            "now",
            "2026-06-26T23:39:12Z",
            "Fri, 26 Jun 2026 23:39:12 CET",
            "Fri, 31 Jun 2026 23:39:12 GMT",
        ] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }
}
