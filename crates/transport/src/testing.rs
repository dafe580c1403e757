//! The double that the layers' tests share: a service that does what a script says and remembers what it was sent.

use std::collections::VecDeque;
use std::io::{self, Read as _, Seek as _};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, stream};
use http::{HeaderMap, Method, Request, Response, Uri};
use http_body::Frame;
use http_body_util::StreamBody;
use lazuli_protocol::{Body, OperationInfo, OperationKind, ResponseBody};
use tokio::time::Instant;
use tower::Service;

use crate::answer::failed;
use crate::{AnswerFuture, Error, ErrorKind, Jitter};

/// What the script says about one request.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Answer with a status and some headers.
    Answer(u16, &'static [(&'static str, &'static str)]),
    /// Answer 200, but only after a time.
    AnswerAfter(Duration),
    /// Answer with a status, some headers, and a body that comes in these pieces.
    Stream(u16, Vec<(&'static str, String)>, Vec<Piece>),
    /// Fail.
    Fail(ErrorKind),
    /// Never answer.
    Hang,
}

/// What the script says about a body.
#[derive(Clone, Debug)]
pub(crate) enum Piece {
    /// These bytes.
    Data(&'static [u8]),
    /// Nothing, for a time.
    After(Duration),
    /// The connection breaks.
    Break,
    /// Nothing, ever.
    Hang,
}

/// What the service was sent, and when.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) at: Instant,
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
}

/// A service that follows a script, and answers 200 when it has come to its end.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    steps: Arc<Mutex<VecDeque<Step>>>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Script {
    pub(crate) fn of(steps: impl IntoIterator<Item = Step>) -> Self {
        Self {
            steps: Arc::new(Mutex::new(steps.into_iter().collect())),
            seen: Arc::default(),
        }
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The times between one request and the next.
    pub(crate) fn waits(&self) -> Vec<Duration> {
        let seen = self.seen();
        seen.windows(2).map(|pair| pair[1].at - pair[0].at).collect()
    }
}

impl Service<Request<Body>> for Script {
    type Response = Response<ResponseBody>;
    type Error = Error;
    type Future = AnswerFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> AnswerFuture {
        self.seen.lock().unwrap().push(Seen {
            at: Instant::now(),
            method: request.method().clone(),
            uri: request.uri().clone(),
            headers: request.headers().clone(),
        });
        let step = self.steps.lock().unwrap().pop_front();
        match step.unwrap_or(Step::Answer(200, &[])) {
            Step::Answer(status, headers) => {
                let mut response = Response::builder().status(status);
                for (name, value) in headers {
                    response = response.header(*name, *value);
                }
                Box::pin(std::future::ready(Ok(response
                    .body(ResponseBody::empty())
                    .unwrap())))
            }
            Step::Stream(status, headers, pieces) => {
                let mut response = Response::builder().status(status);
                for (name, value) in headers {
                    response = response.header(name, value);
                }
                let body = ResponseBody::new(StreamBody::new(played(pieces)));
                Box::pin(std::future::ready(Ok(response.body(body).unwrap())))
            }
            Step::AnswerAfter(time) => Box::pin(async move {
                tokio::time::sleep(time).await;
                Ok(Response::new(ResponseBody::empty()))
            }),
            Step::Fail(kind) => failed(Error::new(kind, "the script says so")),
            Step::Hang => Box::pin(std::future::pending()),
        }
    }
}

fn played(pieces: Vec<Piece>) -> impl Stream<Item = Result<Frame<Bytes>, io::Error>> + Send {
    stream::unfold(pieces.into_iter(), async |mut pieces| {
        loop {
            let frame = match pieces.next()? {
                Piece::Data(bytes) => Ok(Frame::data(Bytes::from_static(bytes))),
                Piece::Break => Err(io::Error::from(io::ErrorKind::ConnectionReset)),
                Piece::After(time) => {
                    tokio::time::sleep(time).await;
                    continue;
                }
                Piece::Hang => std::future::pending().await,
            };
            return Some((frame, pieces));
        }
    })
}

/// Always the longest wait, so that a test can tell what it is.
#[derive(Debug)]
pub(crate) struct Longest;

impl Jitter for Longest {
    fn wait(&self, longest: Duration) -> Duration {
        longest
    }
}

pub(crate) const URL: &str = "https://example.blob.core.windows.net/box/blob";

pub(crate) fn get() -> Request<Body> {
    Request::get(URL).body(Body::empty()).unwrap()
}

/// A request of an operation of this kind, which can be sent twice.
pub(crate) fn of_kind(kind: OperationKind) -> Request<Body> {
    let info = OperationInfo::blob("Test", kind);
    Request::put(URL).extension(info).body(Body::empty()).unwrap()
}

/// Does some work, and returns with its outcome the lines that it logs.
pub(crate) async fn logged<T>(work: impl Future<Output = T>) -> (T, Vec<String>) {
    logged_at(tracing::Level::TRACE, work).await
}

/// The same, of this level and above.
pub(crate) async fn logged_at<T>(level: tracing::Level, work: impl Future<Output = T>) -> (T, Vec<String>) {
    let log = Arc::new(tempfile::tempfile().unwrap());
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_ansi(false)
        .without_time()
        .with_writer(Arc::clone(&log))
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let outcome = work.await;
    drop(guard);
    let mut text = String::new();
    let mut log = &*log;
    log.rewind().unwrap();
    log.read_to_string(&mut text).unwrap();
    (outcome, text.lines().map(str::to_owned).collect())
}

/// A service that may be called only when it was found ready. A clone is yet to be asked.
#[derive(Debug)]
pub(crate) struct Strict<S>(S, bool);

impl<S> Strict<S> {
    pub(crate) fn over(inner: S) -> Self {
        Self(inner, false)
    }
}

impl<S: Clone> Clone for Strict<S> {
    fn clone(&self) -> Self {
        Self::over(self.0.clone())
    }
}

impl<S: Service<Request<Body>>> Service<Request<Body>> for Strict<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        let ready = self.0.poll_ready(cx);
        self.1 = ready.is_ready();
        ready
    }

    fn call(&mut self, request: Request<Body>) -> S::Future {
        assert!(std::mem::take(&mut self.1), "it was not found ready");
        self.0.call(request)
    }
}
