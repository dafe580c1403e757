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
const SECONDS: u64 = 10;

/// How the account counts.
#[derive(Clone, Copy, Debug)]
enum Counts {
    /// What it has left flows back steadily, and a tenth of a second's worth is saved up.
    Steadily,
    /// It has all of a second's worth at the beginning of each second.
    EachSecond,
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

struct Report {
    fine: u32,
    failed: u32,
    taken: Vec<u32>,
    refused: Vec<u32>,
}

async fn offered(counts: Counts, policy: ThrottlePolicy) -> Report {
    let begun = Instant::now();
    let account = Account(Arc::new(Mutex::new(Books {
        counts,
        left: CAPACITY / 10.0,
        at: begun,
        begun,
        taken: Vec::new(),
        refused: Vec::new(),
    })));
    let retry = RetryLayer::new(RetryPolicy::default());
    let retry = retry.jitter(Arc::new(Seeded(Mutex::new(fastrand::Rng::with_seed(7)))));
    let service = retry.layer(ThrottleLayer::new(policy).layer(account.clone()));
    let callers: Vec<_> = (0..CALLERS)
        .map(|_| {
            let service = service.clone();
            tokio::spawn(async move {
                let (mut fine, mut failed) = (0_u32, 0_u32);
                while begun.elapsed() < Duration::from_secs(SECONDS) {
                    match service.clone().oneshot(get()).await {
                        Ok(response) if response.status() == 200 => fine += 1,
                        _ => failed += 1,
                    }
                }
                (fine, failed)
            })
        })
        .collect();
    let (mut fine, mut failed) = (0, 0);
    for caller in callers {
        let (f, g) = caller.await.unwrap();
        fine += f;
        failed += g;
    }
    let books = account.0.lock().unwrap();
    Report {
        fine,
        failed,
        taken: books.taken.clone(),
        refused: books.refused.clone(),
    }
}

#[tokio::test(start_paused = true)]
async fn an_account_that_is_offered_twice_its_rate_is_used_well_and_hardly_anything_fails() {
    for counts in [Counts::Steadily, Counts::EachSecond] {
        let begun = std::time::Instant::now();
        let report = offered(counts, ThrottlePolicy::default()).await;
        println!(
            "{counts:?} {} {} {:?} {:?} {:?}",
            report.fine,
            report.failed,
            report.taken,
            report.refused,
            begun.elapsed()
        );
    }
}
