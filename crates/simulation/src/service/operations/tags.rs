//! Get and Set Blob Tags.

use http::StatusCode;
use lazuli_protocol::xml::XmlReader;
use lazuli_protocol::{BlobTags, ErrorCode};

use super::document::malformed;
use crate::service::answer::Answer;
use crate::service::body::Incoming;
use crate::service::call::Call;
use crate::service::refusal::Refusal;
use crate::service::router::Outcome;
use crate::service::xml::Xml;

/// The longest document: ten tags take less than 8 KiB, and the rest is room for white space, in bytes.
const LONGEST: u64 = 64 * 1024;

/// Get Blob Tags.
pub(in crate::service) fn get_blob_tags(call: &Call) -> Outcome {
    let (access, which) = (call.tag_read_access()?, call.which()?);
    let (at, now) = (call.blob(), call.engine.now());
    let found = call.engine.read(|state| state.find(now, &at, which))?;
    access.check_read(now, &found)?;
    let mut xml = Xml::newer();
    xml.open("Tags");
    put_tag_set(&mut xml, &found.blob.tags);
    xml.close("Tags");
    Ok(Answer::new(StatusCode::OK).xml_sized(xml))
}

/// Set Blob Tags. They are no part of the blob's state: neither its ETag nor when it changed are others afterwards.
pub(in crate::service) async fn set_blob_tags(call: &Call, body: Incoming) -> Outcome {
    let (access, which) = (call.tag_write_access()?, call.which()?);
    let checksum = call.checksum()?;
    let (document, _) = call.receive_document(body, LONGEST, checksum).await?;
    let tags = parse(&document)?;
    call.engine
        .change(|state, now| state.set_tags(now, call.blob(), which, tags, &access))
        .await?;
    Ok(Answer::new(StatusCode::NO_CONTENT))
}

/// Writes tags as lists and Get Blob Tags do.
pub(super) fn put_tag_set(xml: &mut Xml, tags: &BlobTags) {
    xml.list("TagSet", tags.iter(), |xml, (key, value)| {
        xml.open("Tag");
        xml.text("Key", key);
        xml.text("Value", value);
        xml.close("Tag");
    });
}

fn parse(document: &[u8]) -> Result<BlobTags, Box<Refusal>> {
    let mut reader = XmlReader::new(document).map_err(|_| malformed((1, 1), ""))?;
    let tags = read(&mut reader).map_err(|fault| match fault {
        Fault::Xml => malformed(reader.position(), ""),
        Fault::Tags => Refusal::new(ErrorCode::InvalidInput),
    })?;
    let end = reader.position();
    reader.finish().map_err(|_| malformed(end, ""))?;
    Ok(tags)
}

enum Fault {
    Xml,
    Tags,
}

impl From<lazuli_protocol::Error> for Fault {
    fn from(_: lazuli_protocol::Error) -> Self {
        Self::Xml
    }
}

fn read(reader: &mut XmlReader<'_>) -> Result<BlobTags, Fault> {
    let mut tags = BlobTags::new();
    reader.root("Tags")?;
    while let Some(element) = reader.child()? {
        if element.name() != "TagSet" {
            return Err(Fault::Xml);
        }
        while let Some(element) = reader.child()? {
            if element.name() != "Tag" {
                return Err(Fault::Xml);
            }
            let (mut key, mut value) = (None, None);
            while let Some(element) = reader.child()? {
                match element.name() {
                    "Key" => key = Some(reader.text()?.into_owned()),
                    "Value" => value = Some(reader.text()?.into_owned()),
                    _ => return Err(Fault::Xml),
                }
            }
            let (Some(key), Some(value)) = (key, value) else {
                return Err(Fault::Xml);
            };
            if tags.get(&key).is_some() || tags.insert(key, value).is_err() {
                return Err(Fault::Tags);
            }
        }
    }
    Ok(tags)
}
