//! Query Blob Contents.

use http::{StatusCode, header};
use lazuli_protocol::{ErrorCode, header as names};

use super::document::malformed;
use super::get_blob::{check_readable, look};
use crate::avro;
use crate::service::answer::Answer;
use crate::service::body::Incoming;
use crate::service::call::Call;
use crate::service::query_answer::QueryAnswer;
use crate::service::refusal::Refusal;
use crate::service::router::Outcome;
use crate::sql::{Fault, Malformed, Request};
use crate::state::{Content, Found, Timestamp};

/// The longest document: an expression of 256 KiB with every character escaped, and room for the forms.
const LONGEST: u64 = 2 * 1024 * 1024;

/// Query Blob Contents.
pub(in crate::service) async fn query_blob(call: &Call, body: Incoming) -> Outcome {
    let (document, _) = call.receive_document(body, LONGEST, call.checksum()?).await?;
    let found = look(call)?;
    let blob = &found.blob;
    if !matches!(blob.content, Content::Block(_)) {
        return Err(ErrorCode::InvalidBlobType.into());
    }
    check_readable(&found, call.engine.now())?;
    let request = Request::from_xml(&document).map_err(unreadable)?;
    let writer = avro::Writer::new(call.engine.random.guid().into_bytes());
    let now = call.engine.clock.now();
    let query = QueryAnswer::new(blob.clone(), &request, now, writer).map_err(not_a_query)?;
    let query = query.ok_or_else(|| Refusal::not_simulated("A query of a Parquet file"))?;
    call.note_read(&call.blob(), &found).await;
    Ok(call.query_headers(&found).query(query))
}

impl Call {
    /// What is told of the blob beside its query's results.
    fn query_headers(&self, found: &Found) -> Answer {
        let blob = &found.blob;
        let answer = Answer::new(StatusCode::OK)
            .header(header::CONTENT_TYPE, avro::CONTENT_TYPE)
            .header(header::LAST_MODIFIED, blob.modified.rfc1123())
            .header(header::ACCEPT_RANGES, "bytes")
            .header(header::ETAG, blob.tag.quoted())
            .header(names::CREATION_TIME, blob.created.rfc1123())
            .some(names::VERSION_ID, found.version().map(Timestamp::iso8601))
            .some(
                names::IS_CURRENT_VERSION,
                (blob.version.is_some() && found.id.is_none()).then_some("true"),
            );
        let answer = match found.id {
            None => self.lease_headers(answer, found.lease.as_ref()),
            Some(_) => answer,
        };
        self.kind_headers(answer, blob)
    }
}

fn unreadable(fault: Fault) -> Box<Refusal> {
    match fault {
        Fault::Xml { line, column } => malformed((line, column), ""),
        Fault::Value { element, text } => Refusal::new(ErrorCode::InvalidXmlNodeValue)
            .detail("XmlNodeName", element)
            .detail("XmlNodeValue", text),
    }
}

fn not_a_query(fault: Malformed) -> Box<Refusal> {
    tracing::debug!(%fault, "a query was refused");
    let mut refusal = Refusal::new(ErrorCode::from("ErrorProcessingQueryExpression"));
    refusal.status = StatusCode::BAD_REQUEST;
    refusal.message(Malformed::MESSAGE)
}
