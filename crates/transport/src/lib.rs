//! An HTTP stack for Azure Storage, made of [`tower`] layers that each stand alone.
//!
//! A [`Transport`] carries any [`Operation`](lazuli_protocol::Operation), or any [`http::Request`] with a
//! [`Body`](lazuli_protocol::Body), to a service: over sockets with [hyper](TransportBuilder::build), or to a service in the same
//! process with [`build_on`](TransportBuilder::build_on), where nothing but the bottom differs.
//!
//! ```
//! use http::{Request, Response, header};
//! use lazuli_protocol::{Body, ResponseBody};
//! use lazuli_transport::{OutgoingBody, Transport};
//! use tower::ServiceExt as _;
//!
//! // A service in this process; a simulation of the whole of Blob Storage fits here as well.
//! let service = tower::service_fn(|request: Request<OutgoingBody>| async move {
//!     assert_eq!(request.headers()[header::CONTENT_LENGTH], "5");
//!     assert!(request.headers().contains_key("x-ms-client-request-id"));
//!     Ok::<_, std::convert::Infallible>(Response::new(ResponseBody::empty()))
//! });
//! let transport = Transport::builder().build_on(service)?;
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! let request = Request::put("http://127.0.0.1:10000/devstoreaccount1/greetings/hello").body(Body::from("hello"))?;
//! assert_eq!(transport.oneshot(request).await?.status(), 200);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The default stack
//! From the outside in, with the reason for each place:
//!
//! | layer | what it does | why there |
//! |---|---|---|
//! | [`TraceLayer`] | one span a call, its outcome, and the request's name in every error | sees the call as its caller does, with all tries |
//! | `MetricsLayer` | counts and times calls, with the feature `metrics` | the same |
//! | [`PrepareLayer`] | request id, version, user agent, `Content-Length` | once a call: every try has the same id, and all of it is signed |
//! | [`SecureLayer`] | refuses plain `http` that leaves the machine | before anything is done for it |
//! | [`ResumeLayer`] | goes on with a download that broke off | outside of the deadline, for a download takes as long as it takes |
//! | [`DeadlineLayer`] | ends a call that takes too long | around all tries and the waits between them |
//! | [`RetryLayer`] | sends again what may be sent again, within a [`RetryBudget`] | above all that chooses where and when |
//! | [`SecondaryLayer`] | reads from the secondary when the primary fails, [if asked for](TransportBuilder::secondary) | each try may go to either |
//! | [`HedgeLayer`] | sends a late read a second time, [if asked for](TransportBuilder::hedge) | it knows each host's times |
//! | [`CircuitBreakerLayer`] | leaves alone a host that has failed too often | counts single requests, by host |
//! | [`ThrottleLayer`] | keeps to chosen rates, and to what a busy host bears | its wait is no part of a try's time |
//! | [`TraceTryLayer`] | one span a try | what it shows was really sent |
//! | [`SecureLayer`] | once more | the secondary has another URL |
//! | [`SignLayer`] | the credential, from a [source](CredentialSource) that may change it; the service's time | every try has a fresh date and signature, and nothing above ever sees them |
//! | [`VerifyLayer`] | holds content against its CRC64, both ways | damage is met by the layers that can ask again: of a download by the rest of it, of an upload by another try |
//! | [`GatherLayer`] | reads small answers whole | one that breaks off is met by the layers that can ask again |
//! | [`TimeoutLayer`] | ends one try whose answer does not begin | getting a credential and reading a body have times of their own |
//! | [`StallLayer`] | cuts off bodies that do not move | beside what moves them |
//! | [`Bottom`] | opens the body and hands all of it to hyper or another service | |
//!
//! Each layer works alone, on any `Service<http::Request<Body>, Response = http::Response<ResponseBody>>` whose error can become an
//! [`Error`]: a boxed error, [`Infallible`](std::convert::Infallible), or an [`Error`] itself. [`Transport::new`] takes
//! any stack that is made of them: some of these layers, in any order, with others between, and around a default stack as well.
//!
//! ```
//! use http::{Request, Response};
//! use lazuli_protocol::{Body, ResponseBody};
//! use lazuli_transport::{RetryLayer, RetryPolicy, ThrottleLayer, ThrottlePolicy, Transport};
//! use tower::{Layer as _, ServiceExt as _};
//!
//! // A layer of one's own: requests are marked on their way.
//! let mark = tower::layer::layer_fn(|inner| tower::util::MapRequest::new(inner, |mut request: Request<Body>| {
//!     request.headers_mut().insert("x-team", http::HeaderValue::from_static("maps"));
//!     request
//! }));
//! let bottom = tower::service_fn(|request: Request<Body>| async move {
//!     assert_eq!(request.headers()["x-team"], "maps");
//!     Ok::<_, lazuli_transport::Error>(Response::new(ResponseBody::empty()))
//! });
//! let stack = ThrottleLayer::new(ThrottlePolicy::default().requests_per_second(100)).layer(mark.layer(bottom));
//! let transport = Transport::new(RetryLayer::new(RetryPolicy::default()).layer(stack));
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! let request = Request::get("https://example.blob.core.windows.net/box/blob").body(Body::empty())?;
//! assert_eq!(transport.oneshot(request).await?.status(), 200);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is an error
//! A status that refuses is an answer like any other to the layers: they return the response. [`Transport::send`] makes an [`Error`]
//! of it, by asking the operation.
//!
//! # Runtime
//! Calls run in a tokio runtime that has its timer on and, for hyper, its I/O. Dropping a call's future cancels it: a
//! connection on which a request is under way is closed.
//!
//! # Secrets
//! Keys, signatures and tokens show in no error, no `Debug` and no span or event of this crate; a URL is shown without its query.
//!
//! # Features
//! - `aws-lc-rs`, on by default, or `ring`: who does the cryptography of TLS.
//! - `metrics`, on by default: `MetricsLayer`, by the `metrics` façade.
//!
//! # Foreign types
//! The public API shows types of `http`, `http-body`, `bytes`, `tower` and `uuid`, and of `lazuli-protocol` and
//! `lazuli-signing`. What is behind it (hyper, rustls) does not show.

mod answer;
mod bottom;
mod breaker;
mod builder;
mod by_kind;
mod credential;
mod deadline;
mod error;
mod gather;
mod hedge;
mod hosts;
mod metrics;
mod prepare;
mod ready;
mod request;
mod resume;
mod retry;
mod secondary;
mod secure;
mod sign;
mod stall;
#[cfg(test)]
mod testing;
mod throttle;
mod timeout;
mod trace;
mod transport;
mod verify;

pub use answer::{AnswerFuture, Attempts};
pub use bottom::{Bottom, OutgoingBody, Proxies, Proxy};
pub use breaker::{
    CircuitBreakerLayer, CircuitBreakerPolicy, CircuitBreakerService, CircuitBreakers, CircuitState,
    PastCircuit,
};
pub use builder::TransportBuilder;
pub use credential::{
    Challenge, CredentialFuture, CredentialSource, IssueFuture, Issued, Issuer, Refused, RenewFuture,
    Renewing, Rotating, issuer_fn,
};
pub use deadline::{Deadline, DeadlineLayer, DeadlineService, Deadlines};
pub use error::{Error, ErrorKind};
pub use gather::{GatherLayer, GatherService};
pub use hedge::{HedgeLayer, HedgePolicy, HedgeService, Hedged};
pub use metrics::ActiveLease;
#[cfg(feature = "metrics")]
pub use metrics::{MetricsLayer, MetricsService};
pub use prepare::{PrepareLayer, PrepareService, RandomIds, RequestIds};
pub use resume::{ResumeLayer, ResumePolicy, ResumeService};
pub use retry::{
    Backoff, FullJitter, Jitter, RetryBudget, RetryConflicts, RetryLayer, RetryPolicy, RetryService, Rule,
    Trouble,
};
pub use secondary::{ReadFrom, SecondaryHosts, SecondaryLayer, SecondaryService, ServedBy};
pub use secure::{SecureLayer, SecureService};
pub use sign::{SignLayer, SignService};
pub use stall::{StallLayer, StallPolicy, StallService};
pub use throttle::{Throttle, ThrottleLayer, ThrottlePolicy, ThrottleService};
pub use timeout::{TimeoutLayer, TimeoutService, Timeouts};
pub use trace::{TraceLayer, TraceService, TraceTryLayer, TraceTryService};
pub use transport::Transport;
pub use verify::{VerifyLayer, VerifyService};
