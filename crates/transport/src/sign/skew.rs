//! How far this machine's clock is from the service's, learned from the `Date` of an answer that refuses a signature.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use http::HeaderMap;
use http::header::DATE;
use lazuli_protocol::parse_rfc1123;
use time::{Duration, OffsetDateTime};
use tracing::{info, warn};

/// Clocks that are closer than this agree: the rest is the time on the way, and the fraction of a second that `Date` leaves out.
const NOTICED: Duration = Duration::MINUTE;
/// What is further away is not believed. It is more than any two time zones are apart, and than most machines sleep.
const MOST: Duration = Duration::WEEK;

/// What is added to the machine's time, in whole seconds, by all that were cloned from one.
#[derive(Clone, Debug, Default)]
pub(super) struct Skew(Arc<AtomicI64>);

/// What was added to the date of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Offset(i64);

impl Offset {
    /// The service's time, as far as it is known.
    pub(super) fn apply(self, now: OffsetDateTime) -> OffsetDateTime {
        now.checked_add(Duration::seconds(self.0)).unwrap_or(now)
    }
}

impl Skew {
    pub(super) fn offset(&self) -> Offset {
        Offset(self.0.load(Ordering::Relaxed))
    }

    /// Learns from the head of an answer that refused a request with this offset. Tells how far from the service's time the request was dated, when that
    /// can be why; nothing has changed when it does not.
    pub(super) fn learn(&self, used: Offset, headers: &HeaderMap, now: OffsetDateTime) -> Option<Duration> {
        let theirs = date(headers)?;
        let apart = theirs - now;
        let wrong = theirs - used.apply(now);
        if wrong.abs() <= NOTICED || apart.abs() > MOST {
            return None;
        }
        let seconds = if apart.abs() <= NOTICED {
            0
        } else {
            apart.whole_seconds()
        };
        self.0.store(seconds, Ordering::Relaxed);
        warn!(
            seconds,
            "this machine's clock is not the service's: requests are dated with the difference from now on"
        );
        Some(wrong.abs())
    }

    /// Forgets an offset that is no longer needed, by the head of any answer: this machine's clock has been set right.
    pub(super) fn mend(&self, used: Offset, headers: &HeaderMap, now: OffsetDateTime) {
        if used == Offset(0) {
            return;
        }
        if date(headers).is_some_and(|theirs| (theirs - now).abs() <= NOTICED) {
            // Unless somebody has learned something else meanwhile.
            let mended = self
                .0
                .compare_exchange(used.0, 0, Ordering::Relaxed, Ordering::Relaxed);
            if mended.is_ok() {
                info!("this machine's clock is the service's again");
            }
        }
    }
}

fn date(headers: &HeaderMap) -> Option<OffsetDateTime> {
    parse_rfc1123(headers.get(DATE)?.to_str().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-01-02 03:04:05 UTC);

    fn at(date: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(DATE, http::HeaderValue::from_static(date))])
    }

    #[test]
    fn only_what_is_far_and_can_be_is_learned() {
        for (date, offset) in [
            ("Fri, 02 Jan 2026 03:05:05 GMT", 0),
            ("Fri, 02 Jan 2026 03:05:06 GMT", 61),
            ("Fri, 02 Jan 2026 03:03:04 GMT", -61),
            ("Sat, 03 Jan 2026 03:04:05 GMT", 86_400),
            ("Fri, 09 Jan 2026 03:04:05 GMT", 604_800),
            ("Fri, 09 Jan 2026 03:04:06 GMT", 0),
            ("Fri, 31 Dec 9999 23:59:59 GMT", 0),
            ("Sat, 01 Jan 0000 00:00:00 GMT", 0),
            ("Fri, 02 Jan 2026", 0),
            ("", 0),
        ] {
            let skew = Skew::default();
            let told = skew.learn(skew.offset(), &at(date), NOW);
            assert_eq!(skew.offset(), Offset(offset), "{date}");
            let apart = (offset != 0).then(|| Duration::seconds(offset).abs());
            assert_eq!(told, apart, "{date}");
        }
        let skew = Skew::default();
        assert_eq!(skew.learn(skew.offset(), &HeaderMap::new(), NOW), None);
    }

    #[test]
    fn who_was_refused_with_an_old_offset_learns_though_another_has_learned_before() {
        let skew = Skew::default();
        let old = skew.offset();
        let date = at("Fri, 02 Jan 2026 04:04:05 GMT");
        assert!(skew.learn(old, &date, NOW).is_some());
        assert!(skew.learn(old, &date, NOW).is_some());
        assert_eq!(skew.learn(skew.offset(), &date, NOW), None);
        assert_eq!(skew.offset().apply(NOW), datetime!(2026-01-02 04:04:05 UTC));
    }

    #[test]
    fn a_clock_that_is_mended_needs_nothing() {
        let skew = Skew::default();
        skew.learn(skew.offset(), &at("Fri, 02 Jan 2026 04:04:05 GMT"), NOW);
        let used = skew.offset();
        skew.mend(used, &at("Fri, 02 Jan 2026 04:04:05 GMT"), NOW);
        skew.mend(used, &at("nonsense"), NOW);
        assert_eq!(skew.offset(), Offset(3600));
        skew.mend(used, &at("Fri, 02 Jan 2026 03:04:45 GMT"), NOW);
        assert_eq!(skew.offset(), Offset(0));
    }

    #[test]
    fn the_end_of_time_is_no_reason_to_fail() {
        let end = datetime!(9999-12-31 23:59:59 UTC);
        assert_eq!(Offset(604_800).apply(end), end);
    }
}
