//! The headers that a blob keeps.

use lazuli_blob::{BlobClient, ContentHeaders};
use lazuli_protocol::xml::{BlockId, BlockLookupList};
use lazuli_protocol::{ErrorCode, Md5};

use crate::expect::refused;
use crate::{Backend, Feature};

fn headers() -> ContentHeaders {
    let mut headers = ContentHeaders::default();
    headers.content_type = Some("text/plain; charset=utf-8".into());
    headers.content_encoding = Some("gzip".into());
    headers.content_language = Some("de-AT, en".into());
    headers.content_disposition = Some("attachment; filename=\"a b.txt\"".into());
    headers.cache_control = Some("no-store, max-age=0".into());
    headers.content_md5 = Some(Md5::of(b"hello"));
    headers
}

async fn told(backend: &Backend, blob: &BlobClient) -> ContentHeaders {
    let properties = blob.properties().await.unwrap();
    let read = blob.download().await.unwrap();
    assert_eq!(read.properties().content_type, properties.content_type);
    assert_eq!(read.properties().content_encoding, properties.content_encoding);
    assert_eq!(read.properties().content_language, properties.content_language);
    assert_eq!(
        read.properties().content_disposition,
        properties.content_disposition
    );
    assert_eq!(read.properties().cache_control, properties.cache_control);
    if properties.content_md5.is_some() || backend.knows(Feature::OnlyKeptMd5) {
        assert_eq!(read.properties().content_md5, properties.content_md5);
    }
    assert_eq!(read.bytes().await.unwrap(), "hello");
    let mut headers = ContentHeaders::default();
    headers.content_type = properties.content_type;
    headers.content_encoding = properties.content_encoding;
    headers.content_language = properties.content_language;
    headers.content_disposition = properties.content_disposition;
    headers.cache_control = properties.cache_control;
    headers.content_md5 = properties.content_md5;
    headers
}

async fn commit(blob: &BlobClient, headers: ContentHeaders) {
    let id = BlockId::new(b"one").unwrap();
    blob.put_block(id.clone(), "hello").await.unwrap();
    blob.put_block_list(BlockLookupList::latest([id]))
        .headers(headers)
        .await
        .unwrap();
}

pub(super) async fn all_headers_come_back(backend: &Backend) {
    let container = backend.container("headers").await;
    let put = container.blob("put");
    put.upload("hello").headers(headers()).await.unwrap();
    assert_eq!(told(backend, &put).await, headers());
    let committed = container.blob("committed");
    commit(&committed, headers()).await;
    assert_eq!(told(backend, &committed).await, headers());
}

pub(super) async fn a_write_resets_headers(backend: &Backend) {
    let container = backend.container("reset").await;
    let mut bare = ContentHeaders::default();
    bare.content_type = Some("application/octet-stream".into());

    let blob = container.blob("committed");
    blob.upload("hello")
        .headers(headers())
        .metadata("k", "v")
        .await
        .unwrap();
    commit(&blob, ContentHeaders::default()).await;
    assert_eq!(told(backend, &blob).await, bare);
    assert!(blob.properties().await.unwrap().metadata.is_empty());

    let blob = container.blob("put");
    blob.upload("hello").headers(headers()).await.unwrap();
    blob.upload("hello").await.unwrap();
    // Put Blob computes the MD5 itself.
    bare.content_md5 = Some(Md5::of(b"hello"));
    assert_eq!(told(backend, &blob).await, bare);

    // Metadata is apart from headers.
    blob.upload("hello").headers(headers()).await.unwrap();
    blob.set_metadata().metadata("k", "v").await.unwrap();
    assert_eq!(told(backend, &blob).await, headers());
}

pub(super) async fn headers_are_set_whole(backend: &Backend) {
    let blob = backend.container("set").await.blob("a");
    let early = blob.set_headers().content_type("text/html").await;
    refused(early, 404, ErrorCode::BlobNotFound);
    let written = blob.upload("hello").metadata("k", "v").await.unwrap();
    let set = blob.set_headers().headers(headers()).await.unwrap();
    assert_ne!(set.etag, written.etag);
    assert_eq!(told(backend, &blob).await, headers());
    let properties = blob.properties().await.unwrap();
    assert_eq!(properties.etag, set.etag);
    assert_eq!(properties.metadata.get("k"), Some("v"));

    // What is not named is cleared.
    let old = blob
        .set_headers()
        .content_type("text/html")
        .if_match(&written.etag);
    refused(old.await, 412, ErrorCode::ConditionNotMet);
    blob.set_headers().content_language("de").await.unwrap();
    let mut bare = ContentHeaders::default();
    bare.content_language = Some("de".into());
    let mut seen = told(backend, &blob).await;
    seen.content_type = None;
    assert_eq!(seen, bare);
}
