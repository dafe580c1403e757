//! Leases: who may write to a blob, or delete a container, for a while. The service's tables of outcomes, as code.

use std::time::Duration;

use lazuli_protocol::{ErrorCode, LeaseDuration, LeaseState, LeaseStatus};
use uuid::Uuid;

use super::{Denied, Timestamp};

/// How long a lease is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Term {
    Infinite,
    Seconds(u32),
}

/// A lease that was taken, whatever became of it. Its id is a secret: it has no `Debug` that would show it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Lease {
    pub(crate) id: Uuid,
    pub(crate) term: Term,
    pub(crate) phase: Phase,
}

/// How far a lease is in its life, besides what the clock says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// In force, until then if it ends by itself.
    Held {
        until: Option<Timestamp>,
    },
    /// Broken, and in force until then.
    Breaking {
        until: Timestamp,
    },
    Broken,
}

/// What answers say of a lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LeaseShown {
    pub(crate) status: LeaseStatus,
    pub(crate) state: LeaseState,
    /// Of one that is in force and not broken.
    pub(crate) duration: Option<LeaseDuration>,
}

impl LeaseShown {
    pub(crate) fn of(lease: Option<&Lease>, now: Timestamp) -> Self {
        let state = lease.map_or(LeaseState::Available, |lease| lease.state(now));
        let duration = lease
            .filter(|_| state == LeaseState::Leased)
            .map(|lease| match lease.term {
                Term::Infinite => LeaseDuration::Infinite,
                Term::Seconds(_) => LeaseDuration::Fixed,
            });
        Self {
            status: match lease {
                Some(lease) if lease.is_in_force(now) => LeaseStatus::Locked,
                _ => LeaseStatus::Unlocked,
            },
            state,
            duration,
        }
    }
}

/// What is leased: the codes differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leased {
    Blob,
    Container,
}

impl Lease {
    fn held(id: Uuid, term: Term, now: Timestamp) -> Self {
        let until = match term {
            Term::Infinite => None,
            Term::Seconds(seconds) => Some(now.after(Duration::from_secs(seconds.into()))),
        };
        Self {
            id,
            term,
            phase: Phase::Held { until },
        }
    }

    /// Where the lease is in its life.
    pub(crate) fn state(&self, now: Timestamp) -> LeaseState {
        match self.phase {
            Phase::Held { until } if until.is_some_and(|until| until <= now) => LeaseState::Expired,
            Phase::Held { .. } => LeaseState::Leased,
            Phase::Breaking { until } if until <= now => LeaseState::Broken,
            Phase::Breaking { .. } => LeaseState::Breaking,
            Phase::Broken => LeaseState::Broken,
        }
    }

    /// Whether it keeps others out.
    pub(crate) fn is_in_force(&self, now: Timestamp) -> bool {
        matches!(self.state(now), LeaseState::Leased | LeaseState::Breaking)
    }

    /// Acquire. `proposed` is the id that the caller wants, or one that was drawn.
    pub(crate) fn acquire(
        lease: Option<&Self>,
        now: Timestamp,
        term: Term,
        proposed: Uuid,
    ) -> Result<Self, Denied> {
        match lease.map(|lease| (lease.state(now), lease.id == proposed)) {
            Some((LeaseState::Leased, false) | (LeaseState::Breaking, false)) => {
                Err(ErrorCode::LeaseAlreadyPresent.into())
            }
            Some((LeaseState::Breaking, true)) => Err(ErrorCode::LeaseIsBreakingAndCannotBeAcquired.into()),
            _ => Ok(Self::held(proposed, term, now)),
        }
    }

    /// Renew.
    pub(crate) fn renew(lease: Option<&Self>, now: Timestamp, id: Uuid) -> Result<Self, Denied> {
        let lease = Self::present(lease, id)?;
        match lease.state(now) {
            LeaseState::Leased | LeaseState::Expired => Ok(Self::held(id, lease.term, now)),
            _ => Err(ErrorCode::LeaseIsBrokenAndCannotBeRenewed.into()),
        }
    }

    /// Change. To change to the id that the lease has already is to have changed it.
    pub(crate) fn change(
        lease: Option<&Self>,
        now: Timestamp,
        id: Uuid,
        proposed: Uuid,
    ) -> Result<Self, Denied> {
        let lease = lease.ok_or(ErrorCode::LeaseNotPresentWithLeaseOperation)?;
        match lease.state(now) {
            LeaseState::Leased if lease.id == id || lease.id == proposed => Ok(Self {
                id: proposed,
                ..lease.clone()
            }),
            LeaseState::Leased => Err(ErrorCode::LeaseIdMismatchWithLeaseOperation.into()),
            LeaseState::Breaking if lease.id == id => {
                Err(ErrorCode::LeaseIsBreakingAndCannotBeChanged.into())
            }
            LeaseState::Breaking => Err(ErrorCode::LeaseIdMismatchWithLeaseOperation.into()),
            _ => Err(ErrorCode::LeaseNotPresentWithLeaseOperation.into()),
        }
    }

    /// Release: whoever held it last may, whatever became of it.
    pub(crate) fn release(lease: Option<&Self>, id: Uuid) -> Result<(), Denied> {
        Self::present(lease, id).map(|_| ())
    }

    /// Break: the lease as it is then, and how many seconds it goes on.
    pub(crate) fn break_off(
        lease: Option<&Self>,
        now: Timestamp,
        period: Option<u32>,
    ) -> Result<(Self, u64), Denied> {
        let lease = lease.ok_or(ErrorCode::LeaseNotPresentWithLeaseOperation)?;
        let remaining = match lease.phase {
            Phase::Held { until: None } => None,
            Phase::Held { until: Some(until) } | Phase::Breaking { until } => Some(until.since(now)),
            Phase::Broken => Some(Duration::ZERO),
        };
        let wish = period.map(|seconds| Duration::from_secs(seconds.into()));
        // A wish makes it end earlier, never later. Without one a lease runs out, and one without end is over at once.
        let left = match (remaining, wish) {
            (Some(remaining), Some(wish)) => remaining.min(wish),
            (Some(remaining), None) => remaining,
            (None, Some(wish)) => wish,
            (None, None) => Duration::ZERO,
        };
        let phase = if left.is_zero() || !lease.is_in_force(now) {
            Phase::Broken
        } else {
            Phase::Breaking {
                until: now.after(left),
            }
        };
        let seconds = match phase {
            Phase::Breaking { .. } => left.as_millis().div_ceil(1000),
            _ => 0,
        };
        let broken = Self {
            phase,
            ..lease.clone()
        };
        Ok((broken, u64::try_from(seconds).unwrap_or(u64::MAX)))
    }

    /// Whether a write may be made by someone who shows this id, or none.
    pub(crate) fn check_write(
        lease: Option<&Self>,
        now: Timestamp,
        shown: Option<Uuid>,
        what: Leased,
    ) -> Result<(), Denied> {
        match (lease, shown) {
            (Some(lease), None) if lease.is_in_force(now) => Err(ErrorCode::LeaseIdMissing.into()),
            (_, None) => Ok(()),
            (_, Some(_)) => Self::check_read(lease, now, shown, what),
        }
    }

    /// Whether a read may be made: who shows an id must hold the lease.
    pub(crate) fn check_read(
        lease: Option<&Self>,
        now: Timestamp,
        shown: Option<Uuid>,
        what: Leased,
    ) -> Result<(), Denied> {
        let Some(shown) = shown else { return Ok(()) };
        let (mismatch, absent) = match what {
            Leased::Blob => (
                ErrorCode::LeaseIdMismatchWithBlobOperation,
                ErrorCode::LeaseNotPresentWithBlobOperation,
            ),
            Leased::Container => (
                ErrorCode::LeaseIdMismatchWithContainerOperation,
                ErrorCode::LeaseNotPresentWithContainerOperation,
            ),
        };
        match lease {
            None => Err(absent.into()),
            Some(lease) if lease.id != shown && lease.is_in_force(now) => Err(mismatch.into()),
            Some(lease) if lease.id != shown => Err(absent.into()),
            Some(lease) if lease.is_in_force(now) => Ok(()),
            Some(_) => Err(ErrorCode::LeaseLost.into()),
        }
    }

    fn present(lease: Option<&Self>, id: Uuid) -> Result<&Self, Denied> {
        let lease = lease.ok_or(ErrorCode::LeaseNotPresentWithLeaseOperation)?;
        if lease.id == id {
            Ok(lease)
        } else {
            Err(ErrorCode::LeaseIdMismatchWithLeaseOperation.into())
        }
    }
}

impl std::fmt::Debug for Lease {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lease")
            .field("term", &self.term)
            .field("phase", &self.phase)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Uuid = Uuid::from_u128(0xA);
    const B: Uuid = Uuid::from_u128(0xB);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_ticks(seconds * 10_000_000)
    }

    /// A lease of A, taken at 0 for 30 seconds, in each of its states, with the time to look at it.
    fn each_state() -> [(LeaseState, Lease, Timestamp); 4] {
        let lease = Lease::acquire(None, at(0), Term::Seconds(30), A).unwrap();
        let breaking = Lease::break_off(Some(&lease), at(1), None).unwrap().0;
        [
            (LeaseState::Leased, lease.clone(), at(29)),
            (LeaseState::Expired, lease, at(30)),
            (LeaseState::Breaking, breaking.clone(), at(29)),
            (LeaseState::Broken, breaking, at(30)),
        ]
    }

    fn code<T>(outcome: Result<T, Denied>) -> &'static str {
        match outcome {
            Ok(_) => "",
            Err(Denied::Because(code)) => ErrorCode::KNOWN
                .iter()
                .find(|known| **known == code)
                .map_or("?", |known| known.as_str()),
            Err(Denied::NotModified) => "not modified",
        }
    }

    #[test]
    fn every_action_in_every_state_comes_to_what_the_service_says() {
        const MISMATCH: &str = "LeaseIdMismatchWithLeaseOperation";
        const ABSENT: &str = "LeaseNotPresentWithLeaseOperation";
        const PRESENT: &str = "LeaseAlreadyPresent";
        const NO_RENEWAL: &str = "LeaseIsBrokenAndCannotBeRenewed";
        type Act = fn(&Lease, Timestamp) -> &'static str;
        // Leased, expired, breaking, broken.
        let rows: [(&str, Act, [&str; 4]); 9] = [
            (
                "acquire A",
                |l, now| code(Lease::acquire(Some(l), now, Term::Infinite, A)),
                ["", "", "LeaseIsBreakingAndCannotBeAcquired", ""],
            ),
            (
                "acquire B",
                |l, now| code(Lease::acquire(Some(l), now, Term::Infinite, B)),
                [PRESENT, "", PRESENT, ""],
            ),
            (
                "renew A",
                |l, now| code(Lease::renew(Some(l), now, A)),
                ["", "", NO_RENEWAL, NO_RENEWAL],
            ),
            (
                "renew B",
                |l, now| code(Lease::renew(Some(l), now, B)),
                [MISMATCH; 4],
            ),
            (
                "change A",
                |l, now| code(Lease::change(Some(l), now, A, B)),
                ["", ABSENT, "LeaseIsBreakingAndCannotBeChanged", ABSENT],
            ),
            (
                "change B",
                |l, now| code(Lease::change(Some(l), now, B, Uuid::from_u128(0xC))),
                [MISMATCH, ABSENT, MISMATCH, ABSENT],
            ),
            ("release A", |l, _| code(Lease::release(Some(l), A)), [""; 4]),
            (
                "release B",
                |l, _| code(Lease::release(Some(l), B)),
                [MISMATCH; 4],
            ),
            (
                "break",
                |l, now| code(Lease::break_off(Some(l), now, None)),
                [""; 4],
            ),
        ];
        for (name, act, expected) in rows {
            for ((state, lease, now), expected) in each_state().into_iter().zip(expected) {
                assert_eq!(lease.state(now), state);
                assert_eq!(act(&lease, now), expected, "{name} when {state}");
            }
        }
        assert_eq!(code(Lease::renew(None, at(0), A)), ABSENT);
        assert_eq!(code(Lease::break_off(None, at(0), None)), ABSENT);
    }

    #[test]
    fn data_is_open_to_the_holder_and_to_others_when_the_lease_is_over() {
        const MISSING: &str = "LeaseIdMissing";
        const MISMATCH: &str = "LeaseIdMismatchWithBlobOperation";
        const ABSENT: &str = "LeaseNotPresentWithBlobOperation";
        let check =
            |lease: &Lease, now, shown| code(Lease::check_write(Some(lease), now, shown, Leased::Blob));
        let read = |lease: &Lease, now, shown| code(Lease::check_read(Some(lease), now, shown, Leased::Blob));
        let rows = [
            (None, [MISSING, "", MISSING, ""], [""; 4]),
            (
                Some(A),
                ["", "LeaseLost", "", "LeaseLost"],
                ["", "LeaseLost", "", "LeaseLost"],
            ),
            (
                Some(B),
                [MISMATCH, ABSENT, MISMATCH, ABSENT],
                [MISMATCH, ABSENT, MISMATCH, ABSENT],
            ),
        ];
        for (shown, writes, reads) in rows {
            for (((state, lease, now), write), looked) in each_state().iter().zip(writes).zip(reads) {
                assert_eq!(check(lease, *now, shown), write, "write when {state}");
                assert_eq!(read(lease, *now, shown), looked, "read when {state}");
            }
        }
        assert_eq!(
            code(Lease::check_write(None, at(0), Some(A), Leased::Blob)),
            ABSENT
        );
    }

    #[test]
    fn breaking_takes_what_is_left_or_less() {
        let fixed = Lease::acquire(None, at(0), Term::Seconds(60), A).unwrap();
        let endless = Lease::acquire(None, at(0), Term::Infinite, A).unwrap();
        let left = |lease: &Lease, period| Lease::break_off(Some(lease), at(20), period).unwrap().1;
        assert_eq!(left(&fixed, None), 40);
        assert_eq!(left(&fixed, Some(10)), 10);
        assert_eq!(left(&fixed, Some(60)), 40);
        assert_eq!(left(&fixed, Some(0)), 0);
        assert_eq!(left(&endless, None), 0);
        assert_eq!(left(&endless, Some(25)), 25);
        let expired = Lease::break_off(Some(&fixed), at(60), Some(30)).unwrap();
        assert_eq!((expired.0.phase, expired.1), (Phase::Broken, 0));
    }

    #[test]
    fn an_id_is_never_shown() {
        let lease = Lease::acquire(None, at(0), Term::Infinite, A).unwrap();
        assert!(!format!("{lease:?}").contains("00a"));
    }
}
