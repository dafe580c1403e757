//! A small blob service that counts what it is asked for, and can be held up, broken and changed under its readers.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bytes::Bytes;
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use lazuli_blob::cache::{BlobCache, BlobCacheBuilder, CachedBlob};
use lazuli_blob::{BlobClient, BlobServiceClient};
use lazuli_protocol::{ByteRange, Crc64, Endpoint, ManualClock, ResponseBody};
use lazuli_transport::{OutgoingBody, RetryPolicy, Transport};
use time::macros::datetime;
use tokio::sync::Semaphore;
use tower::service_fn;

/// The block size of most tests.
pub(crate) const BLOCK: u64 = 512;
pub(crate) const TTL: Duration = Duration::from_secs(10);

/// A service with blobs in the container `box`.
#[derive(Clone)]
pub(crate) struct Service {
    state: Arc<Mutex<State>>,
    gate: Arc<Semaphore>,
}

#[derive(Default)]
struct State {
    blobs: HashMap<String, Blob>,
    writes: u64,
    asked: Vec<String>,
    refuse: Option<u16>,
    restless: bool,
}

#[derive(Clone)]
struct Blob {
    etag: u64,
    content: Bytes,
    headers: Vec<(&'static str, &'static str)>,
}

/// Content that is another for each write.
pub(crate) fn content(write: u64, len: usize) -> Bytes {
    let mut random = write.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let bytes = (0..len).map(|_| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random.to_le_bytes()[3]
    });
    bytes.collect()
}

impl Service {
    pub(crate) fn new() -> Self {
        Self {
            state: Arc::default(),
            gate: Arc::new(Semaphore::new(Semaphore::MAX_PERMITS / 2)),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Writes a blob, or a version or snapshot of one by its name with the query.
    pub(crate) fn put(&self, name: &str, len: usize) -> Bytes {
        self.put_with(name, len, &[])
    }

    /// From now on, a blob is written anew after each answer about it.
    pub(crate) fn restless(&self) {
        self.state().restless = true;
    }

    fn answer(&self, parts: &Parts) -> Response<ResponseBody> {
        let answer = self.state().answer(parts);
        let restless = self.state().restless;
        if restless {
            let name = parts.uri.path().rsplit('/').next().unwrap();
            self.put(name, 1024);
        }
        answer
    }

    pub(crate) fn put_with(&self, name: &str, len: usize, headers: &[(&'static str, &'static str)]) -> Bytes {
        let mut state = self.state();
        state.writes += 1;
        let blob = Blob {
            etag: state.writes,
            content: content(state.writes, len),
            headers: headers.to_vec(),
        };
        state.blobs.insert(name.to_owned(), blob.clone());
        blob.content
    }

    pub(crate) fn delete(&self, name: &str) {
        self.state().blobs.remove(name);
    }

    /// From now on, all requests are refused with this status.
    pub(crate) fn refuse(&self, status: Option<u16>) {
        self.state().refuse = status;
    }

    /// Lets no answer go until [`open`](Self::open).
    pub(crate) fn close(&self) {
        self.gate.forget_permits(self.gate.available_permits());
    }

    pub(crate) fn open(&self) {
        self.gate.add_permits(Semaphore::MAX_PERMITS / 2);
    }

    /// What was asked for since the last look.
    pub(crate) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.state().asked)
    }

    pub(crate) fn client(&self, name: &str) -> BlobClient {
        let service = self.clone();
        let bottom = service_fn(move |request: Request<OutgoingBody>| {
            let service = service.clone();
            async move {
                let (parts, _) = request.into_parts();
                service.state().asked.push(line(&parts));
                service.gate.acquire().await.unwrap().forget();
                Ok::<_, Infallible>(service.answer(&parts))
            }
        });
        let transport = Transport::builder()
            .retry(RetryPolicy::never())
            .build_on(bottom)
            .unwrap();
        let endpoint = Endpoint::parse("http://127.0.0.1:10000/dev").unwrap();
        BlobServiceClient::new(endpoint, transport)
            .container("box")
            .blob(name)
    }

    /// The blob, read through the cache.
    pub(crate) fn cached(&self, cache: &BlobCache, name: &str) -> CachedBlob {
        cache.blob(&self.client(name))
    }
}

impl State {
    fn answer(&self, parts: &Parts) -> Response<ResponseBody> {
        if let Some(status) = self.refuse {
            return refusal(status, "ServerBusy");
        }
        let target = parts.uri.path_and_query().unwrap().as_str();
        let Some(blob) = self.blobs.get(target.strip_prefix("/dev/box/").unwrap()) else {
            return refusal(404, "BlobNotFound");
        };
        let etag = format!("\"0x{:X}\"", blob.etag);
        let header = |name: &str| parts.headers.get(name).map(|value| value.to_str().unwrap());
        if header("if-match").is_some_and(|tag| tag != etag) {
            return refusal(412, "ConditionNotMet");
        }
        if header("if-none-match") == Some(&etag) {
            return refusal(304, "ConditionNotMet");
        }
        let mut answer = Response::builder()
            .header("etag", etag)
            .header("last-modified", "Fri, 27 Jan 2023 22:27:27 GMT")
            .header("x-ms-meta-write", blob.etag);
        for (name, value) in &blob.headers {
            answer = answer.header(*name, *value);
        }
        let size = blob.content.len();
        let Some(range) = header("x-ms-range").map(|text| text.parse::<ByteRange>().unwrap()) else {
            assert_eq!(parts.method, Method::HEAD);
            return answer
                .header("content-length", size)
                .body(ResponseBody::empty())
                .unwrap();
        };
        let first = range.first() as usize;
        if first >= size {
            return refusal(416, "InvalidRange");
        }
        let end = range.end().map_or(size, |end| size.min(end as usize));
        let content = blob.content.slice(first..end);
        if header("x-ms-range-get-content-crc64") == Some("true") {
            answer = answer.header("x-ms-content-crc64", Crc64::of(&content).to_string());
        }
        answer
            .status(StatusCode::PARTIAL_CONTENT)
            .header("content-length", content.len())
            .header("content-range", format!("bytes {first}-{}/{size}", end - 1))
            .body(content.into())
            .unwrap()
    }
}

// A request as tests write it: `GET a 0-511 if-match "0x1"`.
fn line(parts: &Parts) -> String {
    let target = parts.uri.path_and_query().unwrap().as_str();
    let mut line = format!("{} {}", parts.method, target.rsplit('/').next().unwrap());
    if let Some(range) = parts.headers.get("x-ms-range") {
        line += &range.to_str().unwrap().replace("bytes=", " ");
    }
    for name in ["if-match", "if-none-match"] {
        if let Some(tag) = parts.headers.get(name) {
            line += &format!(" {name} {}", tag.to_str().unwrap());
        }
    }
    line
}

fn refusal(status: u16, code: &str) -> Response<ResponseBody> {
    let answer = Response::builder().status(status).header("x-ms-error-code", code);
    answer.body(ResponseBody::empty()).unwrap()
}

/// A clock that stands still until it is moved.
pub(crate) fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at(datetime!(2026-01-02 03:04:05 UTC)))
}

/// A cache of small blocks.
pub(crate) fn small(clock: &Arc<ManualClock>) -> BlobCacheBuilder {
    let clock = Arc::clone(clock);
    BlobCache::builder()
        .block_size(BLOCK)
        .ttl(TTL)
        .clock(clock)
        .memory(1 << 20)
}
