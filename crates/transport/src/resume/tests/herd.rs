//! Many downloads that break together, over a breaker that lets but one of them see whether the host works again.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http_body::Frame;
use http_body_util::StreamBody;
use lazuli_protocol::ByteRange;
use tokio::time::{Instant, sleep};
use tower::service_fn;

use super::*;
use crate::{AnswerFuture, CircuitBreakerLayer, CircuitBreakerPolicy, RetryLayer, RetryPolicy};

const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

const SIZE: usize = 1000;

fn content() -> Bytes {
    (0..SIZE)
        .map(|at| at.to_le_bytes()[0] ^ at.to_le_bytes()[1])
        .collect()
}

/// A host whose first answers break after a second, and that takes no connection from half a second on, for 10 s.
#[derive(Clone, Copy, Debug)]
struct Host(Instant);

impl Host {
    fn answer(self, request: &Request<Body>) -> AnswerFuture {
        let range = request.headers().get("x-ms-range");
        let range = range.map(|range| range.to_str().unwrap().parse::<ByteRange>().unwrap());
        Box::pin(async move {
            sleep(millis(50)).await;
            let since = self.0.elapsed();
            if since > millis(500) && since < millis(10_500) {
                return Err(Error::new(ErrorKind::Connect, "the host is away"));
            }
            let first = range.map_or(0, |range| range.first());
            let part = content().slice(usize::try_from(first).unwrap()..);
            let response = Response::builder()
                .header("etag", "\"1\"")
                .header("content-length", part.len());
            let Some(range) = range else {
                let half = stream::iter([Ok(Frame::data(part.slice(..SIZE / 2)))]);
                let broken = stream::once(async {
                    sleep(millis(1000)).await;
                    Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))
                });
                let body = ResponseBody::new(StreamBody::new(half.chain(broken)));
                return Ok(response.body(body).unwrap());
            };
            let end = range.end().unwrap_or(SIZE as u64);
            let shown = format!("bytes {first}-{}/{SIZE}", end - 1);
            let response = response.status(206).header("content-range", shown);
            Ok(response.body(ResponseBody::from(part)).unwrap())
        })
    }
}

/// What came of so many downloads at once through the stack that this makes over a host.
async fn all<S>(count: usize, stack: impl FnOnce(Host) -> S)
where
    S: Service<Request<Body>, Response = Response<ResponseBody>, Error = Error>
        + Clone
        + Send
        + Sync
        + 'static,
    S::Future: Send + 'static,
{
    let service = ResumeLayer::default().layer(stack(Host(Instant::now())));
    let downloads: Vec<_> = (0..count)
        .map(|_| {
            let answer = service.clone().oneshot(get());
            tokio::spawn(async move { answer.await?.into_body().collect(SIZE).await.map_err(Error::from) })
        })
        .collect();
    for download in downloads {
        let arrived = download.await.unwrap().unwrap();
        assert!(arrived == content(), "{} bytes arrived", arrived.len());
    }
}

#[tokio::test(start_paused = true)]
async fn all_downloads_outlast_an_outage_behind_a_breaker() {
    let short = CircuitBreakerPolicy::default().open_for(Duration::from_secs(5));
    for policy in [CircuitBreakerPolicy::default(), short] {
        let breaker = || CircuitBreakerLayer::new(policy.clone());
        for count in [16, 64] {
            all(count, |host| {
                breaker().layer(service_fn(move |request| host.answer(&request)))
            })
            .await;
        }
        // With retries below, even one alone makes the breaker open before its resumptions are used up.
        for count in [1, 2, 4, 16] {
            all(count, |host| {
                let inner = breaker().layer(service_fn(move |request| host.answer(&request)));
                RetryLayer::new(RetryPolicy::default()).layer(inner)
            })
            .await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn those_who_were_told_the_same_time_do_not_come_back_together() {
    let refused = || Step::Answer(503, &[("retry-after", "20")]);
    let mut back = Vec::new();
    for _ in 0..16 {
        let script = Script::of([
            whole(vec![data("0123"), Piece::Break]),
            refused(),
            rest(4, vec![data("456789")]),
        ]);
        let response = ResumeLayer::default()
            .layer(script.clone())
            .oneshot(get())
            .await
            .unwrap();
        assert_eq!(read(response.into_body()).await.0, "0123456789");
        back.push(script.waits()[1]);
    }
    assert!(
        back.iter().all(|wait| (20..=25).contains(&wait.as_secs())),
        "{back:?}"
    );
    back.sort_unstable();
    assert!(back[15] - back[0] > millis(500), "{back:?}");
}

#[tokio::test(start_paused = true)]
async fn a_breaker_that_stays_open_is_waited_for_until_patience_ends() {
    let steps = || {
        let mut steps = vec![whole(vec![data("0123"), Piece::Break])];
        steps.extend(vec![Step::Fail(ErrorKind::CircuitOpen); 5000]);
        steps
    };
    for (policy, patience) in [
        (ResumePolicy::default(), 300),
        (ResumePolicy::default().patience(Duration::from_secs(10)), 10),
        (ResumePolicy::default().patience(Duration::ZERO), 0),
    ] {
        let begun = Instant::now();
        let (script, text, outcome) = run(policy, steps(), get()).await;
        let error = outcome.unwrap_err();
        assert_eq!((text.as_str(), own(&error).kind()), ("0123", ErrorKind::Body));
        assert_eq!(
            error.to_string(),
            "the download failed at byte 4, after 0 resumptions: the rest could not be asked for: the script says so"
        );
        assert!(is_reset(own(&error)) && own(&error).is_retryable());
        assert!(own(&error).retry_after().is_some());
        let took = begun.elapsed();
        let limit = Duration::from_secs(patience);
        assert!(took <= limit && took + millis(200) > limit, "{took:?}");
        // A breaker that names no time is not asked in a spin.
        assert!(script.seen().len() <= 2 + usize::try_from(patience).unwrap() * 10);
    }
}

#[tokio::test(start_paused = true)]
async fn a_byte_is_a_new_beginning_for_patience() {
    let refused = || vec![Step::Fail(ErrorKind::CircuitOpen); 6];
    let mut steps = vec![whole(vec![data("0"), Piece::Break])];
    for (first, byte) in (1..9).zip(["1", "2", "3", "4", "5", "6", "7", "8"]) {
        steps.extend(refused());
        steps.push(rest(first, vec![data(byte), Piece::Break]));
    }
    steps.push(rest(9, vec![data("9")]));
    let policy = ResumePolicy::default().patience(millis(1000));
    let (_, text, outcome) = run(policy, steps, get()).await;
    assert_eq!((text.as_str(), outcome.is_ok()), ("0123456789", true));
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_is_elsewhere_does_not_use_up_patience() {
    let mut steps = vec![whole(vec![data("0123"), Piece::Break])];
    steps.extend(vec![Step::Fail(ErrorKind::CircuitOpen); 5]);
    steps.push(rest(4, vec![data("456789")]));
    let script = Script::of(steps);
    let policy = ResumePolicy::default().patience(Duration::from_secs(10));
    let mut body = answer(script.clone(), policy, get()).await.into_body();
    let mut text = Vec::new();
    while text.len() < 10 {
        if let Ok(piece) = tokio::time::timeout(millis(1), body.next()).await {
            text.extend_from_slice(&piece.unwrap().unwrap());
        }
        sleep(Duration::from_secs(3600)).await;
    }
    assert_eq!(
        (text.as_slice(), script.seen().len()),
        (b"0123456789".as_slice(), 7)
    );
}
