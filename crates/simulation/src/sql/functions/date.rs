//! Functions of time.

use time::{Date, Duration, Month, OffsetDateTime};

use super::super::problem::Problem;
use super::super::value::Value;

/// A part of a point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    TimezoneHour,
    TimezoneMinute,
}

impl Part {
    pub(super) fn named(name: &str) -> Option<Self> {
        const NAMES: [(&str, Part); 8] = [
            ("year", Part::Year),
            ("month", Part::Month),
            ("day", Part::Day),
            ("hour", Part::Hour),
            ("minute", Part::Minute),
            ("second", Part::Second),
            ("timezone_hour", Part::TimezoneHour),
            ("timezone_minute", Part::TimezoneMinute),
        ];
        NAMES
            .iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, part)| *part)
    }

    /// Parts that always take the same time.
    fn seconds(self) -> Option<i64> {
        match self {
            Self::Day => Some(24 * 60 * 60),
            Self::Hour => Some(60 * 60),
            Self::Minute => Some(60),
            Self::Second => Some(1),
            _ => None,
        }
    }

    fn months(self) -> Option<i64> {
        match self {
            Self::Year => Some(12),
            Self::Month => Some(1),
            _ => None,
        }
    }
}

/// `DATE_ADD`. A day that the month does not have becomes its last.
pub(super) fn add(part: Part, quantity: i64, time: OffsetDateTime) -> Result<Value, Problem> {
    let added = match (part.seconds(), part.months()) {
        (Some(seconds), _) => quantity
            .checked_mul(seconds)
            .and_then(|seconds| time.checked_add(Duration::seconds(seconds))),
        (_, Some(months)) => quantity
            .checked_mul(months)
            .and_then(|months| add_months(time, months)),
        _ => return Err(Problem::Conversion),
    };
    added.map(Value::Time).ok_or(Problem::Overflow)
}

fn add_months(time: OffsetDateTime, months: i64) -> Option<OffsetDateTime> {
    let moved = months_of(time).checked_add(months)?;
    let year = i32::try_from(moved.div_euclid(12)).ok()?;
    let month = u8::try_from(moved.rem_euclid(12).saturating_add(1)).ok()?;
    let month = Month::try_from(month).ok()?;
    let day = time.day().min(month.length(year));
    Some(time.replace_date(Date::from_calendar_date(year, month, day).ok()?))
}

/// Months since the year 0.
fn months_of(time: OffsetDateTime) -> i64 {
    let month = i64::from(u8::from(time.month()));
    i64::from(time.year())
        .saturating_mul(12)
        .saturating_add(month)
        .saturating_sub(1)
}

/// `DATE_DIFF`: how many whole parts lie between two times, less than 0 if the second is the earlier.
pub(super) fn difference(part: Part, from: OffsetDateTime, to: OffsetDateTime) -> Result<Value, Problem> {
    if let Some(seconds) = part.seconds() {
        let between = (to - from).whole_seconds();
        return between
            .checked_div(seconds)
            .map(Value::Int)
            .ok_or(Problem::Overflow);
    }
    let months = part.months().ok_or(Problem::Conversion)?;
    let to = to.to_offset(from.offset());
    let mut between = months_of(to).saturating_sub(months_of(from));
    let in_month = |time: OffsetDateTime| (time.day(), time.time());
    if between > 0 && in_month(to) < in_month(from) {
        between = between.saturating_sub(1);
    } else if between < 0 && in_month(to) > in_month(from) {
        between = between.saturating_add(1);
    }
    between
        .checked_div(months)
        .map(Value::Int)
        .ok_or(Problem::Overflow)
}

/// `EXTRACT`
pub(super) fn extract(part: Part, time: OffsetDateTime) -> Result<Value, Problem> {
    let (hours, minutes, _) = time.offset().as_hms();
    Ok(Value::Int(match part {
        Part::Year => time.year().into(),
        Part::Month => u8::from(time.month()).into(),
        Part::Day => time.day().into(),
        Part::Hour => time.hour().into(),
        Part::Minute => time.minute().into(),
        Part::Second => time.second().into(),
        Part::TimezoneHour => hours.into(),
        Part::TimezoneMinute => minutes.into(),
    }))
}
