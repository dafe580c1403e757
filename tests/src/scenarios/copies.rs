//! Copies of whole blobs: what they take along, what they depend on, and how they end.

use std::time::Duration;

use lazuli_blob::{BlobClient, ContainerClient, CopyFailure, CopySource, Polling};
use lazuli_protocol::{CopyStatus, ErrorCode, EtagMatch};

use crate::expect::{absent, holds, refused};
use crate::{Backend, Feature, Trait, content};

const LEN: usize = 300_000;
const SOON: Polling = Polling::new(Duration::from_millis(20), Duration::from_millis(100));

async fn source(backend: &Backend) -> BlobClient {
    put_source(&backend.container("source").await).await
}

async fn put_source(container: &ContainerClient) -> BlobClient {
    let blob = container.blob("a b/ü");
    blob.upload(content::bytes(1, LEN))
        .metadata("kind", "source")
        .content_type("text/plain")
        .content_language("de")
        .await
        .unwrap();
    blob
}

/// Asserts that a blob is the copy of a [`source`] that it says it is.
async fn is_copy(copy: &BlobClient, id: &str, kind: &str) {
    holds(copy, &content::bytes(1, LEN)).await;
    let properties = copy.properties().await.unwrap();
    assert_eq!(properties.metadata.get("kind"), Some(kind));
    assert_eq!(properties.content_type.as_deref(), Some("text/plain"));
    assert_eq!(properties.content_language.as_deref(), Some("de"));
    assert_eq!(properties.copy_id.as_deref(), Some(id));
    assert_eq!(properties.copy_status, Some(CopyStatus::Success));
    assert_eq!(properties.copy_progress, Some(format!("{LEN}/{LEN}")));
    assert!(properties.copy_completion_time.is_some());
    let source = properties.copy_source.unwrap();
    assert!(source.expose().contains("/a%20b/%C3%BC"), "{}", source.expose());
}

pub(super) async fn a_copy_has_what_its_source_has(backend: &Backend) {
    let source = source(backend).await;
    let container = backend.container("copies").await;
    let copy = container.blob("copy");
    let poller = copy.copy_from(&source).start().await.unwrap().polling(SOON);
    let done = poller.wait().await.unwrap();
    assert_eq!(done.copy_id.as_deref(), Some(poller.id()));
    is_copy(&copy, poller.id(), "source").await;
    // Metadata of its own takes the place of all of the source's.
    let described = container.blob("described");
    let poller = described.copy_from(&source).metadata("kind", "copy").start();
    let poller = poller.await.unwrap().polling(SOON);
    poller.wait().await.unwrap();
    is_copy(&described, poller.id(), "copy").await;
    // What is written afterwards is no copy.
    described.upload("x").await.unwrap();
    assert_eq!(described.properties().await.unwrap().copy_id, None);
    // The copy was done when it was answered, whatever came after it.
    assert_eq!(poller.wait().await.unwrap().copy_id, None);
}

pub(super) async fn a_copy_is_done_when_it_is_answered(backend: &Backend) {
    let source = source(backend).await;
    let copy = backend.container("at-once").await.blob("copy");
    let sas = backend.read_sas(source.container());
    let copied = copy
        .copy_from_url(CopySource::from(&source).sas(&sas))
        .await
        .unwrap();
    assert_eq!(copied.copy.copy_status, CopyStatus::Success);
    is_copy(&copy, &copied.copy.copy_id, "source").await;
    let properties = copy.properties().await.unwrap();
    assert_eq!(properties.etag, copied.copy.etag);
    let again = CopySource::from(&source).sas(&sas);
    let copied = copy.copy_from_url(again).metadata("kind", "copy").await.unwrap();
    is_copy(&copy, &copied.copy.copy_id, "copy").await;
    let missing = CopySource::from(source.container().blob("missing")).sas(&sas);
    let error = copy.copy_from_url(missing).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
}

pub(super) async fn a_copy_from_another_account_needs_its_leave(backend: &Backend) {
    let neighbour = backend.neighbour();
    let theirs = backend.container_in(&neighbour, "theirs").await;
    let source = put_source(&theirs).await;
    let sas = backend.read_sas_in(&neighbour, &theirs);
    let container = backend.container("ours").await;
    let copy = container.blob("copy");
    let closed = copy.copy_from(&source).start().await.unwrap_err();
    let status = closed.status().map(|status| status.as_u16());
    assert!(matches!(status, Some(401 | 403 | 404)), "{closed:?}");
    // A signature of this account opens nothing there.
    let foreign = CopySource::from(&source).sas(&backend.read_sas(&container));
    assert!(copy.copy_from(foreign).start().await.is_err());
    absent(&copy).await;

    let poller = copy.copy_from(CopySource::from(&source).sas(&sas)).start();
    let poller = poller.await.unwrap().polling(SOON);
    poller.wait().await.unwrap();
    is_copy(&copy, poller.id(), "source").await;

    let at_once = container.blob("at-once");
    let url = CopySource::from(&source).sas(&sas);
    let copied = at_once.copy_from_url(url).await.unwrap();
    is_copy(&at_once, &copied.copy.copy_id, "source").await;
}

pub(super) async fn a_source_is_read_with_a_token(backend: &Backend) {
    if backend.lacks(Feature::UserDelegation) {
        return;
    }
    let neighbour = backend.neighbour();
    let theirs = backend.container_in(&neighbour, "theirs").await;
    let source = put_source(&theirs).await;
    let container = backend.container("ours").await;
    let copy = container.blob("copy");
    let bare = copy.copy_from_url(&source).await.unwrap_err();
    assert_eq!(bare.code(), Some(&ErrorCode::CannotVerifyCopySource));
    let forged = CopySource::from(&source).bearer_token("not.a.token");
    let forged = copy.copy_from_url(forged).await.unwrap_err();
    assert_eq!(forged.code(), Some(&ErrorCode::CannotVerifyCopySource));
    absent(&copy).await;

    let with_token = || CopySource::from(&source).bearer_token(backend.token());
    let copied = copy.copy_from_url(with_token()).await.unwrap();
    is_copy(&copy, &copied.copy.copy_id, "source").await;
    let put = container.blob("put");
    put.put_from_url(with_token()).await.unwrap();
    holds(&put, &content::bytes(1, LEN)).await;
    let appended = container.blob("appended");
    appended.create_append_blob().await.unwrap();
    appended.append_block_from_url(with_token()).await.unwrap();
    holds(&appended, &content::bytes(1, LEN)).await;
}

pub(super) async fn a_copy_under_conditions(backend: &Backend) {
    let source = source(backend).await;
    let container = backend.container("guarded").await;
    let copy = container.blob("copy");
    let missing = copy.copy_from(source.container().blob("missing")).await;
    refused(missing, 404, ErrorCode::BlobNotFound);
    let etag = source.properties().await.unwrap().etag;
    source.set_metadata().metadata("kind", "changed").await.unwrap();
    let changed = copy.copy_from(CopySource::from(&source).if_match(&etag)).await;
    let code = |precise| match backend.knows(Feature::CopyConditions) {
        true => precise,
        false => ErrorCode::ConditionNotMet,
    };
    refused(changed, 412, code(ErrorCode::SourceConditionNotMet));
    absent(&copy).await;
    let other = copy.copy_from(CopySource::from(&source).if_none_match(&etag));
    other.if_none_match(EtagMatch::Any).await.unwrap();
    let there = copy.copy_from(&source).if_none_match(EtagMatch::Any).await;
    refused(there, 409, ErrorCode::BlobAlreadyExists);
    let replaced = copy.copy_from(&source).if_match(&etag).await;
    refused(replaced, 412, code(ErrorCode::TargetConditionNotMet));
}

pub(super) async fn a_snapshot_takes_the_place_of_its_blob(backend: &Backend) {
    let blob = source(backend).await;
    let snapshot = blob.create_snapshot().await.unwrap().snapshot;
    blob.upload("new").await.unwrap();
    let old = CopySource::from(&blob).snapshot(&snapshot);
    let poller = blob.copy_from(old).start().await.unwrap().polling(SOON);
    poller.wait().await.unwrap();
    is_copy(&blob, poller.id(), "source").await;
    let kept = blob.download().snapshot(snapshot).await.unwrap();
    assert_eq!(kept.bytes().await.unwrap(), content::bytes(1, LEN));
}

pub(super) async fn a_copy_that_is_done_cannot_be_given_up(backend: &Backend) {
    let source = source(backend).await;
    let copy = backend.container("done").await.blob("copy");
    let poller = copy.copy_from(&source).start().await.unwrap().polling(SOON);
    poller.wait().await.unwrap();
    let late = copy.abort_copy(poller.id()).await;
    refused(late, 409, ErrorCode::NoPendingCopyOperation);
    is_copy(&copy, poller.id(), "source").await;
}

pub(super) async fn a_pending_copy_is_given_up_or_awaited(backend: &Backend) {
    let Some(blobs) = backend.account_with(Trait::LongCopies) else {
        return;
    };
    let container = backend.container_in(&blobs, "pending").await;
    let source = container.blob("source");
    source.upload(content::bytes(1, LEN)).await.unwrap();
    let copy = container.blob("copy");
    let poller = copy.copy_from(&source).start().await.unwrap().polling(SOON);
    let seen = poller.status().await.unwrap();
    assert_eq!(seen.status, Some(CopyStatus::Pending));
    assert_eq!(seen.bytes_total, Some(LEN as u64));
    refused(copy.upload("x").await, 409, ErrorCode::PendingCopyOperation);
    poller.abort().await.unwrap();
    let given_up = poller.wait().await.unwrap_err();
    assert_eq!(CopyFailure::of(&given_up), Some(&CopyFailure::Aborted));
    holds(&copy, b"").await;

    let poller = copy.copy_from(&source).start().await.unwrap().polling(SOON);
    let done = poller.wait().await.unwrap();
    assert_eq!(done.copy_status, Some(CopyStatus::Success));
    holds(&copy, &content::bytes(1, LEN)).await;
}

pub(super) async fn a_page_blob_is_copied_snapshot_by_snapshot(backend: &Backend) {
    if backend.lacks(Feature::IncrementalCopies) {
        return;
    }
    let container = backend.container("increments").await;
    let disk = container.blob("disk");
    disk.create_page_blob(2048).await.unwrap();
    disk.put_pages(0, vec![1; 512]).await.unwrap();
    let backup = container.blob("backup");
    let mut taken = Vec::new();
    for (offset, fill) in [(512, 2), (1024, 3)] {
        disk.put_pages(offset, vec![fill; 512]).await.unwrap();
        let snapshot = disk.create_snapshot().await.unwrap().snapshot;
        let source = CopySource::from(&disk)
            .sas(&backend.read_sas(disk.container()))
            .snapshot(&snapshot);
        let poller = backup
            .copy_incremental(source)
            .start()
            .await
            .unwrap()
            .polling(SOON);
        let done = poller.wait().await.unwrap();
        assert_eq!(done.incremental_copy, Some(true));
        taken.push(done.copy_destination_snapshot.unwrap());
    }
    // What can be read of it are its snapshots.
    for (snapshot, third) in taken.iter().zip([0, 3]) {
        let kept = backup.download().snapshot(snapshot.as_str()).await.unwrap();
        let expected = [vec![1; 512], vec![2; 512], vec![third; 512], vec![0; 512]];
        assert_eq!(kept.bytes().await.unwrap(), expected.concat());
    }
}
