//! A body that goes on where it broke off.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body::{Body as HttpBody, Frame, SizeHint};
use lazuli_protocol::{Body, BoxError, ResponseBody};
use tokio::time::{Instant, sleep};
use tower::{Service, ServiceExt as _};
use tracing::{debug, warn};

use super::ResumePolicy;
use super::policy::SoFar;
use super::rest::Rest;
use super::setback::{Again, Setback};
use crate::error::RequestLine;
use crate::{Error, ErrorKind, Jitter};

/// What came of it, and how long it took.
type Asked = (Result<Response<ResponseBody>, Error>, Duration);
type Asking = Pin<Box<dyn Future<Output = Asked> + Send>>;

pub(super) struct ResumingBody<S> {
    state: State,
    // The next byte to come, counted from the blob's first.
    at: u64,
    so_far: SoFar,
    rest: Rest,
    inner: S,
    policy: ResumePolicy,
    jitter: Arc<dyn Jitter>,
}

enum State {
    Reading(ResponseBody),
    // Waits, asks for the rest, and knows why.
    Asking(Asking, BoxError),
    Done,
}

// Nothing in it is ever pinned but through a box.
impl<S> Unpin for ResumingBody<S> {}

impl<S> ResumingBody<S> {
    pub(super) fn new(
        body: ResponseBody,
        first: u64,
        rest: Rest,
        inner: S,
        policy: ResumePolicy,
        jitter: Arc<dyn Jitter>,
    ) -> Self {
        Self {
            state: State::Reading(body),
            at: first,
            so_far: SoFar::default(),
            rest,
            inner,
            policy,
            jitter,
        }
    }

    fn left(&self) -> u64 {
        self.rest.end().saturating_sub(self.at)
    }

    /// Counts what has arrived. `false` when that is more than there should be.
    fn count(&mut self, length: usize) -> bool {
        let length = length as u64;
        if length > self.left() {
            return false;
        }
        if length > 0 {
            self.at = self.at.saturating_add(length);
            self.so_far.moved();
        }
        true
    }

    fn failed(&self, kind: ErrorKind, why: &str) -> Error {
        let (at, count) = (self.at, self.so_far.in_all);
        let plural = if count == 1 { "" } else { "s" };
        let message = format!("the download failed at byte {at}, after {count} resumption{plural}: {why}");
        Error::new(kind, message)
    }

    fn ended_by(&self, setback: &Setback) -> Error {
        let mut error = self.failed(setback.kind, &setback.why);
        if let Some(head) = &setback.head {
            error = error.answered(head);
        }
        match setback.asked {
            Some(wait) => error.until(wait),
            None => error,
        }
    }

    fn too_many(&self) -> Error {
        self.failed(ErrorKind::Body, "the answer has more bytes than its length says")
    }
}

impl<S> ResumingBody<S>
where
    S: Service<Request<Body>, Response = Response<ResponseBody>> + Clone + Send + 'static,
    S::Error: Into<Error>,
    S::Future: Send + 'static,
{
    /// Begins to ask for the rest, unless that was done often enough; `setback` is what has just stood in the way.
    fn go_on(&mut self, broke: BoxError, setback: &Setback) -> Result<(), Error> {
        if setback.again == Again::Free {
            self.so_far.one_less();
        }
        let wait = match setback.again {
            Again::Never => None,
            Again::Counted | Again::Free => self.policy.wait(&self.so_far, setback.asked, &*self.jitter),
        };
        let Some(wait) = wait else {
            return Err(self.ended_by(setback).because(broke));
        };
        self.so_far.one_more();
        let request = self.rest.request(self.at);
        self.tell(&request, setback, wait);
        let inner = self.inner.clone();
        self.state = State::Asking(Box::pin(ask(inner, request, wait)), broke);
        Ok(())
    }

    fn tell(&self, request: &Request<Body>, setback: &Setback, wait: Duration) {
        let request = RequestLine::of(request);
        let (position, left, resumption) = (self.at, self.left(), self.so_far.in_all);
        if setback.again == Again::Free {
            debug!(%request, position, left, resumption, ?wait, "the download waits for the circuit breaker");
        } else {
            warn!(%request, position, left, resumption, ?wait, "the download goes on where it broke off");
        }
    }

    /// Takes the answer to the request for the rest.
    fn answered(&mut self, (outcome, took): Asked, broke: BoxError) -> Result<(), Error> {
        self.so_far.took(took);
        let body = match outcome {
            Ok(response) => self.rest.body(self.at, response),
            Err(error) => Err(Setback::of_error(&error)),
        };
        match body {
            Ok(body) => {
                self.state = State::Reading(body);
                Ok(())
            }
            Err(setback) => self.go_on(broke, &setback),
        }
    }

    fn poll_data(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        loop {
            let outcome = match &mut self.state {
                State::Reading(body) => match ready!(Pin::new(body).poll_frame(cx)) {
                    Some(Ok(frame)) => match frame.data_ref().map(Bytes::len) {
                        Some(length) if self.count(length) => return Poll::Ready(Some(Ok(frame))),
                        Some(_) => Err(self.too_many()),
                        None if self.left() == 0 => return Poll::Ready(Some(Ok(frame))),
                        // Trailers before all bytes are the end of a body that is too short, which comes next.
                        None => Ok(()),
                    },
                    // Whatever happens after the last byte has lost nothing.
                    _ if self.left() == 0 => return Poll::Ready(None),
                    Some(Err(broke)) => {
                        let setback = Setback::of_break(&broke);
                        self.go_on(broke, &setback)
                    }
                    None => self.go_on(too_short(self.left()), &Setback::broke()),
                },
                State::Asking(asking, _) => {
                    let outcome = ready!(asking.as_mut().poll(cx));
                    match std::mem::replace(&mut self.state, State::Done) {
                        State::Asking(_, broke) => self.answered(outcome, broke),
                        State::Reading(_) | State::Done => Ok(()),
                    }
                }
                State::Done => return Poll::Ready(None),
            };
            if let Err(error) = outcome {
                return Poll::Ready(Some(Err(error)));
            }
        }
    }
}

/// Waits and asks. The wait counts as what it was meant to be: a reader that is elsewhere makes it longer.
async fn ask<S>(inner: S, request: Request<Body>, wait: Duration) -> Asked
where
    S: Service<Request<Body>, Response = Response<ResponseBody>>,
    S::Error: Into<Error>,
{
    if !wait.is_zero() {
        sleep(wait).await;
    }
    let begun = Instant::now();
    let outcome = send(inner, request).await;
    (outcome, wait.saturating_add(begun.elapsed()))
}

async fn send<S>(mut inner: S, request: Request<Body>) -> Result<Response<ResponseBody>, Error>
where
    S: Service<Request<Body>, Response = Response<ResponseBody>>,
    S::Error: Into<Error>,
{
    let ready = inner.ready().await.map_err(Into::into)?;
    ready.call(request).await.map_err(Into::into)
}

fn too_short(left: u64) -> BoxError {
    let message = format!("the answer's body ended {left} bytes before its length");
    Error::new(ErrorKind::Body, message).into()
}

impl<S> HttpBody for ResumingBody<S>
where
    S: Service<Request<Body>, Response = Response<ResponseBody>> + Clone + Send + 'static,
    S::Error: Into<Error>,
    S::Future: Send + 'static,
{
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let frame = ready!(self.poll_data(cx));
        if !matches!(frame, Some(Ok(_))) {
            self.state = State::Done;
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        match &self.state {
            State::Reading(body) => self.left() == 0 && body.is_end_stream(),
            State::Asking(..) => false,
            State::Done => true,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.state {
            State::Done => SizeHint::with_exact(0),
            _ => SizeHint::with_exact(self.left()),
        }
    }
}
