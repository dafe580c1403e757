//! The service between a caller and another service, where things go wrong.

use std::fmt;
use std::future::{Future, pending};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, header};
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt as _;
use http_body_util::combinators::UnsyncBoxBody;
use lazuli_protocol::BoxError;
use tower::{Service, ServiceExt as _};

use super::answer::{garbage_of, is_xml};
use super::body::Harm;
use super::failure::refused;
use super::ledger::Open;
use super::{Failure, Fault, FaultyBody, Ledger, Plan, Share, When};

/// The body of a request, on its way to the service behind.
pub struct Upload(UnsyncBoxBody<Bytes, BoxError>);

impl Body for Upload {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        Pin::new(&mut self.0).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload").finish_non_exhaustive()
    }
}

/// The answer to one request, on its way.
pub type Exchange = Pin<Box<dyn Future<Output = Result<Response<FaultyBody>, BoxError>> + Send>>;

/// Any service, with the faults of a [`Plan`] before it and a [`Ledger`] beside it.
#[derive(Clone, Debug)]
pub struct Faulty<S> {
    inner: S,
    plan: Plan,
    ledger: Ledger,
}

impl<S> Faulty<S> {
    /// Puts a plan's faults before a service.
    pub fn new(inner: S, plan: Plan, ledger: Ledger) -> Self {
        Self { inner, plan, ledger }
    }
}

impl<S, B, R> Service<Request<B>> for Faulty<S>
where
    S: Service<Request<Upload>, Response = Response<R>> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
    R: Body<Data = Bytes> + Send + 'static,
    R::Error: Into<BoxError>,
{
    type Response = Response<FaultyBody>;
    type Error = BoxError;
    type Future = Exchange;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Exchange {
        let fault = self.plan.next();
        let faulty = self.clone();
        let open = self.ledger.opened();
        let request = request.map(|body| Upload(body.map_err(Into::into).boxed_unsync()));
        Box::pin(async move { faulty.exchange(request, fault, open).await })
    }
}

impl<S> Faulty<S> {
    async fn exchange<R>(
        self,
        request: Request<Upload>,
        fault: Option<Fault>,
        open: Open,
    ) -> Result<Response<FaultyBody>, BoxError>
    where
        S: Service<Request<Upload>, Response = Response<R>>,
        S::Error: Into<BoxError>,
        R: Body<Data = Bytes> + Send + 'static,
        R::Error: Into<BoxError>,
    {
        let (parts, mut body) = request.into_parts();
        let visit = self.ledger.arrived(&parts);
        let struck = |fault: Fault| self.ledger.struck(fault.name());
        if let Some(fault @ Fault::Refuse) = fault {
            struck(fault);
            return Err(refused().await);
        }
        visit.sent();
        match fault {
            Some(fault @ Fault::Close(When::Before)) => {
                struck(fault);
                return Err(Failure::Closed.into());
            }
            Some(fault @ Fault::StallUpload(bytes)) => {
                struck(fault);
                read(&mut body, bytes).await?;
                return pending().await;
            }
            Some(fault @ Fault::Hang(When::Before)) => {
                struck(fault);
                read(&mut body, u64::MAX).await?;
                return pending().await;
            }
            Some(fault @ Fault::CutUpload(bytes)) => {
                struck(fault);
                read(&mut body, bytes).await?;
                return Err(Failure::Upload.into());
            }
            Some(fault @ Fault::Answer(When::Before, refusal)) => {
                struck(fault);
                read(&mut body, u64::MAX).await?;
                let answer = refusal.answer(&parts.method);
                return Ok(answer.map(|bytes| FaultyBody::of(bytes, Harm::None, open)));
            }
            _ => {}
        }
        let method = parts.method.clone();
        let request = Request::from_parts(parts, body);
        let answer = self.inner.oneshot(request).await.map_err(Into::into)?;
        if answer.status().is_success() {
            visit.carried_out();
        }
        let answer = answer.map(|body| body.map_err(Into::into).boxed_unsync());
        match fault {
            Some(fault @ Fault::Close(When::After)) => {
                struck(fault);
                Err(Failure::Closed.into())
            }
            Some(fault @ Fault::Hang(When::After)) => {
                struck(fault);
                pending().await
            }
            Some(fault @ Fault::Answer(When::After, refusal)) => {
                struck(fault);
                let answer = refusal.answer(&method);
                Ok(answer.map(|bytes| FaultyBody::of(bytes, Harm::None, open)))
            }
            Some(fault) if method != Method::HEAD => match harmed(fault, answer).await? {
                (answer, Harm::None) => Ok(answer.map(|body| FaultyBody::new(body, Harm::None, open))),
                (answer, harm) => {
                    struck(fault);
                    Ok(answer.map(|body| FaultyBody::new(body, harm, open)))
                }
            },
            _ => Ok(answer.map(|body| FaultyBody::new(body, Harm::None, open))),
        }
    }
}

/// Reads so many bytes of a request, or all that there are.
async fn read(body: &mut Upload, mut bytes: u64) -> Result<(), BoxError> {
    while bytes > 0 {
        let Some(frame) = body.frame().await.transpose()? else {
            return Ok(());
        };
        let read = frame.data_ref().map_or(0, Bytes::len);
        bytes = bytes.saturating_sub(read as u64);
    }
    Ok(())
}

type Answer = Response<UnsyncBoxBody<Bytes, BoxError>>;

/// What a fault makes of an answer. No harm means that this fault cannot strike this answer.
async fn harmed(fault: Fault, answer: Answer) -> Result<(Answer, Harm), BoxError> {
    let (mut parts, mut body) = answer.into_parts();
    let length = match body.size_hint().exact() {
        Some(length) => {
            // A server would say it, if it were left to.
            parts
                .headers
                .entry(header::CONTENT_LENGTH)
                .or_insert(length.into());
            length
        }
        None => {
            // A list. It is in memory anyway.
            let bytes = body.collect().await?.to_bytes();
            let length = bytes.len() as u64;
            body = http_body_util::Full::new(bytes)
                .map_err(|never| match never {})
                .boxed_unsync();
            length
        }
    };
    let harm = match fault {
        _ if length == 0 => Harm::None,
        Fault::Cut(share) => Harm::Cut(part(length, share)),
        Fault::Truncate(share) => Harm::Truncate(part(length, share)),
        Fault::Stall(share) => Harm::Stall(part(length, share)),
        Fault::Trickle(time) => Harm::trickle(length, time),
        Fault::SayMore(bytes) => says(&mut parts.headers, length + bytes),
        Fault::SayFewer(bytes) if bytes < length && parts.headers.contains_key(header::CONTENT_RANGE) => {
            says(&mut parts.headers, length - bytes)
        }
        Fault::Garbage(garbage) if is_xml(&parts.headers) => {
            let garbage = Bytes::from_static(garbage_of(garbage));
            let harm = says(&mut parts.headers, garbage.len() as u64);
            body = http_body_util::Full::new(garbage)
                .map_err(|never| match never {})
                .boxed_unsync();
            harm
        }
        _ => Harm::None,
    };
    Ok((Response::from_parts(parts, body), harm))
}

fn part(length: u64, share: Share) -> u64 {
    // Never all of it.
    length * u64::from(share.min(999)) / 1000
}

fn says(headers: &mut HeaderMap, length: u64) -> Harm {
    headers.insert(header::CONTENT_LENGTH, length.into());
    Harm::Disowned
}
