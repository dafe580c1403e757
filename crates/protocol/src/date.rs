//! Dates as HTTP headers carry them: RFC 1123, `Fri, 27 Jan 2023 22:27:27 GMT`.

use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

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
    read(text.trim()).ok_or_else(|| {
        let message = format!("{text:?} is not a date like 'Fri, 27 Jan 2023 22:27:27 GMT'");
        Error::new(ErrorKind::InvalidInput, message)
    })
}

const WEEKDAYS: [&[u8; 5]; 7] = [
    b"Mon, ", b"Tue, ", b"Wed, ", b"Thu, ", b"Fri, ", b"Sat, ", b"Sun, ",
];
const MONTHS: [(&[u8; 5], Month); 12] = [
    (b" Jan ", Month::January),
    (b" Feb ", Month::February),
    (b" Mar ", Month::March),
    (b" Apr ", Month::April),
    (b" May ", Month::May),
    (b" Jun ", Month::June),
    (b" Jul ", Month::July),
    (b" Aug ", Month::August),
    (b" Sep ", Month::September),
    (b" Oct ", Month::October),
    (b" Nov ", Month::November),
    (b" Dec ", Month::December),
];

// Every part has its place, so that a long list of blobs, with two dates each, is read in a hurry. The day of the week follows from the others.
fn read(text: &str) -> Option<OffsetDateTime> {
    let (weekday, rest) = text.as_bytes().split_first_chunk()?;
    let (day, rest) = rest.split_first_chunk()?;
    let (month, rest) = rest.split_first_chunk()?;
    let (century, rest) = rest.split_first_chunk()?;
    let (year, rest) = rest.split_first_chunk()?;
    let [b' ', h0, h1, b':', m0, m1, b':', s0, s1, b' ', b'G', b'M', b'T'] = rest else {
        return None;
    };
    let (_, month) = MONTHS.iter().find(|(name, _)| *name == month)?;
    let year = i32::from(two(*century)?) * 100 + i32::from(two(*year)?);
    let date = Date::from_calendar_date(year, *month, two(*day)?).ok()?;
    let time = Time::from_hms(two([*h0, *h1])?, two([*m0, *m1])?, two([*s0, *s1])?).ok()?;
    WEEKDAYS
        .contains(&weekday)
        .then(|| PrimitiveDateTime::new(date, time).assume_utc())
}

/// A number of two digits.
fn two([tens, ones]: [u8; 2]) -> Option<u8> {
    let digit = |byte: u8| byte.is_ascii_digit().then_some(byte & 0x0F);
    Some(digit(tens)? * 10 + digit(ones)?)
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
            "Fri, 27 Jan 2023 24:27:27 GMT",
            "Fri, 27 Jan 2023 22:27:60 GMT",
            "Fri, 27 Jan 2023 22:27:27 UTC",
            "Fri, 27 Jan 2023 22:27:27 GMT+1",
            "fri, 27 jan 2023 22:27:27 gmt",
            "Fri, 7 Jan 2023 22:27:27 GMT",
            "Foo, 27 Jan 2023 22:27:27 GMT",
            "Fri, 27 Jan +123 22:27:27 GMT",
            "Fri, 27 Jän 2023 22:27:27 GMT",
        ] {
            assert!(parse_rfc1123(bad).is_err(), "{bad:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_date_survives_the_wire(seconds in -62_167_219_200_i64..253_402_300_800) {
            let at = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
            proptest::prop_assert_eq!(parse_rfc1123(&format_rfc1123(at)).unwrap(), at);
        }
    }
}
