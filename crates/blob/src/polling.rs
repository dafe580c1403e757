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
/// What is waited for takes hours, and most trouble minutes.
const MOST_FAILED: u32 = 5;
/// Who asks for more time than this is asked before it is over.
const LONGEST_ASKED: Duration = Duration::from_secs(600);

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

/// What a question was answered with, time after time, for as long as it `goes_on`. It ends with the first error; but once a question was answered, trouble
/// that may pass ends it only when it has met [`MOST_FAILED`] questions in a row.
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
    let begun = Turn {
        wait: Some(Duration::ZERO),
        next: polling.first.max(SHORTEST),
        answered: false,
    };
    Box::pin(stream::try_unfold(
        (ask, begun),
        move |(ask, mut turn)| async move {
            let Some(mut wait) = turn.wait else {
                return Ok(None);
            };
            let mut failed = 0;
            let state = loop {
                if !wait.is_zero() {
                    sleep(wait).await;
                }
                let outcome = ask().await;
                wait = turn.next.min(longest);
                turn.next = turn.next.saturating_mul(2).min(longest);
                failed += 1;
                match outcome {
                    Err(error) if turn.answered && error.is_retryable() && failed < MOST_FAILED => {
                        // An open circuit, say, which refuses whatever comes before.
                        let asked = error.retry_after().unwrap_or_default().min(LONGEST_ASKED);
                        wait = wait.max(asked);
                    }
                    outcome => break outcome?,
                }
            };
            turn.answered = true;
            turn.wait = goes_on(&state).then_some(wait);
            Ok(Some((state, (ask, turn))))
        },
    ))
}

/// When the next question is asked.
struct Turn {
    // `None` when there is no other.
    wait: Option<Duration>,
    // The wait after that one.
    next: Duration,
    // Whether the service has answered before.
    answered: bool,
}
