//! A page of a list as XML.

use http::StatusCode;

use super::facts::{Facts, tell_identity, tell_properties, tell_uncommitted};
use super::{Found, Told};
use crate::service::answer::Answer;
use crate::service::call::Call;
use crate::service::operations::tags::put_tag_set;
use crate::service::xml::Xml;
use crate::state::{BlobEntry, Timestamp};

pub(super) fn answer(call: &Call, found: &Found) -> Answer {
    let mut xml = Xml::new();
    let container = call.target.container.as_deref().unwrap_or_default();
    xml.open_with(
        "EnumerationResults",
        &[
            ("ServiceEndpoint", &call.target.endpoint),
            ("ContainerName", container),
        ],
    );
    if let Some(prefix) = call.query.some("prefix") {
        xml.name("Prefix", prefix);
    }
    xml.some("Marker", call.query.some("marker"));
    xml.some("MaxResults", call.query.get("maxresults"));
    xml.some("Delimiter", call.query.get("delimiter"));
    xml.list("Blobs", &found.page.entries, |xml, entry| {
        put_entry(xml, call, entry, found.told)
    });
    xml.text("NextMarker", found.marker.as_deref().unwrap_or_default());
    xml.close("EnumerationResults");
    Answer::new(StatusCode::OK).xml(xml)
}

fn put_entry(xml: &mut Xml, call: &Call, entry: &BlobEntry, told: Told) {
    match entry {
        BlobEntry::Prefix(prefix) => {
            xml.open("BlobPrefix");
            xml.name("Name", prefix);
            xml.close("BlobPrefix");
            return;
        }
        BlobEntry::Blob(listed) => {
            xml.open("Blob");
            xml.name("Name", &listed.name);
            tell_identity(xml, listed);
            xml.open("Properties");
            tell_properties(xml, listed, told);
            xml.close("Properties");
            if told.metadata {
                xml.list("Metadata", listed.blob.metadata.iter(), |xml, (key, value)| {
                    xml.text(key, value)
                });
            }
            if told.tags && !listed.blob.tags.is_empty() {
                xml.open("Tags");
                put_tag_set(xml, &listed.blob.tags);
                xml.close("Tags");
            }
        }
        BlobEntry::Uncommitted(name) => {
            xml.open("Blob");
            xml.name("Name", name);
            xml.open("Properties");
            tell_uncommitted(xml);
            xml.close("Properties");
        }
    }
    if call.since(b"2019-12-12") {
        xml.text("OrMetadata", "");
    }
    xml.close("Blob");
}

impl Facts for Xml {
    fn text(&mut self, name: &'static str, text: &str) {
        self.text(name, text);
    }

    fn flag(&mut self, name: &'static str, flag: bool) {
        self.text(name, if flag { "true" } else { "false" });
    }

    fn number(&mut self, name: &'static str, number: u64) {
        self.text(name, &number.to_string());
    }

    fn time(&mut self, name: &'static str, time: Timestamp) {
        self.text(name, &time.rfc1123());
    }
}
