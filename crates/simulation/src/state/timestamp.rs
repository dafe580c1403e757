//! Points in time as the service keeps them: in steps of 100 nanoseconds.

use std::time::Duration;

use lazuli_protocol::format_rfc1123;
use time::OffsetDateTime;

const NANOS_A_TICK: i128 = 100;
const TICKS_A_SECOND: i64 = 10_000_000;
/// Ticks from the year 1, where the service starts to count, to 1970.
const UNIX_EPOCH: i64 = 621_355_968_000_000_000;

/// A point in time, in ticks of 100 ns since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Timestamp(i64);

impl Timestamp {
    pub(crate) fn from_ticks(ticks: i64) -> Self {
        Self(ticks)
    }

    pub(crate) fn ticks(self) -> i64 {
        self.0
    }

    /// Ticks since the year 1: what an ETag is made from.
    pub(crate) fn ticks_since_year_one(self) -> u64 {
        u64::try_from(self.0.saturating_add(UNIX_EPOCH)).unwrap_or(0)
    }

    /// Seconds since 1970: as exact as HTTP's dates are.
    pub(crate) fn seconds(self) -> i64 {
        self.0.div_euclid(TICKS_A_SECOND)
    }

    pub(crate) fn rfc1123(self) -> String {
        format_rfc1123(self.into())
    }

    /// `2021-12-16T22:04:16.8124884Z`: as error bodies write it.
    pub(crate) fn iso8601(self) -> String {
        let at = OffsetDateTime::from(self);
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:07}Z",
            at.year(),
            u8::from(at.month()),
            at.day(),
            at.hour(),
            at.minute(),
            at.second(),
            at.nanosecond() / 100,
        )
    }

    /// Ticks since 1601, in hexadecimal: how the service names what it keeps of a deleted container.
    pub(crate) fn file_time(self) -> String {
        const YEAR_1601: u64 = 504_911_232_000_000_000;
        format!("{:016X}", self.ticks_since_year_one().saturating_sub(YEAR_1601))
    }

    /// This long after.
    pub(crate) fn after(self, time: Duration) -> Self {
        let ticks = i64::try_from(time.as_nanos() / 100).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(ticks))
    }

    /// The next point in time that can be told from this one.
    pub(crate) fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// Reads what [`iso8601`](Self::iso8601) writes. Ids of snapshots and versions are opaque, so nothing else is one.
    pub(crate) fn from_iso8601(text: &str) -> Option<Self> {
        let at = OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339).ok()?;
        let at = Self::from(at);
        (at.iso8601() == text).then_some(at)
    }

    /// The time that passed since `earlier`; zero when the clock went back.
    pub(crate) fn since(self, earlier: Self) -> Duration {
        let ticks = u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0);
        Duration::from_nanos(ticks.saturating_mul(100))
    }
}

impl From<OffsetDateTime> for Timestamp {
    fn from(at: OffsetDateTime) -> Self {
        let ticks = at.unix_timestamp_nanos().div_euclid(NANOS_A_TICK);
        Self(i64::try_from(ticks).unwrap_or(i64::MAX))
    }
}

impl From<Timestamp> for OffsetDateTime {
    fn from(at: Timestamp) -> Self {
        Self::from_unix_timestamp_nanos(i128::from(at.0) * NANOS_A_TICK).unwrap_or(Self::UNIX_EPOCH)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn times_are_written_as_the_service_writes_them() {
        let at = Timestamp::from(datetime!(2023-01-27 22:27:27.812_488_4 UTC));
        assert_eq!(at.rfc1123(), "Fri, 27 Jan 2023 22:27:27 GMT");
        assert_eq!(at.iso8601(), "2023-01-27T22:27:27.8124884Z");
        assert_eq!(Timestamp::from(OffsetDateTime::from(at)), at);
        assert_eq!(Timestamp::from_iso8601("2023-01-27T22:27:27.8124884Z"), Some(at));
        for other in ["", "2023-01-27T22:27:27Z", "2023-01-27T22:27:27.8124884+00:00"] {
            assert_eq!(Timestamp::from_iso8601(other), None);
        }
    }

    #[test]
    fn ticks_count_from_the_year_one() {
        let at = Timestamp::from(datetime!(0001-01-01 0:00 UTC));
        assert_eq!(at.ticks_since_year_one(), 0);
        assert_eq!(at.seconds(), -62_135_596_800);
    }

    #[test]
    fn a_clock_that_goes_back_passes_no_time() {
        let (early, late) = (Timestamp(5), Timestamp(15));
        assert_eq!(late.since(early), Duration::from_micros(1));
        assert_eq!(early.since(late), Duration::ZERO);
    }
}
