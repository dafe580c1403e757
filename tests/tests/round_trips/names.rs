//! Names: all of Unicode that the service takes, with what XML cannot hold.

use std::collections::BTreeSet;

use futures_util::TryStreamExt as _;
use lazuli_blob::ListBlobsCall;
use lazuli_protocol::BlobName;
use lazuli_protocol::xml::ListBlobsEntry;
use proptest::prelude::*;

use crate::any::told_for_any;

/// What escapes, folds, splits, or cannot be written in XML.
const ODD: &[char] = &[
    '/',
    '%',
    '+',
    ' ',
    '.',
    '&',
    '<',
    '"',
    '?',
    '#',
    '\\',
    '\u{1}',
    '\t',
    '\n',
    '\r',
    '\u{7f}',
    '\u{85}',
    '\u{301}',
    '\u{2028}',
    '\u{fffe}',
    '\u{ffff}',
    '\u{feff}',
    '\u{e000}',
    '\u{10ffff}',
    '😀',
    'ß',
];

fn name() -> impl Strategy<Value = String> {
    let char = prop_oneof![
        3 => prop::sample::select(ODD),
        2 => prop::char::range('a', 'c'),
        1 => any::<char>(),
    ];
    prop::collection::vec(char, 1..12)
        .prop_map(String::from_iter)
        .prop_filter("no name of a blob", |name| BlobName::new(name).is_ok())
}

async fn listed(list: ListBlobsCall) -> Vec<String> {
    let name = |entry: ListBlobsEntry| entry.name().to_owned();
    list.items().map_ok(name).try_collect().await.unwrap()
}

#[test]
fn blobs_of_any_name_are_found_again() {
    let names = prop::collection::btree_set(name(), 1..8);
    told_for_any((names, 1..4_u32), async |container, (names, size)| {
        for name in &names {
            container.blob(name.as_str()).upload(name.clone()).await.unwrap();
        }
        for name in &names {
            let read = container.blob(name.as_str()).download().await.unwrap();
            assert_eq!(read.bytes().await.unwrap(), name, "{name:?}");
            let below = listed(container.list().prefix(name.as_str())).await;
            let expected: Vec<_> = names
                .iter()
                .filter(|other| other.starts_with(name.as_str()))
                .collect();
            assert_eq!(below.iter().collect::<Vec<_>>(), expected, "below {name:?}");
            let from = listed(container.list().start_from(name.as_str())).await;
            let expected: Vec<_> = names.range(name.clone()..).collect();
            assert_eq!(from.iter().collect::<Vec<_>>(), expected, "from {name:?}");
        }
        let all: Vec<_> = names.iter().cloned().collect();
        assert_eq!(listed(container.list()).await, all);
        assert_eq!(listed(container.list().page_size(size)).await, all);
        let folders = listed(container.list().delimiter("/").page_size(size)).await;
        let folder = |name: &String| match name.split_once('/') {
            Some((folder, _)) => format!("{folder}/"),
            None => name.clone(),
        };
        let expected: BTreeSet<_> = names.iter().map(folder).collect();
        assert_eq!(BTreeSet::from_iter(folders.clone()), expected);
        assert_eq!(folders.len(), expected.len(), "{folders:?}");
    });
}
