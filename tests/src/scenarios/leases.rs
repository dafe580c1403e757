//! Leases on blobs and containers: who holds one, and what others cannot do meanwhile.

use std::time::Duration;

use lazuli_blob::operations::LeaseTime;
use lazuli_blob::{BlobClient, Error};
use lazuli_protocol::xml::{BlockId, BlockLookupList};
use lazuli_protocol::{ErrorCode, LeaseDuration, LeaseId, LeaseState, LeaseStatus};

use crate::Backend;
use crate::expect::{absent, holds, refused};

const MINE: u128 = 1;
const THEIRS: u128 = 2;

fn id(number: u128) -> LeaseId {
    format!("00000000-aaaa-4bbb-8ccc-{number:012}").parse().unwrap()
}

type Seen = (Option<LeaseStatus>, Option<LeaseState>, Option<LeaseDuration>);

const FREE: Seen = (Some(LeaseStatus::Unlocked), Some(LeaseState::Available), None);
const BROKEN: Seen = (Some(LeaseStatus::Unlocked), Some(LeaseState::Broken), None);
const BREAKING: Seen = (Some(LeaseStatus::Locked), Some(LeaseState::Breaking), None);

fn held(duration: LeaseDuration) -> Seen {
    (
        Some(LeaseStatus::Locked),
        Some(LeaseState::Leased),
        Some(duration),
    )
}

async fn seen(blob: &BlobClient) -> Seen {
    let properties = blob.properties().await.unwrap();
    (
        properties.lease_status,
        properties.lease_state,
        properties.lease_duration,
    )
}

pub(super) async fn a_lease_on_a_blob_is_taken_renewed_and_given_back(backend: &Backend) {
    let blob = backend.container("lease").await.blob("a");
    let early = blob.acquire_lease(LeaseTime::Infinite).await;
    refused(early, 404, ErrorCode::BlobNotFound);
    let written = blob.upload("x").await.unwrap();
    assert_eq!(seen(&blob).await, FREE);

    let acquired = blob.acquire_lease(LeaseTime::Seconds(15)).proposed_id(id(MINE));
    let acquired = acquired.await.unwrap();
    assert_eq!(acquired.lease_id, Some(id(MINE)));
    // A lease changes nothing of the blob.
    assert_eq!(
        (acquired.etag, acquired.last_modified),
        (written.etag, written.last_modified)
    );
    assert_eq!(seen(&blob).await, held(LeaseDuration::Fixed));

    let again = blob.acquire_lease(LeaseTime::Infinite).proposed_id(id(MINE));
    again.await.unwrap();
    assert_eq!(seen(&blob).await, held(LeaseDuration::Infinite));
    let other = blob.acquire_lease(LeaseTime::Seconds(60)).proposed_id(id(THEIRS));
    refused(other.await, 409, ErrorCode::LeaseAlreadyPresent);

    let mismatch = ErrorCode::LeaseIdMismatchWithLeaseOperation;
    blob.renew_lease(id(MINE)).await.unwrap();
    refused(blob.renew_lease(id(THEIRS)).await, 409, mismatch.clone());
    refused(blob.release_lease(id(THEIRS)).await, 409, mismatch);
    let released = blob.release_lease(id(MINE)).await.unwrap();
    assert_eq!(released.etag, blob.properties().await.unwrap().etag);
    assert_eq!(seen(&blob).await, FREE);
    let theirs = blob.acquire_lease(LeaseTime::Seconds(60)).proposed_id(id(THEIRS));
    theirs.await.unwrap();
}

pub(super) async fn a_lease_goes_on_under_another_id(backend: &Backend) {
    let blob = backend.container("change").await.blob("a");
    blob.upload("x").await.unwrap();
    let none = blob.change_lease(id(MINE), id(THEIRS)).await;
    refused(none, 409, ErrorCode::LeaseNotPresentWithLeaseOperation);
    let acquired = blob.acquire_lease(LeaseTime::Infinite).proposed_id(id(MINE));
    acquired.await.unwrap();
    let changed = blob.change_lease(id(MINE), id(THEIRS)).await.unwrap();
    assert_eq!(changed.lease_id, Some(id(THEIRS)));
    let old = blob.upload("y").lease(id(MINE)).await;
    refused(old, 412, ErrorCode::LeaseIdMismatchWithBlobOperation);
    blob.upload("y").lease(id(THEIRS)).await.unwrap();
    assert_eq!(seen(&blob).await, held(LeaseDuration::Infinite));
}

pub(super) async fn a_lease_is_broken_at_once_or_after_a_while(backend: &Backend) {
    let blob = backend.container("break").await.blob("a");
    blob.upload("x").await.unwrap();
    let none = blob.break_lease().await;
    refused(none, 409, ErrorCode::LeaseNotPresentWithLeaseOperation);
    let acquire = |number| blob.acquire_lease(LeaseTime::Infinite).proposed_id(id(number));
    acquire(MINE).await.unwrap();

    let broken = blob.break_lease().break_period(30).await.unwrap();
    let left = broken.remaining.unwrap();
    assert!(
        left > Duration::ZERO && left <= Duration::from_secs(30),
        "{left:?}"
    );
    assert_eq!(seen(&blob).await, BREAKING);
    let early = acquire(THEIRS).await;
    refused(early, 409, ErrorCode::LeaseAlreadyPresent);
    let same = acquire(MINE).await;
    refused(same, 409, ErrorCode::LeaseIsBreakingAndCannotBeAcquired);
    let change = blob.change_lease(id(MINE), id(THEIRS)).await;
    refused(change, 409, ErrorCode::LeaseIsBreakingAndCannotBeChanged);
    refused(blob.upload("y").await, 412, ErrorCode::LeaseIdMissing);
    blob.upload("y").lease(id(MINE)).await.unwrap();

    let broken = blob.break_lease().break_period(0).await.unwrap();
    assert_eq!(broken.remaining, Some(Duration::ZERO));
    assert_eq!(seen(&blob).await, BROKEN);
    let renewed = blob.renew_lease(id(MINE)).await;
    refused(renewed, 409, ErrorCode::LeaseIsBrokenAndCannotBeRenewed);
    blob.upload("z").await.unwrap();
    acquire(THEIRS).await.unwrap();
    assert_eq!(seen(&blob).await, held(LeaseDuration::Infinite));
}

// Each write that a lease guards, with what it is told of the lease.
async fn writes(blob: &BlobClient, lease: Option<LeaseId>) -> Vec<(&'static str, Result<(), Error>)> {
    macro_rules! told {
        ($($name:literal: $call:expr,)*) => {
            vec![$(($name, match lease {
                Some(id) => $call.lease(id).await.map(drop),
                None => $call.await.map(drop),
            }),)*]
        };
    }
    let block = BlockId::new(b"one").unwrap();
    told! {
        "Put Blob": blob.upload("new"),
        "Put Block": blob.put_block(block.clone(), "new"),
        "Put Block List": blob.put_block_list(BlockLookupList::default()),
        "Set Blob Metadata": blob.set_metadata().metadata("k", "v"),
        "Set Blob Properties": blob.set_headers().content_type("text/html"),
        "Delete Blob": blob.delete(),
    }
}

pub(super) async fn a_leased_blob_is_changed_by_its_holder_alone(backend: &Backend) {
    let blob = backend.container("guarded").await.blob("a");
    blob.upload("x").await.unwrap();
    for (what, outcome) in writes(&blob, Some(id(MINE))).await {
        // Put Block looks at no blob that is not leased.
        if what != "Put Block" {
            println!("{what} shows a lease that is not there");
            refused(outcome, 412, ErrorCode::LeaseNotPresentWithBlobOperation);
        }
    }
    let acquired = blob.acquire_lease(LeaseTime::Seconds(60)).proposed_id(id(MINE));
    acquired.await.unwrap();
    let wrong = ErrorCode::LeaseIdMismatchWithBlobOperation;
    for (lease, code) in [
        (None, ErrorCode::LeaseIdMissing),
        (Some(id(THEIRS)), wrong.clone()),
    ] {
        for (what, outcome) in writes(&blob, lease).await {
            println!(
                "{what} shows {}",
                if lease.is_some() { "another" } else { "none" }
            );
            refused(outcome, 412, code.clone());
        }
    }
    // Everybody may read, but who shows a lease must have it.
    holds(&blob, b"x").await;
    refused(blob.download().lease(id(THEIRS)).await, 412, wrong.clone());
    refused(blob.properties().lease(id(THEIRS)).await, 412, wrong);
    blob.download().lease(id(MINE)).await.unwrap();
    for (what, outcome) in writes(&blob, Some(id(MINE))).await {
        outcome.unwrap_or_else(|error| panic!("{what}: {error:?}"));
    }
    absent(&blob).await;
}

pub(super) async fn a_leased_container_is_deleted_by_its_holder_alone(backend: &Backend) {
    let container = backend.container("leased").await;
    let seen = async || {
        let properties = container.properties().await.unwrap();
        (
            properties.lease_status,
            properties.lease_state,
            properties.lease_duration,
        )
    };
    assert_eq!(seen().await, FREE);
    let acquire = |number| {
        container
            .acquire_lease(LeaseTime::Seconds(60))
            .proposed_id(id(number))
    };
    assert_eq!(acquire(MINE).await.unwrap().lease_id, Some(id(MINE)));
    assert_eq!(seen().await, held(LeaseDuration::Fixed));
    refused(acquire(THEIRS).await, 409, ErrorCode::LeaseAlreadyPresent);
    container.renew_lease(id(MINE)).await.unwrap();
    container.change_lease(id(MINE), id(THEIRS)).await.unwrap();

    // What is in it is not guarded.
    container.blob("a").upload("x").await.unwrap();
    container.set_metadata().metadata("k", "v").await.unwrap();
    refused(container.delete().await, 412, ErrorCode::LeaseIdMissing);
    let wrong = ErrorCode::LeaseIdMismatchWithContainerOperation;
    refused(container.delete().lease(id(MINE)).await, 412, wrong.clone());
    refused(container.properties().lease(id(MINE)).await, 412, wrong);

    container.release_lease(id(THEIRS)).await.unwrap();
    assert_eq!(seen().await, FREE);
    let none = container.delete().lease(id(THEIRS)).await;
    refused(none, 412, ErrorCode::LeaseNotPresentWithContainerOperation);
    acquire(MINE).await.unwrap();
    container.delete().lease(id(MINE)).await.unwrap();
    refused(container.properties().await, 404, ErrorCode::ContainerNotFound);
}

pub(super) async fn a_lease_on_a_container_is_broken(backend: &Backend) {
    let container = backend.container("broken").await;
    let none = container.break_lease().await;
    refused(none, 409, ErrorCode::LeaseNotPresentWithLeaseOperation);
    container.acquire_lease(LeaseTime::Infinite).await.unwrap();
    let broken = container.break_lease().await.unwrap();
    assert_eq!(broken.remaining, Some(Duration::ZERO));
    let properties = container.properties().await.unwrap();
    assert_eq!(properties.lease_state, Some(LeaseState::Broken));
    container.delete().await.unwrap();
}

pub(super) async fn work_is_done_under_a_lease(backend: &Backend) {
    let blob = backend.container("guard").await.blob("a");
    blob.upload("before").await.unwrap();
    let work = blob.with_lease(LeaseTime::Seconds(15), async |guard| {
        refused(blob.upload("mine").await, 412, ErrorCode::LeaseIdMissing);
        blob.upload("ours").lease(guard.id()).await?;
        assert!(guard.is_held());
        Ok::<_, Error>(guard.id())
    });
    let id = work.await.unwrap();
    holds(&blob, b"ours").await;
    assert_eq!(seen(&blob).await, FREE);
    refused(
        blob.upload("late").lease(id).await,
        412,
        ErrorCode::LeaseNotPresentWithBlobOperation,
    );
    // Work that fails gives it back, too.
    let failed: Result<(), Error> = blob
        .with_lease(LeaseTime::Infinite, async |_| {
            blob.container().blob("missing").delete().await.map(drop)
        })
        .await;
    refused(failed, 404, ErrorCode::BlobNotFound);
    assert_eq!(seen(&blob).await, FREE);
}
