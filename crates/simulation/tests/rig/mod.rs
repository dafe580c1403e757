//! A simulation with a clock that stands still, and a client that signs what it sends.
#![allow(dead_code, reason = "each test uses what it needs")]

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use lazuli_protocol::ManualClock;
use lazuli_signing::{AccountKey, EMULATOR_ACCOUNT, EMULATOR_KEY, SharedKey};
use lazuli_simulation::{BlobService, Builder, MetadataCase, Simulation, SimulationBody};
use time::macros::datetime;
use tower::ServiceExt;

/// The account that tests use.
pub(crate) const ACCOUNT: &str = EMULATOR_ACCOUNT;
/// Where it is.
pub(crate) const ENDPOINT: &str = "http://127.0.0.1:10000/devstoreaccount1";
/// The version that tests speak unless they say another.
pub(crate) const VERSION: &str = "2026-06-06";

/// A simulation and its client.
pub(crate) struct Rig {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) simulation: Simulation,
    key: SharedKey,
}

impl Rig {
    pub(crate) fn new() -> Self {
        Self::with(|builder| builder)
    }

    pub(crate) fn with(set_up: impl FnOnce(Builder) -> Builder) -> Self {
        let clock = Arc::new(ManualClock::at(datetime!(2026-03-01 12:00 UTC)));
        let builder = Simulation::builder().clock(clock.clone()).seed(7);
        let simulation = set_up(builder).build().unwrap();
        Self {
            clock,
            simulation,
            key: key(),
        }
    }

    pub(crate) fn service(&self) -> BlobService {
        self.simulation.blob_service()
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> Call<'_> {
        let method = method.parse().unwrap();
        let call = Call {
            rig: self,
            method,
            url: format!("{ENDPOINT}{path}"),
            headers: Vec::new(),
            metadata: Vec::new(),
            body: Bytes::new(),
            length: true,
        };
        call.header("x-ms-version", VERSION)
    }

    pub(crate) fn get(&self, path: &str) -> Call<'_> {
        self.request("GET", path)
    }

    pub(crate) fn head(&self, path: &str) -> Call<'_> {
        self.request("HEAD", path)
    }

    pub(crate) fn put(&self, path: &str, body: impl Into<Bytes>) -> Call<'_> {
        self.request("PUT", path).body(body)
    }

    pub(crate) fn delete(&self, path: &str) -> Call<'_> {
        self.request("DELETE", path)
    }

    pub(crate) async fn make_container(&self, name: &str) {
        self.put(&format!("/{name}?restype=container"), "")
            .send()
            .await
            .expect(201);
    }

    /// Lets anybody read the blobs of a container.
    pub(crate) async fn make_public(&self, container: &str) {
        self.put(&format!("/{container}?restype=container&comp=acl"), "")
            .header("x-ms-blob-public-access", "blob")
            .send()
            .await
            .expect(200);
    }

    pub(crate) async fn put_blob(&self, path: &str, body: impl Into<Bytes>) -> Reply {
        self.put(path, body)
            .header("x-ms-blob-type", "BlockBlob")
            .send()
            .await
            .expect(201)
    }

    /// Takes a snapshot of a blob; gives its id.
    pub(crate) async fn take_snapshot(&self, path: &str) -> String {
        let taken = self.put(&format!("{path}?comp=snapshot"), "");
        taken.send().await.expect(201).header("x-ms-snapshot").to_owned()
    }

    pub(crate) async fn get_bytes(&self, path: &str) -> Bytes {
        self.get(path).send().await.expect(200).body
    }
}

/// The key of the account.
pub(crate) fn key() -> SharedKey {
    SharedKey::new(
        ACCOUNT.parse().unwrap(),
        AccountKey::from_base64(EMULATOR_KEY).unwrap(),
    )
}

/// An `Authorization` header with a token that says who its holder is, signed by nobody: the simulation believes it unless it is told
/// not to.
pub(crate) fn bearer(oid: &str, tid: &str) -> String {
    let claims = format!(
        r#"{{"aud":"https://storage.azure.com","iss":"https://sts.windows.net/{tid}/","oid":"{oid}","tid":"{tid}","nbf":1772366100,"exp":1773000000}}"#
    );
    let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
    format!(
        "Bearer {}.{}.",
        encode(r#"{"alg":"none","typ":"JWT"}"#),
        encode(&claims)
    )
}

/// A request in the making.
pub(crate) struct Call<'a> {
    rig: &'a Rig,
    method: Method,
    url: String,
    headers: Vec<(HeaderName, HeaderValue)>,
    metadata: Vec<String>,
    body: Bytes,
    length: bool,
}

impl Call<'_> {
    /// Adds a header, or sets it again. A name of metadata keeps its case.
    pub(crate) fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self = self.without(name);
        self.metadata
            .extend(name.strip_prefix("x-ms-meta-").map(str::to_owned));
        self.headers.push((
            name.parse().unwrap(),
            HeaderValue::from_bytes(value.as_ref()).unwrap(),
        ));
        self
    }

    /// One more line of a header that is there already.
    pub(crate) fn line(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let value = HeaderValue::from_bytes(value.as_ref()).unwrap();
        self.headers.push((name.parse().unwrap(), value));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        if name == "content-length" {
            self.length = false;
        }
        self.headers.retain(|(other, _)| other != name);
        self
    }

    pub(crate) fn url(mut self, url: &str) -> Self {
        self.url = url.to_owned();
        self
    }

    /// Adds a shared access signature to the URL, byte for byte.
    pub(crate) fn sas(mut self, token: &str) -> Self {
        let sign = if self.url.contains('?') { '&' } else { '?' };
        self.url = format!("{}{sign}{token}", self.url);
        self
    }

    pub(crate) fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    pub(crate) fn build(self) -> Request<Full<Bytes>> {
        let mut request = Request::builder().method(self.method).uri(&self.url);
        if self.length && !self.headers.iter().any(|(name, _)| name == "content-length") {
            request = request.header("content-length", self.body.len());
        }
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        let case: MetadataCase = self.metadata.iter().map(String::as_str).collect();
        if !case.is_empty() {
            request = request.extension(case);
        }
        request.body(Full::new(self.body)).unwrap()
    }

    /// Signs and sends it.
    pub(crate) async fn send(self) -> Reply {
        use lazuli_protocol::Clock as _;
        let rig = self.rig;
        let (mut parts, body) = self.build().into_parts();
        rig.key.sign(&mut parts, rig.clock.now()).unwrap();
        deliver(rig.service(), Request::from_parts(parts, body)).await
    }

    /// Signs it with Shared Key Lite and sends it.
    pub(crate) async fn send_lite(self) -> Reply {
        use lazuli_protocol::Clock as _;
        let rig = self.rig;
        let (mut parts, body) = self.build().into_parts();
        rig.key.sign_lite(&mut parts, rig.clock.now()).unwrap();
        deliver(rig.service(), Request::from_parts(parts, body)).await
    }

    /// Sends it as it is.
    pub(crate) async fn send_unsigned(self) -> Reply {
        let service = self.rig.service();
        deliver(service, self.build()).await
    }
}

pub(crate) async fn deliver(service: BlobService, request: Request<Full<Bytes>>) -> Reply {
    let answer: http::Response<SimulationBody> = service.oneshot(request).await.unwrap();
    let (parts, body) = answer.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Reply {
        status: parts.status,
        headers: parts.headers,
        case: parts.extensions.get().cloned().unwrap_or_default(),
        body,
    }
}

/// An answer, read to its end.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: http::HeaderMap,
    pub(crate) case: MetadataCase,
    pub(crate) body: Bytes,
}

impl Reply {
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }

    /// Checks a refusal, by its status and its code.
    #[track_caller]
    pub(crate) fn expect_error(self, status: u16, code: &str) -> Self {
        assert_eq!(
            (self.status.as_u16(), self.header("x-ms-error-code")),
            (status, code),
            "{}",
            self.text()
        );
        self
    }

    /// A header's value, empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The text of an element of the body, empty when it is not there.
    pub(crate) fn element(&self, name: &str) -> String {
        let text = self.text();
        let (open, close) = (format!("<{name}>"), format!("</{name}>"));
        let Some(start) = text.find(&open) else {
            return String::new();
        };
        let start = start + open.len();
        text[start..start + text[start..].find(&close).unwrap()].to_owned()
    }

    /// All texts of an element of the body.
    pub(crate) fn elements(&self, name: &str) -> Vec<String> {
        let text = self.text();
        let (open, close) = (format!("<{name}>"), format!("</{name}>"));
        text.split(&open)
            .skip(1)
            .map(|rest| rest[..rest.find(&close).unwrap()].to_owned())
            .collect()
    }
}
