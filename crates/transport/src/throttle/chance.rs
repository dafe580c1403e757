//! A host that bears everything, but says that it is busy to one request in two hundred, by chance: nothing is gained by asking it less often.

use std::convert::Infallible;
use std::future::ready;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use http::{HeaderValue, Request, Response, StatusCode, Uri};
use lazuli_protocol::{Body, ResponseBody};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};
use tower::util::BoxCloneSyncService;
use tower::{Layer as _, ServiceExt as _};

use super::*;
use crate::Error;
use crate::testing::{URL, get};

const OFFERED: u32 = 5_000;
/// Of a hundred thousand.
const CHANCE: u32 = 500;

struct Host {
    layer: ThrottleLayer,
    service: BoxCloneSyncService<Request<Body>, Response<ResponseBody>, Error>,
    asked: Arc<AtomicU32>,
}

impl Host {
    /// Busy for this long to everybody, and from then on by chance.
    fn busy_for(time: Duration, seed: u64) -> Self {
        let begun = Instant::now();
        let asked = Arc::new(AtomicU32::new(0));
        let asks = Arc::clone(&asked);
        let chance = Arc::new(std::sync::Mutex::new(fastrand::Rng::with_seed(seed)));
        let layer = ThrottleLayer::default();
        let service = layer.layer(tower::service_fn(move |_: Request<Body>| {
            asks.fetch_add(1, Relaxed);
            let mut response = Response::new(ResponseBody::empty());
            let chance = chance.lock().unwrap().u32(0..100_000) < CHANCE;
            if chance || begun.elapsed() < time {
                *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
                let busy = HeaderValue::from_static("ServerBusy");
                response.headers_mut().insert("x-ms-error-code", busy);
            }
            ready(Ok::<_, Infallible>(response))
        }));
        let service = BoxCloneSyncService::new(service);
        Self {
            layer,
            service,
            asked,
        }
    }

    fn allowed(&self) -> Option<f64> {
        self.layer.throttle().allowed(&Uri::from_static(URL))
    }

    /// What is offered comes whatever becomes of that before. How many requests there were in each second, and the lowest rate.
    async fn offer(&self, offered: u32, seconds: u64) -> (Vec<u32>, f64) {
        let mut tick = interval(Duration::from_millis(1));
        tick.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let (mut each, mut lowest) = (Vec::new(), f64::MAX);
        for _ in 0..seconds {
            let before = self.asked.load(Relaxed);
            for _ in 0..1000 {
                tick.tick().await;
                for _ in 0..offered / 1000 {
                    tokio::spawn(self.service.clone().oneshot(get()));
                }
                lowest = lowest.min(self.allowed().unwrap_or(f64::MAX));
            }
            each.push(self.asked.load(Relaxed) - before);
        }
        (each, lowest)
    }
}

#[tokio::test(start_paused = true)]
async fn a_host_that_is_busy_by_chance_is_not_slowed_down() {
    for seed in [1, 3, 7] {
        let host = Host::busy_for(Duration::ZERO, seed);
        let (each, lowest) = host.offer(OFFERED, 30).await;
        let enough = OFFERED * 4 / 5;
        assert!(lowest >= f64::from(enough), "{seed}: {lowest}");
        assert!(each.iter().all(|asked| *asked >= enough), "{seed}: {each:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_rate_that_has_collapsed_comes_back() {
    for seed in 0..6 {
        let host = Host::busy_for(Duration::from_secs(8), seed);
        // They offer 100 a second together.
        let mut callers = tokio::task::JoinSet::new();
        for _ in 0..10 {
            let service = host.service.clone();
            callers.spawn(async move {
                loop {
                    service.clone().oneshot(get()).await.unwrap();
                    sleep(Duration::from_millis(100)).await;
                }
            });
        }
        sleep(Duration::from_secs(8)).await;
        let collapsed = host.allowed().unwrap();
        assert!(collapsed < 12.0, "{seed}: {collapsed}");
        // By one a second at least.
        sleep(Duration::from_secs(110)).await;
        let allowed = host.allowed().unwrap_or(f64::MAX);
        assert!(allowed >= 80.0, "{seed}: {allowed}");
        let before = host.asked.load(Relaxed);
        sleep(Duration::from_secs(10)).await;
        let asked = host.asked.load(Relaxed) - before;
        assert!(asked >= 800, "{seed}: {asked}");
    }
}
