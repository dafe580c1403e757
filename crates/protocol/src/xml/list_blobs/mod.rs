//! A page of a container's blobs: the body that List Blobs answers.

mod fields;
mod item;
mod read;
#[cfg(test)]
mod tests;

pub use item::{BlobItem, BlobItemAccess, BlobItemCopy, BlobPrefix, ListBlobsEntry};
pub(super) use read::{aside, decoded, lacks, some_text};

use super::XmlReader;
use crate::Error;

/// A page of a list of blobs.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ListBlobsPage {
    /// The URL of the account's service.
    pub service_endpoint: Option<String>,
    /// The container.
    pub container_name: Option<String>,
    /// The prefix that was asked for.
    pub prefix: Option<String>,
    /// The delimiter that was asked for.
    pub delimiter: Option<String>,
    /// The marker that was asked for.
    pub marker: Option<String>,
    /// The most entries that were asked for.
    pub max_results: Option<u32>,
    /// Blobs and prefixes, in the order of their names.
    pub entries: Vec<ListBlobsEntry>,
    /// Where the next page starts; `None` on the last page. A page may be empty and still have a next one.
    pub next_marker: Option<String>,
}

impl ListBlobsPage {
    /// Reads the XML. Elements that are not known are kept with the [blob](BlobItem::other) that has them.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidResponse`](crate::ErrorKind::InvalidResponse) when it cannot be read, a blob has no name, or there
    /// are more of them, or of elements that are not known, than any page has.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let mut reader = XmlReader::new(bytes)?;
        let root = reader.root("EnumerationResults")?;
        let mut page = Self {
            service_endpoint: root.attribute("ServiceEndpoint"),
            container_name: root.attribute("ContainerName"),
            ..Self::default()
        };
        while let Some(element) = reader.child()? {
            match element.name() {
                "Prefix" => page.prefix = Some(decoded(&element, &mut reader)?),
                "Delimiter" => page.delimiter = Some(decoded(&element, &mut reader)?),
                "Marker" => page.marker = some_text(&mut reader)?,
                "MaxResults" => page.max_results = reader.text()?.parse().ok(),
                "Blobs" => page.entries = read::entries(&mut reader)?,
                "NextMarker" => page.next_marker = some_text(&mut reader)?,
                _ => reader.skip()?,
            }
        }
        Ok(page)
    }
}
