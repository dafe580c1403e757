//! Checksums that go with content, and what the service makes of them.

use lazuli_blob::ContentHeaders;
use lazuli_protocol::xml::BlockId;
use lazuli_protocol::{BlockListKind, Checksum, Crc64, ErrorCode, Md5};

use crate::expect::{absent, holds, refused, unsummed};
use crate::{Backend, Feature, content};

fn id() -> BlockId {
    BlockId::new(b"one").unwrap()
}

pub(super) async fn the_service_tells_what_arrived(backend: &Backend) {
    let container = backend.container("told").await;
    let (crc, md5) = (Crc64::of(b"hello"), Md5::of(b"hello"));
    let knows = backend.knows(Feature::TellsCrc64);
    for checksum in [None, Some(Checksum::Crc64(crc)), Some(Checksum::Md5(md5))] {
        let blob = container.blob(format!("{checksum:?}"));
        let put = blob.upload(unsummed("hello"));
        let put = match checksum {
            Some(checksum) => put.checksum(checksum),
            None => put,
        };
        let written = put.await.unwrap();
        assert_eq!(written.content_md5, Some(md5), "{checksum:?}");
        assert_eq!(written.content_crc64, knows.then_some(crc), "{checksum:?}");

        let put = blob.put_block(id(), unsummed("hello"));
        let put = match checksum {
            Some(checksum) => put.checksum(checksum),
            None => put,
        };
        let written = put.await.unwrap();
        // One of the two: the MD5 where it was sent, else the CRC64.
        if knows {
            let sent_md5 = matches!(checksum, Some(Checksum::Md5(_)));
            assert_eq!(written.content_md5, sent_md5.then_some(md5), "{checksum:?}");
            assert_eq!(written.content_crc64, (!sent_md5).then_some(crc), "{checksum:?}");
        }
    }
}

async fn wrong_content_is_refused(backend: &Backend, checksum: Checksum, code: ErrorCode) {
    let container = backend.container("damaged").await;
    let blob = container.blob("put");
    refused(blob.upload("hallo").checksum(checksum).await, 400, code.clone());
    absent(&blob).await;
    blob.upload("kept").await.unwrap();
    refused(blob.upload("hallo").checksum(checksum).await, 400, code.clone());
    refused(
        blob.upload(content::bytes(5, 300_000)).checksum(checksum).await,
        400,
        code.clone(),
    );
    holds(&blob, b"kept").await;
    blob.upload("hello").checksum(checksum).await.unwrap();
    holds(&blob, b"hello").await;

    let blob = container.blob("block");
    refused(blob.put_block(id(), "hallo").checksum(checksum).await, 400, code);
    refused(
        blob.block_list(BlockListKind::All).await,
        404,
        ErrorCode::BlobNotFound,
    );
    blob.put_block(id(), "hello").checksum(checksum).await.unwrap();
}

pub(super) async fn content_with_a_wrong_md5_is_refused(backend: &Backend) {
    wrong_content_is_refused(backend, Checksum::Md5(Md5::of(b"hello")), ErrorCode::Md5Mismatch).await;
}

pub(super) async fn content_with_a_wrong_crc64_is_refused(backend: &Backend) {
    wrong_content_is_refused(
        backend,
        Checksum::Crc64(Crc64::of(b"hello")),
        ErrorCode::from("Crc64Mismatch"),
    )
    .await;
}

pub(super) async fn an_md5_to_keep_must_be_right(backend: &Backend) {
    let blob = backend.container("kept").await.blob("a");
    let mut headers = ContentHeaders::default();
    headers.content_md5 = Some(Md5::of(b"hello"));
    refused(
        blob.upload(unsummed("hallo")).headers(headers.clone()).await,
        400,
        ErrorCode::Md5Mismatch,
    );
    absent(&blob).await;
    blob.upload(unsummed("hello")).headers(headers).await.unwrap();
    assert_eq!(
        blob.properties().await.unwrap().content_md5,
        Some(Md5::of(b"hello"))
    );
}
