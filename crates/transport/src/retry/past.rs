//! What is known of the tries that are over, and what it adds to the last one.

use http::Response;
use lazuli_protocol::ResponseBody;

use super::Trouble;
use crate::answer::{Earlier, error_code};
use crate::{Attempts, Error, ErrorKind};

pub(super) type Outcome = Result<Response<ResponseBody>, Error>;

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
            // That other bytes were stored is known, and nothing that only may have been takes its place.
            _ if self.stored_damage() => {}
            Err(error) if error.may_have_arrived() => self.lost = Some(error),
            Err(_) => {}
            // It was refused, and nothing has come of it.
            Ok(_) if matches!(trouble, Trouble::ServerBusy | Trouble::Conflict) => {}
            Ok(response) => self.lost = Some(failure(&response)),
        }
    }

    /// Whether an earlier try has arrived with other bytes than were sent, and was carried out.
    fn stored_damage(&self) -> bool {
        self.lost
            .as_ref()
            .is_some_and(|lost| lost.kind() == ErrorKind::ChecksumMismatch)
    }

    /// The last outcome, with what was before it.
    pub(super) fn finish(self, outcome: Outcome, reads: bool) -> Outcome {
        let damaged = self.stored_damage();
        let mut response = match outcome {
            Ok(response) => response,
            Err(error) => {
                let error = error.after(self.sent);
                return Err(match self.lost {
                    Some(lost) if damaged && error.kind() != ErrorKind::ChecksumMismatch => {
                        error.behind(lost)
                    }
                    Some(lost) if !error.may_have_arrived() => error.behind(lost),
                    _ => error,
                });
            }
        };
        response.extensions_mut().insert(Attempts(self.sent));
        // What is refused now may be in the way of what was damaged: to whom "it is there already" says that all is well, it must not be said.
        if damaged && response.status().as_u16() >= 400 {
            let refusal = said(&response);
            return match self.lost {
                Some(lost) => Err(lost.and_not_mended(&refusal).after(self.sent)),
                None => Ok(response),
            };
        }
        // A refusal may be about the call's own work: what it removed is not there, what it made is in the way. And any other leaves open
        // whether the work was done.
        if let Some(lost) = self.lost.filter(|_| !reads && is_refusal(&response)) {
            response.extensions_mut().insert(Earlier::of(&lost));
        }
        Ok(response)
    }
}

/// Whether an answer says that its own request was not carried out. A service that failed does not say so.
fn is_refusal(response: &Response<ResponseBody>) -> bool {
    let status = response.status();
    let trouble = Trouble::of_answer(status, error_code(response.headers()));
    status.as_u16() >= 400 && matches!(trouble, None | Some(Trouble::ServerBusy | Trouble::Conflict))
}

/// Whether a try was sent, or begun to be sent.
pub(super) fn has_left<T>(outcome: &Result<T, Error>) -> bool {
    outcome.as_ref().err().is_none_or(Error::has_left)
}

fn failure(response: &Response<ResponseBody>) -> Error {
    Error::new(ErrorKind::Service, said(response))
}

fn said(response: &Response<ResponseBody>) -> String {
    let status = response.status().as_u16();
    match error_code(response.headers()) {
        Some(code) => format!("the service answered {status} {code}"),
        None => format!("the service answered {status}"),
    }
}
