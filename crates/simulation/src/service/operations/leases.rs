//! Lease Blob and Lease Container.

use http::{StatusCode, header};
use lazuli_protocol::{header as names, limits};
use uuid::Uuid;

use crate::service::answer::Answer;
use crate::service::body::Incoming;
use crate::service::call::Call;
use crate::service::refusal::Refusal;
use crate::service::router::Outcome;
use crate::state::{Denied, Lease, Tag, Term, Timestamp};

/// What is to be done with a lease.
enum Action {
    Acquire { term: Term, proposed: Uuid },
    Renew { id: Uuid },
    Change { id: Uuid, proposed: Uuid },
    Release { id: Uuid },
    Break { period: Option<u32> },
}

/// What came of it, besides the lease as it is then.
struct Done {
    status: StatusCode,
    id: Option<Uuid>,
    seconds_left: Option<u64>,
}

/// Lease Blob.
pub(in crate::service) async fn lease_blob(call: &Call, _: Incoming) -> Outcome {
    let action = call.lease_action()?;
    let access = call.write_access()?;
    let (blob, done) = call
        .engine
        .change(|state, now| {
            state.lease_blob(now, call.blob(), &access, |slot| {
                action.carry_out(slot.lease.as_deref(), now)
            })
        })
        .await?;
    Ok(done.answer(blob.tag, blob.modified))
}

/// Lease Container.
pub(in crate::service) async fn lease_container(call: &Call, _: Incoming) -> Outcome {
    let action = call.lease_action()?;
    let conditions = call.container_conditions()?;
    let (container, done) = call
        .engine
        .change(|state, now| {
            state.lease_container(call.container(), &conditions, |lease| {
                action.carry_out(lease, now)
            })
        })
        .await?;
    Ok(done.answer(container.tag, container.modified))
}

impl Call {
    fn lease_action(&self) -> Result<Action, Box<Refusal>> {
        let action = self
            .header(&names::LEASE_ACTION)?
            .ok_or_else(|| Refusal::missing_header(names::LEASE_ACTION.as_str()))?;
        let id = || -> Result<Uuid, Box<Refusal>> {
            self.lease_id()?
                .ok_or_else(|| Refusal::missing_header(names::LEASE_ID.as_str()))
        };
        Ok(match action.to_ascii_lowercase().as_str() {
            "acquire" => Action::Acquire {
                term: self.term()?,
                proposed: self
                    .guid(&names::PROPOSED_LEASE_ID)?
                    .unwrap_or_else(|| self.engine.random.guid()),
            },
            "renew" => Action::Renew { id: id()? },
            "change" => Action::Change {
                id: id()?,
                proposed: self
                    .guid(&names::PROPOSED_LEASE_ID)?
                    .ok_or_else(|| Refusal::missing_header(names::PROPOSED_LEASE_ID.as_str()))?,
            },
            "release" => Action::Release { id: id()? },
            "break" => Action::Break {
                period: self.break_period()?,
            },
            _ => return Err(Refusal::bad_header(names::LEASE_ACTION.as_str(), action)),
        })
    }

    fn term(&self) -> Result<Term, Box<Refusal>> {
        const NAME: &str = "x-ms-lease-duration";
        let Some(text) = self.header(&names::LEASE_DURATION)? else {
            return Err(Refusal::missing_header(NAME));
        };
        if text == "-1" {
            return Ok(Term::Infinite);
        }
        match text.parse() {
            Ok(seconds @ limits::LEASE_SECONDS_MIN..=limits::LEASE_SECONDS_MAX) => Ok(Term::Seconds(seconds)),
            _ => Err(Refusal::bad_header(NAME, text)),
        }
    }

    fn break_period(&self) -> Result<Option<u32>, Box<Refusal>> {
        let Some(text) = self.header(&names::LEASE_BREAK_PERIOD)? else {
            return Ok(None);
        };
        match text.parse() {
            Ok(seconds @ 0..=limits::LEASE_BREAK_SECONDS_MAX) => Ok(Some(seconds)),
            _ => Err(Refusal::bad_header(names::LEASE_BREAK_PERIOD.as_str(), text)),
        }
    }
}

impl Action {
    fn carry_out(&self, lease: Option<&Lease>, now: Timestamp) -> Result<(Option<Lease>, Done), Denied> {
        let held = |lease: Lease, status| {
            let id = Some(lease.id);
            let done = Done {
                status,
                id,
                seconds_left: None,
            };
            (Some(lease), done)
        };
        Ok(match self {
            Self::Acquire { term, proposed } => {
                held(Lease::acquire(lease, now, *term, *proposed)?, StatusCode::CREATED)
            }
            Self::Renew { id } => held(Lease::renew(lease, now, *id)?, StatusCode::OK),
            Self::Change { id, proposed } => held(Lease::change(lease, now, *id, *proposed)?, StatusCode::OK),
            Self::Release { id } => {
                Lease::release(lease, *id)?;
                let done = Done {
                    status: StatusCode::OK,
                    id: None,
                    seconds_left: None,
                };
                (None, done)
            }
            Self::Break { period } => {
                let (broken, left) = Lease::break_off(lease, now, *period)?;
                let done = Done {
                    status: StatusCode::ACCEPTED,
                    id: None,
                    seconds_left: Some(left),
                };
                (Some(broken), done)
            }
        })
    }
}

impl Done {
    fn answer(self, tag: Tag, modified: Timestamp) -> Answer {
        Answer::new(self.status)
            .header(header::LAST_MODIFIED, modified.rfc1123())
            .header(header::ETAG, tag.quoted())
            .some(names::LEASE_ID, self.id.map(|id| id.to_string()))
            .some(names::LEASE_TIME, self.seconds_left.map(|left| left.to_string()))
    }
}
