//! Get Blob, Get Blob Properties and Get Blob Metadata.

use std::sync::Arc;

use http::{HeaderName, HeaderValue, StatusCode, header};
use lazuli_protocol::{ByteRange, ContentRange, Crc64, ErrorCode, Md5, header as names, limits};

use crate::engine::blocking;
use crate::service::answer::Answer;
use crate::service::body::Incoming;
use crate::service::call::Call;
use crate::service::download::Download;
use crate::service::refusal::Refusal;
use crate::service::router::Outcome;
use crate::state::{Blob, Found, Timestamp, check_encryption};
use crate::structured::HEADER_VALUE;

/// Get Blob.
pub(in crate::service) async fn get_blob(call: &Call, _: Incoming) -> Outcome {
    let range = call.range()?;
    let sums = call.range_sums(range)?;
    let structured = call.is_structured()?;
    let found = look(call)?;
    let blob = &found.blob;
    check_readable(&found, call.engine.now())?;
    let whole = blob.headers.md5.as_deref();
    let (answer, first, len) = match range {
        None => (
            call.blob_headers(Answer::new(StatusCode::OK), &found, whole),
            0,
            blob.len,
        ),
        Some(range) => {
            let (first, len) = cut(range, blob.len)?;
            let sum = match sums {
                RangeSum::None => None,
                RangeSum::Md5 | RangeSum::Crc64 => Some(read(blob, first, len).await?),
            };
            let md5 = sum
                .as_ref()
                .filter(|_| sums == RangeSum::Md5)
                .map(|bytes| Md5::of(bytes).to_string());
            let crc64 = sum
                .as_ref()
                .filter(|_| sums == RangeSum::Crc64)
                .map(|bytes| Crc64::of(bytes).to_string());
            let last = first.saturating_add(len).saturating_sub(1);
            let shown = ContentRange {
                first,
                last,
                size: blob.len,
            };
            let answer =
                Answer::new(StatusCode::PARTIAL_CONTENT).header(header::CONTENT_RANGE, shown.to_string());
            let answer = call.blob_headers(answer, &found, md5.as_deref());
            (
                answer
                    .some(names::BLOB_CONTENT_MD5, whole)
                    .some(names::CONTENT_CRC64, crc64),
                first,
                len,
            )
        }
    };
    let answer = call.kind_headers(answer, blob);
    let answer = if call.since(b"2026-10-06") {
        call.tier_headers(answer, blob)
    } else {
        answer
    };
    // What is answered was looked up before: it does not tell of this read.
    call.note_read(&call.blob(), &found).await;
    let download = Download::open(found.blob, first, len)
        .await
        .map_err(|error| Refusal::internal(&error))?;
    if structured {
        return Ok(answer
            .header(names::STRUCTURED_BODY, HEADER_VALUE)
            .header(names::STRUCTURED_CONTENT_LENGTH, len.to_string())
            .blob(download.packed()));
    }
    Ok(answer.blob(download))
}

/// Get Blob Properties.
pub(in crate::service) fn get_blob_properties(call: &Call) -> Outcome {
    let found = look(call).map_err(|refusal| call.tell_deleted(refusal))?;
    let blob = &found.blob;
    let answer = call.blob_headers(Answer::new(StatusCode::OK), &found, blob.headers.md5.as_deref());
    let answer = call.kind_headers(answer, blob);
    Ok(call.tier_headers(answer, blob).head_of(blob.len))
}

/// Get Blob Metadata.
pub(in crate::service) fn get_blob_metadata(call: &Call) -> Outcome {
    let blob = look(call)?.blob;
    Ok(Answer::new(StatusCode::OK)
        .header(header::LAST_MODIFIED, blob.modified.rfc1123())
        .header(header::ETAG, blob.tag.quoted())
        .metadata(&blob.metadata))
}

/// The state of the blob that is asked for, if the request may see it.
pub(super) fn look(call: &Call) -> Result<Found, Box<Refusal>> {
    let (access, which, encryption) = (call.read_access()?, call.which()?, call.encryption()?);
    let (at, now) = (call.blob(), call.engine.now());
    let found = call.engine.read(|state| state.find(now, &at, which))?;
    access.check_read(now, &found)?;
    check_encryption(&found.blob, &encryption)?;
    Ok(found)
}

/// Whether the bytes of a blob can be read.
pub(in crate::service) fn check_readable(found: &Found, now: Timestamp) -> Result<(), Box<Refusal>> {
    let blob = &found.blob;
    if blob.is_archived(now) {
        return Err(match blob.rehydration(now) {
            Some(_) => ErrorCode::BlobBeingRehydrated,
            None => ErrorCode::BlobArchived,
        }
        .into());
    }
    if blob.is_incremental() && found.id.is_none() {
        return Err(ErrorCode::OperationNotAllowedOnIncrementalCopyBlob.into());
    }
    Ok(())
}

/// The bytes that a range takes of a blob of this size: where they begin, and how many they are.
pub(in crate::service) fn cut(range: ByteRange, size: u64) -> Result<(u64, u64), Box<Refusal>> {
    let first = range.first();
    if first >= size {
        let refusal = Refusal::new(ErrorCode::InvalidRange);
        return Err(match HeaderValue::try_from(format!("bytes */{size}")) {
            Ok(value) => refusal.header(header::CONTENT_RANGE, value),
            Err(_) => refusal,
        });
    }
    let end = range.end().unwrap_or(size).min(size);
    Ok((first, end.saturating_sub(first)))
}

async fn read(blob: &Arc<Blob>, first: u64, len: u64) -> Result<Vec<u8>, Box<Refusal>> {
    let blob = blob.clone();
    blocking(move || Download::whole(blob, first, len))
        .await
        .map_err(|error| Refusal::internal(&error))
}

/// Which checksum of a range is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RangeSum {
    None,
    Md5,
    Crc64,
}

impl Call {
    /// Adds to a refusal that what is not there can be undeleted.
    fn tell_deleted(&self, refusal: Box<Refusal>) -> Box<Refusal> {
        const DELETED: HeaderName = HeaderName::from_static("x-ms-is-soft-deleted");
        let (at, now) = (self.blob(), self.engine.now());
        let is_kept = |which| self.engine.read(|state| state.is_kept_deleted(now, &at, which));
        match self.which() {
            Ok(which) if refusal.code == ErrorCode::BlobNotFound && is_kept(which) => {
                refusal.header(DELETED, HeaderValue::from_static("true"))
            }
            _ => refusal,
        }
    }

    /// The range that is asked for. One that makes no sense is no range, to the service.
    fn range(&self) -> Result<Option<ByteRange>, Box<Refusal>> {
        let value = match self.header(&names::RANGE)? {
            Some(value) => Some(value),
            None => self.header(&header::RANGE)?,
        };
        Ok(value.and_then(|value| value.parse().ok()))
    }

    fn range_sums(&self, range: Option<ByteRange>) -> Result<RangeSum, Box<Refusal>> {
        let md5 = self.flag(&names::RANGE_GET_CONTENT_MD5)?;
        let crc64 = self.flag(&names::RANGE_GET_CONTENT_CRC64)?;
        let sum = match (md5, crc64) {
            (true, true) => return Err(ErrorCode::BothCrc64AndMd5RangeHeaderPresent.into()),
            (false, false) => return Ok(RangeSum::None),
            (true, false) => RangeSum::Md5,
            (false, true) => RangeSum::Crc64,
        };
        let name = if md5 {
            names::RANGE_GET_CONTENT_MD5
        } else {
            names::RANGE_GET_CONTENT_CRC64
        };
        match range {
            // There is nothing to sum when no range is asked for.
            None => Err(Refusal::bad_header(name.as_str(), "true")),
            Some(range) if range.len().is_none_or(|len| len > limits::RANGE_CHECKSUM_BYTES) => {
                Err(ErrorCode::OutOfRangeInput.into())
            }
            Some(_) => Ok(sum),
        }
    }
}
