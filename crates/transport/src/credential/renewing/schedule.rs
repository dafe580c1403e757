//! When a credential is renewed, and from when on it is not handed out.

use std::sync::Arc;

use lazuli_signing::Credential;
use time::{Duration, OffsetDateTime};

use super::Issued;
use crate::credential::Challenge;

/// So long before its end nobody gets it any more: a request takes time to arrive, and clocks differ.
const MARGIN: Duration = Duration::seconds(30);
/// Or this part of a life that is shorter than ten minutes.
const MARGIN_PART: i32 = 20;
const USUAL_PART: f64 = 0.8;
/// So long after it was made another one would be no better: the issuer is not asked for one, whatever it says of the first.
pub(super) const YOUNG: Duration = Duration::seconds(10);

/// Which part of its life a credential is kept without thinking of the next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Schedule {
    part: f64,
}

impl Default for Schedule {
    fn default() -> Self {
        Self { part: USUAL_PART }
    }
}

/// A credential with its plan.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    pub(super) credential: Arc<Credential>,
    pub(super) made: OffsetDateTime,
    /// From here on it is renewed in the background.
    pub(super) renew: OffsetDateTime,
    /// From here on it is not handed out.
    pub(super) end: OffsetDateTime,
    /// What it was made to answer.
    challenge: Option<Challenge>,
}

impl Schedule {
    pub(super) fn at(part: f64) -> Self {
        let part = if part.is_nan() { USUAL_PART } else { part };
        Self {
            part: part.clamp(0.0, 1.0),
        }
    }

    pub(super) fn of(self, issued: Issued, now: OffsetDateTime, challenge: Option<Challenge>) -> Planned {
        let life = issued.expires - now;
        let plan = |renew: OffsetDateTime, end: OffsetDateTime| Planned {
            credential: Arc::new(issued.credential),
            made: now,
            renew: renew.min(end),
            end,
            challenge,
        };
        if life <= Duration::ZERO {
            // Over before it began: this machine's clock is ahead of the issuer's. The service may well take it, and asking the issuer
            // for each request would bring nothing else.
            let end = now.saturating_add(YOUNG);
            return plan(end, end);
        }
        let end = issued.expires.saturating_sub(MARGIN.min(life / MARGIN_PART));
        let renew = issued
            .renew
            .unwrap_or_else(|| now.saturating_add(life * self.part));
        // An issuer that wants it renewed at once is not asked for each request either.
        let earliest = now.saturating_add(YOUNG.min(life / 2));
        plan(renew.max(earliest), end)
    }
}

impl Planned {
    pub(super) fn claims(&self) -> Option<&str> {
        self.challenge.as_ref().and_then(Challenge::claims)
    }

    /// Whether it was made with the claims that a service asks for now.
    pub(super) fn answers_claims_of(&self, wanted: Option<&Challenge>) -> bool {
        let wanted = wanted.and_then(Challenge::claims);
        wanted.is_none() || wanted == self.claims()
    }

    /// The same of the tenant too.
    pub(super) fn answers(&self, wanted: Option<&Challenge>) -> bool {
        let tenant = wanted.and_then(Challenge::tenant);
        let own = self.challenge.as_ref().and_then(Challenge::tenant);
        self.answers_claims_of(wanted) && (tenant.is_none() || tenant == own)
    }
}
