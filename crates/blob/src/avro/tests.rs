//! Files that are right, and many that are not.

use bytes::Bytes;
use futures_util::FutureExt as _;
use proptest::prelude::*;

use super::testing::{self, block, file, header, long, text};
use super::{AvroReader, Source, VALUES_LIMIT, Value};
use crate::{Error, ErrorKind};

/// Bytes in pieces, always ready.
struct Pieces(std::vec::IntoIter<Vec<u8>>);

impl Source for Pieces {
    async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        self.0.next().map(|piece| Ok(piece.into()))
    }
}

fn pieces(bytes: &[u8], length: usize) -> Pieces {
    Pieces(
        bytes
            .chunks(length)
            .map(<[u8]>::to_vec)
            .collect::<Vec<_>>()
            .into_iter(),
    )
}

fn read_all<S: Source>(mut reader: AvroReader<S>) -> Result<Vec<Value>, Error> {
    let mut values = Vec::new();
    while let Some(value) = reader.next().now_or_never().expect("all pieces are ready")? {
        values.push(value);
    }
    Ok(values)
}

fn read(bytes: &[u8]) -> Result<Vec<Value>, Error> {
    read_all(AvroReader::new(pieces(bytes, 7)))
}

/// Why a file cannot be read.
fn refusal(bytes: &[u8]) -> String {
    let error = read(bytes).expect_err("the file is bad");
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    error.to_string()
}

fn string(text: &str) -> Value {
    Value::String(text.into())
}

const EVERYTHING: &str = r#"{"type": "record", "name": "all", "namespace": "a.b", "doc": "one of each", "fields": [
    {"name": "nothing", "type": "null"}, {"name": "yes", "type": "boolean"},
    {"name": "int", "type": "int"}, {"name": "long", "type": {"type": "long", "logicalType": "timestamp-micros"}},
    {"name": "float", "type": "float"}, {"name": "double", "type": "double"},
    {"name": "bytes", "type": "bytes"}, {"name": "fixed", "type": {"type": "fixed", "name": "four", "size": 4}},
    {"name": "again", "type": "four"}, {"name": "enum", "type": {"type": "enum", "name": "color", "symbols": ["RED", "BLUE"]}},
    {"name": "array", "type": {"type": "array", "items": "string"}},
    {"name": "map", "type": {"type": "map", "values": ["null", "long"]}},
    {"name": "self", "type": ["null", "a.b.all"]}]}"#;

fn everything() -> Vec<u8> {
    [
        vec![1],
        long(-1),
        long(i64::MIN),
        1.5_f32.to_le_bytes().to_vec(),
        (-2.5_f64).to_le_bytes().to_vec(),
        text([0xFF, 0x00]),
        b"abcdefgh".to_vec(),
        long(1),
        // Two runs, the second with its length in bytes.
        [
            long(1),
            text("x"),
            long(-2),
            long(4),
            text("y"),
            text("z"),
            long(0),
        ]
        .concat(),
        [
            long(2),
            text("k"),
            long(1),
            long(i64::MAX),
            text("n"),
            long(0),
            long(0),
        ]
        .concat(),
        long(0),
    ]
    .concat()
}

#[test]
fn every_type_is_read_at_every_cut() {
    let bytes = file(
        EVERYTHING,
        &[vec![everything()], vec![], vec![everything(), everything()]],
    );
    for length in [1, 2, 3, 16, 17, 1_000, bytes.len()] {
        let values = read_all(AvroReader::new(pieces(&bytes, length))).unwrap();
        assert_eq!(values.len(), 3);
        let Value::Record(record) = values[2].clone() else {
            panic!("{values:?}")
        };
        assert_eq!(record.name(), "all");
        let (names, fields): (Vec<_>, Vec<_>) = record.into_fields().unzip();
        assert_eq!((names[0].as_ref(), names[12].as_ref()), ("nothing", "self"));
        let expected = [
            Value::Null,
            Value::Boolean(true),
            Value::Long(-1),
            Value::Long(i64::MIN),
            Value::Double(1.5),
            Value::Double(-2.5),
            Value::Bytes(Bytes::from_static(&[0xFF, 0])),
            Value::Bytes(Bytes::from_static(b"abcd")),
            Value::Bytes(Bytes::from_static(b"efgh")),
            string("BLUE"),
            Value::Array(vec![string("x"), string("y"), string("z")]),
            Value::Map(vec![
                ("k".into(), Value::Long(i64::MAX)),
                ("n".into(), Value::Null),
            ]),
            Value::Null,
        ];
        assert_eq!(fields, expected);
    }
}

#[test]
fn packed_blocks_are_read_and_bounded() {
    let packed = |data: &[u8]| miniz_oxide::deflate::compress_to_vec(data, 6);
    let data = text("hello hello hello hello");
    let good = [header(r#""string""#, Some("deflate")), block(1, &packed(&data))].concat();
    assert_eq!(read(&good).unwrap(), [string("hello hello hello hello")]);
    let not_packed = [header(r#""string""#, Some("deflate")), block(1, &data)].concat();
    assert!(refusal(&not_packed).contains("not packed as it says"));
    let bomb = packed(&vec![0; super::BLOCK_LIMIT + 1]);
    let bomb = [header(r#""string""#, Some("deflate")), block(1, &bomb)].concat();
    assert!(refusal(&bomb).contains("more than 67108864 bytes"));
    let other = header(r#""string""#, Some("zstandard"));
    assert!(refusal(&other).contains("zstandard"));
}

#[test]
fn what_a_file_claims_takes_no_memory_and_no_time() {
    let many = long(i64::MAX);
    let head = |schema: &str| header(schema, None);
    for (bytes, why) in [
        (
            [
                head(r#""long""#),
                many.clone(),
                long(1),
                vec![0],
                testing::SYNC.to_vec(),
            ]
            .concat(),
            "more objects than bytes",
        ),
        (
            [head(r#""long""#), long(1), many.clone()].concat(),
            "more than 67108864 bytes",
        ),
        (
            [head(r#""null""#), block(1, &[])].concat(),
            "more objects than bytes",
        ),
        (
            file(r#"{"type": "array", "items": "null"}"#, &[vec![many.clone()]]),
            "more than 65536 values",
        ),
        (
            file(r#"{"type": "map", "values": "null"}"#, &[vec![many.clone()]]),
            "after the end of its block",
        ),
        (
            file(r#""bytes""#, &[vec![many.clone()]]),
            "after the end of its block",
        ),
        (
            file(
                r#"{"type": "fixed", "name": "f", "size": 9999999999999}"#,
                &[vec![vec![0]]],
            ),
            "after the end of its block",
        ),
        (
            file(
                r#"{"type": "record", "name": "r", "fields": [{"name": "f", "type": "r"}]}"#,
                &[vec![vec![0]]],
            ),
            "more than 64 deep",
        ),
        (
            [b"Obj\x01".to_vec(), many.clone()].concat(),
            "more than 1000 pairs",
        ),
        (
            [b"Obj\x01".to_vec(), long(1), many].concat(),
            "more than 1048576 bytes",
        ),
        (
            [
                b"Obj\x01".to_vec(),
                long(1),
                text("avro.schema"),
                text(vec![b'['; super::HEADER_LIMIT]),
            ]
            .concat(),
            "more than 1048576 bytes",
        ),
        (head(&"[".repeat(10_000)), "not JSON"),
        (
            head(&format!(
                r#"{{"type": "enum", "name": "e", "symbols": ["{}"]}}"#,
                "s".repeat(2_000)
            )),
            "up to 1024 bytes",
        ),
    ] {
        let said = refusal(&bytes);
        assert!(said.contains(why), "{said:?} does not say {why:?}");
    }
    assert!(VALUES_LIMIT * size_of::<Value>() <= 4 << 20);
}

#[test]
fn what_is_broken_is_said() {
    let good = file(r#""string""#, &[vec![text("a")], vec![text("b")]]);
    assert_eq!(read(&good).unwrap(), [string("a"), string("b")]);
    let mut marker = good.clone();
    *marker.last_mut().unwrap() ^= 1;
    for (bytes, why) in [
        (Vec::new(), "ends within"),
        (b"Obj\x02".to_vec(), "does not start as"),
        (marker, "does not end with the file's marker"),
        (header("{}", None), "does not say what it is"),
        (header("7", None), "is no type"),
        (header(r#""other""#, None), "does not have"),
        (
            header(r#"{"type": "record", "name": "r", "fields": 7}"#, None),
            "no list",
        ),
        (file(r#""boolean""#, &[vec![vec![2]]]), "neither true nor false"),
        (file(r#"["null"]"#, &[vec![long(1)]]), "not in the schema"),
        (file(r#"["null"]"#, &[vec![long(-1)]]), "negative"),
        (
            file(
                r#"{"type": "enum", "name": "e", "symbols": []}"#,
                &[vec![long(0)]],
            ),
            "not in the schema",
        ),
        (file(r#""string""#, &[vec![text([0xFF])]]), "not UTF-8"),
        (file(r#""long""#, &[vec![vec![0xFF; 10]]]), "64 bits"),
        (
            [header(r#""long""#, None), block(1, &[0, 0])].concat(),
            "more bytes than its objects",
        ),
        (
            [header(r#""long""#, None), long(-1)].concat(),
            "negative number of objects",
        ),
    ] {
        let said = refusal(&bytes);
        assert!(said.contains(why), "{said:?} does not say {why:?}");
    }
    // Cut anywhere but between blocks, a file is not whole.
    let head = header(r#""string""#, None).len();
    let between = [head, head + (good.len() - head) / 2];
    for cut in (0..good.len()).filter(|cut| !between.contains(cut)) {
        assert!(refusal(&good[..cut]).contains("ends within"), "{cut}");
    }
}

#[cfg(feature = "change-feed")]
#[test]
fn reading_goes_on_after_any_object() {
    let objects: Vec<_> = (0..7).map(|at| text(format!("object {at}"))).collect();
    let bytes = file(
        r#""string""#,
        &[
            objects[..3].to_vec(),
            vec![],
            objects[3..4].to_vec(),
            objects[4..].to_vec(),
        ],
    );
    let mut reader = AvroReader::new(pieces(&bytes, 5));
    let all = read(&bytes).unwrap();
    assert_eq!(reader.place(), None);
    for taken in 1..=7 {
        reader.next().now_or_never().unwrap().unwrap();
        let place = reader.place().unwrap();
        let from = |_: &Pieces, at: u64| pieces(&bytes[usize::try_from(at).unwrap()..], 5);
        let resumed = AvroReader::new(pieces(&bytes, 5)).resume(place, from);
        let rest = read_all(resumed.now_or_never().unwrap().unwrap()).unwrap();
        assert_eq!(rest, all[taken..]);
    }
    // A place that is none of this file.
    let place = reader.place().unwrap();
    for place in [
        super::Place {
            block: place.block - 1,
            ..place
        },
        super::Place { block: 20, ..place },
        super::Place {
            index: 4,
            block: header(r#""string""#, None).len() as u64,
        },
    ] {
        let from = |_: &Pieces, at: u64| pieces(&bytes[usize::try_from(at).unwrap()..], 5);
        let resumed = AvroReader::new(pieces(&bytes, 5)).resume(place, from);
        let outcome = resumed.now_or_never().unwrap().and_then(read_all);
        assert_eq!(
            outcome.unwrap_err().kind(),
            ErrorKind::InvalidResponse,
            "{place:?}"
        );
    }
}

proptest! {
    #[test]
    fn numbers_survive(number in any::<i64>()) {
        prop_assert_eq!(read(&file(r#""long""#, &[vec![long(number)]])).unwrap(), [Value::Long(number)]);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes);
        let _ = read(&[&b"Obj\x01"[..], &bytes].concat());
        let _ = read(&[header(EVERYTHING, None), block(1, &bytes)].concat());
        let _ = read(&[header(EVERYTHING, Some("deflate")), block(1, &bytes)].concat());
    }

    #[test]
    fn damaged_files_are_read_or_refused(
        damage in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..8),
        piece in 1_usize..200,
    ) {
        let mut bytes = file(EVERYTHING, &[vec![everything(); 3], vec![everything()]]);
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Err(error) = read_all(AvroReader::new(pieces(&bytes, piece))) {
            prop_assert_eq!(error.kind(), ErrorKind::InvalidResponse);
        }
    }
}
