//! How often a call was sent, for the spans of its tries.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use http::Request;

/// In a request's extensions while somebody looks at tries; every copy of the request shares it.
#[derive(Clone, Debug, Default)]
pub(super) struct Sends(Arc<AtomicU32>);

/// Which sending of the call this is; 0 for the first, and for a request that nobody counts.
pub(super) fn count<B>(request: &Request<B>) -> u32 {
    let sends = request.extensions().get::<Sends>();
    sends.map_or(0, |Sends(count)| count.fetch_add(1, Ordering::Relaxed))
}
