//! Set Blob Metadata, Set Blob Properties and Delete Blob.

use http::{HeaderName, StatusCode, header};
use lazuli_protocol::{ErrorCode, header as names};

use crate::service::answer::Answer;
use crate::service::body::Incoming;
use crate::service::call::Call;
use crate::service::refusal::Refusal;
use crate::service::router::Outcome;
use crate::state::Blob;

const DELETE_TYPE: &str = "deletetype";

/// Set Blob Metadata.
pub(in crate::service) async fn set_blob_metadata(call: &Call, _: Incoming) -> Outcome {
    let metadata = call.metadata()?;
    let conditions = call.write_conditions()?;
    let set = call
        .engine
        .change(|state, now| state.set_blob_metadata(now, call.blob(), metadata, &conditions))
        .await?;
    Ok(changed(&set).header(names::REQUEST_SERVER_ENCRYPTED, "true"))
}

/// Set Blob Properties.
pub(in crate::service) async fn set_blob_properties(call: &Call, _: Incoming) -> Outcome {
    const OWN: [HeaderName; 6] = [
        names::BLOB_CACHE_CONTROL,
        names::BLOB_CONTENT_DISPOSITION,
        names::BLOB_CONTENT_ENCODING,
        names::BLOB_CONTENT_LANGUAGE,
        names::BLOB_CONTENT_MD5,
        names::BLOB_CONTENT_TYPE,
    ];
    let conditions = call.write_conditions()?;
    // Only page blobs can be resized.
    if call.header(&names::BLOB_CONTENT_LENGTH)?.is_some() {
        let at = call.blob();
        call.engine.read(|state| state.blob(&at).map(|_| ()))?;
        return Err(ErrorCode::InvalidBlobType.into());
    }
    let given = OWN.iter().any(|name| call.parts.headers.contains_key(name));
    let headers = if given {
        Some(call.content_headers(false)?)
    } else {
        None
    };
    let set = call
        .engine
        .change(|state, now| state.set_blob_headers(now, call.blob(), headers, &conditions))
        .await?;
    Ok(changed(&set))
}

/// Delete Blob.
pub(in crate::service) async fn delete_blob(call: &Call, _: Incoming) -> Outcome {
    let conditions = call.write_conditions()?;
    match call.header(&names::DELETE_SNAPSHOTS)? {
        // There are no snapshots to go with the blob.
        None | Some("include") => {}
        Some("only") => {
            return Err(Refusal::not_simulated(
                "Delete Blob with x-ms-delete-snapshots: only",
            ));
        }
        Some(other) => return Err(Refusal::bad_header(names::DELETE_SNAPSHOTS.as_str(), other)),
    }
    if call.query.some(DELETE_TYPE).is_some() {
        return Err(Refusal::not_simulated("Delete Blob with a deletetype"));
    }
    call.engine
        .change(|state, _| Ok((state.delete_blob(call.blob(), &conditions)?, ())))
        .await?;
    Ok(Answer::new(StatusCode::ACCEPTED).header(names::DELETE_TYPE_PERMANENT, "true"))
}

fn changed(blob: &Blob) -> Answer {
    Answer::new(StatusCode::OK)
        .header(header::LAST_MODIFIED, blob.modified.rfc1123())
        .header(header::ETAG, blob.tag.quoted())
}
