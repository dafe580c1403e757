//! Snapshot Blob.

use http::{StatusCode, header};
use lazuli_protocol::header as names;

use crate::service::answer::Answer;
use crate::service::body::Incoming;
use crate::service::call::Call;
use crate::service::router::Outcome;
use crate::state::Timestamp;

/// Snapshot Blob. The snapshot has the blob's metadata, unless the request brings some.
pub(in crate::service) async fn snapshot_blob(call: &Call, _: Incoming) -> Outcome {
    let (access, encryption) = (call.write_access()?, call.encryption()?);
    let metadata = call.metadata()?;
    let metadata = (!metadata.is_empty()).then_some(metadata);
    let snapshot = call
        .engine
        .change(|state, now| state.snapshot_blob(now, call.blob(), metadata, &encryption, &access))
        .await?;
    Ok(Answer::new(StatusCode::CREATED)
        .header(header::LAST_MODIFIED, snapshot.blob.modified.rfc1123())
        .header(header::ETAG, snapshot.blob.tag.quoted())
        .header(names::SNAPSHOT, snapshot.id.iso8601())
        .some(names::VERSION_ID, snapshot.version.map(Timestamp::iso8601))
        // Nothing is written that could be encrypted.
        .header(names::REQUEST_SERVER_ENCRYPTED, "false"))
}
