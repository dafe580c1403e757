//! From a recorded request to a typed operation: a small function each, by topic.

pub(crate) mod access;
pub(crate) mod append;
pub(crate) mod batch;
pub(crate) mod blobs;
pub(crate) mod blocks;
pub(crate) mod containers;
pub(crate) mod copies;
pub(crate) mod keeping;
pub(crate) mod leases;
pub(crate) mod listing;
pub(crate) mod pages;
pub(crate) mod query;
pub(crate) mod service;
pub(crate) mod tags;

use lazuli_blob::{BlobAttributes, ContentHeaders, CustomerKey, ImmutabilityPolicy};
use lazuli_protocol::xml::BlockId;
use lazuli_protocol::{BlobTags, Checksum, Error, LeaseId, parse_rfc1123};

use crate::wanted::{Wanted, unusable};

/// What is to be kept with a blob beside its content.
fn attributes(wanted: &Wanted) -> Result<BlobAttributes, Error> {
    let mut attributes = BlobAttributes::default();
    attributes.headers = content_headers(wanted)?;
    attributes.metadata = wanted.metadata()?;
    attributes.tags = tags(wanted)?;
    attributes.access_tier = wanted.value("x-ms-access-tier");
    attributes.immutability_policy = immutability_policy(wanted)?;
    attributes.legal_hold = wanted.flag("x-ms-legal-hold");
    Ok(attributes)
}

/// The headers that are to be kept with a blob.
fn content_headers(wanted: &Wanted) -> Result<ContentHeaders, Error> {
    let mut headers = ContentHeaders::default();
    headers.content_type = wanted.text("x-ms-blob-content-type");
    headers.content_encoding = wanted.text("x-ms-blob-content-encoding");
    headers.content_language = wanted.text("x-ms-blob-content-language");
    headers.content_disposition = wanted.text("x-ms-blob-content-disposition");
    headers.cache_control = wanted.text("x-ms-blob-cache-control");
    headers.content_md5 = wanted.parsed("x-ms-blob-content-md5")?;
    Ok(headers)
}

/// The tags that a header carries, as a form does.
fn tags(wanted: &Wanted) -> Result<BlobTags, Error> {
    let mut tags = BlobTags::new();
    // As a form: a plus is a space.
    for pair in wanted
        .text("x-ms-tags")
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty())
    {
        let (key, value) = pair.split_once('=').ok_or_else(|| unusable("x-ms-tags", pair))?;
        let plain = |text: &str| {
            let text = text.replace('+', "%20");
            lazuli_protocol::percent_decode(&text)
                .map(|plain| plain.into_owned())
                .ok_or_else(|| unusable("x-ms-tags", &text))
        };
        tags.insert(plain(key)?, plain(value)?)?;
    }
    Ok(tags)
}

fn immutability_policy(wanted: &Wanted) -> Result<Option<ImmutabilityPolicy>, Error> {
    let Some(until) = wanted.header("x-ms-immutability-policy-until-date") else {
        return Ok(None);
    };
    let mut policy = ImmutabilityPolicy::unlocked(parse_rfc1123(until)?);
    if let Some(mode) = wanted.value("x-ms-immutability-policy-mode") {
        policy.mode = mode;
    }
    Ok(Some(policy))
}

/// The lease that the request shows.
fn lease_id(wanted: &Wanted) -> Result<Option<LeaseId>, Error> {
    wanted.header("x-ms-lease-id").map(str::parse).transpose()
}

/// The customer's own key that the request shows.
fn customer_key(wanted: &Wanted) -> Result<Option<CustomerKey>, Error> {
    wanted
        .header("x-ms-encryption-key")
        .map(CustomerKey::from_base64)
        .transpose()
}

fn encryption_scope(wanted: &Wanted) -> Option<String> {
    wanted.text("x-ms-encryption-scope")
}

/// What the body must arrive as.
fn checksum(wanted: &Wanted) -> Result<Option<Checksum>, Error> {
    checksum_of(wanted, "content-md5", "x-ms-content-crc64")
}

fn checksum_of(wanted: &Wanted, md5: &str, crc64: &str) -> Result<Option<Checksum>, Error> {
    let md5 = wanted.parsed(md5)?.map(Checksum::Md5);
    Ok(md5.or(wanted.parsed(crc64)?.map(Checksum::Crc64)))
}

/// The block that the query names.
fn block_id(wanted: &Wanted) -> Result<BlockId, Error> {
    BlockId::from_base64(wanted.asks("blockid").unwrap_or_default())
}
