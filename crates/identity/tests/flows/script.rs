//! An endpoint that answers as a script says, and remembers what it was asked.

use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, Uri};
use http_body_util::{BodyExt as _, StreamBody};
use lazuli_identity::{Environment, Settings};
use lazuli_protocol::{ManualClock, ResponseBody, percent_decode};
use lazuli_transport::{CircuitBreakerPolicy, Jitter, OutgoingBody, RequestIds, Transport};
use time::OffsetDateTime;
use time::macros::datetime;
use tokio::time::Instant;
use uuid::Uuid;

pub(crate) const NOW: OffsetDateTime = datetime!(2026-06-26 00:00 UTC);
pub(crate) const TENANT: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";
pub(crate) const CLIENT: &str = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";
pub(crate) const TOKEN: &str = r#"{"token_type":"Bearer","expires_in":3600,"access_token":"the-token"}"#;

#[derive(Clone, Debug)]
pub(crate) enum Step {
    Answer(u16, Vec<(&'static str, String)>, String),
    Hang,
    /// The head of an answer, and never its body.
    Stall,
}

/// What the endpoint was asked.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) at: Instant,
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Seen {
    /// The fields of the form, decoded.
    pub(crate) fn form(&self) -> BTreeMap<String, String> {
        fields(&self.body)
    }

    /// The parameters of the query, decoded.
    pub(crate) fn query(&self) -> BTreeMap<String, String> {
        fields(self.uri.query().unwrap_or_default())
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

fn fields(text: &str) -> BTreeMap<String, String> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap();
            (name.to_owned(), percent_decode(value).unwrap().into_owned())
        })
        .collect()
}

pub(crate) fn map<const N: usize>(pairs: [(&str, &str); N]) -> BTreeMap<String, String> {
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

/// Answers the steps in their order, and then the token for ever.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    steps: Arc<Mutex<VecDeque<Step>>>,
    seen: Arc<Mutex<Vec<Seen>>>,
    pub(crate) clock: Arc<ManualClock>,
}

impl Script {
    pub(crate) fn of(steps: impl IntoIterator<Item = Step>) -> Self {
        Self {
            steps: Arc::new(Mutex::new(steps.into_iter().collect())),
            seen: Arc::default(),
            clock: Arc::new(ManualClock::at(NOW)),
        }
    }

    /// Answers these statuses, with no body, and then the token.
    pub(crate) fn statuses(statuses: &[u16]) -> Self {
        Self::of(statuses.iter().map(|status| answer(*status, "")))
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The one question that was asked.
    pub(crate) fn only(&self) -> Seen {
        let mut seen = self.seen();
        assert_eq!(seen.len(), 1, "{seen:?}");
        seen.remove(0)
    }

    /// The times between one question and the next.
    pub(crate) fn waits(&self) -> Vec<Duration> {
        self.seen()
            .windows(2)
            .map(|pair| pair[1].at - pair[0].at)
            .collect()
    }

    pub(crate) fn transport(&self) -> Transport {
        let script = self.clone();
        let service = tower::service_fn(move |request| script.clone().serve(request));
        let builder = Transport::builder()
            .allow_http(true)
            .circuit_breaker(CircuitBreakerPolicy::never())
            .jitter(Arc::new(Longest));
        builder.build_on(service).unwrap()
    }

    pub(crate) fn settings(&self) -> Settings {
        Settings::on(self.transport())
            .clock(Arc::<ManualClock>::clone(&self.clock))
            .request_ids(Arc::new(OneId))
    }

    pub(crate) fn settings_in<const N: usize>(&self, variables: [(&str, &str); N]) -> Settings {
        self.settings().environment(Environment::of(variables))
    }

    async fn serve(self, request: Request<OutgoingBody>) -> Result<Response<ResponseBody>, Infallible> {
        let (parts, body) = request.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        self.seen.lock().unwrap().push(Seen {
            at: Instant::now(),
            method: parts.method,
            uri: parts.uri,
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        });
        let step = self.steps.lock().unwrap().pop_front();
        let (status, headers, body) = match step.unwrap_or_else(|| answer(200, TOKEN)) {
            Step::Answer(status, headers, body) => (status, headers, body),
            Step::Hang => std::future::pending().await,
            Step::Stall => return Ok(Response::new(silent())),
        };
        let mut response = Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(name, value);
        }
        Ok(response.body(ResponseBody::from(Bytes::from(body))).unwrap())
    }
}

pub(crate) fn answer(status: u16, body: &str) -> Step {
    Step::Answer(status, Vec::new(), body.to_owned())
}

/// A body of which nothing comes.
fn silent() -> ResponseBody {
    ResponseBody::new(StreamBody::new(futures_util::stream::pending::<
        Result<_, Infallible>,
    >()))
}

/// Always the longest wait, so that a test can tell what it is.
#[derive(Debug)]
struct Longest;

impl Jitter for Longest {
    fn wait(&self, longest: Duration) -> Duration {
        longest
    }
}

#[derive(Debug)]
struct OneId;

impl RequestIds for OneId {
    fn next(&self) -> Uuid {
        Uuid::from_u128(7)
    }
}
