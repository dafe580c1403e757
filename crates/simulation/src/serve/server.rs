//! A server of HTTP/1.1.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use lazuli_protocol::BoxError;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tower::Service;

use super::RequestBody;
use crate::{Error, ErrorKind};

/// How long a client may take to send the headers of a request, and a connection may be idle.
const HEADERS_WITHIN: Duration = Duration::from_secs(75);
/// How long requests may go on once the server was told to stop.
const FINISH_WITHIN: Duration = Duration::from_secs(10);
/// The longest head of a request, and the most that is read at once, in bytes.
const BUFFER: usize = 512 * 1024;
/// The most headers of a request.
const HEADERS: usize = 256;
/// How long to wait when the machine has no more sockets to give.
const EXHAUSTED: Duration = Duration::from_millis(50);

/// A socket that listens, and soon serves.
///
/// What is not HTTP is answered with a bare 400, a head of more than 512 KiB or 256 headers with 431. A connection whose request does not arrive within 75
/// seconds is closed.
///
/// ```no_run
/// use lazuli_simulation::Simulation;
/// use lazuli_simulation::serve::Server;
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let server = Server::bind(([127, 0, 0, 1], 0).into()).await?;
/// println!("listening on {}", server.local_addr());
/// let simulation = Simulation::in_memory();
/// server.run(simulation.blob_service(), std::future::pending::<()>()).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
}

impl Server {
    /// Takes an address; port 0 is a free one.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] when the address is taken or is not this machine's.
    pub async fn bind(address: SocketAddr) -> Result<Self, Error> {
        let failed =
            |source| Error::new(ErrorKind::Io, format!("cannot listen on {address}")).because(source);
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { listener, address })
    }

    /// The address that it listens on.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `shutdown` is done, and then for as long as requests are under way, ten seconds at most.
    ///
    /// It serves any service of this crate, and others of the same form. Each request has the address of its sender among its
    /// extensions, as a [`SocketAddr`]. Where the service fails, the connection ends without an answer.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] when the socket can be listened on no more.
    pub async fn run<S, B>(self, service: S, shutdown: impl Future) -> Result<(), Error>
    where
        S: Service<Request<RequestBody>, Response = Response<B>> + Clone + Send + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send + 'static,
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let connections = GracefulShutdown::new();
        let mut tasks = JoinSet::new();
        let mut shutdown = pin!(shutdown);
        loop {
            let accepted = tokio::select! {
                _ = &mut shutdown => break,
                Some(_) = tasks.join_next() => continue,
                accepted = self.listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, peer)) => {
                    let service = Peered {
                        service: service.clone(),
                        peer,
                    };
                    spawn(stream, service, &connections, &mut tasks);
                }
                Err(error) if is_of_one_connection(&error) => {}
                Err(error) => {
                    tracing::warn!(%error, "a connection cannot be accepted");
                    tokio::time::sleep(EXHAUSTED).await;
                }
            }
        }
        drop(self.listener);
        if tokio::time::timeout(FINISH_WITHIN, connections.shutdown())
            .await
            .is_err()
        {
            tracing::warn!("some requests were not finished in time, and are given up");
        }
        // Whoever closes the simulation after this must not find it still at work.
        tasks.shutdown().await;
        Ok(())
    }
}

/// Tells a service who its requests come from.
#[derive(Clone)]
struct Peered<S> {
    service: S,
    peer: SocketAddr,
}

impl<S> Service<Request<Incoming>> for Peered<S>
where
    S: Service<Request<RequestBody>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Incoming>) -> S::Future {
        let mut request = request.map(RequestBody::new);
        request.extensions_mut().insert(self.peer);
        self.service.call(request)
    }
}

fn spawn<S, B>(stream: TcpStream, service: Peered<S>, connections: &GracefulShutdown, tasks: &mut JoinSet<()>)
where
    S: Service<Request<RequestBody>, Response = Response<B>> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send + 'static,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    // Answers are written whole; waiting for more to send only makes clients wait.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection cannot be set to send at once");
    }
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_WITHIN)
        .max_buf_size(BUFFER)
        // A buffer can be filled to more than its size by the last read.
        .max_header_size(BUFFER)
        .max_headers(HEADERS)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    let connection = connections.watch(connection);
    tasks.spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection ended early");
        }
    });
}

/// Errors of a connection that was gone before it was accepted, and not of the listening socket.
fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionRefused
    )
}
