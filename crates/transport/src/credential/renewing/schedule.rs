//! When a credential is renewed, and from when on it is not handed out.

use std::sync::Arc;

use lazuli_signing::Credential;
use time::{Duration, OffsetDateTime};

use super::Issued;

/// So long before its end nobody gets it any more: a request takes time to arrive, and clocks differ.
const MARGIN: Duration = Duration::seconds(30);
/// Or this part of a life that is shorter than ten minutes.
const MARGIN_PART: i32 = 20;
const USUAL_PART: f64 = 0.8;

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
}

impl Schedule {
    pub(super) fn at(part: f64) -> Self {
        let part = if part.is_nan() { USUAL_PART } else { part };
        Self {
            part: part.clamp(0.0, 1.0),
        }
    }

    pub(super) fn of(self, issued: Issued, now: OffsetDateTime) -> Planned {
        let life = (issued.expires - now).max(Duration::ZERO);
        let end = issued.expires.saturating_sub(MARGIN.min(life / MARGIN_PART));
        let renew = issued
            .renew
            .unwrap_or_else(|| now.saturating_add(life * self.part));
        Planned {
            credential: Arc::new(issued.credential),
            made: now,
            renew: renew.min(end),
            end,
        }
    }
}
