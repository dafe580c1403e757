//! The service that signs.

use std::sync::Arc;
use std::task::{Context, Poll};

use http::request::Parts;
use http::{Request, Response};
use lazuli_protocol::{Body, Clock, ResponseBody};
use lazuli_signing::Credential;
use tower::{Service, ServiceExt as _};
use tracing::debug;

use crate::credential::{CredentialSource, Refused};
use crate::{AnswerFuture, Error, ErrorKind};

/// Made by [`SignLayer`](crate::SignLayer).
#[derive(Clone, Debug)]
pub struct SignService<S> {
    pub(super) inner: S,
    pub(super) source: Arc<dyn CredentialSource>,
    pub(super) clock: Arc<dyn Clock>,
}

impl<S> Service<Request<Body>> for SignService<S>
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
        // The call takes the service that was found ready, and leaves a clone that is yet to be asked.
        let next = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, next);
        let source = Arc::clone(&self.source);
        let clock = Arc::clone(&self.clock);
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let renews = source.renews();
            // Kept unsigned: a token that was added to the URL cannot be taken out again.
            let unsigned = (renews && body.is_replayable()).then(|| (parts.clone(), body.clone()));
            let credential = source.credential().await.map_err(|error| {
                Error::new(
                    ErrorKind::Credential,
                    "no credential could be had for the request",
                )
                .because(error)
            })?;
            let signed = sign(parts, body, &credential, &*clock)?;
            let answer = inner.call(signed).await.map_err(Into::into)?;
            let refused = renews.then(|| Refused::of(&credential, answer.status(), answer.headers()));
            let Some(refused) = refused.flatten() else {
                return Ok(answer);
            };
            // The source is told of it even when this request cannot be sent again: the next one shall fare better.
            let fresh = source.renew(&refused).await;
            let Some((parts, body)) = unsigned else {
                return Ok(answer);
            };
            match fresh {
                Ok(Some(fresh)) => {
                    debug!(%refused, "the request is sent once more, with a fresh credential");
                    drop(answer);
                    let signed = sign(parts, body, &fresh, &*clock)?;
                    let ready = inner.ready().await.map_err(Into::into)?;
                    ready.call(signed).await.map_err(Into::into)
                }
                Ok(None) => Ok(answer),
                Err(error) => {
                    let message = format!("{refused}, and no other could be had");
                    Err(Error::new(ErrorKind::Credential, message).because(error))
                }
            }
        })
    }
}

fn sign(
    mut parts: Parts,
    body: Body,
    credential: &Credential,
    clock: &dyn Clock,
) -> Result<Request<Body>, Error> {
    match credential.apply(&mut parts, clock.now()) {
        Ok(()) => Ok(Request::from_parts(parts, body)),
        Err(error) => Err(Error::new(ErrorKind::Sign, "the request could not be signed").because(error)),
    }
}
