//! Ranges of content that came as one or in blocks.

use std::ops::Range;

use lazuli_protocol::xml::{BlockId, BlockLookupList};
use lazuli_tests::content;
use proptest::prelude::*;

use crate::any::told_for_any;

const LONGEST: usize = 5000;

#[test]
fn any_range_of_any_content_comes_back() {
    let parts = prop::collection::vec(0..LONGEST / 4, 0..4);
    let ends = prop::collection::vec((0..LONGEST as u64 + 10, 1..LONGEST as u64), 1..12);
    told_for_any((parts, ends), async |container, (parts, ends)| {
        let blob = container.blob("a");
        let mut all = Vec::new();
        let mut ids = Vec::new();
        for (at, len) in parts.iter().enumerate().filter(|(_, len)| **len > 0) {
            let part = content::bytes(at as u64, *len);
            all.extend_from_slice(&part);
            let id = BlockId::new(format!("{at:04}").as_bytes()).unwrap();
            blob.put_block(id.clone(), part).await.unwrap();
            ids.push(id);
        }
        blob.put_block_list(BlockLookupList::latest(ids)).await.unwrap();
        let len = all.len() as u64;
        let from =
            |first: u64, end: u64| &all[usize::try_from(first).unwrap()..usize::try_from(end).unwrap()];
        for (first, count) in ends {
            let asked: Range<u64> = first..first + count;
            let outcome = blob.download().range(asked.clone()).await;
            if first >= len {
                let status = outcome.unwrap_err().status().map(|status| status.as_u16());
                assert_eq!(status, Some(416), "{asked:?} of {len}");
                continue;
            }
            let read = outcome.unwrap().bytes().await.unwrap();
            let end = asked.end.min(len);
            assert_eq!(read, from(first, end), "{asked:?} of {len}");
            let open = blob.download().range(first..).await.unwrap();
            assert_eq!(open.bytes().await.unwrap(), from(first, len));
        }
    });
}
