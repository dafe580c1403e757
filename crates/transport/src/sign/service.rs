//! The service that signs.

use std::sync::Arc;
use std::task::{Context, Poll};

use http::request::Parts;
use http::{Request, Response};
use lazuli_protocol::{Body, Clock, ResponseBody};
use lazuli_signing::{CLOCK_SKEW, Credential};
use time::OffsetDateTime;
use tower::{Service, ServiceExt as _};
use tracing::debug;

use super::batch::sign_parts;
use super::skew::Skew;
use crate::credential::{CredentialSource, Refused};
use crate::ready::take_ready;
use crate::{AnswerFuture, Error, ErrorKind};

/// Made by [`SignLayer`](crate::SignLayer).
#[derive(Clone, Debug)]
pub struct SignService<S> {
    pub(super) inner: S,
    pub(super) source: Arc<dyn CredentialSource>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) skew: Skew,
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
        let mut inner = take_ready(&mut self.inner);
        let source = Arc::clone(&self.source);
        let clock = Arc::clone(&self.clock);
        let skew = self.skew.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let credential = source.credential().await.map_err(|error| {
                Error::new(
                    ErrorKind::Credential,
                    "no credential could be had for the request",
                )
                .because(error)
                .never_sent()
            })?;
            let renews = source.renews();
            let dated = matches!(*credential, Credential::SharedKey(_));
            // Kept unsigned: a token that was added to the URL cannot be taken out again.
            let unsigned = ((renews || dated) && body.is_replayable()).then(|| (parts.clone(), body.clone()));
            let offset = skew.offset();
            let signed = sign(parts, body, &credential, offset.apply(clock.now()))?;
            let answer = inner.call(signed).await.map_err(Into::into)?;
            let refused = Refused::of(&credential, answer.status(), answer.headers());
            let Some(refused) = refused.filter(|_| renews || dated) else {
                skew.mend(offset, answer.headers(), clock.now());
                return Ok(answer);
            };
            let misdated = (dated && refused.may_be_stale())
                .then(|| skew.learn(offset, answer.headers(), clock.now()))
                .flatten();
            // The source is told of it even when this request cannot be sent again: the next one shall fare better. But a date that the
            // service cannot have taken is no fault of the credential.
            let fresh = if renews && misdated.is_none_or(|apart| apart <= CLOCK_SKEW) {
                source.renew(&refused).await
            } else {
                Ok(None)
            };
            let Some((parts, body)) = unsigned else {
                return Ok(answer);
            };
            let next = match (fresh, misdated) {
                (Ok(Some(fresh)), _) => fresh,
                (_, Some(_)) => credential,
                (Ok(None), None) => return Ok(answer),
                (Err(error), None) => {
                    let message = format!("{refused}, and no other could be had");
                    return Err(Error::new(ErrorKind::Credential, message).because(error));
                }
            };
            debug!(%refused, ?misdated, "the request is signed anew and sent once more");
            drop(answer);
            let signed = sign(parts, body, &next, skew.offset().apply(clock.now()))?;
            let ready = inner.ready().await.map_err(Into::into)?;
            ready.call(signed).await.map_err(Into::into)
        })
    }
}

fn sign(
    mut parts: Parts,
    body: Body,
    credential: &Credential,
    now: OffsetDateTime,
) -> Result<Request<Body>, Error> {
    let signed = sign_parts(&mut parts, body, credential, now)
        .and_then(|body| credential.apply(&mut parts, now).map(|()| body));
    match signed {
        Ok(body) => Ok(Request::from_parts(parts, body)),
        Err(error) => Err(Error::new(ErrorKind::Sign, "the request could not be signed").because(error)),
    }
}
