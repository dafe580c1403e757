//! A server of HTTP/1.1.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::uri::Scheme;
use http::{Request, Response, Uri};
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
use tower::util::MapResponse;

use super::trouble::Trouble;
use super::{RequestBody, header_case};
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
const PASSES_WITHIN: Duration = Duration::from_millis(50);

/// A socket that listens, and soon serves.
///
/// What is not HTTP is answered with a bare 400, a head of more than 512 KiB or 256 headers with 431. A connection is closed when the head of
/// its next request does not arrive within 75 seconds. The body of a request may take as long as it takes.
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
    /// The names of metadata (`x-ms-meta-*`) in a request have their case in a [`MetadataCase`](crate::MetadataCase) among its extensions,
    /// and those in an answer are written as one among its extensions says.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] when the socket can be listened on no more; requests under way are finished first, as at a shutdown. A machine that has
    /// no more sockets or memory to give, and a connection that breaks before it is accepted, are waited out.
    pub async fn run<S, B>(self, service: S, shutdown: impl Future) -> Result<(), Error>
    where
        S: Service<Request<RequestBody>, Response = Response<B>> + Clone + Send + 'static,
        S::Error: Into<BoxError> + Send,
        S::Future: Send + 'static,
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let connections = GracefulShutdown::new();
        let mut tasks = JoinSet::new();
        let mut shutdown = pin!(shutdown);
        let ended = loop {
            let accepted = tokio::select! {
                _ = &mut shutdown => break Ok(()),
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
                Err(error) => match Trouble::of(&error) {
                    Trouble::OneConnection => {}
                    Trouble::Passing => {
                        tracing::warn!(%error, "a connection cannot be accepted");
                        tokio::time::sleep(PASSES_WITHIN).await;
                    }
                    Trouble::Lasting => {
                        let message = format!("cannot listen on {} any more", self.address);
                        break Err(Error::new(ErrorKind::Io, message).because(error));
                    }
                },
            }
        };
        drop(self.listener);
        if tokio::time::timeout(FINISH_WITHIN, connections.shutdown())
            .await
            .is_err()
        {
            tracing::warn!("some requests were not finished in time, and are given up");
        }
        // Whoever closes the simulation after this must not find it still at work.
        tasks.shutdown().await;
        ended
    }
}

/// Tells a service who its requests come from.
#[derive(Clone)]
struct Peered<S> {
    service: S,
    peer: SocketAddr,
}

/// The answer to one request, once nothing of its body is left.
type Answering<T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send>>;

impl<S, B> Service<Request<Incoming>> for Peered<S>
where
    S: Service<Request<RequestBody>, Response = Response<B>>,
    S::Future: Send + 'static,
    S::Error: Send,
    B: Send + 'static,
{
    type Response = Response<B>;
    type Error = S::Error;
    type Future = Answering<Response<B>, S::Error>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Incoming>) -> Self::Future {
        let (parts, body) = request.into_parts();
        let (body, leftover) = RequestBody::lend(body, &parts.headers);
        let mut request = Request::from_parts(parts, body);
        disown_tls(request.uri_mut());
        header_case::note(&mut request);
        request.extensions_mut().insert(self.peer);
        let answer = self.service.call(request);
        Box::pin(async move {
            let answer = answer.await;
            leftover.forget().await;
            answer
        })
    }
}

/// What comes over this socket came in the clear, whatever its request line says.
fn disown_tls(uri: &mut Uri) {
    if uri.scheme() != Some(&Scheme::HTTPS) {
        return;
    }
    let mut parts = uri.clone().into_parts();
    parts.scheme = Some(Scheme::HTTP);
    if let Ok(plain) = Uri::from_parts(parts) {
        *uri = plain;
    }
}

fn spawn<S, B>(stream: TcpStream, service: Peered<S>, connections: &GracefulShutdown, tasks: &mut JoinSet<()>)
where
    S: Service<Request<RequestBody>, Response = Response<B>> + Clone + Send + 'static,
    S::Error: Into<BoxError> + Send,
    S::Future: Send + 'static,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    // Answers are written whole; waiting for more to send only makes clients wait.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection cannot be set to send at once");
    }
    let service = MapResponse::new(service, header_case::restore::<B>);
    let connection = http1::Builder::new()
        .preserve_header_case(true)
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

#[cfg(all(test, unix))]
mod tests {
    use std::convert::Infallible;
    use std::net::{Shutdown, TcpStream};
    use std::os::fd::{AsFd as _, OwnedFd};

    use http_body_util::Empty;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_socket_that_listens_no_more_ends_the_server() {
        let server = Server::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
        let socket: OwnedFd = server.listener.as_fd().try_clone_to_owned().unwrap();
        TcpStream::from(socket).shutdown(Shutdown::Both).unwrap();
        let service =
            tower::service_fn(|_| async { Ok::<_, Infallible>(Response::new(Empty::<Bytes>::new())) });
        let run = server.run(service, std::future::pending::<()>());
        let ended = tokio::time::timeout(Duration::from_secs(60), run).await;
        let error = ended.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io);
        assert!(
            error.to_string().starts_with("cannot listen on 127.0.0.1:"),
            "{error}"
        );
    }
}
