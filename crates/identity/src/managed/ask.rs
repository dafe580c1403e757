//! One question to an endpoint, and its answer.

use http::header::HeaderName;
use http::{HeaderMap, HeaderValue, Request, StatusCode};
use lazuli_protocol::{Body, OperationInfo, encode_query};
use time::OffsetDateTime;
use tower::ServiceExt as _;

use super::endpoint::Endpoint;
use super::identity::{ManagedIdentity, Parameters};
use crate::form::{self, Form};
use crate::{AccessToken, Error, Settings, answer};

/// Asking for a token changes nothing, so it may be sent again.
pub(super) const INFO: OperationInfo = OperationInfo::entra("RequestManagedIdentityToken");

pub(super) const METADATA: HeaderName = HeaderName::from_static("metadata");

/// A life from which on half of it is enough: such tokens are kept by the endpoint, which hands them out again and again.
const LONG_LIFE: time::Duration = time::Duration::hours(2);

/// An answer, read.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    body: bytes::Bytes,
    asked: OffsetDateTime,
}

/// `GET`, with the identity in the query.
pub(super) fn get(
    endpoint: &Endpoint,
    version: &str,
    resource: &str,
    identity: &ManagedIdentity,
    names: Parameters,
) -> Result<Request<Body>, Error> {
    let mut url = format!(
        "{}?api-version={version}&resource={}",
        endpoint.as_str(),
        encode_query(resource)
    );
    if let Some((name, id)) = identity.parameter(names) {
        url.push_str(&format!("&{name}={}", encode_query(id)));
    }
    finish(Request::get(url).header(METADATA, "true"), Body::empty())
}

/// `POST`, with the resource in a form.
pub(super) fn post(endpoint: &Endpoint, resource: &str) -> Result<Request<Body>, Error> {
    let form = Form::default().field("resource", resource);
    let builder = Request::post(endpoint.as_str())
        .header(METADATA, "true")
        .header(http::header::CONTENT_TYPE, form::CONTENT_TYPE);
    finish(builder, form.into_body())
}

fn finish(builder: http::request::Builder, body: Body) -> Result<Request<Body>, Error> {
    let request = builder.extension(INFO).body(body);
    request.map_err(|error| Error::input("the endpoint of the managed identity is no URL").with_source(error))
}

/// A header that shows in no log.
pub(super) fn secret(value: &str) -> Result<HeaderValue, Error> {
    let mut value = HeaderValue::from_str(value).map_err(|_| {
        Error::input("the secret for the managed identity's endpoint cannot stand in a header")
    })?;
    value.set_sensitive(true);
    Ok(value)
}

/// Sends a question.
pub(super) async fn send(settings: &Settings, request: Request<Body>) -> Result<Answer, Error> {
    let asked = settings.time().now();
    let response = settings.metadata().clone().oneshot(request).await?;
    let (parts, body) = response.into_parts();
    Ok(Answer {
        status: parts.status,
        headers: parts.headers,
        body: answer::read(body).await?,
        asked,
    })
}

impl Answer {
    /// The token in it. What is in `secrets` does not show in a refusal.
    pub(super) fn token(&self, who: &str, secrets: &[&str]) -> Result<AccessToken, Error> {
        let token = answer::token(who, self.status, &self.body, self.asked, secrets)?;
        let life = token.expires_on() - self.asked;
        let half = self.asked.checked_add(life / 2);
        Ok(match (token.refreshes_on(), half) {
            (None, Some(half)) if life >= LONG_LIFE => token.refresh_on(half),
            _ => token,
        })
    }

    /// Whether the body is an object of JSON, whatever it says.
    pub(super) fn is_json(&self) -> bool {
        self.body.trim_ascii_start().starts_with(b"{")
            && serde_json::from_slice::<serde::de::IgnoredAny>(&self.body).is_ok()
    }

    /// Whether the body has a word.
    pub(super) fn says(&self, word: &str) -> bool {
        self.body
            .windows(word.len())
            .any(|window| window == word.as_bytes())
    }
}
