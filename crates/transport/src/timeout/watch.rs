//! The clock of one try: when its time is up, and whose time that was.

use std::time::Duration;

use tokio::time::Instant;

use super::handed::HandedOver;
use crate::bottom::WaitsForPlace;
use crate::deadline::Expires;
use crate::{Error, ErrorKind};

/// A host that was silent for so long can be blamed, even when the call's deadline came before the try's own time.
const FAIR: Duration = Duration::from_secs(5);
/// What the layers further out may have taken of it. No looks follow each other sooner.
const GRAIN: Duration = Duration::from_millis(50);

#[derive(Debug)]
pub(super) struct Watch {
    pub(super) begun: Instant,
    pub(super) time: Option<Duration>,
    /// For a body whose sending is no part of the time.
    pub(super) handed: Option<HandedOver>,
    pub(super) expires: Option<Expires>,
    /// Where places for connections are few: whether the call waits for one, or has waited.
    pub(super) waits: Option<WaitsForPlace>,
}

/// What is to be done now.
#[derive(Debug)]
pub(super) enum Verdict {
    /// Look again at this time.
    At(Instant),
    /// There is no limit.
    Never,
    /// End the try.
    Over(Error),
}

impl Watch {
    pub(super) fn look(&self, now: Instant) -> Verdict {
        let from = self.from();
        let end = |from: Instant| from.checked_add(self.time?);
        let deadline = self.expires.as_ref().map(Expires::at);
        match (from.and_then(end), &self.expires) {
            (Some(end), _) if end <= now && deadline.is_none_or(|at| end <= at) => {
                Verdict::Over(self.too_long())
            }
            (_, Some(expires)) if expires.at() <= now => Verdict::Over(self.cut_short(expires, now)),
            (own, _) => {
                // While the body is on its way, its end cannot come to lie before the next look.
                let own = own.or_else(|| Some(end(now)?.max(now + GRAIN)).filter(|_| from.is_none()));
                own.into_iter()
                    .chain(deadline)
                    .min()
                    .map_or(Verdict::Never, Verdict::At)
            }
        }
    }

    /// What to say of a try that never had a connection, because all were in use here.
    pub(super) fn in_line(&self) -> Option<Error> {
        let waits = self.waits.as_ref()?;
        let message = "no connection to the host became free in time; allow more of them (most_connections_per_host), or read or drop answers sooner";
        waits.is_so().then(|| {
            Error::new(ErrorKind::Timeout, message)
                .blaming_nobody()
                .never_sent()
        })
    }

    /// Whether a part of the time that counts went by in line, so that the host did not have all of it. What counts from the end of a body does
    /// so on a connection.
    fn was_in_line(&self) -> bool {
        self.handed.is_none() && self.waits.as_ref().is_some_and(WaitsForPlace::was_so)
    }

    /// From when the time counts; `None` while it does not.
    fn from(&self) -> Option<Instant> {
        match &self.handed {
            Some(handed) => handed.at(),
            None => Some(self.begun),
        }
    }

    fn too_long(&self) -> Error {
        let time = self.time.unwrap_or_default();
        let error = Error::new(ErrorKind::Timeout, format!("a try had no answer within {time:?}"));
        if self.was_in_line() {
            error.blaming_nobody()
        } else {
            error
        }
    }

    fn cut_short(&self, expires: &Expires, now: Instant) -> Error {
        let fair = self.time.unwrap_or(FAIR).min(FAIR);
        let had = self.from().map(|from| now.saturating_duration_since(from));
        let error = expires.too_late();
        if !self.was_in_line() && had.is_some_and(|had| had.saturating_add(GRAIN) >= fair) {
            error
        } else {
            error.blaming_nobody()
        }
    }
}
