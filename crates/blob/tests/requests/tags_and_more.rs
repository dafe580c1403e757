//! Tags, immutability, expiry, and what is set for a service and its containers, both ways.

use std::time::Duration;

use http::Response;
use lazuli_blob::ImmutabilityPolicy;
use lazuli_blob::operations::{
    DeleteImmutabilityPolicy, Expiry, FindBlobsByTags, GetBlobProperties, GetBlobTags,
    GetContainerProperties, GetServiceProperties, GetServiceStats, SetBlobExpiry, SetBlobTags,
    SetImmutabilityPolicy, SetLegalHold,
};
use lazuli_protocol::{
    AccessTier, BlobTags, Conditions, EtagMatch, ImmutabilityPolicyMode, PublicAccess, RehydratePriority,
};
use lazuli_transport::ReadFrom;
use time::macros::datetime;

use crate::{answered, blob, container, sent, try_sent};

#[test]
fn tags() {
    let mut get = GetBlobTags::new(container(), blob());
    get.version_id = Some("v:1".to_owned());
    get.conditions = Conditions::new().if_match(EtagMatch::Any).if_tags("\"a\" = 'b'");
    assert_eq!(
        sent(&get),
        "GET /a%20b/%C3%BC.txt?comp=tags&versionid=v%3A1\nx-ms-blob-if-match: *\nx-ms-if-tags: \"a\" = 'b'\n\n"
    );
    let tags = BlobTags::new().with("tag1 name", "my tag").unwrap();
    let mut set = SetBlobTags::new(container(), blob(), tags);
    set.conditions = Conditions::new().if_unmodified_since(datetime!(2026-01-02 03:04:05 UTC));
    let text = sent(&set);
    assert!(
        text.starts_with("PUT /a%20b/%C3%BC.txt?comp=tags\ncontent-type: application/xml\nx-ms-blob-if-unmodified-since: Fri, 02 Jan 2026 03:04:05 GMT\nx-ms-content-crc64: "),
        "{text}"
    );
    assert!(
        text.ends_with("<Tags><TagSet><Tag><Key>tag1 name</Key><Value>my tag</Value></Tag></TagSet></Tags>"),
        "{text}"
    );
}

#[test]
fn blobs_are_found_in_an_account_or_a_container() {
    let mut find = FindBlobsByTags::new("\"a\" = 'b'");
    find.versions = true;
    find.max_results = Some(3);
    assert_eq!(
        sent(&find),
        "GET https://acct.blob.core.windows.net/?comp=blobs&where=%22a%22%20%3D%20%27b%27&maxresults=3&include=versions\n\n\n"
    );
    assert_eq!(
        sent(&FindBlobsByTags::in_container(container(), "x")),
        "GET ?restype=container&comp=blobs&where=x\n\n\n"
    );
}

#[test]
fn what_keeps_a_blob_and_what_ends_it() {
    let policy = ImmutabilityPolicy::locked(datetime!(2049-06-11 20:00 UTC));
    assert_eq!(
        sent(&SetImmutabilityPolicy::new(container(), blob(), policy)),
        "PUT /a%20b/%C3%BC.txt?comp=immutabilityPolicies\nx-ms-immutability-policy-mode: Locked\n\
         x-ms-immutability-policy-until-date: Fri, 11 Jun 2049 20:00:00 GMT\n\n"
    );
    assert_eq!(
        sent(&DeleteImmutabilityPolicy::new(container(), blob())),
        "DELETE /a%20b/%C3%BC.txt?comp=immutabilityPolicies\n\n\n"
    );
    let mut hold = SetLegalHold::new(container(), blob(), false);
    hold.snapshot = Some("s".to_owned());
    assert_eq!(
        sent(&hold),
        "PUT /a%20b/%C3%BC.txt?comp=legalhold&snapshot=s\nx-ms-legal-hold: false\n\n"
    );
    for (expiry, headers) in [
        (Expiry::Never, "x-ms-expiry-option: NeverExpire"),
        (
            Expiry::AfterCreation(Duration::from_millis(8000)),
            "x-ms-expiry-option: RelativeToCreation\nx-ms-expiry-time: 8000",
        ),
        (
            Expiry::AfterNow(Duration::from_secs(2)),
            "x-ms-expiry-option: RelativeToNow\nx-ms-expiry-time: 2000",
        ),
        (
            Expiry::At(datetime!(2049-06-11 20:00 UTC)),
            "x-ms-expiry-option: Absolute\nx-ms-expiry-time: Fri, 11 Jun 2049 20:00:00 GMT",
        ),
    ] {
        let text = sent(&SetBlobExpiry::new(container(), blob(), expiry));
        assert_eq!(text, format!("PUT /a%20b/%C3%BC.txt?comp=expiry\n{headers}\n\n"));
    }
}

#[test]
fn statistics_are_asked_of_the_secondary() {
    let request = try_sent(&GetServiceStats::default()).unwrap();
    assert_eq!(request.extensions().get(), Some(&ReadFrom::Secondary));
    assert_eq!(
        sent(&GetServiceStats::default()),
        "GET https://acct.blob.core.windows.net/?restype=service&comp=stats\n\n\n"
    );
    assert_eq!(
        sent(&GetServiceProperties::default()),
        "GET https://acct.blob.core.windows.net/?restype=service&comp=properties\n\n\n"
    );
    assert_eq!(
        sent(&GetContainerProperties::new(container())),
        "HEAD ?restype=container\n\n\n"
    );
}

#[cfg(feature = "provisioning")]
#[test]
fn what_sets_up() {
    use lazuli_blob::operations::{CreateContainer, SetContainerMetadata, SetServiceProperties};
    use lazuli_protocol::Metadata;
    use lazuli_protocol::xml::{BlobServiceProperties, RetentionPolicy, StaticWebsite};

    let mut create = CreateContainer::new(container());
    create.default_encryption_scope = Some("scope".to_owned());
    create.deny_encryption_scope_override = Some(true);
    assert_eq!(
        sent(&create),
        "PUT ?restype=container\nx-ms-default-encryption-scope: scope\nx-ms-deny-encryption-scope-override: true\n\n"
    );
    let mut metadata = Metadata::new();
    metadata.insert("k", "v").unwrap();
    let mut set = SetContainerMetadata::new(container(), metadata);
    set.conditions = Conditions::new().if_modified_since(datetime!(2026-01-02 03:04:05 UTC));
    set.lease_id = Some("8a96d65e-29ea-401b-475e-9598bc634468".parse().unwrap());
    assert_eq!(
        sent(&set),
        "PUT ?restype=container&comp=metadata\nif-modified-since: Fri, 02 Jan 2026 03:04:05 GMT\n\
         x-ms-lease-id: 8a96d65e-29ea-401b-475e-9598bc634468\nx-ms-meta-k: v\n\n"
    );
    let mut properties = BlobServiceProperties::default();
    properties.static_website = Some(StaticWebsite::new("index.html"));
    let text = sent(&SetServiceProperties::new(properties.clone()));
    assert!(
        text.starts_with("PUT https://acct.blob.core.windows.net/?restype=service&comp=properties\ncontent-type: application/xml\n\n"),
        "{text}"
    );
    assert!(
        text.ends_with("<StaticWebsite><Enabled>true</Enabled><IndexDocument>index.html</IndexDocument></StaticWebsite></StorageServiceProperties>"),
        "{text}"
    );
    properties.delete_retention_policy = Some(RetentionPolicy::for_days(366));
    assert!(try_sent(&SetServiceProperties::new(properties)).is_err());
}

#[tokio::test]
async fn answers_are_read() {
    let tags = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Tags><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tags>";
    let tags = answered::<GetBlobTags>(Response::builder().status(200), tags)
        .await
        .unwrap();
    assert_eq!(tags.get("k"), Some("v"));
    answered::<SetBlobTags>(Response::builder().status(204), "")
        .await
        .unwrap();

    // The mode is written with a small letter here.
    let response = Response::builder()
        .status(200)
        .header("x-ms-immutability-policy-mode", "unlocked")
        .header(
            "x-ms-immutability-policy-until-date",
            "Fri, 11 Jun 2049 20:00:00 GMT",
        );
    let set = answered::<SetImmutabilityPolicy>(response, "").await.unwrap();
    let policy = set.policy.unwrap();
    assert_eq!(policy.mode, ImmutabilityPolicyMode::Unlocked);
    assert_eq!(policy.until, datetime!(2049-06-11 20:00 UTC));
    let held = Response::builder().status(200).header("x-ms-legal-hold", "true");
    assert_eq!(answered::<SetLegalHold>(held, "").await.unwrap().held, Some(true));

    let response = Response::builder()
        .status(200)
        .header("etag", "\"0x8D9B9B336AB0C8E\"")
        .header("last-modified", "Tue, 07 Dec 2021 18:56:01 GMT")
        .header("x-ms-blob-public-access", "blob")
        .header("x-ms-has-legal-hold", "false")
        .header("x-ms-default-encryption-scope", "$account-encryption-key")
        .header("x-ms-immutable-storage-with-versioning-enabled", "false")
        .header("x-ms-meta-a", "b");
    let container = answered::<GetContainerProperties>(response, "").await.unwrap();
    assert_eq!(container.public_access, Some(PublicAccess::Blob));
    assert_eq!(container.has_legal_hold, Some(false));
    assert_eq!(container.immutable_storage_with_versioning, Some(false));
    assert_eq!(
        container.default_encryption_scope.as_deref(),
        Some("$account-encryption-key")
    );
    assert_eq!(container.metadata.get("a"), Some("b"));
}

#[tokio::test]
async fn all_that_is_said_of_a_blob_is_read() {
    let headers = [
        ("etag", "\"0x8D9B9B336AB0C8E\""),
        ("last-modified", "Tue, 07 Dec 2021 18:56:01 GMT"),
        ("content-length", "512"),
        ("x-ms-copy-source", "https://a.example/b?sig=c2VjcmV0"),
        ("x-ms-copy-completion-time", "Tue, 07 Dec 2021 18:56:02 GMT"),
        ("x-ms-copy-status-description", "why"),
        ("x-ms-copy-destination-snapshot", "2021-12-07T18:56:01.0000000Z"),
        ("x-ms-incremental-copy", "true"),
        ("x-ms-smart-access-tier", "Cool"),
        ("x-ms-rehydrate-priority", "High"),
        ("x-ms-blob-sealed", "true"),
        ("x-ms-tag-count", "3"),
        ("x-ms-expiry-time", "Tue, 07 Dec 2021 18:56:03 GMT"),
        ("x-ms-last-access-time", "Tue, 07 Dec 2021 18:56:04 GMT"),
        ("x-ms-immutability-policy-mode", "Locked"),
        (
            "x-ms-immutability-policy-until-date",
            "Fri, 11 Jun 2049 20:00:00 GMT",
        ),
        ("x-ms-legal-hold", "true"),
        ("x-ms-or-policy-id", "policy"),
    ];
    let response = headers
        .iter()
        .fold(Response::builder().status(200), |response, (name, value)| {
            response.header(*name, *value)
        });
    let properties = answered::<GetBlobProperties>(response, "").await.unwrap();
    assert!(!format!("{properties:?}").contains("c2VjcmV0"));
    assert_eq!(
        properties.copy_source.unwrap().expose(),
        "https://a.example/b?sig=c2VjcmV0"
    );
    assert_eq!(
        properties.copy_completion_time,
        Some(datetime!(2021-12-07 18:56:02 UTC))
    );
    assert_eq!(properties.copy_status_description.as_deref(), Some("why"));
    assert_eq!(
        properties.copy_destination_snapshot.as_deref(),
        Some("2021-12-07T18:56:01.0000000Z")
    );
    assert_eq!(properties.incremental_copy, Some(true));
    assert_eq!(properties.smart_access_tier, Some(AccessTier::Cool));
    assert_eq!(properties.rehydrate_priority, Some(RehydratePriority::High));
    assert_eq!((properties.sealed, properties.tag_count), (Some(true), Some(3)));
    assert_eq!(properties.expiry_time, Some(datetime!(2021-12-07 18:56:03 UTC)));
    assert_eq!(
        properties.last_access_time,
        Some(datetime!(2021-12-07 18:56:04 UTC))
    );
    assert_eq!(
        properties.immutability_policy,
        Some(ImmutabilityPolicy::locked(datetime!(2049-06-11 20:00 UTC)))
    );
    assert_eq!(properties.legal_hold, Some(true));
    assert_eq!(properties.replication.policy_id.as_deref(), Some("policy"));
}
