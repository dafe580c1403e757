//! Pages as the service sends them, and as it should not.

use time::macros::datetime;

use super::*;
use crate::{
    AccessTier, ArchiveStatus, BlobType, CopyStatus, ErrorKind, ImmutabilityPolicyMode, RehydratePriority,
};

fn page(entries: &str) -> ListBlobsPage {
    let xml = format!("<EnumerationResults><Blobs>{entries}</Blobs><NextMarker/></EnumerationResults>");
    ListBlobsPage::parse(xml.as_bytes()).unwrap()
}

fn blob(inside: &str) -> BlobItem {
    let page = page(&format!("<Blob><Name>a</Name>{inside}</Blob>"));
    match page.entries.as_slice() {
        [ListBlobsEntry::Blob(blob)] => BlobItem::clone(blob),
        other => panic!("{other:?}"),
    }
}

fn properties(inside: &str) -> BlobItem {
    blob(&format!("<Properties>{inside}</Properties>"))
}

#[test]
fn blobs_and_prefixes_keep_their_order() {
    let xml = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults ServiceEndpoint=\"https://a/\" ContainerName=\"c\">\
        <Prefix Encoded=\"true\">%EF%BF%BF</Prefix><Marker>2!4!ab--</Marker><MaxResults>3</MaxResults><Delimiter>/</Delimiter><Blobs>\
        <Blob><Name> a&amp; </Name><Properties><Last-Modified>Fri, 27 Jan 2023 22:27:27 GMT</Last-Modified><Etag>0x8DB</Etag>\
        <Content-Length>5</Content-Length><Content-Type>text/plain</Content-Type><Content-Encoding /><BlobType>BlockBlob</BlobType>\
        </Properties><Metadata><Owner>me</Owner></Metadata><OrMetadata /></Blob>\
        <BlobPrefix><Name Encoded=\"true\">dir%EF%BF%BE/</Name></BlobPrefix>\
        <Blob><Name>z</Name><Properties><Etag>\"0x8DC\"</Etag><BlobType>NewBlob</BlobType></Properties></Blob>\
        </Blobs><NextMarker>2!4!eg--</NextMarker></EnumerationResults>";
    let page = ListBlobsPage::parse(xml.as_bytes()).unwrap();
    assert_eq!(page.service_endpoint.as_deref(), Some("https://a/"));
    assert_eq!(page.container_name.as_deref(), Some("c"));
    assert_eq!(page.prefix.as_deref(), Some("\u{ffff}"));
    assert_eq!(page.delimiter.as_deref(), Some("/"));
    assert_eq!(page.marker.as_deref(), Some("2!4!ab--"));
    assert_eq!(page.max_results, Some(3));
    assert_eq!(page.next_marker.as_deref(), Some("2!4!eg--"));
    let names: Vec<_> = page.entries.iter().map(ListBlobsEntry::name).collect();
    assert_eq!(names, [" a& ", "dir\u{fffe}/", "z"]);
    let [
        ListBlobsEntry::Blob(first),
        ListBlobsEntry::Prefix(prefix),
        ListBlobsEntry::Blob(last),
    ] = page.entries.as_slice()
    else {
        panic!("{:?}", page.entries);
    };
    assert_eq!(first.content_length, 5);
    assert_eq!(first.content_encoding, None);
    assert_eq!(first.last_modified, Some(datetime!(2023-01-27 22:27:27 UTC)));
    assert_eq!(first.metadata.iter().collect::<Vec<_>>(), [("Owner", "me")]);
    assert_eq!(prefix.folder, None);
    let tags = [first, last].map(|blob| blob.etag.as_ref().unwrap().as_str());
    assert_eq!(tags, ["0x8DB", "0x8DC"]);
    assert_eq!(last.blob_type, Some(BlobType::Unknown("NewBlob".into())));
}

#[test]
fn states_of_a_blob_are_told_apart() {
    let version = blob(
        "<Snapshot>2019-10-02T16:42:30.9555693Z</Snapshot><DeletionId>132798777737634144</DeletionId><Deleted>true</Deleted>\
         <VersionId>2020-06-15T02:18:13.6976097Z</VersionId><IsCurrentVersion>false</IsCurrentVersion><HasVersionsOnly>true</HasVersionsOnly>\
         <Properties><DeletedTime>Thu, 10 Nov 2022 23:19:10 GMT</DeletedTime><RemainingRetentionDays>6</RemainingRetentionDays></Properties>",
    );
    assert_eq!(version.snapshot.as_deref(), Some("2019-10-02T16:42:30.9555693Z"));
    assert_eq!(
        version.version_id.as_deref(),
        Some("2020-06-15T02:18:13.6976097Z")
    );
    assert_eq!(version.deletion_id.as_deref(), Some("132798777737634144"));
    assert_eq!(version.is_current_version, Some(false));
    assert_eq!(version.has_versions_only, Some(true));
    assert!(version.deleted);
    assert_eq!(version.deleted_time, Some(datetime!(2022-11-10 23:19:10 UTC)));
    assert_eq!(version.remaining_retention_days, Some(6));
    assert!(version.other.is_empty());
}

#[test]
fn tiers_and_policies_are_read() {
    let item = properties(
        "<AccessTier>Archive</AccessTier><ArchiveStatus>rehydrate-pending-to-hot</ArchiveStatus><RehydratePriority>High</RehydratePriority>\
         <SmartAccessTier>Cool</SmartAccessTier><AccessTierChangeTime>Wed, 08 Jul 2020 12:35:02 GMT</AccessTierChangeTime>\
         <Expiry-Time>Sat, 30 Oct 2021 06:56:13 GMT</Expiry-Time><LastAccessTime>Wed, 30 Jun 2021 09:04:47 GMT</LastAccessTime>\
         <ImmutabilityPolicyUntilDate>Mon, 28 Jun 2021 05:56:33 GMT</ImmutabilityPolicyUntilDate>\
         <ImmutabilityPolicyMode>unlocked</ImmutabilityPolicyMode><LegalHold>true</LegalHold><Sealed>true</Sealed><TagCount>2</TagCount>\
         <CustomerProvidedKeySha256>Xmzc8w==</CustomerProvidedKeySha256><EncryptionScope>scope</EncryptionScope>\
         <x-ms-blob-sequence-number>7</x-ms-blob-sequence-number><Content-CRC64>YeJLfssylmU=</Content-CRC64>",
    );
    assert_eq!(item.access_tier, Some(AccessTier::Archive));
    assert_eq!(item.archive_status, Some(ArchiveStatus::RehydratePendingToHot));
    assert_eq!(item.rehydrate_priority, Some(RehydratePriority::High));
    assert_eq!(item.smart_access_tier, Some(AccessTier::Cool));
    assert_eq!(
        item.immutability_policy_mode,
        Some(ImmutabilityPolicyMode::Unlocked)
    );
    assert_eq!(
        item.immutability_policy_until,
        Some(datetime!(2021-06-28 5:56:33 UTC))
    );
    assert_eq!(item.expiry_time, Some(datetime!(2021-10-30 6:56:13 UTC)));
    assert_eq!(item.last_access_time, Some(datetime!(2021-06-30 9:04:47 UTC)));
    assert_eq!((item.legal_hold, item.sealed), (Some(true), Some(true)));
    assert_eq!((item.tag_count, item.blob_sequence_number), (Some(2), Some(7)));
    assert_eq!(item.customer_provided_key_sha256.as_deref(), Some("Xmzc8w=="));
    assert_eq!(item.encryption_scope.as_deref(), Some("scope"));
    assert_eq!(item.content_crc64.unwrap().to_string(), "YeJLfssylmU=");
    assert!(item.other.is_empty(), "{:?}", item.other);
}

#[test]
fn copies_tags_and_replication_are_read() {
    let item = blob(
        "<Properties><CopyId>58ad</CopyId><CopySource>https://a/b?x&amp;y</CopySource><CopyStatus>failed</CopyStatus>\
         <CopyStatusDescription>404 gone</CopyStatusDescription><CopyProgress>1/2</CopyProgress>\
         <CopyCompletionTime>Mon, 30 Jan 2023 21:14:43 GMT</CopyCompletionTime><IncrementalCopy>true</IncrementalCopy>\
         <CopyDestinationSnapshot>2023-01-30T21:14:43.3611553Z</CopyDestinationSnapshot></Properties>\
         <Metadata Encrypted=\"true\" /><Tags><TagSet><Tag><Key>b</Key><Value>2</Value></Tag><Tag><Key>a</Key><Value /></Tag></TagSet></Tags>\
         <OrMetadata><or-policy_rule>complete</or-policy_rule></OrMetadata>",
    );
    let copy = item.copy.as_deref().unwrap();
    assert_eq!(copy.source.as_deref(), Some("https://a/b?x&y"));
    assert_eq!(copy.status, Some(CopyStatus::Failed));
    assert_eq!(copy.status_description.as_deref(), Some("404 gone"));
    assert_eq!(copy.incremental, Some(true));
    assert!(copy.destination_snapshot.is_some() && copy.completion_time.is_some());
    assert_eq!(item.metadata_encrypted.as_deref(), Some("true"));
    assert_eq!(item.tags.iter().collect::<Vec<_>>(), [("a", ""), ("b", "2")]);
    assert_eq!(
        item.replication,
        [("or-policy_rule".to_owned(), "complete".to_owned())]
    );
}

#[test]
fn the_signature_of_a_copys_source_is_not_shown() {
    let item = blob("<Properties><CopySource>https://a/b?sv=1&amp;sig=c2VjcmV0</CopySource></Properties>");
    let source = item.copy.as_deref().unwrap().source.as_deref();
    assert_eq!(source, Some("https://a/b?sv=1&sig=c2VjcmV0"));
    assert!(!format!("{item:?}").contains("c2VjcmV0"), "{item:?}");
    let item = blob("<Properties><CopySource>no URL with sig=c2VjcmV0</CopySource></Properties>");
    assert!(!format!("{item:?}").contains("c2VjcmV0"), "{item:?}");
}

#[test]
fn folders_of_a_hierarchical_namespace_say_more() {
    let page = page(
        "<BlobPrefix><Name>dir/</Name><Properties><Etag>0x8DB</Etag><ResourceType>directory</ResourceType><Owner>$superuser</Owner>\
         </Properties></BlobPrefix>",
    );
    let [ListBlobsEntry::Prefix(prefix)] = page.entries.as_slice() else {
        panic!("{:?}", page.entries);
    };
    let folder = prefix.folder.as_deref().unwrap();
    assert_eq!((&*prefix.name, &*folder.name), ("dir/", "dir/"));
    let access = folder.access.as_deref().unwrap();
    assert_eq!(folder.resource_type.as_deref(), Some("directory"));
    assert_eq!(access.owner.as_deref(), Some("$superuser"));
}

#[test]
fn what_is_not_known_or_not_readable_is_kept_aside() {
    let item = blob(
        "<MadeTomorrow>x</MadeTomorrow><Properties><Etag>a b</Etag><Last-Modified>soon</Last-Modified><Sealed>maybe</Sealed>\
         <TagCount>many</TagCount><Tree><A>1</A><B><C>2</C><D/></B>text</Tree><Content-Length>5</Content-Length></Properties>",
    );
    let other: Vec<_> = item
        .other
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    assert_eq!(
        other,
        [
            ("MadeTomorrow", "x"),
            ("Etag", "a b"),
            ("Last-Modified", "soon"),
            ("Sealed", "maybe"),
            ("TagCount", "many"),
            ("A", "1"),
            ("C", "2"),
            ("D", "")
        ]
    );
    assert_eq!((item.etag, item.content_length), (None, 5));
}

#[test]
fn pages_that_cannot_be_trusted_are_errors() {
    for bad in [
        "<EnumerationResults><Blobs><Blob><Properties/></Blob></Blobs></EnumerationResults>",
        "<EnumerationResults><Blobs><BlobPrefix/></Blobs></EnumerationResults>",
        "<EnumerationResults><Blobs><Blob><Name>a</Name><Properties><Content-Length>-1</Content-Length></Properties></Blob></Blobs></EnumerationResults>",
        "<EnumerationResults><Blobs><Blob><Name Encoded=\"true\">%ff</Name></Blob></Blobs></EnumerationResults>",
        "<EnumerationResults><Blobs><Blob><Name>a</Name><Tags><TagSet><Tag/></TagSet></Tags></Blob></Blobs></EnumerationResults>",
        "<EnumerationResults><Blobs>",
    ] {
        let error = ListBlobsPage::parse(bad.as_bytes()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{bad}");
    }
}
