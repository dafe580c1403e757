//! The service that asks elsewhere.

use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response, Uri, header};
use lazuli_protocol::{Body, ResponseBody};
use tower::{Service, ServiceExt as _};
use tracing::warn;

use super::hosts::Place;
use super::outcome::{Outcome, at_secondary, both, helps, is_away, said};
use super::{ReadFrom, SecondaryHosts, ServedBy};
use crate::answer::{AtSecondary, failed};
use crate::deadline::Expires;
use crate::ready::take_ready;
use crate::request::is_read;
use crate::{AnswerFuture, Error, ErrorKind};

/// Made by [`SecondaryLayer`](crate::SecondaryLayer).
#[derive(Clone, Debug)]
pub struct SecondaryService<S> {
    pub(super) inner: S,
    pub(super) hosts: Arc<SecondaryHosts>,
    pub(super) read_from: ReadFrom,
}

impl<S> Service<Request<Body>> for SecondaryService<S>
where
    S: Service<Request<Body>, Response = Response<ResponseBody>> + Clone + Send + 'static,
    S::Error: Into<Error>,
    S::Future: Send + 'static,
{
    type Response = Response<ResponseBody>;
    type Error = Error;
    type Future = AnswerFuture;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, request: Request<Body>) -> AnswerFuture {
        let asked = request.extensions().get().copied();
        match asked.unwrap_or(self.read_from) {
            ReadFrom::Secondary if is_read(&request) => self.secondary(request),
            ReadFrom::PrimaryThenSecondary if is_read(&request) && request.body().is_replayable() => {
                self.either(request)
            }
            _ => {
                let answer = self.inner.call(request);
                Box::pin(async move { answer.await.map_err(Into::into) })
            }
        }
    }
}

impl<S> SecondaryService<S>
where
    S: Service<Request<Body>, Response = Response<ResponseBody>> + Clone + Send + 'static,
    S::Error: Into<Error>,
    S::Future: Send + 'static,
{
    fn either(&mut self, request: Request<Body>) -> AnswerFuture {
        let mut inner = take_ready(&mut self.inner);
        let hosts = Arc::clone(&self.hosts);
        let again = request.clone();
        let answer = inner.call(request);
        Box::pin(async move {
            let primary: Outcome = answer.await.map_err(Into::into);
            if !is_away(&primary) {
                return primary;
            }
            let expires = again.extensions().get::<Expires>();
            if expires.is_some_and(|expires| expires.left().is_zero()) {
                return primary;
            }
            if let Some(refused) = again.extensions().get::<AtSecondary>() {
                return both(primary, refused.clone());
            }
            let Place::Primary(uri) = hosts.place(again.uri()) else {
                return primary;
            };
            let host = uri.host().unwrap_or_default();
            warn!(
                failure = said(&primary),
                host, "the primary failed, and the read goes to the secondary"
            );
            let moved = to(uri, again);
            let secondary: Outcome = async {
                let ready = inner.ready().await.map_err(Into::into)?;
                ready.call(moved).await.map_err(Into::into)
            }
            .await;
            if helps(&secondary) {
                return secondary.map(marked);
            }
            warn!(failure = said(&secondary), "the secondary could not help");
            both(primary, at_secondary(&secondary))
        })
    }

    fn secondary(&mut self, request: Request<Body>) -> AnswerFuture {
        let request = match self.hosts.place(request.uri()) {
            Place::Primary(uri) => to(uri, request),
            Place::Secondary => request,
            Place::Alone => {
                let message = "the read was to go to the secondary, but none is known for its URL; add a pair of endpoints";
                return failed(Error::new(ErrorKind::InvalidInput, message));
            }
        };
        let answer = self.inner.call(request);
        Box::pin(async move { answer.await.map_err(Into::into).map(marked) })
    }
}

fn to(uri: Uri, mut request: Request<Body>) -> Request<Body> {
    *request.uri_mut() = uri;
    // Where it is given, it is the primary's.
    request.headers_mut().remove(header::HOST);
    request
}

fn marked(mut response: Response<ResponseBody>) -> Response<ResponseBody> {
    response.extensions_mut().insert(ServedBy::Secondary);
    response
}
