//! What all who use one credential share: the one at hand, the one on its way, and how often it did not come.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lazuli_protocol::BoxError;
use lazuli_signing::Credential;
use time::{Duration, OffsetDateTime};
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tracing::{debug, warn};

use super::schedule::Planned;
use crate::credential::{Challenge, Refused};

/// One that is younger was made with all that is known: another one would be refused as well.
const TOO_YOUNG: Duration = Duration::seconds(10);
const FIRST_PAUSE: Duration = Duration::SECOND;
const LONGEST_PAUSE: Duration = Duration::seconds(30);

type Outcome = Result<Arc<Credential>, Failure>;

#[derive(Debug, Default)]
pub(super) struct Shared(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    at_hand: Option<Planned>,
    /// Which work has made what is at hand: what comes later of earlier work is not kept.
    made_by: u64,
    on_its_way: Option<Arrival>,
    generation: u64,
    trouble: Option<Trouble>,
}

/// The last failures, in a row.
#[derive(Debug)]
struct Trouble {
    failure: Failure,
    times: u32,
    since: OffsetDateTime,
}

/// What a caller does now.
#[derive(Debug)]
pub(super) enum Next {
    Use(Arc<Credential>),
    Wait(Arrival),
    Fail(Failure),
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// For a caller who wants a credential; `start` sets the issuer to work.
    pub(super) fn next(&self, now: OffsetDateTime, start: impl FnOnce(u64) -> Arrival) -> Next {
        let mut state = self.lock();
        let good = state.at_hand.clone().filter(|held| now < held.end);
        if let Some(held) = &good
            && now < held.renew
        {
            return Next::Use(Arc::clone(&held.credential));
        }
        let arrival = state.arrival();
        let pause = state.pause(now);
        match (good, arrival, pause) {
            (Some(held), arrival, pause) => {
                if arrival.is_none() && pause.is_none() {
                    debug!("the credential is renewed in the background");
                    state.start(start);
                }
                Next::Use(held.credential)
            }
            (None, Some(arrival), _) => Next::Wait(arrival),
            (None, None, Some(failure)) => Next::Fail(failure),
            (None, None, None) => Next::Wait(state.start(start)),
        }
    }

    /// For a caller whose credential was refused: `None` when there is nothing better to be had.
    pub(super) fn after_refusal(
        &self,
        now: OffsetDateTime,
        refused: &Refused,
        start: impl FnOnce(u64) -> Arrival,
    ) -> Option<Next> {
        if !refused.may_be_stale() {
            return None;
        }
        let mut state = self.lock();
        let claims = refused.challenge().and_then(Challenge::claims);
        match &state.at_hand {
            // Somebody was quicker.
            Some(held) if !Arc::ptr_eq(&held.credential, refused.credential()) && now < held.end => {
                return Some(Next::Use(Arc::clone(&held.credential)));
            }
            Some(held) if now - held.made < TOO_YOUNG && claims.is_none() => return None,
            _ => {}
        }
        // What is on its way without the claims that are asked for would be refused as well.
        if let Some(arrival) = state.arrival().filter(|arrival| arrival.answers(claims)) {
            return Some(Next::Wait(arrival));
        }
        if let Some(failure) = state.pause(now) {
            return Some(Next::Fail(failure));
        }
        debug!(%refused, "the credential is made anew");
        Some(Next::Wait(state.start(start)))
    }

    /// Takes in what the issuer has made.
    pub(super) fn arrived(
        &self,
        generation: u64,
        outcome: Result<Planned, BoxError>,
        now: OffsetDateTime,
    ) -> Outcome {
        let mut state = self.lock();
        if state
            .on_its_way
            .as_ref()
            .is_some_and(|arrival| arrival.generation == generation)
        {
            state.on_its_way = None;
        }
        match outcome {
            Ok(planned) => {
                let credential = Arc::clone(&planned.credential);
                if generation >= state.made_by {
                    state.made_by = generation;
                    state.at_hand = Some(planned);
                    state.trouble = None;
                }
                Ok(credential)
            }
            Err(error) => {
                let failure = Failure(Arc::new(error));
                warn!(error = %failure, "no credential could be had");
                let times = state.trouble.as_ref().map_or(0, |trouble| trouble.times);
                state.trouble = Some(Trouble {
                    failure: failure.clone(),
                    times: times.saturating_add(1),
                    since: now,
                });
                Err(failure)
            }
        }
    }
}

impl State {
    fn arrival(&self) -> Option<Arrival> {
        // A task that ended without a word has panicked or lost its runtime: the next caller starts another.
        self.on_its_way.clone().filter(Arrival::is_alive)
    }

    fn start(&mut self, start: impl FnOnce(u64) -> Arrival) -> Arrival {
        self.generation = self.generation.wrapping_add(1);
        let arrival = start(self.generation);
        self.on_its_way = Some(arrival.clone());
        arrival
    }

    /// The last failure, as long as the issuer is to be left alone.
    fn pause(&self, now: OffsetDateTime) -> Option<Failure> {
        let trouble = self.trouble.as_ref()?;
        let doublings = trouble.times.saturating_sub(1).min(5);
        let pause = (FIRST_PAUSE * 2_i32.saturating_pow(doublings)).min(LONGEST_PAUSE);
        // A clock that was set back must not make the pause longer than it is.
        let waited = (now - trouble.since).abs();
        (waited < pause).then(|| trouble.failure.clone())
    }
}

impl Drop for State {
    fn drop(&mut self) {
        if let Some(arrival) = &self.on_its_way {
            arrival.task.abort();
        }
    }
}

// === impl Arrival ===

/// A credential that is being made, for any number of callers to wait for.
#[derive(Clone, Debug)]
pub(super) struct Arrival {
    generation: u64,
    claims: Option<Arc<str>>,
    outcome: watch::Receiver<Option<Outcome>>,
    task: AbortHandle,
}

impl Arrival {
    /// Sets to work on a credential with these claims; `None` is what comes out when nobody is there any more.
    pub(super) fn of(
        generation: u64,
        claims: Option<&str>,
        work: impl Future<Output = Option<Outcome>> + Send + 'static,
    ) -> Self {
        let (sender, outcome) = watch::channel(None);
        let task = tokio::spawn(async move {
            let outcome = work.await;
            sender.send_replace(outcome);
        });
        Self {
            generation,
            claims: claims.map(Into::into),
            outcome,
            task: task.abort_handle(),
        }
    }

    fn answers(&self, claims: Option<&str>) -> bool {
        claims.is_none_or(|claims| self.claims.as_deref() == Some(claims))
    }

    fn is_alive(&self) -> bool {
        self.outcome.has_changed().is_ok()
    }

    /// `None` when the work ended without a word: the issuer panicked, or the runtime is gone that it ran in.
    pub(super) async fn wait(mut self) -> Option<Outcome> {
        let outcome = self.outcome.wait_for(Option::is_some).await.ok()?;
        outcome.clone()
    }
}

// === impl Failure ===

/// Why there is no credential, for all who waited for it.
#[derive(Clone, Debug)]
pub(super) struct Failure(Arc<BoxError>);

impl Failure {
    pub(super) fn abandoned() -> Self {
        Self(Arc::new("the issuer of the credential ended without one".into()))
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
