//! The layers together with a simulated account that bears 20,000 requests a second, is offered twice as many, and answers `ServerBusy` to what is too
//! much. Full size; only the clock is not real.

use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use http::{Request, Response};
use lazuli_protocol::{Body, ResponseBody};
use tokio::time::{Instant, sleep};
use tower::{Layer as _, Service, ServiceExt as _};

use super::*;
use crate::testing::get;
use crate::{AnswerFuture, Error, Jitter, RetryLayer, RetryPolicy};

const CAPACITY: f64 = 20_000.0;
/// So many callers, each with an answer in this time, offer twice the capacity.
const CALLERS: usize = 400;
const LATENCY: Duration = Duration::from_millis(10);

/// How the account counts.
#[derive(Clone, Copy, Debug)]
enum Counts {
    /// What it has left flows back steadily, and a tenth of a second's worth is saved up.
    Steadily,
    /// It has all of a second's worth at the beginning of each second.
    EachSecond,
}

/// How the callers behave.
#[derive(Clone, Copy, Debug)]
enum Callers {
    /// Each sends its next request when it has the answer to the last.
    Wait,
    /// There are new ones all the time, whatever becomes of those before: all that is too much stays in the queue.
    Come,
}

#[derive(Clone)]
struct Account(Arc<Mutex<Books>>);

struct Books {
    counts: Counts,
    left: f64,
    at: Instant,
    begun: Instant,
    // By the second.
    taken: Vec<u32>,
    refused: Vec<u32>,
}

impl Books {
    fn take(&mut self) -> bool {
        let now = Instant::now();
        match self.counts {
            Counts::Steadily => {
                let came = (now - self.at).as_secs_f64() * CAPACITY;
                self.left = (self.left + came).min(CAPACITY / 10.0);
                self.at = now;
            }
            Counts::EachSecond if now - self.at >= Duration::from_secs(1) => {
                self.left = CAPACITY;
                self.at += Duration::from_secs((now - self.at).as_secs());
            }
            Counts::EachSecond => {}
        }
        let takes = self.left >= 1.0;
        if takes {
            self.left -= 1.0;
        }
        let second = usize::try_from((now - self.begun).as_secs()).unwrap();
        let book = if takes { &mut self.taken } else { &mut self.refused };
        book.resize(book.len().max(second + 1), 0);
        book[second] += 1;
        takes
    }
}

impl Service<Request<Body>> for Account {
    type Response = Response<ResponseBody>;
    type Error = Error;
    type Future = AnswerFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Body>) -> AnswerFuture {
        let takes = self.0.lock().unwrap().take();
        Box::pin(async move {
            sleep(LATENCY).await;
            let mut response = Response::new(ResponseBody::empty());
            if !takes {
                *response.status_mut() = http::StatusCode::SERVICE_UNAVAILABLE;
                let busy = http::HeaderValue::from_static("ServerBusy");
                response.headers_mut().insert("x-ms-error-code", busy);
            }
            Ok(response)
        })
    }
}

/// Full jitter that is the same in each run.
#[derive(Debug)]
struct Seeded(Mutex<fastrand::Rng>);

impl Jitter for Seeded {
    fn wait(&self, longest: Duration) -> Duration {
        longest.mul_f64(self.0.lock().unwrap().f64())
    }
}

#[derive(Debug, Default)]
struct Tally {
    fine: u32,
    failed: u32,
}

impl Tally {
    fn count(&mut self, outcome: Result<Response<ResponseBody>, Error>) {
        match outcome {
            Ok(response) if response.status() == 200 => self.fine += 1,
            _ => self.failed += 1,
        }
    }
}

#[derive(Debug)]
struct Report {
    // For how long requests came.
    seconds: u32,
    tally: Tally,
    taken: Vec<u32>,
    refused: Vec<u32>,
}

async fn offered(counts: Counts, callers: Callers, seconds: u32) -> Report {
    let time = Duration::from_secs(u64::from(seconds));
    let begun = Instant::now();
    let account = Account(Arc::new(Mutex::new(Books {
        counts,
        left: match counts {
            Counts::Steadily => CAPACITY / 10.0,
            Counts::EachSecond => CAPACITY,
        },
        at: begun,
        begun,
        taken: Vec::new(),
        refused: Vec::new(),
    })));
    let retry = RetryLayer::new(RetryPolicy::default());
    let retry = retry.jitter(Arc::new(Seeded(Mutex::new(fastrand::Rng::with_seed(7)))));
    let service = retry.layer(ThrottleLayer::default().layer(account.clone()));
    let mut calls = Vec::new();
    match callers {
        Callers::Wait => {
            for _ in 0..CALLERS {
                let service = service.clone();
                calls.push(tokio::spawn(async move {
                    let mut tally = Tally::default();
                    while begun.elapsed() < time {
                        tally.count(service.clone().oneshot(get()).await);
                    }
                    tally
                }));
            }
        }
        Callers::Come => {
            let mut tick = tokio::time::interval(LATENCY / 10);
            while begun.elapsed() < time {
                tick.tick().await;
                for _ in 0..CALLERS / 10 {
                    let service = service.clone();
                    calls.push(tokio::spawn(async move {
                        let mut tally = Tally::default();
                        tally.count(service.oneshot(get()).await);
                        tally
                    }));
                }
            }
        }
    }
    let mut tally = Tally::default();
    for call in calls {
        let other = call.await.unwrap();
        tally.fine += other.fine;
        tally.failed += other.failed;
    }
    let books = account.0.lock().unwrap();
    Report {
        seconds,
        tally,
        taken: books.taken.clone(),
        refused: books.refused.clone(),
    }
}

/// Under 5 % is the aim. Those that fail are refused before the rate is known, and find the budget of retries spent. And the account is
/// neither left idle nor called in vain, once its rate is learned.
fn used_well(report: &Report) {
    let Tally { fine, failed } = report.tally;
    assert!(failed <= fine / 20, "{report:?}");
    let whole = usize::try_from(report.seconds).unwrap();
    let settled: u32 = report.taken[1..whole].iter().sum();
    let share = f64::from(settled) / (CAPACITY * f64::from(report.seconds - 1));
    assert!((0.85..=1.02).contains(&share), "{share} {report:?}");
    let vain: u32 = report.refused.iter().skip(2).sum();
    assert!(vain < settled / 20, "{vain} {report:?}");
}

#[tokio::test(start_paused = true)]
async fn callers_that_wait_for_their_answers_find_the_rate_of_the_account() {
    for counts in [Counts::Steadily, Counts::EachSecond] {
        used_well(&offered(counts, Callers::Wait, 6).await);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_too_much_waits_until_the_account_bears_it() {
    for counts in [Counts::Steadily, Counts::EachSecond] {
        let report = offered(counts, Callers::Come, 6).await;
        used_well(&report);
        // Twice as much came as it bears: it takes twice the time.
        assert!((12..=14).contains(&report.taken.len()), "{report:?}");
    }
}
