//! A page of an account's containers: the body that List Containers answers.

use time::OffsetDateTime;

use super::cell::Cell;
use super::list_blobs::{aside, lacks, some_text};
use super::room::{add, keep_aside};
use super::{Content, Element, XmlReader};
use crate::{Error, Etag, LeaseDuration, LeaseState, LeaseStatus, Metadata, PublicAccess};

/// A page of a list of containers.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ListContainersPage {
    /// The URL of the account's service.
    pub service_endpoint: Option<String>,
    /// The prefix that was asked for.
    pub prefix: Option<String>,
    /// The marker that was asked for.
    pub marker: Option<String>,
    /// The most entries that were asked for.
    pub max_results: Option<u32>,
    /// The containers, in the order of their names.
    pub containers: Vec<ContainerItem>,
    /// Where the next page starts; `None` on the last page. A page may be empty and still have a next one.
    pub next_marker: Option<String>,
}

/// A container in a list. What the service left out is `None`, and so is what it sent empty.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ContainerItem {
    /// The name.
    pub name: String,
    /// Whether the container was deleted and can be brought back.
    pub deleted: bool,
    /// Which of the deleted containers of the same name this is.
    pub version: Option<String>,
    /// When it was deleted.
    pub deleted_time: Option<OffsetDateTime>,
    /// For how many days more it can be brought back.
    pub remaining_retention_days: Option<u32>,
    /// When it last changed; whole seconds.
    pub last_modified: Option<OffsetDateTime>,
    /// The identity of this state of the container.
    pub etag: Option<Etag>,
    /// Whether a lease keeps it from being deleted.
    pub lease_status: Option<LeaseStatus>,
    /// Where the lease is in its life.
    pub lease_state: Option<LeaseState>,
    /// Whether the lease ends by itself.
    pub lease_duration: Option<LeaseDuration>,
    /// What anybody may read.
    pub public_access: Option<PublicAccess>,
    /// Whether blobs are under an immutability policy.
    pub has_immutability_policy: Option<bool>,
    /// Whether blobs are under a legal hold.
    pub has_legal_hold: Option<bool>,
    /// Whether versions of blobs can have immutability policies of their own.
    pub immutable_storage_with_versioning: Option<bool>,
    /// The encryption scope that blobs get.
    pub default_encryption_scope: Option<String>,
    /// Whether blobs cannot have another one.
    pub deny_encryption_scope_override: Option<bool>,
    /// The caller's own pairs; listed when they were asked for.
    pub metadata: Metadata,
    /// What else the service said: the names and texts of elements that are not known, or that cannot be read as what they should be.
    pub other: Vec<(String, String)>,
}

impl ListContainersPage {
    /// Reads the XML. Elements that are not known are kept with the [container](ContainerItem::other) that has them.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidResponse`](crate::ErrorKind::InvalidResponse) when it cannot be read, a container has no name, or there
    /// are more of them than any page has.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let mut reader = XmlReader::new(bytes)?;
        let root = reader.root("EnumerationResults")?;
        let mut page = Self {
            service_endpoint: root.attribute("ServiceEndpoint"),
            ..Self::default()
        };
        while let Some(element) = reader.child()? {
            match element.name() {
                "Prefix" => page.prefix = some_text(&mut reader)?,
                "Marker" => page.marker = some_text(&mut reader)?,
                "MaxResults" => page.max_results = reader.text()?.parse().ok(),
                "Containers" => {
                    while let Some(element) = reader.child()? {
                        match element.name() {
                            "Container" => add(&mut page.containers, container(&mut reader)?)?,
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
            "Properties" => {
                while let Some(element) = reader.child()? {
                    leaf(&mut item, &element, reader)?;
                }
            }
            "Metadata" => {
                while let Some(element) = reader.child()? {
                    let value = reader.text()?.into_owned();
                    item.metadata.keep(element.name(), value);
                }
            }
            _ => leaf(&mut item, &element, reader)?,
        }
    }
    if item.name.is_empty() {
        Err(lacks("a container", "name"))
    } else {
        Ok(item)
    }
}

/// Reads an element that has text, if it is known, and keeps it aside, if not.
fn leaf(item: &mut ContainerItem, element: &Element<'_>, reader: &mut XmlReader<'_>) -> Result<(), Error> {
    let mut keep = |name: &str, text| keep_aside(&mut item.other, name, text);
    match reader.content()? {
        Content::Child(child) => aside(child, reader, keep)?,
        Content::Text(text) => {
            let cell = Cell::Text(&text);
            let read = match element.name() {
                "Deleted" => {
                    let mut deleted = None;
                    let read = cell.put(&mut deleted);
                    item.deleted = deleted.unwrap_or_default();
                    read
                }
                "Version" => cell.put(&mut item.version),
                "DeletedTime" => cell.put(&mut item.deleted_time),
                "RemainingRetentionDays" => cell.put(&mut item.remaining_retention_days),
                "Last-Modified" => cell.put(&mut item.last_modified),
                "Etag" => cell.put(&mut item.etag),
                "LeaseStatus" => cell.put(&mut item.lease_status),
                "LeaseState" => cell.put(&mut item.lease_state),
                "LeaseDuration" => cell.put(&mut item.lease_duration),
                "PublicAccess" => cell.put(&mut item.public_access),
                "HasImmutabilityPolicy" => cell.put(&mut item.has_immutability_policy),
                "HasLegalHold" => cell.put(&mut item.has_legal_hold),
                "ImmutableStorageWithVersioningEnabled" => {
                    cell.put(&mut item.immutable_storage_with_versioning)
                }
                "DefaultEncryptionScope" => cell.put(&mut item.default_encryption_scope),
                "DenyEncryptionScopeOverride" => cell.put(&mut item.deny_encryption_scope_override),
                _ => false,
            };
            if !read {
                keep(element.name(), text.into_owned())?;
            }
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
            <LeaseStatus>unlocked</LeaseStatus><LeaseState>available</LeaseState><PublicAccess>blob</PublicAccess>\
            <DefaultEncryptionScope>$account-encryption-key</DefaultEncryptionScope><HasLegalHold>false</HasLegalHold>\
            <MadeTomorrow>yes</MadeTomorrow></Properties><Metadata><Owner>me</Owner></Metadata></Container>\
            <Container><Name>gone</Name><Deleted>true</Deleted><Version>01D6</Version><Properties><Last-Modified>never</Last-Modified>\
            <DeletedTime>Thu, 21 Jan 2021 14:03:11 GMT</DeletedTime><RemainingRetentionDays>6</RemainingRetentionDays></Properties>\
            </Container></Containers><NextMarker /></EnumerationResults>";
        let page = ListContainersPage::parse(xml.as_bytes()).unwrap();
        assert_eq!(page.next_marker, None);
        assert_eq!(page.service_endpoint.as_deref(), Some("https://a/"));
        let [container, gone] = page.containers.as_slice() else {
            panic!("{:?}", page.containers);
        };
        assert!(gone.deleted && gone.deleted_time.is_some());
        assert_eq!(
            (gone.version.as_deref(), gone.remaining_retention_days),
            (Some("01D6"), Some(6))
        );
        assert_eq!(gone.other, [("Last-Modified".to_owned(), "never".to_owned())]);
        assert_eq!(container.other, [("MadeTomorrow".to_owned(), "yes".to_owned())]);
        assert_eq!(container.metadata.get("owner"), Some("me"));
        assert_eq!(container.has_legal_hold, Some(false));
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
