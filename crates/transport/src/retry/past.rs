//! What is known of the tries that are over, and what it adds to the last one.

use http::{Response, StatusCode};
use lazuli_protocol::ResponseBody;

use super::Trouble;
use crate::answer::{Earlier, error_code};
use crate::{Attempts, Error, ErrorKind};

pub(super) type Outcome = Result<Response<ResponseBody>, Error>;

/// What an operation that was done already may be answered when it is asked for again: what it removed is not there, what it made is in the way.
const DONE_BEFORE: [StatusCode; 3] = [
    StatusCode::NOT_FOUND,
    StatusCode::CONFLICT,
    StatusCode::PRECONDITION_FAILED,
];

#[derive(Debug, Default)]
pub(super) struct Past {
    /// How many tries have left.
    pub(super) sent: u32,
    // The latest of those that may have arrived.
    lost: Option<Error>,
}

impl Past {
    /// Keeps what is to be known of a try that is followed by another.
    pub(super) fn remember(&mut self, trouble: Trouble, outcome: Outcome) {
        match outcome {
            Err(error) if error.may_have_arrived() => self.lost = Some(error),
            Err(_) => {}
            // It was refused, and nothing has come of it.
            Ok(_) if matches!(trouble, Trouble::ServerBusy | Trouble::Conflict) => {}
            Ok(response) => self.lost = Some(failure(&response)),
        }
    }

    /// The last outcome, with what was before it.
    pub(super) fn finish(self, outcome: Outcome, reads: bool) -> Outcome {
        let mut response = match outcome {
            Ok(response) => response,
            Err(error) => {
                let error = error.after(self.sent);
                return Err(match self.lost {
                    Some(lost) if !error.may_have_arrived() => error.behind(lost),
                    _ => error,
                });
            }
        };
        response.extensions_mut().insert(Attempts(self.sent));
        if let Some(lost) = self.lost.filter(|_| !reads)
            && DONE_BEFORE.contains(&response.status())
        {
            response.extensions_mut().insert(Earlier::of(&lost));
        }
        Ok(response)
    }
}

/// Whether a try was sent, or begun to be sent.
pub(super) fn has_left(outcome: &Outcome) -> bool {
    outcome.as_ref().err().is_none_or(Error::has_left)
}

fn failure(response: &Response<ResponseBody>) -> Error {
    let status = response.status().as_u16();
    let message = match error_code(response.headers()) {
        Some(code) => format!("the service answered {status} {code}"),
        None => format!("the service answered {status}"),
    };
    Error::new(ErrorKind::Service, message)
}
