//! Put Blob: a block blob from one body.

use http::{StatusCode, header};
use lazuli_protocol::{ErrorCode, Md5, header as names, limits};

use crate::service::answer::Answer;
use crate::service::body::Incoming;
use crate::service::call::Call;
use crate::service::receive::md5_mismatch;
use crate::service::refusal::Refusal;
use crate::service::router::Outcome;
use crate::state::{Content, Piece, Pieces};

/// Put Blob.
pub(in crate::service) async fn put_blob(call: &Call, body: Incoming) -> Outcome {
    match call.header(&names::BLOB_TYPE)? {
        None => return Err(Refusal::missing_header(names::BLOB_TYPE.as_str())),
        Some("BlockBlob") => {}
        Some(other) => return Err(Refusal::bad_header(names::BLOB_TYPE.as_str(), other)),
    }
    let len = call.upload_length()?;
    if len > limits::PUT_BLOB_BYTES {
        return Err(ErrorCode::RequestBodyTooLarge.into());
    }
    let access = call.write_access()?;
    let mut new = call.new_blob(true)?;
    let checksum = call.checksum()?;
    let received = call.receive(body, len, checksum, true).await?;
    if let (Some(given), Some(found)) = (&new.headers.md5, received.md5) {
        let given: Md5 = given.parse().map_err(|_| ErrorCode::InvalidMd5)?;
        if given != found {
            return Err(md5_mismatch(given, Some(found)));
        }
    }
    new.headers.md5 = received.md5.map(|md5| md5.to_string().into());
    let pieces: Pieces = received
        .content
        .map(|content| Piece { id: None, content })
        .into_iter()
        .collect();
    let put = call
        .engine
        .change(|state, now| {
            let at = call.blob();
            call.check_overwrite(state, now, &at)?;
            let len = pieces.bytes();
            state.put_blob(now, at, new, Content::Block(pieces), len, &access)
        })
        .await?;
    Ok(Answer::new(StatusCode::CREATED)
        .some(names::CONTENT_MD5, put.headers.md5.as_ref())
        .header(header::LAST_MODIFIED, put.modified.rfc1123())
        .header(header::ETAG, put.tag.quoted())
        .header(names::CONTENT_CRC64, received.crc64.to_string())
        .some(names::STRUCTURED_BODY, call.header(&names::STRUCTURED_BODY)?)
        .written(&put))
}
