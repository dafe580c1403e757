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
use tower::{Service, ServiceExt as _};
use tracing::warn;

use super::ResumePolicy;
use super::policy::SoFar;
use super::rest::{Refusal, Rest};
use crate::error::RequestLine;
use crate::{Error, ErrorKind, Jitter, Trouble};

type Asking = Pin<Box<dyn Future<Output = Result<Response<ResponseBody>, Error>> + Send>>;

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
            self.so_far.without_progress = 0;
        }
        true
    }

    fn failed(&self, kind: ErrorKind, why: &str) -> Error {
        let (at, count) = (self.at, self.so_far.in_all);
        let plural = if count == 1 { "" } else { "s" };
        let message = format!("the download failed at byte {at}, after {count} resumption{plural}: {why}");
        Error::new(kind, message)
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
    /// Begins to ask for the rest, unless that was done often enough; `latest` is what came of asking just now.
    fn go_on(&mut self, broke: BoxError, latest: Option<&Error>) -> Result<(), Error> {
        let asked = latest.and_then(Error::retry_after);
        let Some(wait) = self.policy.wait(&self.so_far, asked, &*self.jitter) else {
            let why = match latest {
                Some(latest) => format!("the rest could not be asked for: {latest}"),
                None => "it broke off once more".to_owned(),
            };
            return Err(self.failed(ErrorKind::Body, &why).because(broke));
        };
        self.so_far.one_more();
        let request = self.rest.request(self.at);
        warn!(
            request = %RequestLine::of(&request),
            position = self.at,
            left = self.left(),
            resumption = self.so_far.in_all,
            ?wait,
            "the download goes on where it broke off"
        );
        let inner = self.inner.clone();
        self.state = State::Asking(Box::pin(ask(inner, request, wait)), broke);
        Ok(())
    }

    /// Takes the answer to the request for the rest.
    fn answered(
        &mut self,
        outcome: Result<Response<ResponseBody>, Error>,
        broke: BoxError,
    ) -> Result<(), Error> {
        match outcome {
            Ok(response) => match self.rest.body(self.at, response) {
                Ok(body) => {
                    self.state = State::Reading(body);
                    Ok(())
                }
                Err(Refusal { kind, why, head }) => {
                    Err(self.failed(kind, &why).answered(&head).because(broke))
                }
            },
            Err(error) if Trouble::of_error(&error).is_some() => self.go_on(broke, Some(&error)),
            Err(error) => {
                let why = format!("the rest could not be asked for: {error}");
                Err(self.failed(error.kind(), &why).because(broke))
            }
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
                    Some(Err(broke)) => self.go_on(broke, None),
                    None => self.go_on(too_short(self.left()), None),
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

async fn ask<S>(mut inner: S, request: Request<Body>, wait: Duration) -> Result<Response<ResponseBody>, Error>
where
    S: Service<Request<Body>, Response = Response<ResponseBody>>,
    S::Error: Into<Error>,
{
    if !wait.is_zero() {
        tokio::time::sleep(wait).await;
    }
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
