//! What keeps a blob from being changed: a policy until a time, a legal hold until further notice.

use lazuli_blob::{BlobClient, ImmutabilityPolicy};
use lazuli_protocol::{Clock as _, ErrorCode, ImmutabilityPolicyMode, SystemClock};
use time::{Duration, OffsetDateTime};

use crate::expect::{holds, refused};
use crate::{Backend, Feature};

/// Whole seconds, as headers have them.
fn in_an_hour() -> OffsetDateTime {
    let later = SystemClock.now() + Duration::HOUR;
    later.replace_nanosecond(0).unwrap()
}

async fn cannot_be_changed(blob: &BlobClient, code: &ErrorCode) {
    refused(blob.upload("new").await, 409, code.clone());
    refused(blob.delete().await, 409, code.clone());
    refused(blob.set_metadata().metadata("k", "v").await, 409, code.clone());
    holds(blob, b"x").await;
}

pub(super) async fn a_policy_keeps_a_blob_until_a_time(backend: &Backend) {
    if backend.lacks(Feature::Protection) {
        return;
    }
    let blob = backend.container("policy").await.blob("a");
    let (first, second) = (in_an_hour(), in_an_hour() + Duration::HOUR);
    let early = blob
        .set_immutability_policy(ImmutabilityPolicy::unlocked(first))
        .await;
    refused(early, 404, ErrorCode::BlobNotFound);
    blob.upload("x").await.unwrap();
    let set = blob
        .set_immutability_policy(ImmutabilityPolicy::unlocked(second))
        .await
        .unwrap();
    let policy = set.policy.unwrap();
    assert_eq!(
        (policy.until, &policy.mode),
        (second, &ImmutabilityPolicyMode::Unlocked)
    );
    let told = blob.properties().await.unwrap().immutability_policy;
    assert_eq!(told, Some(policy));
    cannot_be_changed(&blob, &ErrorCode::BlobImmutableDueToPolicy).await;

    // Unlocked, it can be made shorter and taken away.
    blob.set_immutability_policy(ImmutabilityPolicy::unlocked(first))
        .await
        .unwrap();
    blob.delete_immutability_policy().await.unwrap();
    assert_eq!(blob.properties().await.unwrap().immutability_policy, None);
    blob.upload("x").await.unwrap();

    // Locked, it can be made longer, and that is all.
    let lock = |until| blob.set_immutability_policy(ImmutabilityPolicy::locked(until));
    lock(first).await.unwrap();
    assert!(lock(first - Duration::MINUTE).await.is_err());
    assert!(blob.delete_immutability_policy().await.is_err());
    lock(second).await.unwrap();
    cannot_be_changed(&blob, &ErrorCode::BlobImmutableDueToPolicy).await;
}

pub(super) async fn a_legal_hold_keeps_a_blob_until_it_is_lifted(backend: &Backend) {
    if backend.lacks(Feature::Protection) {
        return;
    }
    let blob = backend.container("hold").await.blob("a");
    blob.upload("x").await.unwrap();
    let set = blob.set_legal_hold(true).await.unwrap();
    assert_eq!(set.held, Some(true));
    assert_eq!(blob.properties().await.unwrap().legal_hold, Some(true));
    cannot_be_changed(&blob, &ErrorCode::BlobImmutableDueToLegalHold).await;
    let lifted = blob.set_legal_hold(false).await.unwrap();
    assert_eq!(lifted.held, Some(false));
    assert_ne!(blob.properties().await.unwrap().legal_hold, Some(true));
    blob.upload("y").legal_hold(true).await.unwrap();
    assert_eq!(blob.properties().await.unwrap().legal_hold, Some(true));
    blob.set_legal_hold(false).await.unwrap();
    blob.delete().await.unwrap();
}
