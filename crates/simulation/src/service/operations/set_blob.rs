//! Set Blob Metadata and Set Blob Properties.

use http::{HeaderName, StatusCode, header};
use lazuli_protocol::{ErrorCode, header as names};

use crate::service::answer::Answer;
use crate::service::body::Incoming;
use crate::service::call::Call;
use crate::service::router::Outcome;
use crate::state::Blob;

/// Set Blob Metadata.
pub(in crate::service) async fn set_blob_metadata(call: &Call, _: Incoming) -> Outcome {
    let metadata = call.metadata()?;
    let (access, encryption) = (call.write_access()?, call.encryption()?);
    let set = call
        .engine
        .change(|state, now| state.set_blob_metadata(now, call.blob(), metadata, &encryption, &access))
        .await?;
    Ok(changed(&set).written(&set))
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
    let access = call.write_access()?;
    // Only page blobs can be resized.
    if call.header(&names::BLOB_CONTENT_LENGTH)?.is_some() {
        let (at, now) = (call.blob(), call.engine.now());
        call.engine.read(|state| state.blob(now, &at).map(|_| ()))?;
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
        .change(|state, now| state.set_blob_headers(now, call.blob(), headers, &access))
        .await?;
    Ok(changed(&set))
}

fn changed(blob: &Blob) -> Answer {
    Answer::new(StatusCode::OK)
        .header(header::LAST_MODIFIED, blob.modified.rfc1123())
        .header(header::ETAG, blob.tag.quoted())
}
