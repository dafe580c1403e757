//! Page blobs: making one, writing pages, clearing them.

use std::ops::Range;

use http::{HeaderName, StatusCode, header};
use lazuli_protocol::{ByteRange, ErrorCode, header as names, limits};

use crate::service::answer::Answer;
use crate::service::body::Incoming;
use crate::service::call::Call;
use crate::service::refusal::Refusal;
use crate::service::router::Outcome;
use crate::state::{Content, PageWrite, Pages, SequenceConditions};

/// Put Blob of a page blob: zeros, as many as the request says.
pub(in crate::service) async fn put_page_blob(call: &Call, _: Incoming) -> Outcome {
    if call
        .engine
        .read(|state| state.options(&call.target.account).hierarchical)
    {
        return Err(ErrorCode::BlobOperationNotSupported.into());
    }
    call.check_no_body()?;
    let Some(len) = call.page_blob_size()? else {
        return Err(Refusal::missing_header(names::BLOB_CONTENT_LENGTH.as_str()));
    };
    let sequence = call.number(&names::BLOB_SEQUENCE_NUMBER)?.unwrap_or_default();
    let access = call.write_access()?;
    let new = call.new_page_blob()?;
    let content = Content::Page {
        pages: Pages::default(),
        sequence,
    };
    let put = call
        .engine
        .change(|state, now| {
            let at = call.blob();
            call.check_overwrite(state, now, &at)?;
            state.put_blob(now, at, new, content, len, &access)
        })
        .await?;
    Ok(Answer::new(StatusCode::CREATED)
        .header(header::LAST_MODIFIED, put.modified.rfc1123())
        .header(header::ETAG, put.tag.quoted())
        .written(&put))
}

/// Put Page.
pub(in crate::service) async fn put_page(call: &Call, body: Incoming) -> Outcome {
    match call.header(&names::PAGE_WRITE)? {
        None => Err(Refusal::missing_header(names::PAGE_WRITE.as_str())),
        Some(action) if action.eq_ignore_ascii_case("update") => update(call, body).await,
        Some(action) if action.eq_ignore_ascii_case("clear") => clear(call).await,
        Some(other) => Err(Refusal::bad_header(names::PAGE_WRITE.as_str(), other)),
    }
}

async fn update(call: &Call, body: Incoming) -> Outcome {
    let range = call.page_range()?;
    let len = call.upload_length()?;
    if len > limits::PUT_PAGE_BYTES {
        return Err(ErrorCode::RequestBodyTooLarge.into());
    }
    if range.start.checked_add(len) != Some(range.end) {
        return Err(Refusal::bad_header("Content-Length", &len.to_string()));
    }
    let (access, encryption) = (call.write_access()?, call.encryption()?);
    let (sequence, checksum) = (call.sequence_conditions()?, call.checksum()?);
    let received = call.receive(body, len, checksum, false).await?;
    let write = PageWrite {
        range,
        content: Some(received.content.ok_or(ErrorCode::InvalidInput)?),
        sequence,
    };
    let written = call
        .engine
        .change(|state, now| state.put_pages(now, call.blob(), write, &encryption, &access))
        .await?;
    let answer = Answer::new(StatusCode::CREATED)
        .header(header::LAST_MODIFIED, written.modified.rfc1123())
        .header(header::ETAG, written.tag.quoted());
    Ok(call
        .tell_checksums(answer, checksum, received.crc64)
        .header(names::BLOB_SEQUENCE_NUMBER, written.sequence.to_string())
        .header(names::REQUEST_SERVER_ENCRYPTED, "true")
        .encrypted(&written.encryption))
}

async fn clear(call: &Call) -> Outcome {
    let range = call.page_range()?;
    call.check_no_body()?;
    let (access, encryption) = (call.write_access()?, call.encryption()?);
    let write = PageWrite {
        range,
        content: None,
        sequence: call.sequence_conditions()?,
    };
    let cleared = call
        .engine
        .change(|state, now| state.put_pages(now, call.blob(), write, &encryption, &access))
        .await?;
    Ok(Answer::new(StatusCode::CREATED)
        .header(header::LAST_MODIFIED, cleared.modified.rfc1123())
        .header(header::ETAG, cleared.tag.quoted())
        .header(names::BLOB_SEQUENCE_NUMBER, cleared.sequence.to_string()))
}

impl Call {
    /// The size that a page blob is to have: whole pages.
    pub(super) fn page_blob_size(&self) -> Result<Option<u64>, Box<Refusal>> {
        let size = self.number(&names::BLOB_CONTENT_LENGTH)?;
        match size {
            Some(size) if !is_whole(size) || size > limits::PAGE_BLOB_BYTES => {
                let name = names::BLOB_CONTENT_LENGTH;
                Err(Refusal::bad_header(name.as_str(), &size.to_string()))
            }
            size => Ok(size),
        }
    }

    /// The pages that are to be written: whole ones, and both ends given.
    pub(super) fn page_range(&self) -> Result<Range<u64>, Box<Refusal>> {
        let value = match self.header(&names::RANGE)? {
            Some(value) => Some(value),
            None => self.header(&header::RANGE)?,
        };
        let Some(value) = value else {
            return Err(Refusal::missing_header("Range"));
        };
        let range = value.parse::<ByteRange>().ok();
        let range = range.and_then(|range| Some(range.first()..range.end()?));
        range
            .filter(|range| is_whole(range.start) && is_whole(range.end) && !range.is_empty())
            // Whichever of the two headers it came in.
            .ok_or_else(|| Refusal::bad_header("Range", value))
    }

    /// What the blob's sequence number has to be.
    pub(super) fn sequence_conditions(&self) -> Result<SequenceConditions, Box<Refusal>> {
        let number = |name: &HeaderName| match self.header(name)? {
            // One below zero is a number, and not a sequence number.
            Some(text) if text.parse::<i64>().is_ok_and(i64::is_negative) => {
                Err(ErrorCode::InvalidInput.into())
            }
            _ => self.number(name),
        };
        Ok(SequenceConditions {
            at_most: number(&names::IF_SEQUENCE_NUMBER_LE)?,
            less_than: number(&names::IF_SEQUENCE_NUMBER_LT)?,
            equal: number(&names::IF_SEQUENCE_NUMBER_EQ)?,
        })
    }
}

fn is_whole(place: u64) -> bool {
    place.is_multiple_of(limits::PAGE_BYTES)
}
