//! A request, read to its end.

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderName, Method};

use super::Form;

/// What was asked. It can hold secrets, so that it has no `Debug`.
pub(in crate::entra) struct Asked {
    pub(in crate::entra) method: Method,
    path: String,
    pub(in crate::entra) query: Form,
    /// What the body says; nothing, where it was too long or broke off.
    pub(in crate::entra) form: Form,
    headers: HeaderMap,
    /// The scheme, host and port that the client knows us by.
    pub(in crate::entra) origin: String,
}

impl Asked {
    pub(super) fn new(parts: &Parts, body: Option<Bytes>) -> Self {
        let host = parts
            .headers
            .get(http::header::HOST)
            .and_then(|host| host.to_str().ok());
        let host = parts.uri.authority().map(http::uri::Authority::as_str).or(host);
        // Behind a proxy that speaks TLS, the client knows us by https: MSAL goes on where the configuration says.
        let forwarded = parts
            .headers
            .get("x-forwarded-proto")
            .and_then(|scheme| scheme.to_str().ok());
        let forwarded = forwarded.filter(|scheme| matches!(*scheme, "http" | "https"));
        let scheme = forwarded.or(parts.uri.scheme_str()).unwrap_or("http");
        let body = body.unwrap_or_default();
        Self {
            method: parts.method.clone(),
            path: parts.uri.path().to_owned(),
            query: Form::parse(parts.uri.query().unwrap_or_default()),
            form: std::str::from_utf8(&body).map(Form::parse).unwrap_or_default(),
            headers: parts.headers.clone(),
            origin: format!("{scheme}://{}", host.unwrap_or("localhost")),
        }
    }

    /// The segments of the path.
    pub(in crate::entra) fn segments(&self) -> Vec<&str> {
        self.path
            .split('/')
            .filter(|segment| !segment.is_empty())
            .collect()
    }

    /// The host and port that the client knows us by.
    pub(in crate::entra) fn host(&self) -> &str {
        self.origin.split_once("://").map_or("", |(_, host)| host)
    }

    /// A header, if it is text.
    pub(in crate::entra) fn header(&self, name: &HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Whether the request says that its sender knows what it is talking to: a forwarded one does not.
    pub(in crate::entra) fn says_metadata(&self) -> bool {
        let metadata = HeaderName::from_static("metadata");
        self.header(&metadata)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }
}
