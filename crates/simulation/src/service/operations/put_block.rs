//! Put Block.

use http::StatusCode;
use lazuli_protocol::xml::BlockId;
use lazuli_protocol::{Checksum, Crc64, ErrorCode, header as names, limits};

use crate::service::answer::Answer;
use crate::service::body::Incoming;
use crate::service::call::Call;
use crate::service::refusal::Refusal;
use crate::service::router::Outcome;

const ID: &str = "blockid";

/// Put Block.
pub(in crate::service) async fn put_block(call: &Call, body: Incoming) -> Outcome {
    call.may_put_blocks()?;
    let id = call.block_id()?;
    let len = call.upload_length()?;
    if len == 0 {
        return Err(Refusal::bad_header("Content-Length", "0"));
    }
    if len > limits::BLOCK_BYTES {
        return Err(ErrorCode::RequestBodyTooLarge.into());
    }
    let (access, encryption) = (call.write_access()?, call.encryption()?);
    let checksum = call.checksum()?;
    let received = call.receive(body, len, checksum, false).await?;
    let content = received.content.ok_or(ErrorCode::InvalidInput)?;
    let encrypted = call
        .engine
        .change(|state, now| state.put_block(now, call.blob(), id, content, encryption, &access))
        .await?;
    let answer = call.tell_checksums(Answer::new(StatusCode::CREATED), checksum, received.crc64);
    Ok(answer
        .header(names::REQUEST_SERVER_ENCRYPTED, "true")
        .encrypted(&encrypted))
}

impl Call {
    /// The id of the block that is put.
    pub(super) fn block_id(&self) -> Result<BlockId, Box<Refusal>> {
        let Some(id) = self.query.some(ID) else {
            let refusal = Refusal::new(ErrorCode::MissingRequiredQueryParameter);
            return Err(refusal.detail("QueryParameterName", ID));
        };
        BlockId::from_base64(id).map_err(|_| Refusal::bad_query(ID, id, "Not a valid base64 string."))
    }

    /// Adds what a part of a blob was found to sum up to: the MD5 where one was given and else the CRC64, and since 2026-10-06 the CRC64 always.
    pub(super) fn tell_checksums(&self, answer: Answer, given: Option<Checksum>, crc64: Crc64) -> Answer {
        // That the body was taken for what it is, is said to who sent it.
        let structured = self.header(&names::STRUCTURED_BODY).ok().flatten();
        let answer = answer.some(names::STRUCTURED_BODY, structured);
        match given {
            Some(Checksum::Md5(md5)) => {
                let answer = answer.header(names::CONTENT_MD5, md5.to_string());
                let both = self.since(b"2026-10-06").then(|| crc64.to_string());
                answer.some(names::CONTENT_CRC64, both)
            }
            _ => answer.header(names::CONTENT_CRC64, crc64.to_string()),
        }
    }

    /// Whether blocks may be put at all: to create is enough since 2026-06-06, and before that it takes to write.
    pub(super) fn may_put_blocks(&self) -> Result<(), Box<Refusal>> {
        if self.caller.may_overwrite() || self.since(b"2026-06-06") {
            return Ok(());
        }
        Err(ErrorCode::AuthorizationPermissionMismatch.into())
    }
}
