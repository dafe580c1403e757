//! One recorded exchange, as it stands in the recordings.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, response};
use serde::Deserialize;

/// A request and its answer.
#[derive(Deserialize)]
pub(crate) struct Exchange {
    pub(crate) i: u32,
    pub(crate) svc: String,
    pub(crate) op: String,
    pub(crate) request: Request,
    pub(crate) response: Response,
    #[serde(default)]
    flags: Vec<String>,
}

#[derive(Deserialize)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) uri: String,
    headers: Vec<(String, String)>,
    body: Option<Content>,
}

#[derive(Deserialize)]
pub(crate) struct Response {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    body: Option<Content>,
}

/// A body. What was left out of a recording has none of these.
#[derive(Deserialize)]
struct Content {
    text: Option<String>,
    b64: Option<String>,
    #[serde(default)]
    reserialized: bool,
}

impl Exchange {
    /// Whether the recorder says this of it: a part that it lost.
    pub(crate) fn is(&self, flag: &str) -> bool {
        self.flags.iter().any(|each| each == flag)
    }
}

impl Request {
    pub(crate) fn headers(&self) -> HeaderMap {
        headers(&self.headers)
    }

    /// The body; `None` when the recording does not have it.
    pub(crate) fn body(&self) -> Option<Bytes> {
        // A recorder of JavaScript writes a star where any body would do.
        body(self.body.as_ref()).filter(|body| body != "*")
    }
}

impl Response {
    /// The head as an HTTP client gives it; `None` when nothing was answered.
    pub(crate) fn parts(&self) -> Option<response::Parts> {
        let mut response = http::Response::new(());
        *response.status_mut() = StatusCode::from_u16(self.status).ok()?;
        *response.headers_mut() = headers(&self.headers);
        Some(response.into_parts().0)
    }

    /// The body; `None` when the recording does not have it as it was.
    pub(crate) fn body(&self) -> Option<Bytes> {
        body(self.body.as_ref())
    }
}

/// Headers as an HTTP client knows them. A few recordings hold names of HTTP/2 (`:method`), which are not headers.
fn headers(pairs: &[(String, String)]) -> HeaderMap {
    let pair = |(name, value): &(String, String)| {
        let name = HeaderName::try_from(name.as_str()).ok()?;
        Some((name, HeaderValue::from_bytes(value.as_bytes()).ok()?))
    };
    pairs.iter().filter_map(pair).collect()
}

fn body(content: Option<&Content>) -> Option<Bytes> {
    match content {
        None => Some(Bytes::new()),
        Some(Content {
            reserialized: true, ..
        }) => None,
        Some(Content { text: Some(text), .. }) => Some(Bytes::from(text.clone())),
        Some(Content { b64: Some(text), .. }) => Some(Bytes::from(STANDARD.decode(text).unwrap())),
        Some(_) => None,
    }
}
