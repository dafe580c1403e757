//! Put Block, Append Block and Put Page, with bytes of another blob.

use http::{StatusCode, header};
use lazuli_protocol::xml::BlockId;
use lazuli_protocol::{Checksum, ErrorCode, header as names, limits};

use super::append_blob::full;
use super::copy_blob::{refused_source, source_too_large};
use crate::service::answer::Answer;
use crate::service::body::Incoming;
use crate::service::call::Call;
use crate::service::copy_source::Purpose;
use crate::service::receive::{Received, compare};
use crate::service::refusal::Refusal;
use crate::service::router::Outcome;
use crate::state::PageWrite;

const OTHER_LENGTH: &str =
    "The source request body for copy source does not match requested length to write on target.";

/// Put Block From URL.
pub(in crate::service) async fn put_block_from_url(call: &Call, _: Incoming) -> Outcome {
    call.may_put_blocks()?;
    let id: BlockId = call.block_id()?;
    let (access, encryption) = (call.write_access()?, call.encryption()?);
    let checksum = call.source_checksum()?;
    let part = call.part(checksum, limits::BLOCK_BYTES, None).await?;
    let content = part.content.ok_or(ErrorCode::InvalidInput)?;
    let encrypted = call
        .engine
        .change(|state, now| state.put_block(now, call.blob(), id, content, encryption, &access))
        .await?;
    let answer = call.tell_checksums(Answer::new(StatusCode::CREATED), checksum, part.crc64);
    Ok(answer
        .header(names::REQUEST_SERVER_ENCRYPTED, "true")
        .encrypted(&encrypted))
}

/// Append Block From URL.
pub(in crate::service) async fn append_block_from_url(call: &Call, _: Incoming) -> Outcome {
    let (access, encryption, place) = (call.write_access()?, call.encryption()?, call.append_at()?);
    let checksum = call.source_checksum()?;
    let part = call.part(checksum, call.append_block_limit(), None).await?;
    let answer = call.tell_part(Answer::new(StatusCode::CREATED), checksum, &part);
    let content = part.content.ok_or(ErrorCode::InvalidInput)?;
    let appended = call
        .engine
        .change(|state, now| state.append_block(now, call.blob(), content, place, &encryption, &access))
        .await
        .map_err(full)?;
    Ok(answer
        .header(header::LAST_MODIFIED, appended.modified.rfc1123())
        .header(header::ETAG, appended.tag.quoted())
        .header(names::BLOB_APPEND_OFFSET, appended.offset.to_string())
        .header(names::BLOB_COMMITTED_BLOCK_COUNT, appended.count.to_string())
        .header(names::REQUEST_SERVER_ENCRYPTED, "true")
        .encrypted(&appended.encryption))
}

/// Put Page From URL.
pub(in crate::service) async fn put_page_from_url(call: &Call, _: Incoming) -> Outcome {
    match call.header(&names::PAGE_WRITE)? {
        None => return Err(Refusal::missing_header(names::PAGE_WRITE.as_str())),
        Some(action) if action.eq_ignore_ascii_case("update") => {}
        Some(other) => return Err(Refusal::bad_header(names::PAGE_WRITE.as_str(), other)),
    }
    let range = call.page_range()?;
    let (access, encryption) = (call.write_access()?, call.encryption()?);
    let (sequence, checksum) = (call.sequence_conditions()?, call.source_checksum()?);
    let len = range.end.saturating_sub(range.start);
    let part = call.part(checksum, limits::PUT_PAGE_BYTES, Some(len)).await?;
    let answer = call.tell_part(Answer::new(StatusCode::CREATED), checksum, &part);
    let write = PageWrite {
        range,
        content: Some(part.content.ok_or(ErrorCode::InvalidInput)?),
        sequence,
    };
    let written = call
        .engine
        .change(|state, now| state.put_pages(now, call.blob(), write, &encryption, &access))
        .await?;
    Ok(answer
        .header(header::LAST_MODIFIED, written.modified.rfc1123())
        .header(header::ETAG, written.tag.quoted())
        .header(names::BLOB_SEQUENCE_NUMBER, written.sequence.to_string())
        .header(names::REQUEST_SERVER_ENCRYPTED, "true")
        .encrypted(&written.encryption))
}

impl Call {
    /// The bytes of the source that the request asks for, at most `most` and where `exactly` says so of that length.
    async fn part(
        &self,
        checksum: Option<Checksum>,
        most: u64,
        exactly: Option<u64>,
    ) -> Result<Received, Box<Refusal>> {
        self.check_bodiless()?;
        let source = self.source(Purpose::Part).await?;
        let (first, len) = self.source_range(&source)?;
        if exactly.is_some_and(|exactly| exactly != len) {
            return Err(refused_source(OTHER_LENGTH));
        }
        if len > most {
            return Err(source_too_large(most));
        }
        self.note_read_of(&source).await;
        let part = self.take(source.found.blob, first, len, true, true).await?;
        compare(checksum, &part)?;
        Ok(part)
    }

    /// Adds what a part was found to sum up to: the MD5, unless a CRC64 was given.
    fn tell_part(&self, answer: Answer, given: Option<Checksum>, part: &Received) -> Answer {
        let given = match (given, part.md5) {
            (None, Some(md5)) => Some(Checksum::Md5(md5)),
            (given, _) => given,
        };
        self.tell_checksums(answer, given, part.crc64)
    }
}
