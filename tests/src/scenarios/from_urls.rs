//! Content that the service reads from a URL by itself, all at once or piece by piece.

use lazuli_blob::{BlobClient, CopySource};
use lazuli_protocol::xml::{BlockId, BlockLookupList};
use lazuli_protocol::{Checksum, ErrorCode, Md5};

use crate::expect::{holds, refused};
use crate::{Backend, Feature, content};

const LEN: usize = 4096;

async fn source(backend: &Backend) -> (BlobClient, CopySource) {
    let blob = backend.container("source").await.blob("a b");
    blob.upload(content::bytes(3, LEN))
        .content_type("text/plain")
        .metadata("kind", "source")
        .await
        .unwrap();
    let url = CopySource::from(&blob).sas(&backend.read_sas(blob.container()));
    (blob, url)
}

pub(super) async fn a_blob_is_put_from_a_url(backend: &Backend) {
    if backend.lacks(Feature::PutFromUrl) {
        return;
    }
    let (source, url) = source(backend).await;
    let container = backend.container("put").await;
    let blob = container.blob("a");
    let put = blob
        .put_from_url(url.clone())
        .metadata("kind", "own")
        .await
        .unwrap();
    holds(&blob, &content::bytes(3, LEN)).await;
    let properties = blob.properties().await.unwrap();
    assert_eq!(properties.etag, put.etag);
    assert_eq!(properties.metadata.get("kind"), Some("own"));
    assert_eq!(properties.content_type.as_deref(), Some("text/plain"));
    // It is content that was put, and no copy.
    assert_eq!(properties.copy_id, None);
    let bare = container.blob("bare");
    bare.put_from_url(url.clone())
        .source_properties(false)
        .await
        .unwrap();
    let properties = bare.properties().await.unwrap();
    assert_ne!(properties.content_type.as_deref(), Some("text/plain"));

    let wrong = blob.put_from_url(url.clone()).source_md5(Md5::of(b"other")).await;
    refused(wrong, 400, ErrorCode::Md5Mismatch);
    let right = Md5::of(&content::bytes(3, LEN));
    blob.put_from_url(url.clone()).source_md5(right).await.unwrap();
    let etag = source.properties().await.unwrap().etag;
    let unchanged = blob.put_from_url(url.if_none_match(&etag)).await.unwrap_err();
    assert_eq!(unchanged.code(), Some(&ErrorCode::CannotVerifyCopySource));
    let closed = blob.put_from_url(CopySource::from(&source)).await.unwrap_err();
    assert_eq!(closed.code(), Some(&ErrorCode::CannotVerifyCopySource));
}

pub(super) async fn blocks_are_put_from_a_url(backend: &Backend) {
    let (_, url) = source(backend).await;
    let blob = backend.container("blocks").await.blob("a");
    let (one, two) = (BlockId::new(b"one").unwrap(), BlockId::new(b"two").unwrap());
    let all = content::bytes(3, LEN);
    blob.put_block_from_url(one.clone(), url.clone())
        .source_range(1000..3000)
        .await
        .unwrap();
    blob.put_block_from_url(two.clone(), url.clone()).await.unwrap();
    let wrong = blob
        .put_block_from_url(two.clone(), url)
        .source_checksum(Checksum::Md5(Md5::of(b"other")));
    refused(wrong.await, 400, ErrorCode::Md5Mismatch);
    blob.put_block_list(BlockLookupList::latest([one, two]))
        .await
        .unwrap();
    holds(&blob, &[&all[1000..3000], &all].concat()).await;
}

pub(super) async fn appends_are_read_from_a_url(backend: &Backend) {
    if backend.lacks(Feature::AppendFromUrl) {
        return;
    }
    let (_, url) = source(backend).await;
    let blob = backend.container("appends").await.blob("log");
    let all = content::bytes(3, LEN);
    blob.create_append_blob().await.unwrap();
    blob.append("head").await.unwrap();
    let appended = blob
        .append_block_from_url(url.clone())
        .source_range(0..100)
        .at_position(4)
        .await
        .unwrap();
    assert_eq!(
        (appended.offset, appended.committed_block_count),
        (Some(4), Some(2))
    );
    let elsewhere = blob.append_block_from_url(url.clone()).at_position(4).await;
    refused(elsewhere, 412, ErrorCode::AppendPositionConditionNotMet);
    let wrong = blob
        .append_block_from_url(url)
        .source_checksum(Checksum::Md5(Md5::of(b"other")));
    refused(wrong.await, 400, ErrorCode::Md5Mismatch);
    holds(&blob, &[b"head", &all[..100]].concat()).await;
}

pub(super) async fn pages_are_read_from_a_url(backend: &Backend) {
    if backend.lacks(Feature::PagesFromUrl) {
        return;
    }
    let (_, url) = source(backend).await;
    let blob = backend.container("pages").await.blob("disk");
    let all = content::bytes(3, LEN);
    blob.create_page_blob(2048).await.unwrap();
    blob.put_pages_from_url(512..1024, url.clone()).await.unwrap();
    let moved = blob.put_pages_from_url(1024..2048, url.clone());
    moved.source_range(0..1024).await.unwrap();
    let expected = [&[0; 512], &all[512..1024], &all[..1024]].concat();
    holds(&blob, &expected).await;
    let numbered = blob.put_pages_from_url(0..512, url).if_sequence_number_lt(0);
    refused(numbered.await, 412, ErrorCode::SequenceNumberConditionNotMet);
    holds(&blob, &expected).await;
}
