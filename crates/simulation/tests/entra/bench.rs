//! A simulation with a clock that stands still, and raw requests to it.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use lazuli_protocol::{Clock as _, ManualClock};
use lazuli_simulation::entra::{CLIENT_ID, CLIENT_SECRET, Endpoint, Entra, TENANT};
use lazuli_simulation::{Builder, Simulation};
use serde_json::{Value, json};
use time::macros::datetime;
use tower::ServiceExt as _;

/// Where the endpoints of tests are.
pub(crate) const ORIGIN: &str = "http://127.0.0.1:10001";
/// What tests want tokens for.
pub(crate) const STORAGE: &str = "https://storage.azure.com";

pub(crate) struct Bench {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) simulation: Simulation,
    pub(crate) entra: Entra,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self::with(|builder| builder)
    }

    pub(crate) fn with(set_up: impl FnOnce(Builder) -> Builder) -> Self {
        let clock = Arc::new(ManualClock::at(datetime!(2026-03-01 12:00 UTC)));
        let builder = Simulation::builder().clock(clock.clone()).seed(7);
        let simulation = set_up(builder).build().unwrap();
        let entra = simulation.entra();
        Self {
            clock,
            simulation,
            entra,
        }
    }

    pub(crate) fn now(&self) -> i64 {
        self.clock.now().unix_timestamp()
    }

    pub(crate) fn requests(&self, endpoint: Endpoint) -> u64 {
        self.entra.requests(endpoint)
    }

    /// A request to an endpoint of tokens, or the error of a connection that ends.
    pub(crate) async fn try_send(
        &self,
        request: Request<Full<Bytes>>,
    ) -> Result<Answer, lazuli_simulation::Error> {
        let response = self.entra.service().oneshot(request).await?;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        assert_eq!(parts.headers["content-length"], body.len().to_string());
        Ok(Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        })
    }

    pub(crate) async fn send(&self, request: Request<Full<Bytes>>) -> Answer {
        self.try_send(request).await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(get(path, headers)).await
    }

    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.send(post(path, form)).await
    }

    /// The request of the development application, with some parameters set otherwise, or left out when they are empty.
    pub(crate) async fn ask(&self, otherwise: &[(&str, &str)]) -> Answer {
        self.post(&format!("/{TENANT}/oauth2/v2.0/token"), &with(otherwise))
            .await
    }

    /// A good token.
    pub(crate) async fn token(&self) -> String {
        self.ask(&[]).await.expect(200).token()
    }

    /// A token of claims that are good but for these. A claim of `null` is left out.
    pub(crate) fn sign(&self, otherwise: Value) -> String {
        self.entra.sign(&self.claims(otherwise).to_string()).unwrap()
    }

    /// The same, with a signature that is none.
    pub(crate) fn forge(&self, otherwise: Value) -> String {
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256","typ":"JWT"}"#);
        let claims = URL_SAFE_NO_PAD.encode(self.claims(otherwise).to_string());
        format!("{header}.{claims}.bm9uZQ")
    }

    fn claims(&self, otherwise: Value) -> Value {
        let now = self.now();
        let mut claims = json!({
            "aud": STORAGE, "iss": format!("https://sts.windows.net/{TENANT}/"), "iat": now, "nbf": now, "exp": now + 600,
            "oid": "0e0e0e0e-0000-4000-8000-000000000000", "tid": TENANT,
        });
        for (name, value) in otherwise.as_object().unwrap() {
            if value.is_null() {
                claims.as_object_mut().unwrap().remove(name);
            } else {
                claims[name] = value.clone();
            }
        }
        claims
    }

    /// What the Blob service says to a holder of this token, who wants the list of containers.
    pub(crate) async fn list(&self, token: &str) -> Answer {
        self.list_as(&format!("Bearer {token}"), "2026-06-06").await
    }

    pub(crate) async fn list_as(&self, authorization: &str, version: &str) -> Answer {
        let request = Request::get("http://127.0.0.1:10000/devstoreaccount1/?comp=list")
            .header("x-ms-version", version)
            .header("authorization", authorization)
            .body(Full::new(Bytes::new()))
            .unwrap();
        let response = self.simulation.blob_service().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: body.collect().await.unwrap().to_bytes(),
        }
    }
}

pub(crate) fn get(path: &str, headers: &[(&str, &str)]) -> Request<Full<Bytes>> {
    let mut request = Request::get(format!("{ORIGIN}{path}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Full::new(Bytes::new())).unwrap()
}

pub(crate) fn post(path: &str, form: &[(&str, &str)]) -> Request<Full<Bytes>> {
    let encode = |text: &str| {
        let hex = |byte: u8| match byte {
            byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        };
        text.bytes().map(hex).collect::<String>()
    };
    let form: Vec<_> = form
        .iter()
        .map(|(name, value)| format!("{name}={}", encode(value)))
        .collect();
    Request::post(format!("{ORIGIN}{path}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Full::new(form.join("&").into()))
        .unwrap()
}

/// The parameters of the development application's request, with some of them otherwise.
pub(crate) fn with<'a>(otherwise: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let usual = [
        ("grant_type", "client_credentials"),
        ("client_id", CLIENT_ID),
        ("client_secret", CLIENT_SECRET),
        ("scope", "https://storage.azure.com/.default"),
    ];
    let kept = usual
        .into_iter()
        .filter(|(name, _)| !otherwise.iter().any(|(other, _)| other == name));
    kept.chain(otherwise.iter().copied())
        .filter(|(_, value)| !value.is_empty())
        .collect()
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    #[track_caller]
    pub(crate) fn token(&self) -> String {
        self.json()["access_token"].as_str().unwrap().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Checks an error of Entra: status, OAuth's word, Entra's number.
    #[track_caller]
    pub(crate) fn refuses(self, status: u16, error: &str, code: u32) {
        let body = self.json();
        assert_eq!(
            (self.status.as_u16(), &body["error"]),
            (status, &json!(error)),
            "{body}"
        );
        assert_eq!(body["error_codes"], json!([code]), "{body}");
        let text = body["error_description"].as_str().unwrap();
        assert!(
            text.starts_with(&format!("AADSTS{code}: ")) && text.contains(" Trace ID: "),
            "{text}"
        );
        assert_eq!(body["timestamp"], "2026-03-01 12:00:00Z");
        for id in ["trace_id", "correlation_id"] {
            uuid::Uuid::parse_str(body[id].as_str().unwrap()).unwrap();
        }
    }
}

/// The claims of a token.
pub(crate) fn claims(token: &str) -> Value {
    let claims = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap()
}
