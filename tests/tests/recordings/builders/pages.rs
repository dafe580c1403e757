//! Page blobs.

use std::ops::Range;

use lazuli_blob::SequenceNumberConditions;
use lazuli_blob::operations::{
    ClearPages, GetPageRanges, GetPageRangesDiff, PreviousSnapshot, PutPageBlob, PutPages, PutPagesFromUrl,
    ResizePageBlob, SequenceNumberChange, SetSequenceNumber,
};
use lazuli_protocol::Error;

use super::copies::{part, source};
use super::{attributes, checksum, customer_key, encryption_scope, lease_id};
use crate::wanted::{Wanted, unusable};

pub(crate) fn put_page_blob(wanted: &Wanted) -> Result<PutPageBlob, Error> {
    let size = wanted.parsed("x-ms-blob-content-length")?.unwrap_or_default();
    let mut put = PutPageBlob::new(wanted.container()?, wanted.blob()?, size);
    put.sequence_number = wanted.parsed("x-ms-blob-sequence-number")?;
    put.attributes = attributes(wanted)?;
    put.customer_key = customer_key(wanted)?;
    put.encryption_scope = encryption_scope(wanted);
    put.lease_id = lease_id(wanted)?;
    put.conditions = wanted.conditions()?;
    Ok(put)
}

pub(crate) fn put_pages(wanted: &Wanted) -> Result<PutPages, Error> {
    let pages = pages(wanted)?;
    let lost = usize::try_from(pages.end - pages.start).unwrap();
    let content = wanted.content_or(lost)?;
    let mut put = PutPages::new(wanted.container()?, wanted.blob()?, pages.start, content);
    put.checksum = checksum(wanted)?;
    put.in_segments = wanted.is_in_segments();
    put.sequence = sequence(wanted)?;
    put.customer_key = customer_key(wanted)?;
    put.encryption_scope = encryption_scope(wanted);
    put.lease_id = lease_id(wanted)?;
    put.conditions = wanted.conditions()?;
    Ok(put)
}

pub(crate) fn put_pages_from_url(wanted: &Wanted) -> Result<PutPagesFromUrl, Error> {
    let (container, blob) = (wanted.container()?, wanted.blob()?);
    let mut put = PutPagesFromUrl::new(container, blob, pages(wanted)?, source(wanted)?);
    put.part = part(wanted)?;
    put.sequence = sequence(wanted)?;
    put.customer_key = customer_key(wanted)?;
    put.encryption_scope = encryption_scope(wanted);
    put.lease_id = lease_id(wanted)?;
    put.conditions = wanted.conditions()?;
    Ok(put)
}

pub(crate) fn clear_pages(wanted: &Wanted) -> Result<ClearPages, Error> {
    let mut clear = ClearPages::new(wanted.container()?, wanted.blob()?, pages(wanted)?);
    clear.sequence = sequence(wanted)?;
    clear.customer_key = customer_key(wanted)?;
    clear.encryption_scope = encryption_scope(wanted);
    clear.lease_id = lease_id(wanted)?;
    clear.conditions = wanted.conditions()?;
    Ok(clear)
}

pub(crate) fn get_page_ranges(wanted: &Wanted) -> Result<GetPageRanges, Error> {
    let mut get = GetPageRanges::new(wanted.container()?, wanted.blob()?);
    get.snapshot = wanted.asked("snapshot");
    get.range = wanted.range()?;
    get.marker = wanted.asked("marker");
    get.max_results = wanted.asked_as("maxresults")?;
    get.lease_id = lease_id(wanted)?;
    get.conditions = wanted.conditions()?;
    Ok(get)
}

pub(crate) fn get_page_ranges_diff(wanted: &Wanted) -> Result<GetPageRangesDiff, Error> {
    let previous = match wanted.header("x-ms-previous-snapshot-url") {
        Some(url) => PreviousSnapshot::Url(url.to_owned()),
        None => PreviousSnapshot::Id(wanted.asked("prevsnapshot").unwrap_or_default()),
    };
    let mut get = GetPageRangesDiff::new(wanted.container()?, wanted.blob()?, previous);
    get.ranges = get_page_ranges(wanted)?;
    Ok(get)
}

pub(crate) fn resize(wanted: &Wanted) -> Result<ResizePageBlob, Error> {
    let size = wanted.parsed("x-ms-blob-content-length")?.unwrap_or_default();
    let mut resize = ResizePageBlob::new(wanted.container()?, wanted.blob()?, size);
    resize.customer_key = customer_key(wanted)?;
    resize.encryption_scope = encryption_scope(wanted);
    resize.lease_id = lease_id(wanted)?;
    resize.conditions = wanted.conditions()?;
    Ok(resize)
}

pub(crate) fn set_sequence_number(wanted: &Wanted) -> Result<SetSequenceNumber, Error> {
    let number = || {
        let number = wanted.parsed("x-ms-blob-sequence-number")?;
        number.ok_or_else(|| unusable("x-ms-blob-sequence-number", ""))
    };
    let change = match wanted.header("x-ms-sequence-number-action").unwrap_or_default() {
        "max" => SequenceNumberChange::Max(number()?),
        "update" => SequenceNumberChange::Update(number()?),
        "increment" => SequenceNumberChange::Increment,
        other => return Err(unusable("x-ms-sequence-number-action", other)),
    };
    let mut set = SetSequenceNumber::new(wanted.container()?, wanted.blob()?, change);
    set.lease_id = lease_id(wanted)?;
    set.conditions = wanted.conditions()?;
    Ok(set)
}

/// The pages that the request names; the first where they were lost.
pub(super) fn pages(wanted: &Wanted) -> Result<Range<u64>, Error> {
    let Some(range) = wanted.range()? else {
        return Ok(0..512);
    };
    let end = range
        .end()
        .ok_or_else(|| unusable("range", "of pages without an end"))?;
    Ok(range.first()..end)
}

pub(super) fn sequence(wanted: &Wanted) -> Result<SequenceNumberConditions, Error> {
    let mut conditions = SequenceNumberConditions::default();
    conditions.at_most = wanted.parsed("x-ms-if-sequence-number-le")?;
    conditions.less_than = wanted.parsed("x-ms-if-sequence-number-lt")?;
    conditions.equal_to = wanted.parsed("x-ms-if-sequence-number-eq")?;
    Ok(conditions)
}
