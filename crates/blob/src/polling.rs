//! Asking again and again how something stands that the service does in its own time.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use futures_core::Stream;
use futures_util::stream;
use tokio::time::sleep;

use crate::Error;

/// However little somebody would wait, the service is not asked more often.
const SHORTEST: Duration = Duration::from_millis(100);

/// How often the service is asked: the first wait between two questions, which doubles until it is the longest. No wait is shorter than 100
/// milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Polling {
    first: Duration,
    longest: Duration,
}

impl Polling {
    /// For copies: half a second, up to ten.
    pub const COPY: Self = Self::new(Duration::from_millis(500), Duration::from_secs(10));
    /// For blobs on their way out of the archive, which takes hours: a minute, up to ten.
    pub const REHYDRATION: Self = Self::new(Duration::from_secs(60), Duration::from_secs(600));

    /// Waits `first`, then twice as long each time, and never longer than `longest`; 100 milliseconds at the least.
    #[must_use]
    pub const fn new(first: Duration, longest: Duration) -> Self {
        Self { first, longest }
    }
}

/// What a question was answered with, time after time, for as long as it `goes_on`. It ends with the first error.
pub(crate) fn poll<S, F>(
    polling: Polling,
    ask: impl Fn() -> F + Send + 'static,
    goes_on: fn(&S) -> bool,
) -> Pin<Box<dyn Stream<Item = Result<S, Error>> + Send>>
where
    S: Send + 'static,
    F: Future<Output = Result<S, Error>> + Send + 'static,
{
    let longest = polling.longest.max(SHORTEST);
    let begun = (ask, Some(Duration::ZERO), polling.first.max(SHORTEST));
    Box::pin(stream::try_unfold(begun, move |(ask, wait, next)| async move {
        let Some(wait) = wait else {
            return Ok(None);
        };
        if !wait.is_zero() {
            sleep(wait).await;
        }
        let state = ask().await?;
        let wait = goes_on(&state).then_some(next.min(longest));
        let next = next.saturating_mul(2).min(longest);
        Ok(Some((state, (ask, wait, next))))
    }))
}
