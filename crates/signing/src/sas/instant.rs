//! Times as a SAS carries them: ISO 8601. They are written in UTC to the second, and read to as little as a day, in any
//! of the forms that the service documents.

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

/// The time as it is written: in UTC, without its fraction of a second. `None` outside the years 0 to 9999.
pub(super) fn whole_seconds(at: OffsetDateTime) -> Option<OffsetDateTime> {
    let at = at.checked_to_offset(UtcOffset::UTC)?.replace_nanosecond(0).ok()?;
    (0..=9999).contains(&at.year()).then_some(at)
}

/// `YYYY-MM-DDTHH:MM:SSZ`. Fractions of a second are cut off.
#[derive(Clone, Copy)]
pub(super) struct InstantText([u8; 20]);

impl InstantText {
    /// The text of a time, if it has one.
    pub(super) fn of(at: OffsetDateTime) -> Option<Self> {
        let at = whole_seconds(at)?;
        let [y0, y1] = digits(u8::try_from(at.year() / 100).ok()?);
        let [y2, y3] = digits(u8::try_from(at.year() % 100).ok()?);
        let [m0, m1] = digits(u8::from(at.month()));
        let [d0, d1] = digits(at.day());
        let [h0, h1] = digits(at.hour());
        let [i0, i1] = digits(at.minute());
        let [s0, s1] = digits(at.second());
        Some(Self([
            y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, b'T', h0, h1, b':', i0, i1, b':', s0, s1, b'Z',
        ]))
    }

    pub(super) fn as_str(&self) -> &str {
        // Digits and punctuation are ASCII.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// The two decimal digits of a number below 100.
fn digits(number: u8) -> [u8; 2] {
    [b'0' + number / 10 % 10, b'0' + number % 10]
}

/// Reads `YYYY-MM-DD`, `YYYY-MM-DDTHH:MM` and `YYYY-MM-DDTHH:MM:SS`, the last one with up to 7 digits of a fraction.
/// Behind the time of day stands `Z`, `+HH:MM`, `-HH:MM` or nothing; nothing is UTC, as `Z` is.
pub(super) fn parse(text: &str) -> Option<OffsetDateTime> {
    let Some((date, clock)) = text.split_once('T') else {
        return Some(PrimitiveDateTime::new(parse_date(text)?, Time::MIDNIGHT).assume_utc());
    };
    let (clock, offset) = split_offset(clock)?;
    let local = PrimitiveDateTime::new(parse_date(date)?, parse_clock(clock)?);
    local.assume_offset(offset).checked_to_offset(UtcOffset::UTC)
}

/// A time of day, and how far it is from UTC.
fn split_offset(text: &str) -> Option<(&str, UtcOffset)> {
    if let Some(clock) = text.strip_suffix('Z') {
        return Some((clock, UtcOffset::UTC));
    }
    let Some(at) = text.find(['+', '-']) else {
        return Some((text, UtcOffset::UTC));
    };
    let (clock, offset) = text.split_at_checked(at)?;
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = offset.get(1..)?.split_once(':')?;
    let two = |part: &str, end: u32| i8::try_from(number(part, 2).filter(|number| *number < end)?).ok();
    let offset = UtcOffset::from_hms(sign * two(hours, 24)?, sign * two(minutes, 60)?, 0).ok()?;
    Some((clock, offset))
}

fn parse_date(text: &str) -> Option<Date> {
    let mut parts = text.splitn(3, '-');
    let year = number(parts.next()?, 4)?;
    let month = Month::try_from(u8::try_from(number(parts.next()?, 2)?).ok()?).ok()?;
    let day = u8::try_from(number(parts.next()?, 2)?).ok()?;
    Date::from_calendar_date(i32::try_from(year).ok()?, month, day).ok()
}

fn parse_clock(text: &str) -> Option<Time> {
    let mut parts = text.splitn(3, ':');
    let two = |part: &str| u8::try_from(number(part, 2)?).ok();
    let (hour, minute) = (two(parts.next()?)?, two(parts.next()?)?);
    let Some(seconds) = parts.next() else {
        return Time::from_hms(hour, minute, 0).ok();
    };
    let Some((seconds, fraction)) = seconds.split_once('.') else {
        return Time::from_hms(hour, minute, two(seconds)?).ok();
    };
    let length = fraction.len();
    let unit = 10_u32.checked_pow(u32::try_from(9_usize.checked_sub(length)?).ok()?)?;
    let nanoseconds = number(fraction, length)
        .filter(|_| (1..=7).contains(&length))?
        .checked_mul(unit)?;
    Time::from_hms_nano(hour, minute, two(seconds)?, nanoseconds).ok()
}

/// A number of exactly so many decimal digits.
fn number(text: &str, length: usize) -> Option<u32> {
    let shaped = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    shaped.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn written(at: OffsetDateTime) -> Option<String> {
        InstantText::of(at).map(|text| text.as_str().to_owned())
    }

    #[test]
    fn a_time_is_written_in_utc_to_the_second() {
        for (at, text) in [
            (datetime!(2026-06-27 01:39:12.987 +2), "2026-06-26T23:39:12Z"),
            (datetime!(0001-01-01 00:00 UTC), "0001-01-01T00:00:00Z"),
            (datetime!(9999-12-31 23:59:59 UTC), "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(written(at).as_deref(), Some(text));
            assert_eq!(parse(text), whole_seconds(at));
        }
        for at in [datetime!(-0001-01-01 00:00 UTC), datetime!(9999-12-31 23:30 -1)] {
            assert_eq!(written(at), None);
        }
    }

    #[test]
    fn every_accepted_precision_is_read() {
        for (text, at) in [
            ("2026-06-26", datetime!(2026-06-26 00:00 UTC)),
            ("2026-06-26T20:05Z", datetime!(2026-06-26 20:05 UTC)),
            ("2026-06-26T20:05", datetime!(2026-06-26 20:05 UTC)),
            ("2026-06-26T20:05:09", datetime!(2026-06-26 20:05:09 UTC)),
            ("2026-06-26T20:05:09.5", datetime!(2026-06-26 20:05:09.5 UTC)),
            ("2026-06-26T20:05+02:30", datetime!(2026-06-26 17:35 UTC)),
            ("2026-06-26T20:05:09-00:30", datetime!(2026-06-26 20:35:09 UTC)),
            (
                "2026-06-26T20:05:09.5-23:59",
                datetime!(2026-06-27 20:04:09.5 UTC),
            ),
            ("2026-06-26T20:05:09+00:00", datetime!(2026-06-26 20:05:09 UTC)),
            ("2026-06-26T20:05:09Z", datetime!(2026-06-26 20:05:09 UTC)),
            ("2026-06-26T20:05:09.5Z", datetime!(2026-06-26 20:05:09.5 UTC)),
            (
                "2026-06-26T20:05:09.1234567Z",
                datetime!(2026-06-26 20:05:09.1234567 UTC),
            ),
        ] {
            assert_eq!(parse(text), Some(at), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_not_read() {
        for text in [
            "",
            "T",
            "TZ",
            "2026-06-26Z",
            "2026-6-26",
            "2026-06-31",
            "2026-13-01",
            "+026-06-26",
            "2026-06-26T20Z",
            "2026-06-26T20",
            "2026-06-26T20:05ZZ",
            "2026-06-26T20:05Z+01:00",
            "2026-06-26T20:05+01:00Z",
            "2026-06-26T20:05+0100",
            "2026-06-26T20:05+1:00",
            "2026-06-26T20:05+24:00",
            "2026-06-26T20:05+01:60",
            "2026-06-26T20:05+-1:00",
            "2026-06-26T20:05 01:00",
            "2026-06-26T+01:00",
            "2026-06-26+01:00",
            "9999-12-31T23:59:59-01:00",
            "2026-06-26T24:05Z",
            "2026-06-26T20:05:60Z",
            "2026-06-26T20:05:09.Z",
            "2026-06-26T20:05:09.12345678Z",
            "2026-06-26T20:05:09.1234567890Z",
            "2026-06-26t20:05:09z",
            "2026-06-26T20:05:09:1Z",
            "2026-06-2é",
        ] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }
}
