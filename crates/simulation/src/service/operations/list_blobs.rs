//! List Blobs, flat and by delimiter.

use http::StatusCode;

use super::marker;
use crate::service::answer::Answer;
use crate::service::call::Call;
use crate::service::refusal::Refusal;
use crate::service::router::Outcome;
use crate::service::xml::Xml;
use crate::state::{Blob, BlobEntry, BlobQuery};

/// What can be included. What the simulation has none of is included as it is: not at all.
const INCLUDE: [&str; 11] = [
    "metadata",
    "uncommittedblobs",
    "snapshots",
    "copy",
    "deleted",
    "tags",
    "versions",
    "deletedwithversions",
    "immutabilitypolicy",
    "legalhold",
    "permissions",
];

/// List Blobs.
pub(in crate::service) fn list_blobs(call: &Call) -> Outcome {
    let include = call.include(&INCLUDE)?;
    let marker = call.query.some("marker");
    let from = match marker {
        Some(marker) => marker::blob(marker).ok_or_else(|| Refusal::bad_query("marker", marker, ""))?,
        None => {
            let start = call.query.some("startfrom").filter(|_| call.since(b"2026-02-06"));
            start.unwrap_or_default().to_owned()
        }
    };
    let query = BlobQuery {
        prefix: call.query.some("prefix").unwrap_or_default().to_owned(),
        delimiter: call.query.some("delimiter").map(str::to_owned),
        from,
        limit: call.page_size()?,
        uncommitted: include.contains(&"uncommittedblobs"),
    };
    let (at, now) = (call.container(), call.engine.now());
    let page = call.engine.read(|state| state.list_blobs(now, &at, &query))?;

    let mut xml = Xml::new();
    let container = ("ContainerName", &*at.container);
    xml.open_with(
        "EnumerationResults",
        &[("ServiceEndpoint", &call.target.endpoint), container],
    );
    if let Some(prefix) = call.query.some("prefix") {
        xml.name("Prefix", prefix);
    }
    xml.some("Marker", marker);
    xml.some("MaxResults", call.query.get("maxresults"));
    xml.some("Delimiter", call.query.get("delimiter"));
    let with_metadata = include.contains(&"metadata");
    xml.list("Blobs", &page.entries, |xml, entry| {
        put_entry(xml, call, entry, with_metadata)
    });
    let next = page.next.map(|name| marker::of_blob(&name));
    xml.text("NextMarker", next.as_deref().unwrap_or_default());
    xml.close("EnumerationResults");
    Ok(Answer::new(StatusCode::OK).xml(xml))
}

fn put_entry(xml: &mut Xml, call: &Call, entry: &BlobEntry, with_metadata: bool) {
    if let BlobEntry::Prefix(prefix) = entry {
        xml.open("BlobPrefix");
        xml.name("Name", prefix);
        xml.close("BlobPrefix");
        return;
    }
    xml.open("Blob");
    match entry {
        BlobEntry::Blob(name, blob) => {
            xml.name("Name", name);
            put_properties(xml, call, blob);
            if with_metadata {
                xml.list("Metadata", blob.metadata.iter(), |xml, (key, value)| {
                    xml.text(key, value)
                });
            }
        }
        BlobEntry::Uncommitted(name) => {
            xml.name("Name", name);
            put_uncommitted_properties(xml);
        }
        BlobEntry::Prefix(_) => {}
    }
    if call.since(b"2019-12-12") {
        xml.text("OrMetadata", "");
    }
    xml.close("Blob");
}

fn put_properties(xml: &mut Xml, call: &Call, blob: &Blob) {
    let headers = &blob.headers;
    let text = |value: &Option<Box<str>>| value.as_deref().unwrap_or_default().to_owned();
    xml.open("Properties");
    xml.text("Creation-Time", &blob.created.rfc1123());
    xml.text("Last-Modified", &blob.modified.rfc1123());
    xml.text("Etag", &blob.tag.to_string());
    xml.text("Content-Length", &blob.len.to_string());
    xml.text("Content-Type", &text(&headers.content_type));
    xml.text("Content-Encoding", &text(&headers.encoding));
    xml.text("Content-Language", &text(&headers.language));
    xml.text("Content-CRC64", "");
    xml.text("Content-MD5", &text(&headers.md5));
    xml.text("Cache-Control", &text(&headers.cache_control));
    xml.text("Content-Disposition", &text(&headers.disposition));
    xml.text("BlobType", blob.content.kind().as_str());
    match blob.tier(call.engine.now()) {
        Some(tier) => {
            xml.text("AccessTier", tier.tier.as_str());
            xml.text("AccessTierChangeTime", &tier.changed.rfc1123());
        }
        None => {
            xml.text("AccessTier", "Hot");
            xml.text("AccessTierInferred", "true");
        }
    }
    xml.text("LeaseStatus", "unlocked");
    xml.text("LeaseState", "available");
    xml.text("ServerEncrypted", "true");
    xml.close("Properties");
}

/// Of a blob that was never committed nothing is known but that.
fn put_uncommitted_properties(xml: &mut Xml) {
    xml.open("Properties");
    xml.text("Content-Length", "0");
    xml.text("BlobType", "BlockBlob");
    xml.text("AccessTier", "Hot");
    xml.text("AccessTierInferred", "true");
    xml.text("LeaseStatus", "unlocked");
    xml.text("LeaseState", "available");
    xml.text("ServerEncrypted", "false");
    xml.close("Properties");
}
