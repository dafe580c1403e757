//! Waiting for one's turn, at one gate or at several.

use std::ops::Deref;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

use super::gate::{Gate, State};
use super::line::{PATIENCE, number};

/// The longest that is reckoned with.
const LONGEST: Duration = Duration::from_secs(3600);
/// The longest of the later ones: those who are before may be gone without a word.
const LONGEST_NAP: Duration = Duration::from_secs(5);

/// Somebody who wants something at each of up to `N` gates, and takes all of it at once: nothing is taken before, so a wait at one gate lets nothing gather
/// that would be too much at another, and who is dropped has nothing to give back.
///
/// A place at a gate is kept while waiting at those after it, and there is none yet at those: a host that is slow holds up nobody who goes to
/// another. The gates are always in the same order.
///
/// The first in a line looks when the bucket should hold enough, and again for as long as it does not, as when the rate has been lowered. The others are called when
/// it is their turn. That call is the only thing they wake up for, unless it does not come by when, at the present rate, all before them
/// should be gone: then they pass over those who are not there. Where nobody can be passed over they look less and less often.
#[derive(Debug)]
pub(super) struct Turn<G: Deref<Target = Gate>, const N: usize> {
    number: u64,
    wants: [Option<Want<G>>; N],
    // Whether there may be a place in a line.
    waits: bool,
    timer: Option<Pin<Box<Sleep>>>,
}

#[derive(Debug)]
pub(super) struct Want<G> {
    gate: G,
    cost: f64,
    // How long to wait for those before it, once it has done so in vain.
    nap: Option<Duration>,
    waited: bool,
}

impl<G> Want<G> {
    pub(super) fn new(gate: G, cost: f64) -> Self {
        Self {
            gate,
            cost,
            nap: None,
            waited: false,
        }
    }
}

impl<G: Deref<Target = Gate>, const N: usize> Turn<G, N> {
    pub(super) fn new(wants: [Option<Want<G>>; N]) -> Self {
        Self {
            number: number(),
            wants,
            waits: false,
            timer: None,
        }
    }

    /// Ready when everything that is wanted has been taken.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            let look = Look {
                number: self.number,
                now: Instant::now(),
                waker: cx.waker(),
            };
            let mut called = [const { None }; N];
            let until = look.take(&mut self.wants, &mut called);
            self.waits = until.is_some();
            wake(called);
            let Some(until) = until else {
                return Poll::Ready(());
            };
            let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(until)));
            if timer.deadline() != until {
                timer.as_mut().reset(until);
            }
            ready!(timer.as_mut().poll(cx));
        }
    }

    /// Whether the first gate itself was to be waited at.
    pub(super) fn waited_at_first(&self) -> bool {
        let first = self.wants.first();
        first.and_then(Option::as_ref).is_some_and(|want| want.waited)
    }
}

impl<G: Deref<Target = Gate>, const N: usize> Drop for Turn<G, N> {
    fn drop(&mut self) {
        if self.waits {
            let mut called = [const { None }; N];
            leave(self.number, Instant::now(), &self.wants, &mut called);
            wake(called);
        }
    }
}

/// One look at the gates.
struct Look<'a> {
    number: u64,
    now: Instant,
    waker: &'a Waker,
}

impl Look<'_> {
    /// Takes what is wanted at all of these gates, or keeps a place until the time that is returned. The locks are held until all is taken.
    fn take<G: Deref<Target = Gate>>(
        &self,
        wants: &mut [Option<Want<G>>],
        called: &mut [Option<Waker>],
    ) -> Option<Instant> {
        let (want, wants) = wants.split_first_mut()?;
        let (call, called) = called.split_first_mut()?;
        let Some(want) = want else {
            return self.take(wants, called);
        };
        let mut state = want.gate.lock();
        let until = match self.wait(&mut state, want.cost, &mut want.nap, call) {
            Some(until) => {
                want.waited = true;
                leave(self.number, self.now, wants, called);
                Some(until)
            }
            None => self.take(wants, called),
        };
        match until {
            Some(until) => state.line.keep(self.number, want.cost, until, self.waker),
            None => {
                state.bucket.take(self.now, want.cost);
                *call = state.line.leave(self.number, self.now);
            }
        }
        until
    }

    /// When to look at this gate again, if it is not open now.
    fn wait(
        &self,
        state: &mut State,
        cost: f64,
        nap: &mut Option<Duration>,
        call: &mut Option<Waker>,
    ) -> Option<Instant> {
        let Some(before) = state.line.before(self.number, self.now) else {
            let wait = state.bucket.wait(self.now, cost)?;
            return Some(self.now + wait);
        };
        *call = before.called;
        if before.passed {
            // Those who come then may not be there either.
            return Some(self.now + PATIENCE);
        }
        let set = state.line.at(self.number);
        if let Some(at) = set.filter(|at| *at > self.now) {
            // Woken for something else.
            return Some(at);
        }
        Some(match *nap {
            None => {
                let all = state.line.cost() + if set.is_none() { cost } else { 0.0 };
                let due = state.bucket.earns(self.now, all).min(LONGEST);
                // A share of it, so that not all who come to wait for the same one wake up together.
                *nap = Some(due / 4 + PATIENCE);
                self.now + due + PATIENCE
            }
            Some(time) => {
                *nap = Some((time * 2).min(LONGEST_NAP));
                before.at.max(self.now) + time
            }
        })
    }
}

fn leave<G: Deref<Target = Gate>>(
    number: u64,
    now: Instant,
    wants: &[Option<Want<G>>],
    called: &mut [Option<Waker>],
) {
    for (want, call) in wants.iter().zip(called) {
        if let Some(want) = want {
            *call = want.gate.lock().line.leave(number, now);
        }
    }
}

/// Wakes those who are called, under no lock.
fn wake(called: impl IntoIterator<Item = Option<Waker>>) {
    called.into_iter().flatten().for_each(Waker::wake);
}
