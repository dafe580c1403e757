//! Dates as HTTP headers carry them: RFC 1123, in GMT, to the second.

use http::HeaderValue;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Month, OffsetDateTime, PrimitiveDateTime, UtcOffset, Weekday};

use crate::error::{Error, ErrorKind};

const RFC1123: &[BorrowedFormatItem<'static>] =
    format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");

/// Length of a date in a header.
const LENGTH: usize = 29;

/// The value of a date header. Fractions of a second are cut off.
pub(crate) fn header_value(at: OffsetDateTime) -> Result<HeaderValue, Error> {
    let refuse = || {
        Error::new(
            ErrorKind::InvalidRequest,
            "the date to sign with is not in the years 0 to 9999",
        )
    };
    let text = ascii(at).ok_or_else(refuse)?;
    HeaderValue::from_bytes(&text).map_err(|source| refuse().because(source))
}

/// The text of a date header, if the calendar of headers has the date.
pub(crate) fn text(at: OffsetDateTime) -> Option<String> {
    ascii(at).and_then(|text| String::from_utf8(text.to_vec()).ok())
}

/// The same without the format machinery: every request that is signed has one.
fn ascii(at: OffsetDateTime) -> Option<[u8; LENGTH]> {
    let at = at.checked_to_offset(UtcOffset::UTC)?;
    let century = u8::try_from(at.year().div_euclid(100)).ok();
    let [c1, c2] = two_digits(century.filter(|century| *century < 100)?);
    let [y1, y2] = two_digits(u8::try_from(at.year().rem_euclid(100)).ok()?);
    let [w1, w2, w3] = weekday(at.weekday());
    let [b1, b2, b3] = month(at.month());
    let [d1, d2] = two_digits(at.day());
    let [h1, h2] = two_digits(at.hour());
    let [m1, m2] = two_digits(at.minute());
    let [s1, s2] = two_digits(at.second());
    #[rustfmt::skip]
    let text = [
        w1, w2, w3, b',', b' ', d1, d2, b' ', b1, b2, b3, b' ', c1, c2, y1, y2,
        b' ', h1, h2, b':', m1, m2, b':', s1, s2, b' ', b'G', b'M', b'T',
    ];
    Some(text)
}

/// A number under 100.
fn two_digits(number: u8) -> [u8; 2] {
    [b'0' + number / 10, b'0' + number % 10]
}

fn weekday(day: Weekday) -> [u8; 3] {
    *match day {
        Weekday::Monday => b"Mon",
        Weekday::Tuesday => b"Tue",
        Weekday::Wednesday => b"Wed",
        Weekday::Thursday => b"Thu",
        Weekday::Friday => b"Fri",
        Weekday::Saturday => b"Sat",
        Weekday::Sunday => b"Sun",
    }
}

fn month(month: Month) -> [u8; 3] {
    *match month {
        Month::January => b"Jan",
        Month::February => b"Feb",
        Month::March => b"Mar",
        Month::April => b"Apr",
        Month::May => b"May",
        Month::June => b"Jun",
        Month::July => b"Jul",
        Month::August => b"Aug",
        Month::September => b"Sep",
        Month::October => b"Oct",
        Month::November => b"Nov",
        Month::December => b"Dec",
    }
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
    use time::Duration;
    use time::macros::datetime;

    #[test]
    fn every_day_is_written_as_the_format_has_it() {
        let mut at = datetime!(1999-12-30 23:58:57 UTC);
        for _ in 0..800 {
            assert_eq!(text(at).unwrap(), at.format(RFC1123).unwrap());
            at += Duration::new(90_061, 0);
        }
        for at in [
            datetime!(0000-01-01 00:00 UTC),
            datetime!(9999-12-31 23:59:59 UTC),
        ] {
            assert_eq!(text(at).unwrap(), at.format(RFC1123).unwrap());
        }
    }

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
