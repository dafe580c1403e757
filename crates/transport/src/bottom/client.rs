//! hyper's client, told by each call what it cannot know: who waits for a connection, what a proxy wants to hear, and when nobody waits
//! for the answer any more.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::header::PROXY_AUTHORIZATION;
use http::{Extensions, Request, Response, StatusCode};
use http_body::Body as _;
use hyper::body::Incoming;
use hyper_util::client::legacy::connect::{CaptureConnection, capture_connection};
use hyper_util::client::legacy::{self, ResponseFuture};
use lazuli_protocol::BoxError;
use tower::Service;

use super::connector::Connector;
use super::patience::GivenUp;
use super::places::{self, WaitsForPlace};
use super::proxy::Proxies;
use crate::OutgoingBody;

/// The pool of connections, and what is done around each call to it.
#[derive(Clone)]
pub(crate) struct Client {
    pool: legacy::Client<Connector, OutgoingBody>,
    proxies: Arc<Proxies>,
    is_limited: bool,
}

impl Client {
    pub(super) fn new(
        pool: legacy::Client<Connector, OutgoingBody>,
        proxies: Arc<Proxies>,
        is_limited: bool,
    ) -> Self {
        Self {
            pool,
            proxies,
            is_limited,
        }
    }
}

impl Service<Request<OutgoingBody>> for Client {
    type Response = Response<Incoming>;
    type Error = BoxError;
    type Future = Calling;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<OutgoingBody>) -> Calling {
        let reader = self.proxies.reader_of(request.uri()).cloned();
        // In a tunnel nobody but the service sees the headers. Here it is the proxy that reads them, and takes this one away.
        if let Some(authorization) = reader.as_ref().and_then(|proxy| proxy.basic()) {
            request
                .headers_mut()
                .insert(PROXY_AUTHORIZATION, authorization.clone());
        }
        let waits = request.extensions_mut().remove::<WaitsForPlace>();
        // Without a body there is too little to write for it to be waited for.
        let watches = waits.is_some() || request.body().size_hint().lower() > 0;
        let connection = watches.then(|| capture_connection(&mut request));
        if let (Some(waits), Some(connection)) = (&waits, &connection) {
            waits.until(connection.clone());
        }
        let answering = self.pool.request(request);
        let answering = match reader.is_none() && !self.is_limited {
            true => Answering::Straight(answering),
            false => Answering::Watched(Box::pin(async move {
                let response = places::while_called(answering, waits).await?;
                match reader {
                    Some(proxy) if response.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
                        Err(proxy.wants_credentials().into())
                    }
                    _ => Ok(response),
                }
            })),
        };
        Calling {
            answering,
            connection,
        }
    }
}

/// A call on its way. Dropped before there is an answer, it has its connection closed, whatever is still to be written there.
pub(crate) struct Calling {
    answering: Answering,
    // Where the call goes over, as soon as there is such; gone once there is an answer.
    connection: Option<CaptureConnection>,
}

/// Most need no box of their own.
enum Answering {
    Straight(ResponseFuture),
    Watched(Pin<Box<dyn Future<Output = Result<Response<Incoming>, BoxError>> + Send>>),
}

impl Future for Calling {
    type Output = Result<Response<Incoming>, BoxError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let outcome = match &mut this.answering {
            Answering::Straight(answering) => Pin::new(answering).poll(cx).map_err(Into::into),
            Answering::Watched(answering) => answering.as_mut().poll(cx),
        };
        if outcome.is_ready() {
            this.connection = None;
        }
        outcome
    }
}

impl Drop for Calling {
    // Before the call itself is dropped: that is what wakes the connection, which looks at this then.
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else {
            return;
        };
        if let Some(connected) = &*connection.connection_metadata() {
            let mut said = Extensions::new();
            connected.get_extras(&mut said);
            if let Some(given_up) = said.get::<GivenUp>() {
                given_up.say();
            }
            // It may have had an answer in this moment, and be taken for one that can be used again.
            connected.poison();
        }
    }
}
