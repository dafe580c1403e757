//! What can go wrong at an endpoint, when a test wants it.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderName, HeaderValue, StatusCode};

/// One thing that goes wrong with the next requests to an endpoint, in place of the usual answer. It is put in line with
/// [`Entra::fail`](super::Entra::fail).
///
/// ```
/// use std::time::Duration;
/// use http::StatusCode;
/// use lazuli_simulation::Simulation;
/// use lazuli_simulation::entra::{Endpoint, Fault};
///
/// let entra = Simulation::in_memory().entra();
/// entra.fail(Endpoint::Imds, Fault::status(StatusCode::TOO_MANY_REQUESTS).retry_after(Duration::from_secs(5)).times(2));
/// entra.fail(Endpoint::Imds, Fault::disconnect());
/// ```
#[derive(Clone)]
pub struct Fault {
    pub(super) kind: Kind,
    pub(super) delay: Duration,
    pub(super) times: u32,
}

#[derive(Clone)]
pub(super) enum Kind {
    /// No fault but the delay: the usual answer follows.
    None,
    /// The connection ends without an answer.
    Disconnect,
    Answer {
        status: StatusCode,
        headers: Vec<(HeaderName, HeaderValue)>,
        body: Bytes,
    },
}

impl Fault {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            delay: Duration::ZERO,
            times: 1,
        }
    }

    /// An answer with this status, and a body that says no more than that.
    #[must_use]
    pub fn status(status: StatusCode) -> Self {
        let body = Bytes::from_static(
            br#"{"error":"server_error","error_description":"A fault that a test asked for."}"#,
        );
        Self::new(Kind::Answer {
            status,
            headers: vec![(CONTENT_TYPE, HeaderValue::from_static("application/json"))],
            body,
        })
    }

    /// An answer of status 200 whose body is no JSON.
    #[must_use]
    pub fn garbage() -> Self {
        Self::status(StatusCode::OK).body("{\"access_token\": \u{fffd}")
    }

    /// No answer: the connection ends. A client in the same process gets an error.
    #[must_use]
    pub fn disconnect() -> Self {
        Self::new(Kind::Disconnect)
    }

    /// The usual answer, but later.
    #[must_use]
    pub fn delay(by: Duration) -> Self {
        Self::new(Kind::None).after(by)
    }

    /// Waits before the fault shows.
    #[must_use]
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Adds `Retry-After`, in whole seconds.
    #[must_use]
    pub fn retry_after(self, wait: Duration) -> Self {
        self.header(RETRY_AFTER, HeaderValue::from(wait.as_secs()))
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        if let Kind::Answer { headers, .. } = &mut self.kind {
            headers.push((name, value));
        }
        self
    }

    /// Answers with this body.
    #[must_use]
    pub fn body(mut self, text: impl Into<Bytes>) -> Self {
        if let Kind::Answer { body, .. } = &mut self.kind {
            *body = text.into();
        }
        self
    }

    /// Happens to this many requests, and not only to one.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Fault");
        match &self.kind {
            Kind::None => {}
            Kind::Disconnect => drop(out.field("disconnect", &true)),
            Kind::Answer { status, .. } => drop(out.field("status", status)),
        }
        out.field("delay", &self.delay)
            .field("times", &self.times)
            .finish_non_exhaustive()
    }
}
