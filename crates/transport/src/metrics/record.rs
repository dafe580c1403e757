//! What is told to the recorder, and when.

use std::time::Duration;

use http::{Request, Response};
use lazuli_protocol::{BoxError, ResponseBody, Service};
use metrics::{counter, gauge, histogram};

use super::labels::{NO_ANSWER, failure, refusal, status};
use super::names::Names;
use crate::{Attempts, Error, ErrorKind, answer, request};

/// A call, as its metrics name it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call {
    names: &'static Names,
    operation: &'static str,
}

impl Call {
    pub(super) fn of<B>(request: &Request<B>) -> Self {
        Self {
            names: Names::of(request::service(request)),
            operation: request::operation(request),
        }
    }

    /// The call has the head of its answer, or has failed. `sent` is the length of its body.
    pub(super) fn ended(self, took: Duration, sent: u64, outcome: &Result<Response<ResponseBody>, Error>) {
        let (status, attempts) = match outcome {
            Ok(response) => {
                let attempts = response.extensions().get::<Attempts>();
                (
                    status(response.status()),
                    attempts.map_or(1, |attempts| attempts.0),
                )
            }
            Err(error) => (NO_ANSWER, error.attempts()),
        };
        counter!(self.names.operations, "operation" => self.operation, "status" => status).increment(1);
        histogram!(self.names.latency, "operation" => self.operation).record(took.as_secs_f64());
        if attempts > 1 {
            let retries = counter!(self.names.retries, "operation" => self.operation);
            retries.increment(u64::from(attempts.saturating_sub(1)));
        }
        match outcome {
            Ok(response) => {
                if sent > 0 {
                    counter!(self.names.bytes, "direction" => "upload").increment(sent);
                }
                if response.status().as_u16() >= 400 {
                    self.error(refusal(answer::error_code(response.headers())));
                }
            }
            Err(error) => self.error(failure(error)),
        }
    }

    /// The body of the answer has ended, or will not be read on.
    pub(super) fn read(self, bytes: u64) {
        counter!(self.names.bytes, "direction" => "download").increment(bytes);
    }

    /// The body of the answer broke off.
    pub(super) fn broke(self, error: &BoxError) {
        let kind = error.downcast_ref().map_or(ErrorKind::Body, Error::kind);
        self.error(kind.label());
    }

    fn error(self, why: &'static str) {
        counter!(self.names.errors, "operation" => self.operation, "error_type" => why).increment(1);
    }
}

/// How the circuit breaker of a host is: 0 closed, 1 half-open, 2 open.
pub(crate) fn circuit_breaker_state(service: Service, host: &str, state: f64) {
    gauge!(Names::of(service).breaker, "host" => host.to_owned()).set(state);
}

pub(super) fn one_lease_more(service: Service) {
    gauge!(Names::of(service).leases).increment(1.0);
}

pub(super) fn one_lease_less(service: Service) {
    gauge!(Names::of(service).leases).decrement(1.0);
}
