//! The layer's options.

use std::sync::Arc;

use tower::Layer;

use super::learned::Learned;
use super::{HedgePolicy, HedgeService};

/// Sends a read a second time when its answer is later than most, and takes the first good answer of the two.
///
/// # What is late
/// The layer learns how long the heads of answers take, for each host and [kind](lazuli_protocol::OperationKind) of operation, from the last half minute to
/// minute. It knows 64 hosts at most, and forgets the one that was idle for longest when there is another. A read is late when it takes longer than the [percentile](HedgePolicy::percentile) of these. Only what is asked by `GET` or
/// `HEAD` and may be sent twice counts as a read.
///
/// An answer that tells of [`Trouble`](crate::Trouble) and an error are not learned from: they say nothing of how long an answer takes. A first
/// request that a second one overtook counts with the time it had taken by then, which is as late as what made it late: left out, the percentile would
/// sink with every read that is sent twice, and more and more would be. The second request's own time does not count.
///
/// # Which answer
/// The first that is no trouble; when one of the two fails, the other is waited for. When both fail, what the service answered is returned rather than an
/// error, and the first request's outcome rather than the second's. The one that is not needed is dropped, and with it its connection.
///
/// # How many
/// No more than a [share](HedgePolicy::share) of a host's reads, so that a service that became slow is not sent twice as much.
///
/// # What it leaves
/// [`Hedged`](crate::Hedged) in the extensions of a response whose request was sent twice, and a `DEBUG` event for each second request. What is learned
/// is shared by all services that this layer and its clones make.
///
/// ```
/// use std::sync::atomic::{AtomicU32, Ordering};
/// use std::time::Duration;
/// use http::{Request, Response};
/// use lazuli_protocol::{Body, ResponseBody};
/// use lazuli_transport::{HedgeLayer, HedgePolicy, Hedged};
/// use tower::{Layer as _, Service as _, ServiceExt as _};
///
/// // A service that loses the hundredth request.
/// static CALLS: AtomicU32 = AtomicU32::new(0);
/// let mut service = HedgeLayer::new(HedgePolicy::default()).layer(tower::service_fn(|_: Request<Body>| async {
///     if CALLS.fetch_add(1, Ordering::Relaxed) == 99 {
///         tokio::time::sleep(Duration::from_secs(3600)).await;
///     }
///     Ok::<_, lazuli_transport::Error>(Response::new(ResponseBody::empty()))
/// }));
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// for call in 0..100 {
///     let request = Request::get("https://example.blob.core.windows.net/c/b").body(Body::empty())?;
///     let response = service.ready().await?.call(request).await?;
///     let hedged = response.extensions().get();
///     assert_eq!(hedged, (call == 99).then_some(&Hedged::Second));
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct HedgeLayer {
    policy: HedgePolicy,
    learned: Arc<Learned>,
}

impl HedgeLayer {
    /// With this policy, and nothing learned yet.
    #[must_use]
    pub fn new(policy: HedgePolicy) -> Self {
        Self {
            policy,
            learned: Arc::default(),
        }
    }
}

impl<S> Layer<S> for HedgeLayer {
    type Service = HedgeService<S>;

    fn layer(&self, inner: S) -> HedgeService<S> {
        HedgeService {
            inner,
            policy: self.policy,
            learned: Arc::clone(&self.learned),
        }
    }
}
