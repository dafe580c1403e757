//! Dates as HTTP headers carry them: RFC 1123, `Fri, 27 Jan 2023 22:27:27 GMT`.

use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime, UtcOffset};

use crate::{Error, ErrorKind};

const RFC1123: &[BorrowedFormatItem<'static>] =
    format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");

/// Writes a time as headers carry it; fractions of a second are cut off.
#[must_use]
pub fn format_rfc1123(at: OffsetDateTime) -> String {
    // A time at the very end of the calendar may have no form in UTC; any other can be formatted.
    at.checked_to_offset(UtcOffset::UTC)
        .and_then(|at| at.format(RFC1123).ok())
        .unwrap_or_default()
}

/// Reads a time that a header carries.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] when the text is not an RFC 1123 date in GMT.
pub fn parse_rfc1123(text: &str) -> Result<OffsetDateTime, Error> {
    PrimitiveDateTime::parse(text.trim(), RFC1123)
        .map(PrimitiveDateTime::assume_utc)
        .map_err(|source| {
            let message = format!("{text:?} is not a date like 'Fri, 27 Jan 2023 22:27:27 GMT'");
            Error::new(ErrorKind::InvalidInput, message).with_source(source)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_date_survives_the_wire() {
        let at = datetime!(2023-01-27 22:27:27 UTC);
        assert_eq!(format_rfc1123(at), "Fri, 27 Jan 2023 22:27:27 GMT");
        assert_eq!(parse_rfc1123("Fri, 27 Jan 2023 22:27:27 GMT").unwrap(), at);
    }

    #[test]
    fn another_offset_is_written_in_gmt() {
        assert_eq!(
            format_rfc1123(datetime!(2023-01-28 00:27:27 +2)),
            "Fri, 27 Jan 2023 22:27:27 GMT"
        );
    }

    #[test]
    fn what_is_not_a_date_is_refused() {
        for bad in [
            "",
            "yesterday",
            "2023-01-27T22:27:27Z",
            "Fri, 31 Feb 2023 22:27:27 GMT",
        ] {
            assert!(parse_rfc1123(bad).is_err(), "{bad:?}");
        }
    }
}
