//! What all clones of a layer share: the chosen limits, and the rate of each host.

use std::future::poll_fn;
use std::sync::Arc;

use http::Uri;
use lazuli_protocol::ResponseBody;
use tokio::time::Instant;

use super::body::Throttled;
use super::bucket::Bucket;
use super::gate::Gate;
use super::pace::Pace;
use super::turn::{Turn, Want};
use super::{ThrottleLayer, ThrottlePolicy};
use crate::hosts::Hosts;

/// The limits of a [`ThrottleLayer`], shared by all clones of it and of this: what one stack uses is not there for the others.
///
/// ```
/// use lazuli_transport::{Throttle, ThrottlePolicy};
///
/// // Two stacks that together send 500 requests a second at most.
/// let throttle = Throttle::new(ThrottlePolicy::default().requests_per_second(500));
/// let (one, other) = (throttle.layer(), throttle.layer());
/// # let _ = (one, other);
/// ```
#[derive(Clone, Debug)]
pub struct Throttle(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    policy: ThrottlePolicy,
    requests: Option<Gate>,
    bytes: Option<Arc<Gate>>,
    hosts: Hosts<Pace>,
}

impl Throttle {
    /// Limits by this policy, of which nothing is used yet.
    #[must_use]
    pub fn new(policy: ThrottlePolicy) -> Self {
        let now = Instant::now();
        let gate = |rate| Gate::new(Bucket::new(rate, policy.burst, now));
        Self(Arc::new(Shared {
            policy,
            requests: policy.requests.map(f64::from).map(gate),
            bytes: policy.bytes.map(tokens).map(gate).map(Arc::new),
            hosts: Hosts::new(|pace: &Pace| !pace.is_limited()),
        }))
    }

    /// A layer that keeps to these limits, together with all others of them.
    #[must_use]
    pub fn layer(&self) -> ThrottleLayer {
        ThrottleLayer::of(self.clone())
    }

    /// The requests a second that a URL's host is asked at most, learned from its being busy; `None` when it has not been lately.
    #[must_use]
    pub fn allowed(&self, uri: &Uri) -> Option<f64> {
        self.0.hosts.known(uri)?.allowed()
    }

    pub(super) fn pace(&self, uri: &Uri) -> Option<Arc<Pace>> {
        if !self.0.policy.adaptive {
            return None;
        }
        let make = |host| Pace::new(host, self.0.policy, Instant::now());
        self.0.hosts.of(uri, make)
    }

    pub(super) fn has_limits(&self) -> bool {
        self.0.requests.is_some() || self.0.bytes.is_some()
    }

    /// Waits until a request with a body of so many bytes may be sent; `pace`, when it must wait for its host too.
    ///
    /// Everything is taken at once, and nothing before.
    pub(super) async fn wait(&self, pace: Option<&Pace>, bytes: u64) {
        let request = |gate| Want::new(gate, 1.0);
        let mut turn = Turn::new([
            pace.map(Pace::gate).map(request),
            self.0.requests.as_ref().map(request),
            self.0.bytes.as_deref().map(|gate| Want::new(gate, tokens(bytes))),
        ]);
        poll_fn(|cx| turn.poll(cx)).await;
        if let Some(pace) = pace {
            pace.was_needed(Instant::now(), turn.waited_at_first());
        }
    }

    /// An answer's body, made to wait for the bytes that it brings where they are limited.
    pub(super) fn body(&self, body: ResponseBody) -> ResponseBody {
        match &self.0.bytes {
            Some(gate) => Throttled::wrap(body, Arc::clone(gate)),
            None => body,
        }
    }
}

impl Default for Throttle {
    /// With the default policy.
    fn default() -> Self {
        Self::new(ThrottlePolicy::default())
    }
}

impl From<ThrottlePolicy> for Throttle {
    fn from(policy: ThrottlePolicy) -> Self {
        Self::new(policy)
    }
}

/// Bytes as tokens. What is lost beyond 2^53 of them is not missed.
pub(super) fn tokens(bytes: u64) -> f64 {
    bytes as f64
}
