//! A page of a container's blobs: the body that List Blobs answers.

use time::OffsetDateTime;

use super::XmlReader;
use super::reader::Element;
use crate::{
    AccessTier, ArchiveStatus, BlobType, CopyStatus, Crc64, Error, ErrorKind, Etag, LeaseDuration,
    LeaseState, LeaseStatus, Md5, Metadata, parse_rfc1123, percent_decode,
};

/// A page of a list of blobs.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ListBlobsPage {
    /// Blobs and prefixes, in the order of their names.
    pub entries: Vec<ListBlobsEntry>,
    /// Where the next page starts; `None` on the last page. A page may be empty and still have a next one.
    pub next_marker: Option<String>,
}

/// A blob, or the part of names up to the delimiter that some blobs share.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ListBlobsEntry {
    /// A blob.
    Blob(Box<BlobItem>),
    /// A prefix, which looks like a folder. Only lists with a delimiter have any.
    Prefix(BlobPrefix),
}

/// A prefix that some blobs share.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BlobPrefix {
    /// The prefix, with the delimiter at its end.
    pub name: String,
}

/// A blob in a list. What the service left out is `None`.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
#[allow(
    missing_docs,
    reason = "the fields are the elements of List Blobs, named as in the service's reference"
)]
pub struct BlobItem {
    pub name: String,
    pub snapshot: Option<String>,
    pub version_id: Option<String>,
    pub is_current_version: Option<bool>,
    pub deleted: bool,
    pub creation_time: Option<OffsetDateTime>,
    pub last_modified: Option<OffsetDateTime>,
    pub etag: Option<Etag>,
    /// The size, in bytes.
    pub content_length: u64,
    pub content_type: Option<String>,
    pub content_encoding: Option<String>,
    pub content_language: Option<String>,
    pub content_crc64: Option<Crc64>,
    pub content_md5: Option<Md5>,
    pub cache_control: Option<String>,
    pub content_disposition: Option<String>,
    pub blob_sequence_number: Option<u64>,
    pub blob_type: Option<BlobType>,
    pub access_tier: Option<AccessTier>,
    pub access_tier_inferred: Option<bool>,
    pub access_tier_change_time: Option<OffsetDateTime>,
    pub archive_status: Option<ArchiveStatus>,
    pub lease_status: Option<LeaseStatus>,
    pub lease_state: Option<LeaseState>,
    pub lease_duration: Option<LeaseDuration>,
    pub copy_id: Option<String>,
    pub copy_status: Option<CopyStatus>,
    pub copy_progress: Option<String>,
    pub copy_completion_time: Option<OffsetDateTime>,
    pub server_encrypted: Option<bool>,
    pub encryption_scope: Option<String>,
    /// Present when the list was asked for metadata.
    pub metadata: Metadata,
}

impl ListBlobsPage {
    /// Reads the XML.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidResponse`] when it cannot be read, or a blob has no name.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let mut reader = XmlReader::new(bytes)?;
        reader.root("EnumerationResults")?;
        let mut page = Self::default();
        while let Some(element) = reader.child()? {
            match element.name() {
                "Blobs" => page.entries = entries(&mut reader)?,
                "NextMarker" => page.next_marker = some_text(&mut reader)?,
                _ => reader.skip()?,
            }
        }
        Ok(page)
    }
}

fn entries(reader: &mut XmlReader<'_>) -> Result<Vec<ListBlobsEntry>, Error> {
    let mut entries = Vec::new();
    while let Some(element) = reader.child()? {
        match element.name() {
            "Blob" => entries.push(ListBlobsEntry::Blob(Box::new(blob(reader)?))),
            "BlobPrefix" => entries.push(ListBlobsEntry::Prefix(prefix(reader)?)),
            _ => reader.skip()?,
        }
    }
    Ok(entries)
}

fn prefix(reader: &mut XmlReader<'_>) -> Result<BlobPrefix, Error> {
    let mut name = None;
    while let Some(element) = reader.child()? {
        match element.name() {
            "Name" => name = Some(decoded_name(&element, reader)?),
            _ => reader.skip()?,
        }
    }
    name.map(|name| BlobPrefix { name })
        .ok_or_else(|| lacks("a prefix", "name"))
}

fn blob(reader: &mut XmlReader<'_>) -> Result<BlobItem, Error> {
    let mut item = BlobItem::default();
    let mut named = false;
    while let Some(element) = reader.child()? {
        match element.name() {
            "Name" => {
                item.name = decoded_name(&element, reader)?;
                named = true;
            }
            "Snapshot" => item.snapshot = some_text(reader)?,
            "VersionId" => item.version_id = some_text(reader)?,
            "IsCurrentVersion" => item.is_current_version = boolean(reader)?,
            "Deleted" => item.deleted = boolean(reader)?.unwrap_or_default(),
            "Properties" => properties(&mut item, reader)?,
            "Metadata" => metadata(&mut item, reader)?,
            _ => reader.skip()?,
        }
    }
    if named {
        Ok(item)
    } else {
        Err(lacks("a blob", "name"))
    }
}

fn properties(item: &mut BlobItem, reader: &mut XmlReader<'_>) -> Result<(), Error> {
    while let Some(element) = reader.child()? {
        match element.name() {
            "Creation-Time" => item.creation_time = date(reader)?,
            "Last-Modified" => item.last_modified = date(reader)?,
            "Etag" => item.etag = some_text(reader)?.and_then(|tag| tag.parse().ok()),
            "Content-Length" => {
                let text = reader.text()?;
                item.content_length = text.parse().map_err(|source| {
                    Error::new(
                        ErrorKind::InvalidResponse,
                        format!("{text:?} is not a blob's length"),
                    )
                    .with_source(source)
                })?;
            }
            "Content-Type" => item.content_type = some_text(reader)?,
            "Content-Encoding" => item.content_encoding = some_text(reader)?,
            "Content-Language" => item.content_language = some_text(reader)?,
            "Content-CRC64" => item.content_crc64 = some_text(reader)?.and_then(|text| text.parse().ok()),
            "Content-MD5" => item.content_md5 = some_text(reader)?.and_then(|text| text.parse().ok()),
            "Cache-Control" => item.cache_control = some_text(reader)?,
            "Content-Disposition" => item.content_disposition = some_text(reader)?,
            "x-ms-blob-sequence-number" => {
                item.blob_sequence_number = some_text(reader)?.and_then(|text| text.parse().ok())
            }
            "BlobType" => item.blob_type = value(reader)?,
            "AccessTier" => item.access_tier = value(reader)?,
            "AccessTierInferred" => item.access_tier_inferred = boolean(reader)?,
            "AccessTierChangeTime" => item.access_tier_change_time = date(reader)?,
            "ArchiveStatus" => item.archive_status = value(reader)?,
            "LeaseStatus" => item.lease_status = value(reader)?,
            "LeaseState" => item.lease_state = value(reader)?,
            "LeaseDuration" => item.lease_duration = value(reader)?,
            "CopyId" => item.copy_id = some_text(reader)?,
            "CopyStatus" => item.copy_status = value(reader)?,
            "CopyProgress" => item.copy_progress = some_text(reader)?,
            "CopyCompletionTime" => item.copy_completion_time = date(reader)?,
            "ServerEncrypted" => item.server_encrypted = boolean(reader)?,
            "EncryptionScope" => item.encryption_scope = some_text(reader)?,
            _ => reader.skip()?,
        }
    }
    Ok(())
}

fn metadata(item: &mut BlobItem, reader: &mut XmlReader<'_>) -> Result<(), Error> {
    while let Some(element) = reader.child()? {
        let value = reader.text()?.into_owned();
        item.metadata.keep(element.name(), value);
    }
    Ok(())
}

// Names that XML cannot hold come percent-encoded, and say so.
pub(super) fn decoded_name(element: &Element<'_>, reader: &mut XmlReader<'_>) -> Result<String, Error> {
    let encoded = element.attribute("Encoded").is_some_and(|value| value == "true");
    let text = reader.text()?;
    if !encoded {
        return Ok(text.into_owned());
    }
    match percent_decode(&text) {
        Some(name) => Ok(name.into_owned()),
        None => Err(Error::new(
            ErrorKind::InvalidResponse,
            format!("the encoded name {text:?} is not UTF-8"),
        )),
    }
}

pub(super) fn some_text(reader: &mut XmlReader<'_>) -> Result<Option<String>, Error> {
    let text = reader.text()?;
    Ok((!text.is_empty()).then(|| text.into_owned()))
}

pub(super) fn boolean(reader: &mut XmlReader<'_>) -> Result<Option<bool>, Error> {
    Ok(reader.text()?.to_ascii_lowercase().parse().ok())
}

pub(super) fn date(reader: &mut XmlReader<'_>) -> Result<Option<OffsetDateTime>, Error> {
    Ok(parse_rfc1123(&reader.text()?).ok())
}

pub(super) fn value<T: for<'a> From<&'a str>>(reader: &mut XmlReader<'_>) -> Result<Option<T>, Error> {
    let text = reader.text()?;
    Ok((!text.is_empty()).then(|| T::from(&text)))
}

pub(super) fn lacks(what: &str, part: &str) -> Error {
    Error::new(
        ErrorKind::InvalidResponse,
        format!("{what} in the answer has no {part}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blobs_and_prefixes_keep_their_order() {
        let xml = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults ServiceEndpoint=\"https://a/\" ContainerName=\"c\">\
            <Delimiter>/</Delimiter><Blobs>\
            <Blob><Name> a&amp; </Name><Properties><Last-Modified>Fri, 27 Jan 2023 22:27:27 GMT</Last-Modified><Etag>0x8DB</Etag>\
            <Content-Length>5</Content-Length><Content-Type>text/plain</Content-Type><Content-Encoding /><BlobType>BlockBlob</BlobType>\
            <MadeTomorrow><X/></MadeTomorrow></Properties><Metadata><Owner>me</Owner></Metadata><OrMetadata /></Blob>\
            <BlobPrefix><Name Encoded=\"true\">dir%EF%BF%BE/</Name></BlobPrefix>\
            <Blob><Name>z</Name><Properties><BlobType>NewBlob</BlobType></Properties></Blob>\
            </Blobs><NextMarker>2!4!eg--</NextMarker></EnumerationResults>";
        let page = ListBlobsPage::parse(xml.as_bytes()).unwrap();
        assert_eq!(page.next_marker.as_deref(), Some("2!4!eg--"));
        let [
            ListBlobsEntry::Blob(first),
            ListBlobsEntry::Prefix(prefix),
            ListBlobsEntry::Blob(last),
        ] = page.entries.as_slice()
        else {
            panic!("{:?}", page.entries);
        };
        assert_eq!((first.name.as_str(), first.content_length), (" a& ", 5));
        assert_eq!(first.content_encoding, None);
        assert_eq!(first.metadata.get("owner"), Some("me"));
        assert_eq!(prefix.name, "dir\u{fffe}/");
        assert_eq!(last.blob_type, Some(BlobType::Unknown("NewBlob".into())));
    }

    #[test]
    fn pages_that_cannot_be_trusted_are_errors() {
        for bad in [
            "<EnumerationResults><Blobs><Blob><Properties/></Blob></Blobs></EnumerationResults>",
            "<EnumerationResults><Blobs><BlobPrefix/></Blobs></EnumerationResults>",
            "<EnumerationResults><Blobs><Blob><Name>a</Name><Properties><Content-Length>-1</Content-Length></Properties></Blob></Blobs></EnumerationResults>",
            "<EnumerationResults><Blobs><Blob><Name Encoded=\"true\">%ff</Name></Blob></Blobs></EnumerationResults>",
            "<EnumerationResults><Blobs>",
        ] {
            assert!(ListBlobsPage::parse(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
