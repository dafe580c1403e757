//! Tiers, snapshots, what was deleted, headers, and the account, both ways.

use http::Response;
use lazuli_blob::operations::{
    AccountScope, GetAccountInformation, SetBlobProperties, SetBlobTier, SnapshotBlob, TierSet, UndeleteBlob,
};
use lazuli_blob::{ContentHeaders, CustomerKey};
use lazuli_protocol::{
    AccessTier, AccountKind, Conditions, ErrorKind, Operation, OperationInfo, RehydratePriority, Repeat,
    SkuName,
};

use crate::{answered, blob, container, sent, try_sent};

const BLOB: &str = "PUT /a%20b/%C3%BC.txt";

#[test]
fn set_blob_tier() {
    let mut set = SetBlobTier::new(container(), blob(), AccessTier::Cold);
    assert_eq!(
        sent(&set),
        format!("{BLOB}?comp=tier\nx-ms-access-tier: Cold\n\n")
    );
    set.version_id = Some("2026-01-02T03:04:05.1234567Z".to_owned());
    set.rehydrate_priority = Some(RehydratePriority::High);
    set.conditions = Conditions::new().if_tags("\"a\" = 'b'");
    set.lease_id = Some("8a96d65e-29ea-401b-475e-9598bc634468".parse().unwrap());
    assert_eq!(
        sent(&set),
        format!(
            "{BLOB}?comp=tier&versionid=2026-01-02T03%3A04%3A05.1234567Z\nx-ms-access-tier: Cold\nx-ms-if-tags: \"a\" = 'b'\n\
             x-ms-lease-id: 8a96d65e-29ea-401b-475e-9598bc634468\nx-ms-rehydrate-priority: High\n\n"
        )
    );
}

#[tokio::test]
async fn a_tier_is_set_at_once_or_later() {
    for (status, expected) in [(200, TierSet::Applied), (202, TierSet::Pending)] {
        let answer = Response::builder().status(status);
        assert_eq!(answered::<SetBlobTier>(answer, "").await.unwrap(), expected);
    }
}

#[tokio::test]
async fn snapshot_blob() {
    let mut snapshot = SnapshotBlob::new(container(), blob());
    assert_eq!(sent(&snapshot), format!("{BLOB}?comp=snapshot\n\n\n"));
    snapshot.metadata.insert("k", "v").unwrap();
    snapshot.encryption_scope = Some("scope".to_owned());
    assert_eq!(
        sent(&snapshot),
        format!("{BLOB}?comp=snapshot\nx-ms-encryption-scope: scope\nx-ms-meta-k: v\n\n")
    );
    snapshot.customer_key = Some(CustomerKey::new(&[7; 32]));
    assert_eq!(try_sent(&snapshot).unwrap_err().kind(), ErrorKind::InvalidInput);
    // A second try would take a second snapshot.
    assert_eq!(snapshot.info().repeat, Repeat::Unsafe);
    let request = try_sent(&SnapshotBlob::new(container(), blob())).unwrap();
    assert_eq!(
        request.extensions().get::<OperationInfo>().unwrap().repeat,
        Repeat::Unsafe
    );

    let answer = || {
        Response::builder()
            .status(201)
            .header("ETag", "\"0x8DA58E48AF760E5\"")
            .header("Last-Modified", "Tue, 28 Jun 2022 08:59:43 GMT")
            .header("x-ms-request-server-encrypted", "false")
            .header("x-ms-version-id", "2022-06-28T08:59:43.6830453Z")
    };
    let id = "2022-06-28T08:59:43.6820453Z";
    let taken = answered::<SnapshotBlob>(answer().header("x-ms-snapshot", id), "")
        .await
        .unwrap();
    assert_eq!(
        (taken.snapshot.as_str(), taken.encryption.by_service),
        (id, Some(false))
    );
    let nameless = answered::<SnapshotBlob>(answer(), "").await.unwrap_err();
    assert_eq!(nameless.kind(), ErrorKind::InvalidResponse);
}

#[test]
fn undelete_and_headers() {
    assert_eq!(
        sent(&UndeleteBlob::new(container(), blob())),
        format!("{BLOB}?comp=undelete\n\n\n")
    );
    let mut headers = ContentHeaders::default();
    headers.content_language = Some("de".to_owned());
    headers.cache_control = Some("max-age=60".to_owned());
    assert_eq!(
        sent(&SetBlobProperties::new(container(), blob(), headers)),
        format!(
            "{BLOB}?comp=properties\nx-ms-blob-cache-control: max-age=60\nx-ms-blob-content-language: de\n\n"
        )
    );
}

#[tokio::test]
async fn get_account_information() {
    for (at, path) in [
        (AccountScope::Service, "https://acct.blob.core.windows.net/"),
        (AccountScope::Container(container()), ""),
        (AccountScope::Blob(container(), blob()), "/a%20b/%C3%BC.txt"),
    ] {
        assert_eq!(
            sent(&GetAccountInformation::new(at)),
            format!("GET {path}?restype=account&comp=properties\n\n\n")
        );
    }
    let answer = Response::builder()
        .header("x-ms-sku-name", "Standard_RAGRS")
        .header("x-ms-account-kind", "StorageV2")
        .header("x-ms-is-hns-enabled", "false");
    let account = answered::<GetAccountInformation>(answer, "").await.unwrap();
    assert_eq!(
        (account.sku_name, account.account_kind, account.is_hns_enabled),
        (
            Some(SkuName::StandardRagrs),
            Some(AccountKind::StorageV2),
            Some(false)
        )
    );
}

#[cfg(feature = "provisioning")]
#[tokio::test]
async fn restore_and_rename_container() {
    use lazuli_blob::operations::{RenameContainer, RestoreContainer};
    use lazuli_protocol::ContainerName;

    let mut restore = RestoreContainer::new(container(), "01D9050CD6230BB7");
    restore.deleted_name = ContainerName::new("old").unwrap();
    assert_eq!(
        sent(&restore),
        "PUT ?restype=container&comp=undelete\nx-ms-deleted-container-name: old\n\
         x-ms-deleted-container-version: 01D9050CD6230BB7\n\n"
    );
    let mut rename = RenameContainer::new(container(), ContainerName::new("old").unwrap());
    rename.source_lease_id = Some("1c9d54a6-d687-4797-9ae6-5f47d2006af7".parse().unwrap());
    assert_eq!(
        sent(&rename),
        "PUT ?restype=container&comp=rename\nx-ms-source-container-name: old\n\
         x-ms-source-lease-id: 1c9d54a6-d687-4797-9ae6-5f47d2006af7\n\n"
    );
    answered::<RestoreContainer>(Response::builder().status(201), "")
        .await
        .unwrap();
    answered::<RenameContainer>(Response::builder().status(200), "")
        .await
        .unwrap();
}
