//! The endpoints over HTTP.

mod form;
mod reply;
mod request;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Limited};
use lazuli_protocol::BoxError;
use tower::Service;

pub(super) use form::Form;
pub(super) use reply::Reply;
pub(super) use request::Asked;

use super::Authority;
use super::endpoints::Route;
use super::fault::Kind;
use crate::{Error, ErrorKind, SimulationBody};

/// The longest body of a request, in bytes.
const LONGEST: usize = 64 * 1024;

/// The endpoints of Entra and of a machine with managed identities, for any HTTP server and any client of this process.
///
/// It takes requests as they come off the wire: with an origin-form URL and a `Host`, or with an absolute URL. What cannot be done is
/// answered with the error of the real endpoint; it fails only where [`Fault::disconnect`](super::Fault::disconnect) wants that. A
/// clone is cheap, and is the same service.
///
/// It must be called within a tokio runtime, with its timer on if a fault is to wait.
///
/// ```
/// use lazuli_simulation::{Simulation, entra};
/// use tower::ServiceExt as _;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let simulation = Simulation::in_memory();
/// let form = format!(
///     "grant_type=client_credentials&client_id={}&client_secret={}&scope=https%3A%2F%2Fstorage.azure.com%2F.default",
///     entra::CLIENT_ID,
///     entra::CLIENT_SECRET,
/// );
/// let url = format!("http://127.0.0.1:10001/{}/oauth2/v2.0/token", entra::TENANT);
/// let answer = simulation.entra().service().oneshot(http::Request::post(url).body(form)?).await?;
/// assert_eq!(answer.status(), 200);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct IdentityService(Arc<Authority>);

/// The answer to one request for a token, on its way.
pub type Identifying = Pin<Box<dyn Future<Output = Result<Response<SimulationBody>, Error>> + Send>>;

impl IdentityService {
    pub(super) fn new(authority: Arc<Authority>) -> Self {
        Self(authority)
    }
}

impl fmt::Debug for IdentityService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentityService").finish_non_exhaustive()
    }
}

impl<B> Service<Request<B>> for IdentityService
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response<SimulationBody>;
    type Error = Error;
    type Future = Identifying;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Identifying {
        let authority = self.0.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = Limited::new(body, LONGEST).collect().await.ok();
            let asked = Asked::new(&parts, body.map(http_body_util::Collected::to_bytes));
            exchange(authority, asked).await.map(Reply::into_response)
        })
    }
}

async fn exchange(authority: Arc<Authority>, asked: Asked) -> Result<Reply, Error> {
    let Some(route) = Route::find(&asked) else {
        return Ok(Reply::not_found());
    };
    let endpoint = route.endpoint();
    if let Some(fault) = authority.script.next(endpoint) {
        tracing::debug!(?endpoint, "a fault that was asked for");
        if !fault.delay.is_zero() {
            tokio::time::sleep(fault.delay).await;
        }
        match fault.kind {
            Kind::None => {}
            Kind::Disconnect => {
                let reset = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
                return Err(Error::new(ErrorKind::Io, "the connection ends, as was asked for").because(reset));
            }
            Kind::Answer {
                status,
                headers,
                body,
            } => return Ok(Reply::new(status, headers, body)),
        }
    }
    // The first token needs a key, which takes its time to be made.
    let answered = tokio::task::spawn_blocking(move || route.answer(&authority, &asked)).await;
    let reply = answered.unwrap_or_else(|error| {
        tracing::error!(%error, "a request for a token cannot be answered");
        Reply::broken()
    });
    tracing::debug!(
        ?endpoint,
        status = reply.status().as_u16(),
        "a request for a token was answered"
    );
    Ok(reply)
}
