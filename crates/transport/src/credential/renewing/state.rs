//! What all who use one credential share: the one at hand, the one on its way, and how often it did not come.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lazuli_protocol::BoxError;
use lazuli_signing::Credential;
use time::OffsetDateTime;
use tracing::{debug, warn};

use super::arrival::{Arrival, Outcome, Work};
use super::failure::{Failure, Trouble, Troubles};
use super::schedule::{Planned, YOUNG};
use crate::credential::{Challenge, Refused};

#[derive(Debug, Default)]
pub(super) struct Shared(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    at_hand: Option<Planned>,
    /// One at a time, whoever asked for it.
    on_its_way: Option<Arrival>,
    generation: u64,
    /// The tenant of the last challenge that was answered: whose tokens the service takes.
    tenant: Option<String>,
    /// What went wrong without a challenge, and with one. A service that asks for what nobody has must not keep others from theirs.
    trouble: Option<Trouble>,
    trouble_with: Troubles,
    /// When services had something made lately.
    demands: Vec<OffsetDateTime>,
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
    pub(super) fn next(&self, now: OffsetDateTime, start: impl FnOnce(Work) -> Arrival) -> Next {
        let mut state = self.lock();
        let good = state.at_hand.as_ref().filter(|held| now < held.end);
        let good = good.map(|held| (Arc::clone(&held.credential), held.renew <= now));
        if let Some((credential, false)) = good {
            return Next::Use(credential);
        }
        let arrival = state.arrival(now);
        let paused = Trouble::pause(state.trouble.as_ref(), now);
        match (good, arrival, paused) {
            (Some((credential, _)), arrival, paused) => {
                if arrival.is_none() && paused.is_none() {
                    debug!("the credential is renewed in the background");
                    state.start_plain(start);
                }
                Next::Use(credential)
            }
            (None, Some(arrival), _) => Next::Wait(arrival),
            (None, None, Some(failure)) => Next::Fail(failure),
            (None, None, None) => Next::Wait(state.start_plain(start)),
        }
    }

    /// For a caller whose credential was refused: `None` when there is nothing better to be had.
    pub(super) fn after_refusal(
        &self,
        now: OffsetDateTime,
        refused: &Refused,
        start: impl FnOnce(Work) -> Arrival,
    ) -> Option<Next> {
        if !refused.may_be_stale() {
            return None;
        }
        let mut state = self.lock();
        let wanted = refused.challenge();
        if let Some(held) = state.at_hand.as_ref().filter(|held| now < held.end) {
            let same = Arc::ptr_eq(&held.credential, refused.credential());
            // Somebody was quicker.
            if !same && held.answers_claims_of(wanted) {
                return Some(Next::Use(Arc::clone(&held.credential)));
            }
            // It was made a moment ago with all that is known: another one would be refused as well. A clock that was set back is no
            // moment ago.
            if same && (now - held.made).abs() < YOUNG && held.answers(wanted) {
                return None;
            }
        }
        if let Some(arrival) = state.arrival(now) {
            return Some(Next::Wait(arrival));
        }
        let trouble = match wanted {
            None => state.trouble.as_ref(),
            Some(wanted) => state.trouble_with.of(wanted),
        };
        if let Some(failure) = Trouble::pause(trouble, now) {
            return Some(Next::Fail(failure));
        }
        if !state.may_demand(now) {
            return None;
        }
        debug!(%refused, "the credential is made anew");
        Some(Next::Wait(match wanted {
            None => state.start_plain(start),
            Some(wanted) => state.start_demanded(wanted, start),
        }))
    }

    /// What is at hand, if it can be handed out.
    pub(super) fn good(&self, now: OffsetDateTime) -> Option<Arc<Credential>> {
        let state = self.lock();
        let good = state.at_hand.as_ref().filter(|held| now < held.end)?;
        Some(Arc::clone(&good.credential))
    }

    /// Takes in what the issuer has made. What was given up meanwhile is not kept.
    pub(super) fn arrived(
        &self,
        work: &Work,
        outcome: Result<Planned, BoxError>,
        now: OffsetDateTime,
    ) -> Outcome {
        let mut state = self.lock();
        let expected = state.take(work.generation).is_some();
        match outcome {
            Ok(planned) => {
                let credential = Arc::clone(&planned.credential);
                if expected {
                    state.keep(planned, work);
                }
                Ok(credential)
            }
            Err(error) => {
                let failure = Failure::of(error);
                if expected {
                    state.note(&failure, work, now);
                }
                Err(failure)
            }
        }
    }

    /// Gives up work that takes too long.
    pub(super) fn overdue(&self, work: &Work, now: OffsetDateTime) -> Failure {
        let failure = Failure::overdue();
        let mut state = self.lock();
        if let Some(arrival) = state.take(work.generation) {
            arrival.give_up();
            state.note(&failure, work, now);
        }
        failure
    }
}

impl State {
    /// What is on its way. Where work has lost its runtime the next caller starts anew; work that nobody waited for, and that is overdue, has
    /// failed.
    fn arrival(&mut self, now: OffsetDateTime) -> Option<Arrival> {
        let arrival = self.on_its_way.take()?;
        if arrival.is_overdue() {
            arrival.give_up();
            self.note(&Failure::overdue(), arrival.work(), now);
        } else if arrival.is_alive() {
            self.on_its_way = Some(arrival.clone());
            return Some(arrival);
        }
        None
    }

    /// Whether a service may have something made now: so many times in a short while at the most, however different its demands.
    fn may_demand(&mut self, now: OffsetDateTime) -> bool {
        // A clock that was set back must not make a while of hours.
        self.demands.retain(|at| (now - *at).abs() < YOUNG);
        if self.demands.len() >= DEMANDS {
            return false;
        }
        self.demands.push(now);
        true
    }

    fn start_plain(&mut self, start: impl FnOnce(Work) -> Arrival) -> Arrival {
        let tenant = self.tenant.as_deref().map(Challenge::of_tenant);
        self.start(None, tenant, start)
    }

    /// Makes what a service asks for, with all that is known besides: the tenant of an earlier challenge, and claims that are met already.
    fn start_demanded(&mut self, wanted: &Challenge, start: impl FnOnce(Work) -> Arrival) -> Arrival {
        let claims = self.at_hand.as_ref().and_then(Planned::claims);
        let challenge = wanted.clone().or(self.tenant.as_deref(), claims);
        self.start(Some(wanted.clone()), Some(challenge), start)
    }

    fn start(
        &mut self,
        demand: Option<Challenge>,
        challenge: Option<Challenge>,
        start: impl FnOnce(Work) -> Arrival,
    ) -> Arrival {
        self.generation = self.generation.wrapping_add(1);
        let arrival = start(Work {
            generation: self.generation,
            demand,
            challenge,
        });
        self.on_its_way = Some(arrival.clone());
        arrival
    }

    fn take(&mut self, generation: u64) -> Option<Arrival> {
        self.on_its_way
            .take_if(|arrival| arrival.work().generation == generation)
    }

    fn keep(&mut self, planned: Planned, work: &Work) {
        self.at_hand = Some(planned);
        self.trouble = None;
        if let Some(demand) = &work.demand {
            self.trouble_with.forget(demand);
        }
        self.tenant = work
            .challenge
            .as_ref()
            .and_then(Challenge::tenant)
            .map(str::to_owned);
    }

    fn note(&mut self, failure: &Failure, work: &Work, now: OffsetDateTime) {
        warn!(error = %failure, "no credential could be had");
        match &work.demand {
            None => {
                self.trouble = Some(Trouble::after(self.trouble.as_ref(), failure, now));
                // Perhaps it is the tenant's fault.
                self.tenant = None;
            }
            Some(demand) => self.trouble_with.note(demand, failure, now),
        }
    }
}

impl Drop for State {
    fn drop(&mut self) {
        if let Some(arrival) = &self.on_its_way {
            arrival.give_up();
        }
    }
}

/// So many times services may have something made within the time in which a credential is young.
const DEMANDS: usize = 8;

/// What is on its way longer than this is given up: the longest wait of a managed identity is 70 s.
pub(super) const ISSUED_WITHIN: std::time::Duration = std::time::Duration::from_secs(120);
