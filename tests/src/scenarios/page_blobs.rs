//! Page blobs: written anywhere in pages of 512 bytes, with holes between.

use std::ops::Range;

use futures_util::TryStreamExt as _;
use lazuli_blob::BlobClient;
use lazuli_blob::operations::SequenceNumberChange;
use lazuli_protocol::xml::PageRange;
use lazuli_protocol::{BlobType, ErrorCode};

use crate::expect::{holds, refused};
use crate::{Backend, Feature, content};

const PAGE: u64 = 512;

fn pages(count: usize, fill: u8) -> Vec<u8> {
    vec![fill; count * 512]
}

fn span(pages: Range<u64>) -> Range<u64> {
    pages.start * PAGE..pages.end * PAGE
}

async fn filled(blob: &BlobClient) -> Vec<Range<u64>> {
    let ranges = blob.page_ranges().items().map_ok(|pages| pages.range);
    ranges.try_collect().await.unwrap()
}

pub(super) async fn pages_are_written_and_cleared(backend: &Backend) {
    let container = backend.container("pages").await;
    let blob = container.blob("disk");
    let early = blob.put_pages(0, pages(1, 7)).await;
    refused(early, 404, ErrorCode::BlobNotFound);
    blob.create_page_blob(8 * PAGE).metadata("k", "v").await.unwrap();
    holds(&blob, &pages(8, 0)).await;
    assert_eq!(filled(&blob).await, []);

    let content = content::bytes(5, 3 * 512);
    let written = blob.put_pages(PAGE, content.clone()).await.unwrap();
    assert_eq!(written.sequence_number, Some(0));
    blob.put_pages(6 * PAGE, pages(2, 9)).await.unwrap();
    blob.clear_pages(span(2..3)).await.unwrap();
    let mut expected = pages(8, 0);
    expected[512..1024].copy_from_slice(&content[..512]);
    expected[3 * 512..4 * 512].copy_from_slice(&content[1024..]);
    expected[6 * 512..].fill(9);
    holds(&blob, &expected).await;
    assert_eq!(filled(&blob).await, [span(1..2), span(3..4), span(6..8)]);
    let some = blob.page_ranges().range(span(3..7)).await.unwrap();
    assert_eq!(
        some.ranges,
        [PageRange::filled(span(3..4)), PageRange::filled(span(6..7))]
    );
    assert_eq!(some.blob_content_length, Some(8 * PAGE));

    let properties = blob.properties().await.unwrap();
    assert_eq!(properties.blob_type, Some(BlobType::Page));
    assert_eq!(properties.content_length, 8 * PAGE);
    assert_eq!(properties.sequence_number, Some(0));
    assert_eq!(properties.etag, some.etag);
    let snapshot = blob.create_snapshot().await.unwrap().snapshot;
    blob.clear_pages(span(0..8)).await.unwrap();
    assert_eq!(filled(&blob).await, []);
    let old = blob.page_ranges().range(span(0..6)).snapshot(snapshot);
    assert_eq!(
        old.await.unwrap().ranges,
        [PageRange::filled(span(1..2)), PageRange::filled(span(3..4))]
    );
    if backend.knows(Feature::PagesWithinTheBlob) {
        let beyond = blob.put_pages(7 * PAGE, pages(2, 1)).await;
        refused(beyond, 416, ErrorCode::InvalidPageRange);
    }
    let block = container.blob("block");
    block.upload("x").await.unwrap();
    let other = block.put_pages(0, pages(1, 1)).await;
    refused(other, 409, ErrorCode::InvalidBlobType);
}

pub(super) async fn pages_since_a_snapshot(backend: &Backend) {
    if backend.lacks(Feature::PageDifferences) {
        return;
    }
    let blob = backend.container("changed").await.blob("disk");
    blob.create_page_blob(8 * PAGE).await.unwrap();
    blob.put_pages(0, pages(4, 1)).await.unwrap();
    let first = blob.create_snapshot().await.unwrap().snapshot;
    blob.put_pages(6 * PAGE, pages(1, 2)).await.unwrap();
    blob.clear_pages(span(0..1)).await.unwrap();
    let ranges = blob.page_ranges_diff(first.as_str()).await.unwrap().ranges;
    assert_eq!(
        ranges,
        [PageRange::cleared(span(0..1)), PageRange::filled(span(6..7))]
    );

    let second = blob.create_snapshot().await.unwrap().snapshot;
    let none = blob.page_ranges_diff(second.as_str()).await.unwrap();
    assert_eq!(none.ranges, []);
    let between = blob.page_ranges_diff(first.as_str()).snapshot(second);
    assert_eq!(between.await.unwrap().ranges, ranges);
    let some = blob.page_ranges_diff(first).range(span(4..8));
    assert_eq!(some.await.unwrap().ranges, [PageRange::filled(span(6..7))]);
}

pub(super) async fn a_page_blob_grows_and_shrinks(backend: &Backend) {
    let blob = backend.container("sized").await.blob("disk");
    blob.create_page_blob(2 * PAGE).await.unwrap();
    blob.put_pages(0, pages(2, 1)).await.unwrap();
    blob.resize(4 * PAGE).await.unwrap();
    let mut expected = pages(2, 1);
    expected.extend(pages(2, 0));
    holds(&blob, &expected).await;
    blob.resize(PAGE).await.unwrap();
    holds(&blob, &pages(1, 1)).await;
    assert_eq!(filled(&blob).await, [span(0..1)]);
    // What was cut off is not there when it grows again.
    blob.resize(2 * PAGE).await.unwrap();
    expected = pages(1, 1);
    expected.extend(pages(1, 0));
    holds(&blob, &expected).await;
}

pub(super) async fn a_sequence_number_guards_pages(backend: &Backend) {
    let blob = backend.container("numbered").await.blob("disk");
    blob.create_page_blob(2 * PAGE).sequence_number(7).await.unwrap();
    let number = async |change| {
        let set = blob.set_sequence_number(change).await.unwrap();
        let told = blob.properties().await.unwrap().sequence_number;
        assert_eq!(told, set.sequence_number);
        told.unwrap()
    };
    assert_eq!(number(SequenceNumberChange::Increment).await, 8);
    assert_eq!(number(SequenceNumberChange::Max(5)).await, 8);
    assert_eq!(number(SequenceNumberChange::Max(10)).await, 10);
    assert_eq!(number(SequenceNumberChange::Update(3)).await, 3);
    let write = || blob.put_pages(0, pages(1, 1));
    let clear = || blob.clear_pages(span(0..1));
    write().if_sequence_number_eq(3).await.unwrap();
    write().if_sequence_number_le(3).await.unwrap();
    write().if_sequence_number_lt(4).await.unwrap();
    let not_met = ErrorCode::SequenceNumberConditionNotMet;
    refused(write().if_sequence_number_eq(2).await, 412, not_met.clone());
    refused(write().if_sequence_number_le(2).await, 412, not_met.clone());
    refused(write().if_sequence_number_lt(3).await, 412, not_met.clone());
    refused(clear().if_sequence_number_lt(3).await, 412, not_met);
    clear().if_sequence_number_le(3).await.unwrap();
    assert_eq!(filled(&blob).await, []);
}
