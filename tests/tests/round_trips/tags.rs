//! Tags: by reads, by lists, and by what they are found by.

use futures_util::TryStreamExt as _;
use lazuli_blob::operations::ListBlobsInclude;
use lazuli_blob::{TagQuery, tag};
use lazuli_protocol::BlobTags;
use lazuli_protocol::xml::ListBlobsEntry;
use proptest::prelude::*;

use crate::any::told_for_any;

const KEYS: &[&str] = &["a", "A", "a b", "+-./:=_", "AND", "key", "container", "1"];

fn text(longest: usize) -> impl Strategy<Value = String> {
    let char = prop::char::ranges(
        vec![
            'a'..='z',
            'A'..='Z',
            '0'..='9',
            '+'..='+',
            '-'..=':',
            '='..='=',
            '_'..='_',
            ' '..=' ',
        ]
        .into(),
    );
    prop::collection::vec(char, 0..=longest).prop_map(String::from_iter)
}

fn tags(key: impl Strategy<Value = String>, longest: usize) -> impl Strategy<Value = BlobTags> {
    prop::collection::vec((key, text(longest)), 0..=10).prop_filter_map("no tags", |pairs| {
        let mut tags = BlobTags::new();
        for (key, value) in pairs {
            tags.insert(key, value).ok()?;
        }
        Some(tags)
    })
}

#[test]
fn any_tags_come_back() {
    let tags = || tags(text(128), 256);
    told_for_any((tags(), tags()), async |container, (first, second)| {
        let blob = container.blob("a");
        let pairs = first.iter();
        let call = pairs.fold(blob.upload("x"), |call, (key, value)| call.tag(key, value));
        call.await.unwrap();
        assert_eq!(blob.tags().await.unwrap(), first);
        let count = blob.properties().await.unwrap().tag_count;
        assert_eq!(count.unwrap_or(0), first.len() as u64);

        let pairs = second.iter();
        let call = pairs.fold(blob.set_tags(), |call, (key, value)| call.tag(key, value));
        call.await.unwrap();
        assert_eq!(blob.tags().await.unwrap(), second);
        let items = container.list().include(ListBlobsInclude::Tags).items();
        let items: Vec<_> = items.try_collect().await.unwrap();
        let [ListBlobsEntry::Blob(listed)] = items.as_slice() else {
            panic!("{items:?}");
        };
        assert_eq!(listed.tags, second);
    });
}

#[derive(Clone, Copy, Debug)]
enum Is {
    Equal,
    Above,
    AtLeast,
    Below,
    AtMost,
}

fn query(terms: &[(&str, Is, String)]) -> TagQuery {
    let term = |(key, is, value): &(&str, Is, String)| match is {
        Is::Equal => tag(*key).eq(value),
        Is::Above => tag(*key).gt(value),
        Is::AtLeast => tag(*key).ge(value),
        Is::Below => tag(*key).lt(value),
        Is::AtMost => tag(*key).le(value),
    };
    let mut terms = terms.iter().map(term);
    let first = terms.next().unwrap();
    terms.fold(first, TagQuery::and)
}

fn meets(tags: &BlobTags, terms: &[(&str, Is, String)]) -> bool {
    terms.iter().all(|(key, is, wanted)| {
        tags.get(key).is_some_and(|value| match is {
            Is::Equal => value == wanted,
            Is::Above => value > wanted.as_str(),
            Is::AtLeast => value >= wanted.as_str(),
            Is::Below => value < wanted.as_str(),
            Is::AtMost => value <= wanted.as_str(),
        })
    })
}

#[test]
fn blobs_are_found_by_any_tags_that_they_have() {
    let key = || prop::sample::select(KEYS);
    // Of each key there may be one comparison, or two that make a range.
    let is = |choice: &'static [Is]| (prop::sample::select(choice), text(1));
    let terms = prop_oneof![
        is(&[Is::Equal, Is::Above, Is::AtLeast, Is::Below, Is::AtMost]).prop_map(|one| vec![one]),
        (is(&[Is::Above, Is::AtLeast]), is(&[Is::Below, Is::AtMost])).prop_map(|(low, high)| vec![low, high]),
    ];
    let blobs = prop::collection::vec(tags(key().prop_map(str::to_owned), 1), 1..6);
    let terms = prop::collection::btree_map(key(), terms, 1..4).prop_map(|keys| {
        let terms = keys.into_iter();
        let of_key =
            |(key, terms): (_, Vec<(Is, String)>)| terms.into_iter().map(move |(is, value)| (key, is, value));
        terms.flat_map(of_key).collect::<Vec<_>>()
    });
    told_for_any((blobs, terms), async |container, (blobs, terms)| {
        let names: Vec<_> = (0..blobs.len()).map(|at| at.to_string()).collect();
        let mut expected = Vec::new();
        for (name, tags) in names.iter().zip(&blobs) {
            let blob = container.blob(name.as_str());
            let pairs = tags.iter();
            let call = pairs.fold(blob.upload("x"), |call, (key, value)| call.tag(key, value));
            call.await.unwrap();
            let met = meets(tags, &terms);
            if met {
                expected.push(name);
            }
            let read = blob.properties().if_tags(query(&terms)).await;
            assert_eq!(read.is_ok(), met, "{tags:?} {terms:?} {read:?}");
        }
        let found = container.find_blobs_by_tags(query(&terms)).page_size(2).items();
        let found: Vec<_> = found.try_collect().await.unwrap();
        let found: Vec<_> = found.iter().map(|blob| &blob.name).collect();
        assert_eq!(found, expected, "{terms:?}");
    });
}
