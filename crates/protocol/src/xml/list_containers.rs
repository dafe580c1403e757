//! A page of an account's containers: the body that List Containers answers.

use time::OffsetDateTime;

use super::XmlReader;
use super::list_blobs::{boolean, date, lacks, some_text, value};
use crate::{Error, Etag, LeaseDuration, LeaseState, LeaseStatus, Metadata, PublicAccess};

/// A page of a list of containers.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ListContainersPage {
    /// The containers, in the order of their names.
    pub containers: Vec<ContainerItem>,
    /// Where the next page starts; `None` on the last page. A page may be empty and still have a next one.
    pub next_marker: Option<String>,
}

/// A container in a list. What the service left out is `None`.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
#[allow(
    missing_docs,
    reason = "the fields are the elements of List Containers, named as in the service's reference"
)]
pub struct ContainerItem {
    pub name: String,
    pub deleted: bool,
    pub version: Option<String>,
    pub last_modified: Option<OffsetDateTime>,
    pub etag: Option<Etag>,
    pub lease_status: Option<LeaseStatus>,
    pub lease_state: Option<LeaseState>,
    pub lease_duration: Option<LeaseDuration>,
    pub public_access: Option<PublicAccess>,
    pub has_immutability_policy: Option<bool>,
    pub has_legal_hold: Option<bool>,
    pub default_encryption_scope: Option<String>,
    pub deny_encryption_scope_override: Option<bool>,
    /// Present when the list was asked for metadata.
    pub metadata: Metadata,
}

impl ListContainersPage {
    /// Reads the XML.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidResponse`](crate::ErrorKind::InvalidResponse) when it cannot be read, or a container has no name.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let mut reader = XmlReader::new(bytes)?;
        reader.root("EnumerationResults")?;
        let mut page = Self::default();
        while let Some(element) = reader.child()? {
            match element.name() {
                "Containers" => {
                    while let Some(element) = reader.child()? {
                        match element.name() {
                            "Container" => page.containers.push(container(&mut reader)?),
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

fn container(reader: &mut XmlReader<'_>) -> Result<ContainerItem, Error> {
    let mut item = ContainerItem::default();
    while let Some(element) = reader.child()? {
        match element.name() {
            "Name" => item.name = reader.text()?.into_owned(),
            "Deleted" => item.deleted = boolean(reader)?.unwrap_or_default(),
            "Version" => item.version = some_text(reader)?,
            "Properties" => properties(&mut item, reader)?,
            "Metadata" => {
                while let Some(element) = reader.child()? {
                    let value = reader.text()?.into_owned();
                    item.metadata.keep(element.name(), value);
                }
            }
            _ => reader.skip()?,
        }
    }
    if item.name.is_empty() {
        Err(lacks("a container", "name"))
    } else {
        Ok(item)
    }
}

fn properties(item: &mut ContainerItem, reader: &mut XmlReader<'_>) -> Result<(), Error> {
    while let Some(element) = reader.child()? {
        match element.name() {
            "Last-Modified" => item.last_modified = date(reader)?,
            "Etag" => item.etag = some_text(reader)?.and_then(|tag| tag.parse().ok()),
            "LeaseStatus" => item.lease_status = value(reader)?,
            "LeaseState" => item.lease_state = value(reader)?,
            "LeaseDuration" => item.lease_duration = value(reader)?,
            "PublicAccess" => item.public_access = value(reader)?,
            "HasImmutabilityPolicy" => item.has_immutability_policy = boolean(reader)?,
            "HasLegalHold" => item.has_legal_hold = boolean(reader)?,
            "DefaultEncryptionScope" => item.default_encryption_scope = some_text(reader)?,
            "DenyEncryptionScopeOverride" => item.deny_encryption_scope_override = boolean(reader)?,
            _ => reader.skip()?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read() {
        let xml = "<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults ServiceEndpoint=\"https://a/\"><Containers><Container>\
            <Name>box</Name><Properties><Last-Modified>Fri, 27 Jan 2023 22:27:27 GMT</Last-Modified><Etag>\"0x8DB\"</Etag>\
            <LeaseStatus>unlocked</LeaseStatus><LeaseState>available</LeaseState><PublicAccess>blob</PublicAccess></Properties>\
            </Container></Containers><NextMarker /></EnumerationResults>";
        let page = ListContainersPage::parse(xml.as_bytes()).unwrap();
        assert_eq!(page.next_marker, None);
        let container = page.containers.first().unwrap();
        assert_eq!(container.etag.as_ref().map(Etag::as_str), Some("0x8DB"));
        assert_eq!(container.public_access, Some(PublicAccess::Blob));
        assert!(
            ListContainersPage::parse(
                b"<EnumerationResults><Containers><Container/></Containers></EnumerationResults>"
            )
            .is_err()
        );
    }
}
