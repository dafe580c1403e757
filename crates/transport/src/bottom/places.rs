//! How many connections a host may have: each takes a place, and those that find none wait in line.

use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::Poll;

use http::Uri;
use http::uri::{Authority, Scheme};
use hyper_util::client::legacy::connect::CaptureConnection;
use lazuli_protocol::BoxError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// A place among the connections of a host.
pub(crate) type Place = OwnedSemaphorePermit;

tokio::task_local! {
    /// The call that a connection is being made for.
    static CALL: Call;
}

#[derive(Clone)]
struct Call {
    over: watch::Receiver<()>,
    waits: Option<WaitsForPlace>,
}

/// In a request's extensions: whether its call waits, or has waited, for a place among the connections of its host, which is no fault of the host. The layer
/// that ends a try in time puts it there and looks; the client below sets it. It costs a little: where places are not limited nobody needs it.
#[derive(Clone, Debug, Default)]
pub(crate) struct WaitsForPlace(Arc<Wait>);

#[derive(Debug, Default)]
struct Wait {
    in_line: AtomicBool,
    has_been: AtomicBool,
    connection: OnceLock<CaptureConnection>,
}

impl WaitsForPlace {
    /// Whether the call waits in line now.
    pub(crate) fn is_so(&self) -> bool {
        // The client stays in line when another connection has become free for the call meanwhile.
        let has_none = |connection: &CaptureConnection| connection.connection_metadata().is_none();
        self.0.in_line.load(Ordering::Acquire) && self.0.connection.get().is_none_or(has_none)
    }

    /// Whether the call has ever waited in line, or does.
    pub(crate) fn was_so(&self) -> bool {
        self.0.has_been.load(Ordering::Acquire)
    }

    /// Where the call's connection will be found.
    pub(super) fn until(&self, connection: CaptureConnection) {
        let _ = self.0.connection.set(connection);
    }

    fn begin(&self) -> InLine {
        self.0.has_been.store(true, Ordering::Release);
        self.0.in_line.store(true, Ordering::Release);
        InLine(self.clone())
    }
}

struct InLine(WaitsForPlace);

impl Drop for InLine {
    fn drop(&mut self) {
        self.0.0.in_line.store(false, Ordering::Release);
    }
}

/// The places of all hosts. A host is a scheme, a name and a port, as it is to the pool.
pub(crate) struct Places {
    each: usize,
    hosts: Mutex<HashMap<(Scheme, Authority), Arc<Semaphore>>>,
}

impl Places {
    pub(crate) fn new(each: usize) -> Self {
        Self {
            each: each.min(Semaphore::MAX_PERMITS),
            hosts: Mutex::new(HashMap::new()),
        }
    }

    /// A place for a connection to the host of this URL, once there is one. The wait is over without one when the call that wants the
    /// connection is: the client goes on connecting when another connection has become free for the call meanwhile, and such
    /// waits would pile up.
    pub(crate) async fn take(&self, uri: &Uri) -> Result<Place, BoxError> {
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return Err("a connection needs a scheme and a host".into());
        };
        let places = self.of((scheme.clone(), authority.clone()));
        if let Ok(place) = Arc::clone(&places).try_acquire_owned() {
            return Ok(place);
        }
        let taken = places.acquire_owned();
        let Ok(Call { mut over, waits }) = CALL.try_with(Call::clone) else {
            return Ok(taken.await?);
        };
        let _in_line = waits.as_ref().map(WaitsForPlace::begin);
        // Nothing is ever sent: it changes when the sender is gone.
        let (mut over, mut taken) = (pin!(over.changed()), pin!(taken));
        poll_fn(|cx| match over.as_mut().poll(cx) {
            Poll::Ready(_) => Poll::Ready(Err("nobody waits for this connection any more".into())),
            Poll::Pending => taken.as_mut().poll(cx).map_err(Into::into),
        })
        .await
    }

    fn of(&self, host: (Scheme, Authority)) -> Arc<Semaphore> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(places) = hosts.get(&host) {
            return Arc::clone(places);
        }
        // Connections and those who wait hold on to theirs: the others are hosts of the past.
        hosts.retain(|_, places| Arc::strong_count(places) > 1);
        let places = Arc::new(Semaphore::new(self.each));
        hosts.insert(host, Arc::clone(&places));
        places
    }
}

/// Runs a call, so that waits for places on its behalf show, and end when it does.
pub(crate) async fn while_called<F: Future>(call: F, waits: Option<WaitsForPlace>) -> F::Output {
    let (alive, over) = watch::channel(());
    let outcome = CALL.scope(Call { over, waits }, call).await;
    drop(alive);
    outcome
}
