//! hyper's client, told by each call what it cannot know: who waits for a connection, and what a proxy wants to hear.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::header::PROXY_AUTHORIZATION;
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper_util::client::legacy::{self, ResponseFuture};
use lazuli_protocol::BoxError;
use tower::Service;

use super::connector::Connector;
use super::places;
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
        let answering = self.pool.request(request);
        if reader.is_none() && !self.is_limited {
            return Calling::Straight(answering);
        }
        Calling::Watched(Box::pin(async move {
            let response = places::while_called(answering).await?;
            match reader {
                Some(proxy) if response.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
                    Err(proxy.wants_credentials().into())
                }
                _ => Ok(response),
            }
        }))
    }
}

/// A call on its way. Most need no box of their own.
pub(crate) enum Calling {
    Straight(ResponseFuture),
    Watched(Pin<Box<dyn Future<Output = Result<Response<Incoming>, BoxError>> + Send>>),
}

impl Future for Calling {
    type Output = Result<Response<Incoming>, BoxError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.get_mut() {
            Self::Straight(answering) => Pin::new(answering).poll(cx).map_err(Into::into),
            Self::Watched(answering) => answering.as_mut().poll(cx),
        }
    }
}
