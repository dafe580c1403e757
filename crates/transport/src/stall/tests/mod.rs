//! Which bodies are cut off, and which are left alone.

mod answers;
mod requests;

use std::time::Duration;

use http::Response;
use lazuli_protocol::ResponseBody;
use tokio::time::{Instant, timeout};
use tower::{Layer as _, ServiceExt as _};

use super::*;
use crate::{Error, ErrorKind};

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

const HOUR: Duration = seconds(3600);
const DAY: Duration = seconds(24 * 3600);

fn lenient() -> [StallPolicy; 5] {
    [
        StallPolicy::never(),
        StallPolicy::new(0, seconds(1)),
        StallPolicy::new(1024, Duration::ZERO),
        StallPolicy::new(1024, seconds(1)).receiving(None).sending(None),
        StallPolicy::new(u64::MAX, Duration::MAX),
    ]
}
