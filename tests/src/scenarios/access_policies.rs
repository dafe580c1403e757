//! Stored access policies, and what anybody may read.

use futures_util::TryStreamExt as _;
use lazuli_protocol::xml::{AccessPolicy, SignedIdentifier, SignedIdentifiers};
use lazuli_protocol::{ErrorCode, PublicAccess};
use lazuli_signing::Credential;
use time::Duration;
use time::macros::datetime;

use crate::Backend;
use crate::expect::{holds, refused};

fn policy(id: &str, permission: &str) -> SignedIdentifier {
    SignedIdentifier {
        id: id.to_owned(),
        policy: AccessPolicy {
            start: Some(datetime!(2026-01-02 03:04:05 UTC)),
            expiry: Some(datetime!(2036-01-02 03:04:05 UTC)),
            permission: Some(permission.to_owned()),
        },
    }
}

fn policies(policies: impl IntoIterator<Item = SignedIdentifier>) -> SignedIdentifiers {
    SignedIdentifiers::new(policies.into_iter().collect()).unwrap()
}

pub(super) async fn policies_come_back_and_are_replaced_whole(backend: &Backend) {
    let container = backend.container("policies").await;
    let before = container.acl().await.unwrap();
    assert_eq!((before.public_access, before.policies), (None, policies([])));

    let five = policies((1..=5).map(|at| policy(&format!("policy {at} <&> é"), "rl")));
    let set = container.set_acl(five.clone()).await.unwrap();
    assert_ne!(set.etag, before.etag);
    let read = container.acl().await.unwrap();
    assert_eq!((read.policies, read.etag), (five, set.etag));

    let one = policies([policy("writers", "rcw")]);
    container.set_acl(one.clone()).await.unwrap();
    assert_eq!(container.acl().await.unwrap().policies, one);
    container.set_acl(policies([])).await.unwrap();
    assert_eq!(container.acl().await.unwrap().policies, policies([]));
}

pub(super) async fn a_container_is_opened_and_closed(backend: &Backend) {
    let container = backend.container("open").await;
    container.blob("a").upload("hello").await.unwrap();
    let anybody = backend.blobs_as(Credential::Anonymous);
    let theirs = anybody.container(container.name());
    let cannot_read = async || theirs.blob("a").download().await.map(drop).is_err();
    let cannot_list = async || theirs.list().pages().try_next().await.is_err();
    assert!(cannot_read().await && cannot_list().await);

    container
        .set_acl(policies([]))
        .public_access(PublicAccess::Blob)
        .await
        .unwrap();
    assert_eq!(
        container.acl().await.unwrap().public_access,
        Some(PublicAccess::Blob)
    );
    holds(&theirs.blob("a"), b"hello").await;
    assert!(cannot_list().await);

    let open = container
        .set_acl(policies([]))
        .public_access(PublicAccess::Container);
    open.await.unwrap();
    assert!(!cannot_list().await);
    assert!(theirs.blob("a").upload("mine").await.is_err());

    container.set_acl(policies([policy("p", "r")])).await.unwrap();
    assert_eq!(container.acl().await.unwrap().public_access, None);
    assert!(cannot_read().await && cannot_list().await);
}

pub(super) async fn policies_are_set_under_a_date(backend: &Backend) {
    let container = backend.container("dated").await;
    let made = container.acl().await.unwrap().last_modified;
    let late = container
        .set_acl(policies([policy("p", "r")]))
        .if_unmodified_since(made - Duration::SECOND);
    refused(late.await, 412, ErrorCode::ConditionNotMet);
    let unchanged = container
        .set_acl(policies([policy("p", "r")]))
        .if_modified_since(made);
    refused(unchanged.await, 412, ErrorCode::ConditionNotMet);
    let fine = container
        .set_acl(policies([policy("p", "r")]))
        .if_unmodified_since(made);
    fine.await.unwrap();
    assert_eq!(container.acl().await.unwrap().policies.as_slice().len(), 1);
}
