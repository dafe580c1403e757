//! Reading a part of a blob.

use lazuli_blob::BlobClient;
use lazuli_protocol::{ByteRange, ContentRange, ErrorCode};

use crate::expect::{holds, refused};
use crate::{Backend, Feature, content};

const SIZE: u64 = 1000;

pub(super) async fn any_range_that_holds_a_byte(backend: &Backend) {
    let blob = backend.container("ranges").await.blob("a");
    let content = content::bytes(1, 1000);
    let written = blob.upload(content.clone()).await.unwrap();
    let table: [(ByteRange, u64, u64); 10] = [
        (ByteRange::from(0..1), 0, 1),
        (ByteRange::from(0..SIZE), 0, SIZE),
        (ByteRange::from(0..=0), 0, 1),
        (ByteRange::from(500..600), 500, 600),
        (ByteRange::from(999..1000), 999, 1000),
        (ByteRange::from(0..), 0, SIZE),
        (ByteRange::from(1..), 1, SIZE),
        (ByteRange::from(999..), 999, SIZE),
        // What goes beyond the end ends there.
        (ByteRange::from(990..2000), 990, SIZE),
        (ByteRange::from(0..u64::from(u32::MAX)), 0, SIZE),
    ];
    for (range, first, end) in table {
        let download = blob.download().range(range).await.unwrap();
        let expected = ContentRange {
            first,
            last: end - 1,
            size: SIZE,
        };
        assert_eq!(download.content_range(), Some(expected), "{range}");
        assert_eq!(download.content_length(), end - first, "{range}");
        assert_eq!(download.properties().content_length, SIZE, "{range}");
        assert_eq!(download.properties().etag, written.etag, "{range}");
        let (first, end) = (usize::try_from(first).unwrap(), usize::try_from(end).unwrap());
        assert!(download.bytes().await.unwrap() == content[first..end], "{range}");
    }
}

async fn unsatisfiable(backend: &Backend, blob: &BlobClient, range: ByteRange) {
    let size = blob.properties().await.unwrap().content_length;
    let outcome = blob.download().range(range).await;
    if range.first() > size || backend.knows(Feature::NothingAtTheEnd) {
        return refused(outcome, 416, ErrorCode::InvalidRange);
    }
    // A part of which nobody says where it belongs is no answer.
    let kind = outcome.unwrap_err().kind();
    assert_eq!(kind, lazuli_blob::ErrorKind::InvalidResponse, "{range} of {size}");
}

pub(super) async fn ranges_beyond_the_end_are_refused(backend: &Backend) {
    let blob = backend.container("beyond").await.blob("a");
    blob.upload(content::bytes(1, 1000)).await.unwrap();
    for range in [
        ByteRange::from(1000..),
        ByteRange::from(1000..1001),
        ByteRange::from(5000..6000),
    ] {
        unsatisfiable(backend, &blob, range).await;
    }
    // A range of nothing cannot be said, and is not sent.
    let error = blob.download().range(5..5).await.unwrap_err();
    assert_eq!(error.kind(), lazuli_blob::ErrorKind::InvalidInput);
}

pub(super) async fn an_empty_blob_has_no_ranges(backend: &Backend) {
    let blob = backend.container("empty").await.blob("a");
    blob.upload("").await.unwrap();
    for range in [ByteRange::from(0..1), ByteRange::from(0..), ByteRange::from(7..9)] {
        unsatisfiable(backend, &blob, range).await;
    }
    holds(&blob, b"").await;
}
