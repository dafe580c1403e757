//! Times as XML bodies carry them: ISO 8601, `2026-03-01T12:00:00Z`, with or without fractions of a second.

use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

use crate::{Error, ErrorKind};

const DAY: &[BorrowedFormatItem<'static>] = format_description!("[year]-[month]-[day]");
const TIMES: [&[BorrowedFormatItem<'static>]; 3] = [
    format_description!("[hour]:[minute]:[second]"),
    format_description!("[hour]:[minute]:[second].[subsecond digits:1+]"),
    format_description!("[hour]:[minute]"),
];
const OFFSET: &[BorrowedFormatItem<'static>] =
    format_description!("[offset_hour sign:mandatory]:[offset_minute]");

/// No clock in the world is further from UTC, in hours.
const FURTHEST: i8 = 14;
/// Longer texts are no times, and are not quoted in errors.
const LONGEST: usize = 40;

/// Writes a time in UTC: with seven digits after the point where there is a fraction of a second, and else without.
///
/// ```
/// use lazuli_protocol::xml::format_iso8601;
/// use time::macros::datetime;
///
/// assert_eq!(format_iso8601(datetime!(2026-03-01 14:00 +2)), "2026-03-01T12:00:00Z");
/// assert_eq!(format_iso8601(datetime!(2026-03-01 12:00:00.5 UTC)), "2026-03-01T12:00:00.5000000Z");
/// ```
#[must_use]
pub fn format_iso8601(at: OffsetDateTime) -> String {
    // A time at the very end of the calendar may have no form in UTC; there is none to be had for it.
    let at = at.checked_to_offset(UtcOffset::UTC).unwrap_or(at);
    let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
    let (hour, minute, second) = at.to_hms();
    let fraction = match at.nanosecond() / 100 {
        0 => String::new(),
        ticks => format!(".{ticks:07}"),
    };
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
}

/// Reads a time in one of the forms that the service takes: a day, or a day with a time to the minute, the second or a fraction of it
/// and `Z`, an offset, or nothing, which is UTC too.
///
/// ```
/// use lazuli_protocol::xml::parse_iso8601;
/// use time::macros::datetime;
///
/// assert_eq!(parse_iso8601("2026-03-01")?, datetime!(2026-03-01 0:00 UTC));
/// assert_eq!(parse_iso8601("2026-03-01T14:00+02:00")?, datetime!(2026-03-01 12:00 UTC));
/// assert_eq!(parse_iso8601("2026-03-01T14:00")?, datetime!(2026-03-01 14:00 UTC));
/// # Ok::<(), lazuli_protocol::Error>(())
/// ```
///
/// # Errors
/// [`ErrorKind::InvalidInput`] for anything else.
pub fn parse_iso8601(text: &str) -> Result<OffsetDateTime, Error> {
    let text = text.trim();
    let read = if text.len() <= LONGEST { read(text) } else { None };
    read.ok_or_else(|| {
        let shown = if text.len() <= LONGEST {
            text
        } else {
            "a long text"
        };
        Error::new(
            ErrorKind::InvalidInput,
            format!("{shown:?} is not a time like '2026-03-01T12:00:00Z'"),
        )
    })
}

fn read(text: &str) -> Option<OffsetDateTime> {
    let Some((day, rest)) = text.split_once('T') else {
        return Some(Date::parse(text, DAY).ok()?.midnight().assume_utc());
    };
    let day = Date::parse(day, DAY).ok()?;
    let (time, offset) = match (rest.strip_suffix('Z'), rest.rfind(['+', '-'])) {
        (Some(time), _) => (time, UtcOffset::UTC),
        (None, None) => (rest, UtcOffset::UTC),
        (None, Some(at)) => {
            let (time, offset) = rest.split_at_checked(at)?;
            let offset = UtcOffset::parse(offset, OFFSET).ok();
            (
                time,
                offset.filter(|offset| offset.whole_hours().abs() <= FURTHEST)?,
            )
        }
    };
    let time = TIMES.iter().find_map(|form| Time::parse(time, form).ok())?;
    let at = PrimitiveDateTime::new(day, time).assume_offset(offset);
    // What has no form in UTC is not kept.
    at.checked_to_offset(UtcOffset::UTC)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn every_form_that_the_service_takes_is_read() {
        for (text, at) in [
            ("2011-10-11", datetime!(2011-10-11 0:00 UTC)),
            ("2011-10-11T12:30", datetime!(2011-10-11 12:30 UTC)),
            ("2011-10-11T12:30:59", datetime!(2011-10-11 12:30:59 UTC)),
            ("2011-10-11T12:30:59.1", datetime!(2011-10-11 12:30:59.1 UTC)),
            ("2011-10-11T12:30Z", datetime!(2011-10-11 12:30 UTC)),
            ("2011-10-11T12:30:59Z", datetime!(2011-10-11 12:30:59 UTC)),
            ("2011-10-11T12:30:59.1Z", datetime!(2011-10-11 12:30:59.1 UTC)),
            (
                "2011-10-11T12:30:59.1234567Z",
                datetime!(2011-10-11 12:30:59.123_456_7 UTC),
            ),
            ("2011-10-11T12:30:59-01:30", datetime!(2011-10-11 14:00:59 UTC)),
            (" 2011-10-11 ", datetime!(2011-10-11 0:00 UTC)),
        ] {
            assert_eq!(parse_iso8601(text).unwrap(), at, "{text}");
            assert_eq!(parse_iso8601(&format_iso8601(at)).unwrap(), at);
        }
    }

    #[test]
    fn what_is_not_a_time_is_refused() {
        for bad in [
            "",
            "T",
            "yesterday",
            "2011-10-32",
            "2011-13-11",
            "2011-10-11T",
            "2011-10-11TZ",
            "2011-10-11T12Z",
            "2011-10-11T24:00:00Z",
            "2011-10-11T12",
            "2011-10-11T12:30:",
            "2011-10-11T12:30:59z",
            "2011-10-11T12:30:59.Z",
            "2011-10-11T12:30:59+",
            "2011-10-11T12:30:59+25:00",
            "2011-10-11T12:30:59+ü",
            "9999-12-31T23:59:59-01:00",
            "Fri, 27 Jan 2023 22:27:27 GMT",
            "２０１１-10-11",
        ] {
            assert!(parse_iso8601(bad).is_err(), "{bad:?}");
        }
        let long = parse_iso8601(&"9".repeat(10_000)).unwrap_err();
        assert!(long.to_string().len() < 100, "{long}");
    }
}
