//! What is gone on with, how the rest is asked for, and when it is enough.

mod arbitrary;
mod asking;
mod bounds;
mod herd;
mod reading;

use std::sync::Arc;

use http::{Request, Response};
use http_body_util::BodyExt as _;
use lazuli_protocol::{Body, BoxError, ResponseBody};
use tower::{Layer as _, Service, ServiceExt as _};

use super::*;
use crate::testing::{Longest, Piece, Script, Step, get};
use crate::{Error, ErrorKind};

type Headers = Vec<(&'static str, String)>;

/// What the head of an answer with these bytes of a blob of 10 bytes says; the whole blob when it is all of them.
fn head(first: u64, last: u64) -> Headers {
    vec![
        ("etag", "\"1\"".to_owned()),
        ("content-length", (last - first + 1).to_string()),
        ("content-range", format!("bytes {first}-{last}/10")),
    ]
}

fn with(mut headers: Headers, name: &'static str, value: &str) -> Headers {
    headers.retain(|(existing, _)| *existing != name);
    if !value.is_empty() {
        headers.push((name, value.to_owned()));
    }
    headers
}

/// The whole blob, `0123456789`, of which this comes.
fn whole(pieces: Vec<Piece>) -> Step {
    Step::Stream(200, with(head(0, 9), "content-range", ""), pieces)
}

/// The blob from this byte on, of which this comes.
fn rest(first: u64, pieces: Vec<Piece>) -> Step {
    Step::Stream(206, head(first, 9), pieces)
}

fn data(bytes: &'static str) -> Piece {
    Piece::Data(bytes.as_bytes())
}

fn layer(policy: ResumePolicy) -> ResumeLayer {
    ResumeLayer::new(policy).jitter(Arc::new(Longest))
}

async fn answer<S>(service: S, policy: ResumePolicy, request: Request<Body>) -> Response<ResponseBody>
where
    S: Service<Request<Body>, Response = Response<ResponseBody>, Error = Error> + Clone + Send + 'static,
    S::Future: Send + 'static,
{
    layer(policy).layer(service).oneshot(request).await.unwrap()
}

/// What arrives of a body, and how it ends.
async fn read(mut body: ResponseBody) -> (String, Result<(), BoxError>) {
    let mut text = String::new();
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => {
                let data = frame.into_data().unwrap_or_default();
                text.push_str(std::str::from_utf8(&data).unwrap());
            }
            Err(error) => {
                assert!(body.frame().await.is_none(), "nothing follows an error");
                return (text, Err(error));
            }
        }
    }
    (text, Ok(()))
}

async fn run(
    policy: ResumePolicy,
    steps: Vec<Step>,
    request: Request<Body>,
) -> (Script, String, Result<(), BoxError>) {
    let script = Script::of(steps);
    let answer = answer(script.clone(), policy, request).await;
    let (text, outcome) = read(answer.into_body()).await;
    (script, text, outcome)
}

fn own(error: &BoxError) -> &Error {
    error.downcast_ref::<Error>().unwrap()
}

fn is_reset(error: &Error) -> bool {
    let cause = std::error::Error::source(error).and_then(|cause| cause.downcast_ref::<std::io::Error>());
    cause.is_some_and(|cause| cause.kind() == std::io::ErrorKind::ConnectionReset)
}
