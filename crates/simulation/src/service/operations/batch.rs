//! Blob Batch: deletes and changes of tiers, each let in and carried out as a request of its own.

use http::request::Parts;
use http::{HeaderValue, Request, Response, StatusCode, Uri, header};
use http_body_util::{BodyExt, Empty};
use lazuli_protocol::{ErrorCode, limits};
use uuid::Uuid;

use crate::batch::{self, Malformed, Part, SubRequest, Writer};
use crate::service::answer::{Answer, Envelope};
use crate::service::body::Incoming;
use crate::service::call::Call;
use crate::service::query::Query;
use crate::service::refusal::Refusal;
use crate::service::router::Outcome;
use crate::service::target::{Level, Target};
use crate::service::{Admitted, SimulationBody, client_request_id};

/// How the parts of an answer name who made them.
const SERVER: HeaderValue = HeaderValue::from_static("Windows-Azure-Blob/1.0");
/// What a batch can hold, by the names of the operations.
const ALLOWED: [&str; 4] = [
    "Delete Blob",
    "Delete Blob (a version)",
    "Delete Blob (for good)",
    "Set Blob Tier",
];
const NOT_ALLOWED: &str = "A batch holds requests to delete blobs and to set their tier, and no others.";
const OUT_OF_SCOPE: &str =
    "The request is not for the account, or not for the container, that the batch is for.";

/// Blob Batch, of an account or of one of its containers.
pub(in crate::service) async fn blob_batch(call: &Call, body: Incoming) -> Outcome {
    let content_type = call.header(&header::CONTENT_TYPE)?.unwrap_or_default();
    let boundary =
        batch::boundary(content_type).ok_or_else(|| Refusal::bad_header("Content-Type", content_type))?;
    let limit = u64::try_from(limits::BATCH_BYTES).unwrap_or(u64::MAX);
    let (document, _) = call.receive_document(body, limit, call.checksum()?).await?;
    let requests = batch::parse(boundary, &document).map_err(malformed)?;
    let writer = Writer::new(call.engine.random.guid());
    let mut answer = Vec::new();
    for (number, request) in (1..).zip(requests) {
        let part = call.part_of_batch(number, request).await;
        answer.extend(writer.part(&part));
    }
    answer.extend(writer.end());
    Ok(Answer::new(StatusCode::ACCEPTED)
        .header(header::CONTENT_TYPE, writer.content_type())
        .chunked(answer))
}

impl Call {
    async fn part_of_batch(&self, number: u32, request: SubRequest) -> Part {
        let content_id = request.content_id.clone();
        let id = batch::part_request_id(&self.request_id.to_string(), number);
        let known_as = client_request_id(&request.headers);
        let envelope = Envelope {
            method: request.method.clone(),
            request_id: Uuid::try_parse(&id).unwrap_or(self.request_id),
            client_request_id: known_as.as_ref().ok().cloned().flatten(),
            version: self.version,
            now: self.engine.now(),
        };
        let outcome = match known_as {
            Ok(_) => self.carry_out(&envelope, request).await,
            Err(refusal) => Err(refusal),
        };
        let (response, reason) = match outcome {
            Ok(answer) => (envelope.answer(answer), None),
            Err(refusal) => {
                let reason = refusal.message.to_string();
                (envelope.refuse(*refusal), Some(reason))
            }
        };
        part(content_id, response, reason).await
    }

    async fn carry_out(&self, envelope: &Envelope, request: SubRequest) -> Outcome {
        let parts = self.request_of_batch(&request);
        // It speaks the version of the whole, which it must not repeat: its signature is without it.
        let query = Query::parse(parts.uri.query().unwrap_or_default())?;
        query.check_once()?;
        let mut located = parts.clone();
        located.uri = self.located(&request);
        let target = Target::parse(&located, &query)?;
        let in_scope = target.account == self.target.account
            && target.level() == Level::Blob
            && (self.target.container.is_none() || self.target.container == target.container);
        if !in_scope {
            return Err(Refusal::new(ErrorCode::InvalidInput).message(OUT_OF_SCOPE));
        }
        let (call, route): Admitted = self.shared.admit(envelope, parts, query, target)?;
        if !ALLOWED.contains(&route.name) {
            return Err(Refusal::new(ErrorCode::InvalidInput).message(NOT_ALLOWED));
        }
        let none = Empty::new().map_err(|never| match never {}).boxed_unsync();
        self.shared.run((call, route), none).await
    }

    /// The request of a part, as it would have come by itself: to the same host, from the same place.
    fn request_of_batch(&self, request: &SubRequest) -> Parts {
        let (mut parts, ()) = Request::new(()).into_parts();
        parts.method = request.method.clone();
        parts.uri = Uri::from(request.target.clone());
        parts.headers = request.headers.clone();
        parts.extensions = self.parts.extensions.clone();
        for name in [header::HOST, header::HeaderName::from_static("x-forwarded-proto")] {
            parts.headers.remove(&name);
            if let Some(value) = self.parts.headers.get(&name) {
                parts.headers.insert(name, value.clone());
            }
        }
        if let (None, Some(authority)) = (parts.headers.get(header::HOST), self.parts.uri.authority())
            && let Ok(host) = HeaderValue::from_str(authority.as_str())
        {
            parts.headers.insert(header::HOST, host);
        }
        parts
    }

    /// Where a part's request goes. Some clients leave the account out of the paths of their parts, though paths name it here.
    fn located(&self, request: &SubRequest) -> Uri {
        let target = &request.target;
        let account = &self.target.account;
        let names_it = target
            .path()
            .split('/')
            .nth(1)
            .is_some_and(|first| first == account);
        let path = if self.target.is_of_host() || names_it {
            target.to_string()
        } else {
            format!("/{account}{target}")
        };
        let uri = path.parse().unwrap_or_else(|_| Uri::from(target.clone()));
        // The scheme of the whole is that of its parts.
        let mut located = uri.clone().into_parts();
        located.scheme = self.parts.uri.scheme().cloned();
        located.authority = self.parts.uri.authority().cloned();
        Uri::from_parts(located).unwrap_or(uri)
    }
}

async fn part(
    content_id: Option<String>,
    response: Response<SimulationBody>,
    reason: Option<String>,
) -> Part {
    let (parts, body) = response.into_parts();
    // Neither operation answers with more than an error.
    let body = body
        .collect()
        .await
        .map(|body| body.to_bytes())
        .unwrap_or_default();
    let headers = parts.headers.iter().map(|(name, value)| match *name {
        header::SERVER => (name.clone(), SERVER),
        _ => (name.clone(), value.clone()),
    });
    let usual = parts.status.canonical_reason().unwrap_or_default();
    Part {
        content_id,
        status: parts.status,
        reason: reason.unwrap_or_else(|| usual.to_owned()),
        headers: headers.collect(),
        body: body.to_vec(),
    }
}

fn malformed(fault: Malformed) -> Box<Refusal> {
    tracing::debug!(%fault, "a batch was refused");
    match fault {
        Malformed::TooLong => ErrorCode::RequestBodyTooLarge.into(),
        Malformed::TooManyParts => {
            let mut refusal = Refusal::new(ErrorCode::from("ExceedsMaxBatchRequestCount"));
            refusal.status = StatusCode::BAD_REQUEST;
            refusal.message("The batch operation exceeds maximum number of allowed subrequests.")
        }
        _ => ErrorCode::InvalidInput.into(),
    }
}
