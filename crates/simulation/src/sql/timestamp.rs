//! Points in time, in the forms of ISO 8601 that the service reads and writes.

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

/// Reads `2007T`, `2007-02T`, `2007-02-23`, `2007-02-23T12:14Z`, `2007-02-23T12:14:33.079-08:00`. Without an offset it is UTC.
pub(super) fn parse(text: &str) -> Option<OffsetDateTime> {
    let (date, rest) = text.split_once(['T', 't']).unwrap_or((text, ""));
    let (time, offset) = clock(rest)?;
    Some(PrimitiveDateTime::new(calendar(date)?, time).assume_offset(offset))
}

fn calendar(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let year = i32::from(digits(parts.next()?, 4)?);
    let month = parts.next().map_or(Some(1), |month| digits(month, 2))?;
    let day = parts.next().map_or(Some(1), |day| digits(day, 2))?;
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    let date = Date::from_calendar_date(year, month, u8::try_from(day).ok()?).ok()?;
    parts.next().is_none().then_some(date)
}

/// A time of day and an offset from UTC.
fn clock(text: &str) -> Option<(Time, UtcOffset)> {
    if text.is_empty() {
        return Some((Time::MIDNIGHT, UtcOffset::UTC));
    }
    let (clock, offset) = match text.find(['Z', 'z', '+', '-']) {
        Some(at) => (text.get(..at)?, offset(text.get(at..)?)?),
        None => (text, UtcOffset::UTC),
    };
    let mut parts = clock.split(':');
    let hour = digits(parts.next()?, 2)?;
    let minute = digits(parts.next()?, 2)?;
    let (second, nanosecond) = parts.next().map_or(Some((0, 0)), seconds)?;
    let [hour, minute, second] = [hour, minute, second].map(|part| u8::try_from(part).unwrap_or(u8::MAX));
    let time = Time::from_hms_nano(hour, minute, second, nanosecond).ok()?;
    parts.next().is_none().then_some((time, offset))
}

fn seconds(text: &str) -> Option<(u16, u32)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_fraction = (1..=9).contains(&fraction.len()) && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let nanoseconds = format!("{fraction:0<9}").parse().ok().filter(|_| is_fraction)?;
    Some((digits(whole, 2)?, nanoseconds))
}

fn offset(text: &str) -> Option<UtcOffset> {
    if text.eq_ignore_ascii_case("Z") {
        return Some(UtcOffset::UTC);
    }
    let sign: i8 = if text.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    let part = |text: &str| i8::try_from(digits(text, 2)?).ok()?.checked_mul(sign);
    UtcOffset::from_hms(part(hours)?, part(minutes)?, 0).ok()
}

/// Exactly so many digits.
fn digits(text: &str, count: usize) -> Option<u16> {
    let fits = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| fits)
}

/// As results have it: with a fraction only if there is one.
pub(super) fn show(time: OffsetDateTime) -> String {
    let fraction = match format!("{:09}", time.nanosecond()).trim_end_matches('0') {
        "" => String::new(),
        digits => format!(".{digits}"),
    };
    let offset = time.offset();
    let zone = if offset.is_utc() {
        "Z".to_owned()
    } else {
        let sign = if offset.is_negative() { '-' } else { '+' };
        let (hours, minutes, _) = offset.as_hms();
        format!("{sign}{:02}:{:02}", hours.unsigned_abs(), minutes.unsigned_abs())
    };
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{fraction}{zone}",
        time.year(),
        u8::from(time.month()),
        time.day(),
        time.hour(),
        time.minute(),
        time.second()
    )
}

/// Milliseconds since 1970.
pub(super) fn milliseconds(time: OffsetDateTime) -> Option<i64> {
    i64::try_from(time.unix_timestamp_nanos().div_euclid(1_000_000)).ok()
}
