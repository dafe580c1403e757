//! Get Page Ranges: what of a page blob was written, or what changed since a snapshot.

use std::ops::Range;

use http::{HeaderValue, StatusCode, Uri, header};
use lazuli_protocol::{ByteRange, ErrorCode, header as names, limits};

use super::marker;
use crate::service::answer::Answer;
use crate::service::call::Call;
use crate::service::query::Query;
use crate::service::refusal::Refusal;
use crate::service::router::Outcome;
use crate::service::xml::Xml;
use crate::state::{Blob, Timestamp};

const MARKER: &str = "marker";
const BEFORE: &str = "prevsnapshot";
const SNAPSHOT: &str = "snapshot";
/// The most ranges that a page of the list has.
const PAGE: usize = 10_000;

/// A range, and whether it was cleared.
type Changed = (Range<u64>, bool);

/// Get Page Ranges.
pub(in crate::service) fn get_page_ranges(call: &Call) -> Outcome {
    let (access, which, before) = (call.read_access()?, call.which()?, call.previous_snapshot()?);
    // Before there were pages of the list, all came at once.
    let paged = call.since(b"2021-04-10");
    let most = if paged {
        call.page_size_within(PAGE)?
    } else {
        usize::MAX
    };
    let start = match call.query.some(MARKER).filter(|_| paged) {
        None => 0,
        Some(text) => marker::place(text)
            .ok_or_else(|| Refusal::bad_query(MARKER, text, "Invalid ListRanges marker."))?,
    };
    let (at, now) = (call.blob(), call.engine.now());
    let (found, before) = call
        .engine
        .read(|state| state.page_blobs(now, &at, which, before, &access))?;
    let blob = &found.blob;
    let range = call.listed_range(blob.len)?;
    let range = range.start.max(start)..range.end;
    let mut ranges = changes(blob, before.as_ref().map(|found| &*found.blob), &range)?;
    let next = ranges.get(most).map(|(range, _)| range.start);
    ranges.truncate(most);
    let mut xml = if call.since(b"2020-06-12") {
        Xml::newer()
    } else {
        Xml::new()
    };
    if ranges.is_empty() && next.is_none() {
        xml.text("PageList", "");
    } else {
        xml.open("PageList");
        for (range, cleared) in ranges {
            let element = if cleared { "ClearRange" } else { "PageRange" };
            xml.open(element);
            xml.text("Start", &range.start.to_string());
            xml.text("End", &range.end.saturating_sub(1).to_string());
            xml.close(element);
        }
        xml.some("NextMarker", next.map(marker::of_place).as_deref());
        xml.close("PageList");
    }
    Ok(Answer::new(StatusCode::OK)
        .header(header::LAST_MODIFIED, blob.modified.rfc1123())
        .header(header::ETAG, blob.tag.quoted())
        .header(names::BLOB_CONTENT_LENGTH, blob.len.to_string())
        .xml(xml))
}

/// What was written of a blob, or what is another than it was, in the order of the places.
fn changes(blob: &Blob, before: Option<&Blob>, range: &Range<u64>) -> Result<Vec<Changed>, Box<Refusal>> {
    let (pages, _) = blob.pages()?;
    let Some(before) = before else {
        let written = pages.ranges(range).into_iter();
        return Ok(written.map(|range| (range, false)).collect());
    };
    let (written, cleared) = pages.changes(before.pages()?.0, range);
    let written = written.into_iter().map(|range| (range, false));
    let mut all: Vec<Changed> = written
        .chain(cleared.into_iter().map(|range| (range, true)))
        .collect();
    all.sort_by_key(|(range, _)| range.start);
    Ok(all)
}

impl Call {
    /// The range that is asked for, made of whole pages, within a blob of this size.
    fn listed_range(&self, size: u64) -> Result<Range<u64>, Box<Refusal>> {
        let value = match self.header(&names::RANGE)? {
            Some(value) => Some(value),
            None => self.header(&header::RANGE)?,
        };
        let Some(range) = value.and_then(|value| value.parse::<ByteRange>().ok()) else {
            return Ok(0..size);
        };
        if range.first() >= size {
            let refusal = Refusal::new(ErrorCode::InvalidRange);
            return Err(match HeaderValue::try_from(format!("bytes */{size}")) {
                Ok(value) => refusal.header(header::CONTENT_RANGE, value),
                Err(_) => refusal,
            });
        }
        let first = range.first().saturating_sub(range.first() % limits::PAGE_BYTES);
        let end = range.end().unwrap_or(size).min(size);
        Ok(first..end.checked_next_multiple_of(limits::PAGE_BYTES).unwrap_or(end))
    }

    /// The snapshot that the blob is to be compared with: by its id, or by its URL as for managed disks.
    fn previous_snapshot(&self) -> Result<Option<Timestamp>, Box<Refusal>> {
        if let Some(text) = self.query.some(BEFORE) {
            return match Timestamp::from_iso8601(text) {
                Some(at) => Ok(Some(at)),
                None => Err(Refusal::bad_query(BEFORE, text, "")),
            };
        }
        let Some(url) = self.header(&names::PREVIOUS_SNAPSHOT_URL)? else {
            return Ok(None);
        };
        let of_url = |url: &str| {
            let uri: Uri = url.parse().ok()?;
            let query = Query::parse(uri.query()?).ok()?;
            Timestamp::from_iso8601(query.some(SNAPSHOT)?)
        };
        match of_url(url) {
            Some(at) => Ok(Some(at)),
            // The URL may hold a signature.
            None => Err(Refusal::bad_header(names::PREVIOUS_SNAPSHOT_URL.as_str(), "")),
        }
    }
}
