//! A time on the command line: in how long, or when.

use std::str::FromStr;

use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

/// A time, from now or by the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    In(Duration),
    At(OffsetDateTime),
}

impl Moment {
    /// The time that it is.
    pub(super) fn from(self, now: OffsetDateTime) -> Result<OffsetDateTime, &'static str> {
        match self {
            Self::In(wait) => now
                .checked_add(wait)
                .ok_or("that is too long: no calendar has the day"),
            Self::At(time) => Ok(time),
        }
    }
}

impl FromStr for Moment {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const FORMS: &str =
            "write a number with m, h or d (30m, 12h, 7d), or a time such as 2027-01-31T12:00:00Z";
        if let Ok(time) = OffsetDateTime::parse(text, &Rfc3339) {
            return Ok(Self::At(time));
        }
        let seconds = match text.chars().last() {
            Some('m') => 60,
            Some('h') => 60 * 60,
            Some('d') => 24 * 60 * 60,
            _ => return Err(FORMS),
        };
        let number = text.get(..text.len().saturating_sub(1)).unwrap_or_default();
        if !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(FORMS);
        }
        let number: i64 = number.parse().map_err(|_| FORMS)?;
        number
            .checked_mul(seconds)
            .map(|seconds| Self::In(Duration::seconds(seconds)))
            .ok_or(FORMS)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn both_forms_are_read() {
        for (text, moment) in [
            ("30m", Moment::In(Duration::minutes(30))),
            ("12h", Moment::In(Duration::hours(12))),
            ("7d", Moment::In(Duration::days(7))),
            (
                "2027-01-31T12:00:00Z",
                Moment::At(datetime!(2027-01-31 12:00 UTC)),
            ),
            (
                "2027-01-31T12:00:00+02:00",
                Moment::At(datetime!(2027-01-31 10:00 UTC)),
            ),
        ] {
            assert_eq!(text.parse(), Ok(moment), "{text}");
        }
        for text in [
            "",
            "h",
            "1",
            "-1h",
            "+1h",
            "1 h",
            "1w",
            "99999999999999999999d",
            "9223372036854775807d",
            "tomorrow",
        ] {
            assert!(text.parse::<Moment>().is_err(), "{text}");
        }
        let far = Moment::In(Duration::days(100_000_000));
        assert!(far.from(datetime!(2027-01-31 12:00 UTC)).is_err());
    }
}
