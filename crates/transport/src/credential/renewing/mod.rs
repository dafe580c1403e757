//! Credentials that expire: one cache for all who use one, which renews before it must and never in a herd.

mod arrival;
mod failure;
mod issuer;
mod schedule;
mod state;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use lazuli_protocol::{BoxError, Clock, SystemClock};
use lazuli_signing::Credential;
use tokio::time::Instant;

use self::arrival::{Arrival, Outcome, Waited, Work, contained};
use self::failure::Failure;
use self::schedule::Schedule;
use self::state::{ISSUED_WITHIN, Next, Shared};
use super::{CredentialFuture, CredentialSource, Refused, RenewFuture};

pub use issuer::{IssueFuture, Issued, Issuer, issuer_fn};

/// How often a caller looks again when what it waited for was not for it.
const ROUNDS: usize = 4;

/// A credential that an [`Issuer`] makes, kept until it is to be renewed. Clones share it: give one to every client that uses the same
/// credential.
///
/// - While it is young it is handed out without waiting.
/// - After 80 % of its life (or when the issuer said) it is renewed in the background, and handed out meanwhile.
/// - Shortly before its end (30 s, or a twentieth of a shorter life) it is handed out no more, and callers wait for the next.
/// - However many ask at a time, the issuer is asked once; who stops waiting stops nobody else.
/// - An issuer that takes longer than two minutes has failed, and no caller waits longer.
/// - After a failure the issuer is left alone for a second, then two, four, up to thirty. What is still good is handed out, and else the
///   failure.
/// - When the service refuses one that may be stale, it is made anew at once, and the request is sent once more. One that is younger
///   than ten seconds is not made anew, unless the service asks for other claims or another tenant than it was made with. Services
///   have it made anew eight times in ten seconds at the most, and what one asks for in vain does not keep others from what they have.
/// - The tenant that a service asked for is kept for renewals: for services of several tenants, take one for each.
///
/// ```
/// use lazuli_signing::SasToken;
/// use lazuli_transport::{Issued, Renewing, Transport, issuer_fn};
///
/// // Somebody's service that hands out signatures for an hour.
/// async fn vend() -> Result<&'static str, std::io::Error> {
///     Ok("sv=2026-06-06&sr=c&sp=rl&se=2026-06-27T20:00:00Z&sig=c2ln")
/// }
///
/// let source = Renewing::new(issuer_fn(|_| async {
///     let token = SasToken::parse(vend().await?)?;
///     Ok(Issued::sas(token).ok_or("the signature does not say when it expires")?)
/// }));
/// let transport = Transport::builder().credential_source(source.renew_at(0.5)).build()?;
/// # let _ = transport;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It must be used within a tokio runtime that has its timer on. A renewal that is under way when the last clone is dropped is given up.
#[derive(Clone)]
pub struct Renewing {
    shared: Arc<Shared>,
    issuer: Arc<dyn Issuer>,
    clock: Arc<dyn Clock>,
    schedule: Schedule,
}

impl Renewing {
    /// Renews at 80 % of a credential's life, by the machine's clock.
    pub fn new(issuer: impl Issuer) -> Self {
        Self {
            shared: Arc::default(),
            issuer: Arc::new(issuer),
            clock: Arc::new(SystemClock),
            schedule: Schedule::default(),
        }
    }

    /// Renews after this part of a credential's life: 0.8 unless said otherwise, and between 0 and 1 whatever is said. An issuer that names
    /// a time itself is followed.
    #[must_use]
    pub fn renew_at(mut self, part: f64) -> Self {
        self.schedule = Schedule::at(part);
        self
    }

    /// By another clock.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    async fn obtain(&self) -> Result<Arc<Credential>, BoxError> {
        let until = Instant::now() + ISSUED_WITHIN;
        let mut last = Failure::abandoned();
        for _ in 0..ROUNDS {
            let next = self.shared.next(self.clock.now(), |work| self.start(work));
            let arrival = match next {
                Next::Use(credential) => return Ok(credential),
                Next::Fail(failure) => return Err(failure.into()),
                Next::Wait(arrival) => arrival,
            };
            match self.wait(&arrival, until).await {
                Some(Ok(credential)) => return Ok(credential),
                Some(Err(failure)) => last = failure,
                None => continue,
            }
            // What a service has asked for could not be had; what everybody gets perhaps can.
            if arrival.work().demand.is_none() {
                break;
            }
        }
        // The clock may have been set back meanwhile.
        self.shared.good(self.clock.now()).ok_or_else(|| last.into())
    }

    async fn replace(&self, refused: &Refused) -> Result<Option<Arc<Credential>>, BoxError> {
        let until = Instant::now() + ISSUED_WITHIN;
        let mut last = None;
        for _ in 0..ROUNDS {
            let next = self
                .shared
                .after_refusal(self.clock.now(), refused, |work| self.start(work));
            let arrival = match next {
                None => return Ok(None),
                Some(Next::Use(credential)) => return Ok(Some(credential)),
                Some(Next::Fail(failure)) => return Err(failure.into()),
                Some(Next::Wait(arrival)) => arrival,
            };
            let asked = arrival.work().demand.as_ref() == refused.challenge();
            match self.wait(&arrival, until).await {
                Some(outcome) if asked => return Ok(Some(outcome?)),
                // It was made for somebody else: see whether it will do.
                Some(outcome) => last = outcome.err(),
                None => {}
            }
        }
        last.map_or(Ok(None), |failure| Err(failure.into()))
    }

    /// What comes of work; `None` when its runtime has gone.
    async fn wait(&self, arrival: &Arrival, until: Instant) -> Option<Outcome> {
        match arrival.wait(until).await {
            Waited::Arrived(outcome) => Some(outcome),
            Waited::Overdue => Some(Err(self.shared.overdue(arrival.work(), self.clock.now()))),
            Waited::OutOfTime => Some(Err(Failure::overdue())),
            Waited::Abandoned => None,
        }
    }

    fn start(&self, work: Work) -> Arrival {
        // What is under way knows its owner weakly: it does not keep alive what nobody uses.
        let owner = Arc::downgrade(&self.shared);
        let (clock, schedule) = (Arc::clone(&self.clock), self.schedule);
        let (issuer, challenge) = (Arc::clone(&self.issuer), work.challenge.clone());
        // It is called in the task as well: it may panic, or take its time.
        let issuing = contained(async move { issuer.issue(challenge).await });
        let work = Arc::new(work);
        Arrival::of(Arc::clone(&work), async move {
            let outcome = issuing.await;
            let now = clock.now();
            let outcome = outcome.map(|issued| schedule.of(issued, now, work.challenge.clone()));
            owner.upgrade().map(|owner| owner.arrived(&work, outcome, now))
        })
    }
}

impl CredentialSource for Renewing {
    fn credential(&self) -> CredentialFuture<'_> {
        Box::pin(self.obtain())
    }

    fn renews(&self) -> bool {
        true
    }

    fn renew<'a>(&'a self, refused: &'a Refused) -> RenewFuture<'a> {
        Box::pin(self.replace(refused))
    }
}

impl fmt::Debug for Renewing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Renewing")
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}
