//! Files and blocks of Avro, read as rows.

use super::*;
use crate::sql::RowError;

fn encoded(value: i64) -> Vec<u8> {
    let mut out = Vec::new();
    long(&mut out, value);
    out
}

#[test]
fn numbers_are_zig_zag_in_groups_of_seven_bits() {
    let cases: [(i64, &[u8]); 8] = [
        (0, &[0]),
        (-1, &[1]),
        (1, &[2]),
        (-64, &[0x7f]),
        (64, &[0x80, 0x01]),
        (1959, &[0xce, 0x1e]),
        (
            i64::MAX,
            &[0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
        ),
        (
            i64::MIN,
            &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
        ),
    ];
    for (value, bytes) in cases {
        assert_eq!(encoded(value), bytes, "{value}");
    }
}

#[test]
fn a_stream_has_a_header_and_a_block_for_each_frame() {
    let sync = [7; 16];
    let writer = Writer::new(sync);
    let header = writer.header();
    assert_eq!(CONTENT_TYPE, "avro/binary");
    assert!(header.starts_with(b"Obj\x01\x02\x16avro.schema"));
    assert!(header.ends_with(&[&[0][..], &sync].concat()));
    let error = RowError {
        fatal: true,
        name: "ClientError".into(),
        description: "No.".into(),
        position: 3,
    };
    // The records as the service writes them: one to a block.
    let cases = [
        (
            Frame::Data(Bytes::from_static(b"250\n")),
            &b"\x02\x0c\x00\x08250\n"[..],
        ),
        (Frame::Data(Bytes::new()), b"\x02\x04\x00\x00"),
        (Frame::Error(error), b"\x02\x26\x02\x01\x16ClientError\x06No.\x06"),
        (
            Frame::Progress {
                scanned: 32,
                total: 32,
            },
            b"\x02\x06\x04\x40\x40",
        ),
        (Frame::End { total: 32 }, b"\x02\x04\x06\x40"),
    ];
    for (frame, expected) in cases {
        assert_eq!(writer.frame(&frame), [expected, &sync].concat(), "{frame:?}");
    }
}

#[test]
fn the_schema_is_a_union_of_four_named_records() {
    let schema: serde_json::Value = serde_json::from_str(SCHEMA).unwrap();
    let names: Vec<_> = schema
        .as_array()
        .unwrap()
        .iter()
        .map(|record| record["name"].as_str().unwrap())
        .collect();
    let space = "com.microsoft.azure.storage.queryBlobContents";
    assert_eq!(
        names,
        ["resultData", "error", "progress", "end"].map(|name| format!("{space}.{name}"))
    );
}
