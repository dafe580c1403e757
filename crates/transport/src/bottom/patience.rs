//! How long a connection waits for the other side to take what is written, and when it waits no longer.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

/// Said of a connection by the call on it that is given up before it has an answer. It stays so: no other call will use the connection.
#[derive(Clone, Debug, Default)]
pub(super) struct GivenUp(Arc<AtomicBool>);

impl GivenUp {
    pub(super) fn say(&self) {
        self.0.store(true, Ordering::Release);
    }

    fn is_said(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// Sees to it that nothing is written for ever. hyper ends a connection by writing what it still has, and waits in that for one that
/// has ceased to read: the connection, its task and its place would never be free again.
#[derive(Debug)]
pub(super) struct Patience {
    time: Duration,
    given_up: GivenUp,
    // When the other side began to take nothing, and the timer that looks at this. It is made once, and only when there is a wait.
    since: Option<Instant>,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Patience {
    pub(super) fn of(time: Duration) -> Self {
        Self {
            time,
            given_up: GivenUp::default(),
            since: None,
            timer: None,
        }
    }

    pub(super) fn given_up(&self) -> &GivenUp {
        &self.given_up
    }

    /// What came of a write, a flush or a shutdown: an error in place of a wait that has been too long, or is for nobody.
    pub(super) fn with<T>(
        &mut self,
        cx: &mut Context<'_>,
        outcome: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        match outcome {
            Poll::Ready(_) => {
                self.since = None;
                outcome
            }
            Poll::Pending => self.wait(cx).map(Err),
        }
    }

    fn wait(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        if self.given_up.is_said() {
            return Poll::Ready(io::Error::new(
                io::ErrorKind::ConnectionAborted,
                "the call was given up",
            ));
        }
        let since = *self.since.get_or_insert_with(Instant::now);
        match since.checked_add(self.time) {
            Some(until) => self.wait_until(cx, until),
            None => Poll::Pending,
        }
    }

    fn wait_until(&mut self, cx: &mut Context<'_>, until: Instant) -> Poll<io::Error> {
        // Looked at in each round: time goes on, and a timer that is set for the past fires at once, for ever.
        while Instant::now() < until {
            let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(until)));
            ready!(timer.as_mut().poll(cx));
            // One that was set for an earlier wait fires too early, and is set again.
            timer.as_mut().reset(until);
        }
        let message = format!("the other side has taken nothing for {:?}", self.time);
        Poll::Ready(io::Error::new(io::ErrorKind::TimedOut, message))
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::time::sleep;

    use super::*;

    const TIME: Duration = Duration::from_secs(120);

    async fn stuck(patience: &mut Patience) -> io::ErrorKind {
        let ended: io::Result<()> = poll_fn(|cx| patience.with(cx, Poll::Pending)).await;
        ended.unwrap_err().kind()
    }

    async fn once<T>(patience: &mut Patience, outcome: Poll<io::Result<T>>) {
        let mut outcome = Some(outcome);
        poll_fn(|cx| {
            let _ = patience.with(cx, outcome.take().unwrap());
            Poll::Ready(())
        })
        .await;
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_is_waited_for_longer_than_the_time() {
        let mut patience = Patience::of(TIME);
        let begun = Instant::now();
        assert_eq!(stuck(&mut patience).await, io::ErrorKind::TimedOut);
        assert_eq!(begun.elapsed().as_secs(), 120);
    }

    #[tokio::test(start_paused = true)]
    async fn the_time_begins_anew_with_every_byte() {
        let mut patience = Patience::of(TIME);
        let begun = Instant::now();
        for _ in 0..5 {
            once::<()>(&mut patience, Poll::Pending).await;
            sleep(Duration::from_secs(100)).await;
            once(&mut patience, Poll::Ready(Ok(1))).await;
        }
        assert_eq!(stuck(&mut patience).await, io::ErrorKind::TimedOut);
        assert_eq!(begun.elapsed().as_secs(), 500 + 120);
    }

    #[tokio::test(start_paused = true)]
    async fn a_time_that_passes_while_the_timer_is_set_is_over() {
        let mut patience = Patience::of(TIME);
        once::<()>(&mut patience, Poll::Pending).await;
        let until = Instant::now();
        sleep(TIME).await;
        // Where nobody else makes a task stop, it would set the timer for ever.
        let late = poll_fn(|cx| patience.wait_until(cx, until));
        let error = tokio::task::unconstrained(late).await;
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test(start_paused = true)]
    async fn for_a_call_that_is_given_up_nothing_is_waited_for() {
        let mut patience = Patience::of(TIME);
        once::<()>(&mut patience, Poll::Pending).await;
        patience.given_up().clone().say();
        let begun = Instant::now();
        assert_eq!(stuck(&mut patience).await, io::ErrorKind::ConnectionAborted);
        assert!(begun.elapsed().is_zero());
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_not_waited_for_makes_no_timer() {
        let mut patience = Patience::of(TIME);
        once(&mut patience, Poll::Ready(Ok(1))).await;
        assert!(patience.timer.is_none());
        let mut endless = Patience::of(Duration::MAX);
        once::<()>(&mut endless, Poll::Pending).await;
        assert!(endless.timer.is_none());
    }
}
