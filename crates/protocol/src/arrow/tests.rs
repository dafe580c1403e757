//! Tables as the service makes them, and as it should not.

use std::sync::Arc;

use arrow_array::builder::{MapBuilder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_array::{
    BooleanArray, Float64Array, Int64Array, RecordBatchOptions, StringArray, TimestampSecondArray,
    UInt64Array,
};
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{Field, Schema};
use proptest::prelude::*;
use time::macros::datetime;

use crate::xml::{ListBlobsEntry, ListBlobsPage};
use crate::{AccessTier, BlobType, ErrorKind};

fn table(columns: Vec<(&str, ArrayRef)>, marker: &str) -> Vec<u8> {
    let fields: Vec<_> = columns
        .iter()
        .map(|(name, values)| Field::new(*name, values.data_type().clone(), true))
        .collect();
    let notes = [("NextMarker", marker), ("NumberOfRecords", "0")];
    let notes = notes.map(|(name, text)| (name.to_owned(), text.to_owned()));
    let schema = Arc::new(Schema::new(fields).with_metadata(notes));
    let rows = columns.first().map_or(0, |(_, values)| values.len());
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    let values = columns.into_iter().map(|(_, values)| values).collect();
    let batch = RecordBatch::try_new_with_options(Arc::clone(&schema), values, &options).unwrap();
    let mut bytes = Vec::new();
    let mut writer = StreamWriter::try_new(&mut bytes, &schema).unwrap();
    writer.write(&batch).unwrap();
    writer.write(&batch.slice(0, 0)).unwrap();
    writer.finish().unwrap();
    drop(writer);
    bytes
}

fn texts(values: &[Option<&str>]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

fn maps(rows: &[&[(&str, &str)]]) -> ArrayRef {
    let mut maps = MapBuilder::new(None, StringBuilder::new(), StringBuilder::new());
    for row in rows {
        for (key, value) in *row {
            maps.keys().append_value(key);
            maps.values().append_value(value);
        }
        maps.append(!row.is_empty()).unwrap();
    }
    Arc::new(maps.finish())
}

fn sample() -> Vec<u8> {
    let times = TimestampSecondArray::from(vec![Some(1_783_931_205), None]).with_timezone("UTC");
    table(
        vec![
            ("Name", texts(&[Some("a\u{1}&<"), Some("dir/")])),
            ("ResourceType", texts(&[Some("blob"), Some("BlobPrefix")])),
            ("Last-Modified", Arc::new(times)),
            ("Creation-Time", texts(&[Some("2026-07-13T07:06:45"), None])),
            ("Etag", texts(&[Some("0x8DEE"), None])),
            ("Content-Length", Arc::new(UInt64Array::from(vec![Some(7), None]))),
            ("TagCount", Arc::new(Int64Array::from(vec![Some(1), None]))),
            ("BlobType", texts(&[Some("BlockBlob"), None])),
            ("AccessTier", texts(&[Some("Hot"), None])),
            (
                "ServerEncrypted",
                Arc::new(BooleanArray::from(vec![Some(true), None])),
            ),
            ("Weight", Arc::new(Float64Array::from(vec![Some(0.5), None]))),
            ("MadeTomorrow", texts(&[Some("x"), None])),
            ("Metadata", maps(&[&[("Owner", "me"), ("empty", "")], &[]])),
            ("Tags", maps(&[&[("k", "v")], &[]])),
            ("OrMetadata", maps(&[&[("or-p_r", "complete")], &[]])),
        ],
        "2!4!eg--",
    )
}

#[test]
fn rows_are_blobs_and_prefixes() {
    let page = ListBlobsPage::parse_arrow(&sample()).unwrap();
    assert_eq!(page.next_marker.as_deref(), Some("2!4!eg--"));
    let [ListBlobsEntry::Blob(blob), ListBlobsEntry::Prefix(prefix)] = page.entries.as_slice() else {
        panic!("{:?}", page.entries);
    };
    assert_eq!((&*prefix.name, &prefix.folder), ("dir/", &None));
    assert_eq!((&*blob.name, blob.content_length), ("a\u{1}&<", 7));
    assert_eq!(blob.last_modified, Some(datetime!(2026-07-13 8:26:45 UTC)));
    assert_eq!(blob.creation_time, Some(datetime!(2026-07-13 7:06:45 UTC)));
    assert_eq!(blob.etag.as_ref().map(|tag| tag.as_str()), Some("0x8DEE"));
    assert_eq!(blob.blob_type, Some(BlobType::Block));
    assert_eq!(blob.access_tier, Some(AccessTier::Hot));
    assert_eq!((blob.server_encrypted, blob.tag_count), (Some(true), Some(1)));
    assert_eq!(
        blob.metadata.iter().collect::<Vec<_>>(),
        [("empty", ""), ("Owner", "me")]
    );
    assert_eq!(blob.tags.get("k"), Some("v"));
    assert_eq!(blob.replication, [("or-p_r".to_owned(), "complete".to_owned())]);
    assert_eq!(blob.other, [("MadeTomorrow".to_owned(), "x".to_owned())]);
    assert_eq!(blob.resource_type, None);
}

#[test]
fn a_table_without_columns_is_an_empty_page() {
    let page = ListBlobsPage::parse_arrow(&table(vec![], "")).unwrap();
    assert_eq!(page, ListBlobsPage::default());
}

#[test]
fn tables_that_cannot_be_trusted_are_errors() {
    let negative: ArrayRef = Arc::new(Int64Array::from(vec![-1]));
    for bad in [
        table(vec![("Etag", texts(&[Some("0x8DB")]))], ""),
        table(vec![("Name", texts(&[None]))], ""),
        table(
            vec![("Name", texts(&[Some("a")])), ("Content-Length", negative)],
            "",
        ),
        Vec::new(),
        b"<?xml version=\"1.0\"?>".to_vec(),
        sample().split_off(8),
    ] {
        let error = ListBlobsPage::parse_arrow(&bad).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    }
}

/// The table, with the `at`th of the ends that are `ends` in it made another.
fn with_end(mut table: Vec<u8>, ends: impl Iterator<Item = i32>, at: usize, other: i32) -> Vec<u8> {
    let ends: Vec<u8> = ends.flat_map(i32::to_le_bytes).collect();
    let start = table.windows(ends.len()).position(|bytes| bytes == ends).unwrap() + 4 * at;
    table[start..start + 4].copy_from_slice(&other.to_le_bytes());
    table
}

#[test]
fn rows_together_have_no_more_than_their_column() {
    let rows = 64;
    // Names of three bytes, and a pair of five and seven in each row.
    let names: Vec<_> = (0..rows).map(|row| format!("{row:03}")).collect();
    let names: Vec<_> = names.iter().map(|name| Some(name.as_str())).collect();
    let pair: &[(&str, &str)] = &[("owner", "someone")];
    let table = || {
        table(
            vec![("Name", texts(&names)), ("Metadata", maps(&vec![pair; 64]))],
            "",
        )
    };
    assert_eq!(ListBlobsPage::parse_arrow(&table()).unwrap().entries.len(), 64);
    for width in [1, 3, 5, 7] {
        let ends = || (0..=rows).map(|row| row * width);
        for (at, other) in [(1, rows * width), (2, 0), (64, 0), (64, i32::MAX), (3, -1)] {
            let bad = with_end(table(), ends(), at, other);
            let error = ListBlobsPage::parse_arrow(&bad).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{width} {at} {other}");
        }
    }
    // A row without a value counts as well.
    let one_less = [None]
        .into_iter()
        .chain(names.iter().skip(1).copied())
        .collect::<Vec<_>>();
    let table = super::tests::table(vec![("Etag", texts(&one_less)), ("Name", texts(&names))], "");
    assert!(ListBlobsPage::parse_arrow(&table).is_ok());
    let ends = (0..rows).map(|row| row * 3);
    assert!(ListBlobsPage::parse_arrow(&with_end(table, ends, 0, 99)).is_err());
}

#[test]
fn a_table_has_no_more_rows_than_a_page() {
    let names = |count| texts(&vec![Some("a"); count]);
    for (count, fits) in [(20_000, true), (20_001, false)] {
        let page = ListBlobsPage::parse_arrow(&table(vec![("Name", names(count))], ""));
        assert_eq!(page.is_ok(), fits);
    }
}

#[test]
fn columns_that_are_not_known_end_somewhere() {
    // Each takes a bit of the table, and more than a hundred bytes of memory.
    let names: Vec<_> = (0..129).map(|number| format!("Unknown{number}")).collect();
    for (count, fits) in [(128, true), (129, false)] {
        let flag = || -> ArrayRef { Arc::new(BooleanArray::from(vec![true])) };
        let mut columns = vec![("Name", texts(&[Some("a")]))];
        columns.extend(names.iter().take(count).map(|name| (name.as_str(), flag())));
        assert_eq!(ListBlobsPage::parse_arrow(&table(columns, "")).is_ok(), fits);
        let pairs: Vec<_> = names.iter().take(count).map(|name| (name.as_str(), "")).collect();
        for column in ["OrMetadata", "Unknown"] {
            let columns = vec![("Name", texts(&[Some("a")])), (column, maps(&[&pairs]))];
            assert_eq!(
                ListBlobsPage::parse_arrow(&table(columns, "")).is_ok(),
                fits,
                "{column}"
            );
        }
    }
}

#[test]
fn the_next_page_is_known_however_it_is_spelled() {
    let schema = |notes: &[(&str, &str)]| {
        let notes = notes
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        let schema = Schema::new(Vec::<Field>::new())
            .with_metadata(notes.collect::<std::collections::HashMap<_, _>>());
        let mut bytes = Vec::new();
        StreamWriter::try_new(&mut bytes, &schema)
            .unwrap()
            .finish()
            .unwrap();
        ListBlobsPage::parse_arrow(&bytes).unwrap().next_marker
    };
    assert_eq!(schema(&[("NextMarker", "m")]).as_deref(), Some("m"));
    assert_eq!(schema(&[("nextMarker", "m")]).as_deref(), Some("m"));
    assert_eq!(schema(&[("NextMarker", ""), ("nextMarker", "")]), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn damage_is_an_error_and_never_a_panic(
        damage in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<proptest::sample::Index>(),
        whole in any::<bool>(),
    ) {
        let mut bytes = SAMPLE.with(Clone::clone);
        for (at, value) in damage {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if !whole {
            bytes.truncate(cut.index(bytes.len() + 1));
        }
        // Whether it can still be read depends on where the damage is.
        let _ = ListBlobsPage::parse_arrow(&bytes);
    }
}

thread_local! {
    static SAMPLE: Vec<u8> = sample();
}
