//! Content that is held against its checksums, without anybody asking for that.

use std::io::Write as _;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream;
use lazuli_blob::ErrorKind;
use lazuli_protocol::xml::{BlockId, BlockLookupList};
use lazuli_protocol::{Body, ByteStream, Crc64, FilePart, STRUCTURED_BODY};

use crate::expect::holds;
use crate::{Backend, Feature, content};

const MIB: usize = 1024 * 1024;
const LEN: usize = 9 * MIB + 5;

pub(super) async fn a_download_is_checked_where_the_service_can(backend: &Backend) {
    let blob = backend.container("whole").await.blob("a");
    let content = content::bytes(9, LEN);
    blob.upload(content.clone()).await.unwrap();
    let knows = backend.knows(Feature::Segments);
    for (first, end) in [
        (0, LEN),
        (0, 1),
        (7, 4 * MIB + 7),
        (4 * MIB, 8 * MIB),
        (MIB, LEN),
        (LEN - 1, LEN),
    ] {
        let range = first as u64..end as u64;
        let download = blob.download().range(range.clone()).await.unwrap();
        assert_eq!(download.is_checked(), knows, "{range:?}");
        assert_eq!(download.content_length(), range.end - range.start);
        assert_eq!(download.properties().content_length, LEN as u64);
        assert!(
            download.bytes().await.unwrap() == content[first..end],
            "{range:?}"
        );

        let download = blob.download().range(range.clone()).unchecked().await.unwrap();
        assert!(!download.is_checked());
        assert!(
            download.bytes().await.unwrap() == content[first..end],
            "{range:?}"
        );
    }
    let download = blob.download().await.unwrap();
    assert_eq!((download.is_checked(), download.content_range()), (knows, None));
    assert!(download.bytes().await.unwrap() == content);
    // Nothing is content as well.
    let empty = backend.container("empty").await.blob("a");
    empty.upload("").await.unwrap();
    assert_eq!(empty.download().await.unwrap().bytes().await.unwrap(), "");
}

pub(super) async fn what_must_be_checked_is_or_fails(backend: &Backend) {
    let blob = backend.container("must").await.blob("a");
    blob.upload("hello").await.unwrap();
    let outcome = blob.download().checked().await;
    if !backend.knows(Feature::Segments) {
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::InvalidResponse);
        return;
    }
    let download = outcome.unwrap();
    assert!(download.is_checked());
    assert_eq!(download.bytes().await.unwrap(), "hello");
}

pub(super) async fn uploads_go_in_segments_where_the_service_can(backend: &Backend) {
    let container = backend.container("segments").await;
    let content = content::bytes(6, LEN);
    // Whoever does not know of segments stores them as they are, and does not say that they were taken apart.
    let blob = container.blob("put");
    let outcome = blob.upload(content.clone()).in_segments().await;
    if !backend.knows(Feature::Segments) {
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::InvalidResponse);
        return;
    }
    let written = outcome.unwrap();
    assert_eq!(written.structured_body.as_deref(), Some(STRUCTURED_BODY));
    assert_eq!(written.content_crc64, Some(Crc64::of(&content)));
    holds(&blob, &content).await;

    for body in [streamed(&content), file(&content)] {
        let blob = container.blob("streamed");
        blob.upload(body).in_segments().await.unwrap();
        holds(&blob, &content).await;
    }
    let empty = container.blob("empty");
    empty.upload("").in_segments().await.unwrap();
    holds(&empty, b"").await;

    let blob = container.blob("blocks");
    let ids = [b"one", b"two"].map(|id| BlockId::new(id).unwrap());
    blob.put_block(ids[0].clone(), streamed(&content))
        .in_segments()
        .await
        .unwrap();
    blob.put_block(ids[1].clone(), "!").in_segments().await.unwrap();
    blob.put_block_list(BlockLookupList::latest(ids)).await.unwrap();
    holds(&blob, &[&content[..], b"!"].concat()).await;

    let blob = container.blob("appended");
    blob.create_append_blob().await.unwrap();
    blob.append(streamed(&content)).in_segments().await.unwrap();
    blob.append("!")
        .in_segments()
        .at_position(LEN as u64)
        .await
        .unwrap();
    holds(&blob, &[&content[..], b"!"].concat()).await;

    let blob = container.blob("pages");
    blob.create_page_blob(4 * MIB as u64).await.unwrap();
    let pages = &content[..4 * MIB];
    blob.put_pages(0, streamed(pages)).in_segments().await.unwrap();
    holds(&blob, pages).await;
}

pub(super) async fn streams_are_held_against_what_arrived(backend: &Backend) {
    let container = backend.container("streams").await;
    let content = content::bytes(4, 2 * MIB);
    let blob = container.blob("put");
    let written = blob.upload(streamed(&content)).await.unwrap();
    let tells = backend.knows(Feature::TellsCrc64);
    assert_eq!(written.content_crc64, tells.then(|| Crc64::of(&content)));
    holds(&blob, &content).await;

    let blob = container.blob("blocks");
    let id = BlockId::new(b"one").unwrap();
    blob.put_block(id.clone(), streamed(&content)).await.unwrap();
    blob.put_block_list(BlockLookupList::latest(vec![id]))
        .await
        .unwrap();
    holds(&blob, &content).await;
}

/// This content as a stream that can start again.
fn streamed(content: &[u8]) -> Body {
    let pieces: Vec<Bytes> = content.chunks(MIB / 3).map(Bytes::copy_from_slice).collect();
    Body::stream(content.len() as u64, move || {
        let pieces: Vec<_> = pieces.iter().cloned().map(Ok).collect();
        Box::pin(stream::iter(pieces)) as ByteStream
    })
}

/// The same as a file.
fn file(content: &[u8]) -> Body {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(content).unwrap();
    Body::file(FilePart {
        file: Arc::new(file),
        offset: 0,
        length: content.len() as u64,
    })
}
