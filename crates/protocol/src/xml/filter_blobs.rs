//! Blobs found by their tags: the body that Find Blobs by Tags answers.

use super::XmlReader;
use super::cell;
use super::list_blobs::{decoded, lacks, some_text};
use super::room::add;
use super::tags::tags;
use crate::{BlobTags, Error};

/// A page of the blobs whose tags are as it was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FoundBlobsPage {
    /// The blobs.
    pub blobs: Vec<FoundBlob>,
    /// The query as the service understood it.
    pub query: String,
    /// Where the next page starts; `None` on the last page. A page may be empty and still have a next one.
    pub next_marker: Option<String>,
}

/// A blob that was found by its tags.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FoundBlob {
    /// Its name.
    pub name: String,
    /// The container that it is in.
    pub container: String,
    /// Those of its tags that the query asks for.
    pub tags: BlobTags,
    /// The version that has the tags, where versions were asked for.
    pub version_id: Option<String>,
    /// Whether that version is the current one.
    pub is_current_version: Option<bool>,
}

impl FoundBlobsPage {
    /// Reads the XML.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidResponse`](crate::ErrorKind::InvalidResponse) when it cannot be read, a blob has no name or no container, or
    /// there are more of them than any page has.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let mut reader = XmlReader::new(bytes)?;
        reader.root("EnumerationResults")?;
        let mut page = Self::default();
        while let Some(element) = reader.child()? {
            match element.name() {
                "Where" => page.query = reader.text()?.into_owned(),
                "Blobs" => {
                    while let Some(element) = reader.child()? {
                        match element.name() {
                            "Blob" => add(&mut page.blobs, blob(&mut reader)?)?,
                            _ => reader.skip()?,
                        }
                    }
                }
                "NextMarker" => page.next_marker = some_text(&mut reader)?,
                _ => reader.skip()?,
            }
        }
        Ok(page)
    }
}

fn blob(reader: &mut XmlReader<'_>) -> Result<FoundBlob, Error> {
    let mut blob = FoundBlob::default();
    while let Some(element) = reader.child()? {
        match element.name() {
            "Name" => blob.name = decoded(&element, reader)?,
            "ContainerName" => blob.container = reader.text()?.into_owned(),
            "Tags" => blob.tags = tags(reader)?,
            "VersionId" => blob.version_id = some_text(reader)?,
            "IsCurrentVersion" => blob.is_current_version = cell::read(reader)?,
            _ => reader.skip()?,
        }
    }
    match (blob.name.is_empty(), blob.container.is_empty()) {
        (true, _) => Err(lacks("a blob", "name")),
        (false, true) => Err(lacks("a blob", "container")),
        (false, false) => Ok(blob),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read() {
        let xml = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<EnumerationResults ServiceEndpoint=\"https://a/\">\
            <Where>tag1=&apos;val1&apos;</Where><Blobs><Blob><Name>a/b</Name><ContainerName>box</ContainerName><Tags><TagSet><Tag>\
            <Key>tag1</Key><Value>val1</Value></Tag></TagSet></Tags><VersionId>2026-01-02T03:04:05.1234567Z</VersionId>\
            <IsCurrentVersion>true</IsCurrentVersion></Blob></Blobs><NextMarker/></EnumerationResults>";
        let page = FoundBlobsPage::parse(xml.as_bytes()).unwrap();
        assert_eq!(page.query, "tag1='val1'");
        assert_eq!(page.next_marker, None);
        let [blob] = page.blobs.as_slice() else {
            panic!("{page:?}")
        };
        assert_eq!((blob.name.as_str(), blob.container.as_str()), ("a/b", "box"));
        assert_eq!(blob.tags.get("tag1"), Some("val1"));
        assert_eq!(blob.version_id.as_deref(), Some("2026-01-02T03:04:05.1234567Z"));
        assert_eq!(blob.is_current_version, Some(true));
    }

    #[test]
    fn a_blob_without_its_names_is_an_error() {
        for blob in ["", "<Name>a</Name>", "<ContainerName>box</ContainerName>"] {
            let xml = format!("<EnumerationResults><Blobs><Blob>{blob}</Blob></Blobs></EnumerationResults>");
            assert!(FoundBlobsPage::parse(xml.as_bytes()).is_err(), "{blob}");
        }
    }
}
