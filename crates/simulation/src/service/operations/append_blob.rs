//! Append blobs: making one, adding a block, sealing.

use http::{StatusCode, header};
use lazuli_protocol::{ErrorCode, header as names, limits};

use crate::engine::Failure;
use crate::service::answer::Answer;
use crate::service::body::Incoming;
use crate::service::call::Call;
use crate::service::refusal::Refusal;
use crate::service::router::Outcome;
use crate::state::{AppendAt, Content, Denied, Pieces};

/// How large a block may be before 2022-11-02, in bytes.
const EARLIER_BLOCK_BYTES: u64 = 4 * 1024 * 1024;

/// Put Blob of an append blob: an empty one.
pub(in crate::service) async fn put_append_blob(call: &Call, _: Incoming) -> Outcome {
    call.check_no_body()?;
    let access = call.write_access()?;
    let new = call.new_append_blob()?;
    let content = Content::Append {
        pieces: Pieces::default(),
        sealed: false,
    };
    let put = call
        .engine
        .change(|state, now| {
            let at = call.blob();
            call.check_overwrite(state, now, &at)?;
            state.put_blob(now, at, new, content, 0, &access)
        })
        .await?;
    Ok(Answer::new(StatusCode::CREATED)
        .header(header::LAST_MODIFIED, put.modified.rfc1123())
        .header(header::ETAG, put.tag.quoted())
        .written(&put))
}

/// Append Block.
pub(in crate::service) async fn append_block(call: &Call, body: Incoming) -> Outcome {
    let len = call.upload_length()?;
    if len == 0 {
        return Err(Refusal::bad_header("Content-Length", "0"));
    }
    if len > call.append_block_limit() {
        return Err(ErrorCode::RequestBodyTooLarge.into());
    }
    let (access, encryption, place) = (call.write_access()?, call.encryption()?, call.append_at()?);
    let checksum = call.checksum()?;
    let received = call.receive(body, len, checksum, false).await?;
    let content = received.content.ok_or(ErrorCode::InvalidInput)?;
    let appended = call
        .engine
        .change(|state, now| state.append_block(now, call.blob(), content, place, &encryption, &access))
        .await
        .map_err(full)?;
    let answer = Answer::new(StatusCode::CREATED)
        .header(header::LAST_MODIFIED, appended.modified.rfc1123())
        .header(header::ETAG, appended.tag.quoted());
    Ok(call
        .tell_checksums(answer, checksum, received.crc64)
        .header(names::BLOB_APPEND_OFFSET, appended.offset.to_string())
        .header(names::BLOB_COMMITTED_BLOCK_COUNT, appended.count.to_string())
        .header(names::REQUEST_SERVER_ENCRYPTED, "true")
        .encrypted(&appended.encryption))
}

/// Seal Append Blob.
pub(in crate::service) async fn seal_append_blob(call: &Call, _: Incoming) -> Outcome {
    let (access, place) = (call.write_access()?, call.append_at()?);
    let sealed = call
        .engine
        .change(|state, now| state.seal_blob(now, call.blob(), place, &access))
        .await?;
    Ok(Answer::new(StatusCode::OK)
        .header(header::LAST_MODIFIED, sealed.modified.rfc1123())
        .header(header::ETAG, sealed.tag.quoted())
        .header(names::BLOB_SEALED, "true"))
}

impl Call {
    /// How large a block may be, in bytes.
    pub(super) fn append_block_limit(&self) -> u64 {
        if self.since(b"2022-11-02") {
            limits::APPEND_BLOCK_BYTES
        } else {
            EARLIER_BLOCK_BYTES
        }
    }

    /// Where the request lets its block be added.
    pub(super) fn append_at(&self) -> Result<AppendAt, Box<Refusal>> {
        Ok(AppendAt {
            position: self.number(&names::BLOB_CONDITION_APPENDPOS)?,
            max_size: self.number(&names::BLOB_CONDITION_MAXSIZE)?,
        })
    }
}

/// The code is the one for too many blocks that wait, and its text speaks of those.
pub(super) fn full(failure: Failure) -> Box<Refusal> {
    match failure {
        Failure::Denied(Denied::Because(ErrorCode::BlockCountExceedsLimit)) => {
            Refusal::new(ErrorCode::BlockCountExceedsLimit)
                .message("The committed block count cannot exceed the maximum limit of 50,000 blocks.")
        }
        other => other.into(),
    }
}
