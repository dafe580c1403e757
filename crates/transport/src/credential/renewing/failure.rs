//! Why there is no credential, and how long the issuer is left alone after that.

use std::fmt;
use std::sync::Arc;

use lazuli_protocol::BoxError;
use time::{Duration, OffsetDateTime};

use super::state::ISSUED_WITHIN;
use crate::credential::Challenge;

const FIRST_PAUSE: Duration = Duration::SECOND;
const LONGEST_PAUSE: Duration = Duration::seconds(30);

/// Why there is no credential, for all who waited for it.
#[derive(Clone, Debug)]
pub(super) struct Failure(Arc<BoxError>);

impl Failure {
    pub(super) fn of(error: BoxError) -> Self {
        Self(Arc::new(error))
    }

    pub(super) fn abandoned() -> Self {
        Self::of("the issuer of the credential ended without one".into())
    }

    pub(super) fn overdue() -> Self {
        Self::of(format!("no credential was issued within {ISSUED_WITHIN:?}").into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

// === impl Trouble ===

/// The last failures, in a row.
#[derive(Clone, Debug)]
pub(super) struct Trouble {
    failure: Failure,
    times: u32,
    since: OffsetDateTime,
}

impl Trouble {
    /// One more failure.
    pub(super) fn after(before: Option<&Self>, failure: &Failure, now: OffsetDateTime) -> Self {
        Self {
            failure: failure.clone(),
            times: before.map_or(0, |before| before.times).saturating_add(1),
            since: now,
        }
    }

    /// The last failure, as long as the issuer is to be left alone for it.
    pub(super) fn pause(trouble: Option<&Self>, now: OffsetDateTime) -> Option<Failure> {
        let trouble = trouble?;
        let doublings = trouble.times.saturating_sub(1).min(5);
        let pause = (FIRST_PAUSE * 2_i32.saturating_pow(doublings)).min(LONGEST_PAUSE);
        // A clock that was set back must not make the pause longer than it is.
        let waited = (now - trouble.since).abs();
        (waited < pause).then(|| trouble.failure.clone())
    }
}

// === impl Troubles ===

/// What went wrong with the demands of services: the last few, each by itself.
#[derive(Debug, Default)]
pub(super) struct Troubles(Vec<(Challenge, Trouble)>);

impl Troubles {
    const MOST: usize = 8;

    pub(super) fn of(&self, demand: &Challenge) -> Option<&Trouble> {
        let found = self.0.iter().find(|(of, _)| of == demand);
        found.map(|(_, trouble)| trouble)
    }

    pub(super) fn note(&mut self, demand: &Challenge, failure: &Failure, now: OffsetDateTime) {
        let trouble = Trouble::after(self.of(demand), failure, now);
        self.forget(demand);
        if self.0.len() >= Self::MOST {
            self.0.remove(0);
        }
        self.0.push((demand.clone(), trouble));
    }

    pub(super) fn forget(&mut self, demand: &Challenge) {
        self.0.retain(|(of, _)| of != demand);
    }
}
