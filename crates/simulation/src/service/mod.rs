//! The Blob service over HTTP: from a request to an operation, and from its outcome to an answer.

mod access;
mod answer;
mod auth;
mod body;
mod call;
mod conditions;
mod copy_source;
mod download;
mod elsewhere;
mod last_access;
mod messages;
mod metadata;
mod new_blob;
mod operations;
mod query;
mod query_answer;
mod receive;
mod refusal;
mod router;
mod source_bytes;
mod structured_body;
mod target;
mod unsupported;
mod version;
mod xml;

pub(crate) use auth::{Account, Accounts};
pub use body::SimulationBody;
pub(crate) use elsewhere::Fetch;

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Request, Response};
use http_body_util::BodyExt;
use lazuli_protocol::{BoxError, ErrorCode, header as names, limits};
use tower::Service;

use self::answer::{Answer, Envelope};
use self::auth::Visit;
use self::body::Incoming;
use self::call::Call;
use self::query::Query;
use self::refusal::{Refusal, Stage};
use self::router::{Route, Run};
use self::target::{Level, Target};
use crate::engine::Engine;
use crate::entra::Gate;

/// The Blob service of a [`Simulation`](crate::Simulation), for any HTTP server and any client of this process.
///
/// It takes requests as they come off the wire: with an origin-form URL and a `Host`, or with an absolute URL. It never fails: what
/// cannot be done is answered with the error of the real service. A clone is cheap, and serves the same accounts.
///
/// A request counts as one over TLS where its URL says `https`. From this process or, by the [`SocketAddr`](std::net::SocketAddr) among
/// its extensions, from a loopback address, `X-Forwarded-Proto: https` or a host of `core.windows.net` do as well. How the names of its
/// metadata were written stands among them too, as a [`MetadataCase`](crate::MetadataCase).
///
/// It must be called within a tokio runtime.
#[derive(Clone)]
pub struct BlobService(Arc<Shared>);

/// What the requests of one service have in common.
struct Shared {
    engine: Arc<Engine>,
    accounts: Arc<Accounts>,
    gate: Arc<Gate>,
    /// What sources elsewhere are fetched with.
    fetch: Option<Fetch>,
}

/// A request that was let in, and what it asks for.
type Admitted = (Call, &'static Route);

impl BlobService {
    pub(crate) fn new(
        engine: Arc<Engine>,
        accounts: Arc<Accounts>,
        gate: Arc<Gate>,
        fetch: Option<Fetch>,
    ) -> Self {
        Self(Arc::new(Shared {
            engine,
            accounts,
            gate,
            fetch,
        }))
    }
}

impl fmt::Debug for BlobService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlobService").finish_non_exhaustive()
    }
}

/// The answer to one request, on its way.
pub type Answering = Pin<Box<dyn Future<Output = Result<Response<SimulationBody>, Infallible>> + Send>>;

impl<B> Service<Request<B>> for BlobService
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response<SimulationBody>;
    type Error = Infallible;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Answering {
        let (parts, body) = request.into_parts();
        let body = body.map_err(Into::into).boxed_unsync();
        let shared = self.0.clone();
        Box::pin(async move { Ok(shared.exchange(parts, body).await) })
    }
}

/// The id by which a client knows its request again.
fn client_request_id(headers: &HeaderMap) -> Result<Option<HeaderValue>, Box<Refusal>> {
    match headers.get(names::CLIENT_REQUEST_ID) {
        Some(id) if id.len() > limits::CLIENT_REQUEST_ID_BYTES => {
            let shown = String::from_utf8_lossy(id.as_bytes());
            Err(Refusal::bad_header(names::CLIENT_REQUEST_ID.as_str(), &shown).at(Stage::Version))
        }
        id => Ok(id.cloned()),
    }
}

impl Shared {
    async fn exchange(self: &Arc<Self>, parts: Parts, body: Incoming) -> Response<SimulationBody> {
        let mut envelope = Envelope {
            method: parts.method.clone(),
            request_id: self.engine.random.request_id(),
            client_request_id: None,
            version: version::OLDEST,
            now: self.engine.now(),
        };
        let outcome = self.outcome(&mut envelope, parts, body).await;
        match outcome {
            Ok(answer) => envelope.answer(answer),
            Err(refusal) => {
                tracing::debug!(status = refusal.status.as_u16(), code = %refusal.code, "a request was refused");
                envelope.refuse(*refusal)
            }
        }
    }

    async fn outcome(
        self: &Arc<Self>,
        envelope: &mut Envelope,
        parts: Parts,
        body: Incoming,
    ) -> Result<Answer, Box<Refusal>> {
        let query = self.greet(envelope, &parts)?;
        let target = Target::parse(&parts, &query).map_err(|refusal| refusal.at(Stage::Front))?;
        let call = self.admit(envelope, parts, query, target)?;
        self.run(call, body).await
    }

    /// Takes note of who asks in which version.
    fn greet(&self, envelope: &mut Envelope, parts: &Parts) -> Result<Query, Box<Refusal>> {
        envelope.client_request_id = client_request_id(&parts.headers)?;
        let query = Query::parse(parts.uri.query().unwrap_or_default());
        envelope.version = version::of(&parts.headers, query.as_ref().ok())?;
        let query = query.map_err(|refusal| refusal.at(Stage::Front))?;
        query.check_once().map_err(|refusal| refusal.at(Stage::Front))?;
        Ok(query)
    }

    /// Lets a request in that is for a target, or says why not.
    fn admit(
        self: &Arc<Self>,
        envelope: &Envelope,
        parts: Parts,
        query: Query,
        target: Target,
    ) -> Result<Admitted, Box<Refusal>> {
        let now = self.engine.clock.now();
        let account = auth::account(&self.accounts, &target)?;
        // Whoever may not come in is told so before what is not there to be asked for.
        let route = router::find(&parts.method, target.level(), &query, &parts.headers);
        let visit = Visit {
            account,
            gate: &self.gate,
            engine: &self.engine,
            parts: &parts,
            target: &target,
            query: &query,
            route: route.as_ref().ok().copied(),
            now,
        };
        let caller = visit.admit()?;
        let route = route?;
        caller.check(route.needs)?;
        target.check_names()?;
        if target.secondary && parts.method != Method::GET && parts.method != Method::HEAD {
            return Err(ErrorCode::InsufficientAccountPermissions.into());
        }
        let engine = self.engine.clone();
        let call = Call {
            shared: self.clone(),
            request_id: envelope.request_id,
            engine,
            account: account.clone(),
            caller,
            parts,
            target,
            query,
            version: envelope.version,
        };
        if call.target.level() == Level::Blob && !route.takes_state {
            call.check_current()?;
        }
        unsupported::check(&call, route.name)?;
        tracing::trace!(operation = route.name, "a request was let in");
        Ok((call, route))
    }

    async fn run(&self, (call, route): Admitted, body: Incoming) -> Result<Answer, Box<Refusal>> {
        let outcome = match route.run {
            Run::Now(run) => run(&call),
            Run::Later(run) => run(&call, body).await,
        };
        outcome.map_err(|refusal| match call.target.level() {
            Level::Container => refusal.of_container(),
            Level::Account | Level::Blob => refusal,
        })
    }
}
