//! Copies, and content from URLs.

use lazuli_blob::operations::{
    AbortCopyBlob, CopyBlob, CopyBlobFromUrl, IncrementalCopyBlob, PutBlobFromUrl, PutBlockFromUrl,
};
use lazuli_blob::{CopyAttributes, CopySource, SourcePart};
use lazuli_protocol::{ByteRange, Error};

use super::{
    attributes, block_id, checksum_of, customer_key, encryption_scope, immutability_policy, lease_id, tags,
};
use crate::wanted::Wanted;

/// Stands where a recorder dropped the URL of a source.
const LOST: &str = "https://lost.invalid/";

pub(crate) fn copy_blob(wanted: &Wanted) -> Result<CopyBlob, Error> {
    let mut copy = CopyBlob::new(wanted.container()?, wanted.blob()?, source(wanted)?);
    copy.attributes = copy_attributes(wanted)?;
    copy.rehydrate_priority = wanted.value("x-ms-rehydrate-priority");
    copy.seal = wanted.flag("x-ms-seal-blob");
    copy.lease_id = lease_id(wanted)?;
    copy.conditions = wanted.conditions()?;
    Ok(copy)
}

pub(crate) fn copy_blob_from_url(wanted: &Wanted) -> Result<CopyBlobFromUrl, Error> {
    let mut copy = CopyBlobFromUrl::new(wanted.container()?, wanted.blob()?, source(wanted)?);
    copy.source_md5 = wanted.parsed("x-ms-source-content-md5")?;
    copy.source_tags = wanted.value("x-ms-copy-source-tag-option");
    copy.attributes = copy_attributes(wanted)?;
    copy.encryption_scope = encryption_scope(wanted);
    copy.lease_id = lease_id(wanted)?;
    copy.conditions = wanted.conditions()?;
    Ok(copy)
}

pub(crate) fn abort_copy_blob(wanted: &Wanted) -> Result<AbortCopyBlob, Error> {
    let id = wanted.asks("copyid").unwrap_or_default();
    let mut abort = AbortCopyBlob::new(wanted.container()?, wanted.blob()?, id);
    abort.lease_id = lease_id(wanted)?;
    Ok(abort)
}

pub(crate) fn incremental_copy_blob(wanted: &Wanted) -> Result<IncrementalCopyBlob, Error> {
    let mut copy = IncrementalCopyBlob::new(wanted.container()?, wanted.blob()?, source(wanted)?);
    copy.conditions = wanted.conditions()?;
    Ok(copy)
}

pub(crate) fn put_blob_from_url(wanted: &Wanted) -> Result<PutBlobFromUrl, Error> {
    let mut put = PutBlobFromUrl::new(wanted.container()?, wanted.blob()?, source(wanted)?);
    put.source_md5 = wanted.parsed("x-ms-source-content-md5")?;
    put.content_md5 = wanted.parsed("content-md5")?;
    put.source_properties = wanted.flag("x-ms-copy-source-blob-properties");
    put.source_tags = wanted.value("x-ms-copy-source-tag-option");
    put.attributes = attributes(wanted)?;
    put.customer_key = customer_key(wanted)?;
    put.encryption_scope = encryption_scope(wanted);
    put.lease_id = lease_id(wanted)?;
    put.conditions = wanted.conditions()?;
    Ok(put)
}

pub(crate) fn put_block_from_url(wanted: &Wanted) -> Result<PutBlockFromUrl, Error> {
    let (container, blob) = (wanted.container()?, wanted.blob()?);
    let mut put = PutBlockFromUrl::new(container, blob, block_id(wanted)?, source(wanted)?);
    put.part = part(wanted)?;
    put.customer_key = customer_key(wanted)?;
    put.encryption_scope = encryption_scope(wanted);
    put.lease_id = lease_id(wanted)?;
    Ok(put)
}

pub(super) fn source(wanted: &Wanted) -> Result<CopySource, Error> {
    let mut source = CopySource::new(wanted.header("x-ms-copy-source").unwrap_or(LOST));
    source.conditions = wanted.conditions_named("x-ms-source-")?;
    source.lease_id = wanted
        .header("x-ms-source-lease-id")
        .map(str::parse)
        .transpose()?;
    Ok(source)
}

pub(super) fn part(wanted: &Wanted) -> Result<SourcePart, Error> {
    let mut part = SourcePart::default();
    part.range = source_range(wanted)?;
    part.checksum = checksum_of(wanted, "x-ms-source-content-md5", "x-ms-source-content-crc64")?;
    Ok(part)
}

pub(super) fn source_range(wanted: &Wanted) -> Result<Option<ByteRange>, Error> {
    wanted.range_named("x-ms-source-range")
}

fn copy_attributes(wanted: &Wanted) -> Result<CopyAttributes, Error> {
    let mut attributes = CopyAttributes::default();
    attributes.metadata = wanted.metadata()?;
    attributes.tags = tags(wanted)?;
    attributes.access_tier = wanted.value("x-ms-access-tier");
    attributes.immutability_policy = immutability_policy(wanted)?;
    attributes.legal_hold = wanted.flag("x-ms-legal-hold");
    Ok(attributes)
}
