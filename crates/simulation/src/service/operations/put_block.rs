//! Put Block.

use http::StatusCode;
use lazuli_protocol::xml::BlockId;
use lazuli_protocol::{ErrorCode, header as names, limits};

use super::put_blob::checksum_of;
use crate::service::answer::Answer;
use crate::service::body::Incoming;
use crate::service::call::Call;
use crate::service::refusal::Refusal;
use crate::service::router::Outcome;

const ID: &str = "blockid";

/// Put Block.
pub(in crate::service) async fn put_block(call: &Call, body: Incoming) -> Outcome {
    call.may_put_blocks()?;
    let Some(id) = call.query.some(ID) else {
        return Err(Refusal::new(ErrorCode::MissingRequiredQueryParameter).detail("QueryParameterName", ID));
    };
    let id =
        BlockId::from_base64(id).map_err(|_| Refusal::bad_query(ID, id, "Not a valid base64 string."))?;
    let len = call.content_length()?;
    if len == 0 {
        return Err(Refusal::bad_header("Content-Length", "0"));
    }
    if len > limits::BLOCK_BYTES {
        return Err(ErrorCode::RequestBodyTooLarge.into());
    }
    let checksum = call.checksum()?;
    let received = call.receive(body, len, checksum, false).await?;
    let content = received.content.ok_or(ErrorCode::InvalidInput)?;
    call.engine
        .change(|state, now| Ok((state.put_block(now, call.blob(), id, content)?, ())))
        .await?;
    let answer = Answer::new(StatusCode::CREATED);
    Ok(checksum_of(answer, checksum, received.crc64).header(names::REQUEST_SERVER_ENCRYPTED, "true"))
}

impl Call {
    /// Whether blocks may be put at all: to create is enough since 2026-06-06, and before that it takes to write.
    pub(super) fn may_put_blocks(&self) -> Result<(), Box<Refusal>> {
        if self.caller.may_overwrite() || self.since(b"2026-06-06") {
            return Ok(());
        }
        Err(ErrorCode::AuthorizationPermissionMismatch.into())
    }
}
