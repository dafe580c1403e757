//! What is answered about whole tables.

use parquet::basic::Encoding;
use parquet::data_type::{
    BoolType, ByteArrayType, DoubleType, FixedLenByteArray, FixedLenByteArrayType, FloatType, Int32Type,
    Int64Type, Int96, Int96Type,
};
use parquet::file::properties::WriterVersion;

use super::writing::{Optional, Repeated, Required, file, long, name, plain};
use super::*;

#[test]
fn columns_are_found_by_name_and_by_place() {
    let fruit = file(
        "message fruit { required int64 id; optional binary Name (utf8); required boolean ripe; }",
        plain().build(),
        &[&[
            &Required::<Int64Type>(vec![1, 2, 3]),
            &Optional::<ByteArrayType>(vec![Some("apple".into()), None, Some("pear, green".into())]),
            &Required::<BoolType>(vec![true, false, true]),
        ]],
    );
    let cases = [
        (
            "SELECT * FROM BlobStorage",
            "1,apple,true\n2,,false\n3,\"pear, green\",true\n",
        ),
        ("SELECT name FROM BlobStorage WHERE id = 1", "apple\n"),
        ("SELECT _3, _1 FROM BlobStorage WHERE _1 > 2", "true,3\n"),
        (
            "SELECT f.\"Name\" FROM BlobStorage f WHERE ripe LIMIT 1",
            "apple\n",
        ),
        ("SELECT id FROM BlobStorage WHERE name IS NULL;", "2\n"),
        ("SELECT COUNT(*) FROM BlobStorage", "3\n"),
        (
            "SELECT COUNT(name), SUM(id), MAX(name) FROM BlobStorage",
            "2,6,\"pear, green\"\n",
        ),
        ("SELECT id FROM BlobStorage LIMIT 0", ""),
        ("SELECT id FROM blobstorage[*] WHERE id < 1", ""),
    ];
    for (expression, expected) in cases {
        assert_eq!(select(&fruit, expression), expected, "{expression}");
    }
    let (lines, _) = run(&fruit, "SELECT * FROM BlobStorage WHERE id < 3", json());
    assert_eq!(
        lines,
        "{\"id\":1,\"Name\":\"apple\",\"ripe\":true}\n{\"id\":2,\"Name\":null,\"ripe\":false}\n"
    );
    assert_eq!(
        refusal(&fruit, "SELECT nothing FROM BlobStorage"),
        "Column name does not exist."
    );
    let (_, errors) = run(&fruit, "SELECT _4 FROM BlobStorage", csv());
    assert_eq!(errors, ["Column ordinal does not exist in row."; 3]);
    for expression in [
        "SELECT a FROM BlobStorage[*].b",
        "SELECT sys.split(10485760) FROM BlobStorage",
    ] {
        let request = Request {
            expression: expression.to_owned(),
            input: Input::Parquet,
            output: csv(),
        };
        let engine = TableEngine::new(&request, Arc::new(fruit.clone()), datetime!(2024-01-01 0:00 UTC));
        assert!(engine.is_err(), "{expression}");
    }
}

#[test]
fn values_have_types() {
    let bytes = |bytes: &[u8]| FixedLenByteArray::from(bytes.to_vec());
    let mut moment = Int96::new();
    moment.set_data(1_500_000_000, 0, 2_440_589);
    let table = file(
        "message m {
            required int32 day (DATE);
            required int64 at (TIMESTAMP(MILLIS,true));
            required int96 old;
            required int32 clock (TIME(MILLIS,false));
            required int32 price (DECIMAL(9,2));
            required binary cost (DECIMAL(20,3));
            required int32 count (INTEGER(32,false));
            required float ratio;
            required fixed_len_byte_array(2) small (FLOAT16);
            required fixed_len_byte_array(16) key (UUID);
        }",
        plain().build(),
        &[&[
            &Required::<Int32Type>(vec![19_782]),
            &Required::<Int64Type>(vec![1_709_208_000_500]),
            &Required::<Int96Type>(vec![moment]),
            &Required::<Int32Type>(vec![3_600_000]),
            &Required::<Int32Type>(vec![1250]),
            &Required::<ByteArrayType>(vec![vec![0xff, 0x85].into()]),
            &Required::<Int32Type>(vec![-1]),
            &Required::<FloatType>(vec![0.5]),
            &Required::<FixedLenByteArrayType>(vec![bytes(&[0x00, 0x3e])]),
            &Required::<FixedLenByteArrayType>(vec![bytes(&[0x11; 16])]),
        ]],
    );
    assert_eq!(
        select(&table, "SELECT * FROM BlobStorage"),
        "2024-02-29T00:00:00Z,2024-02-29T12:00:00.5Z,1970-01-02T00:00:01.5Z,01:00:00,12.5,-0.123,4294967295,0.5,1.5,\
         11111111-1111-1111-1111-111111111111\n"
    );
    let filtered =
        "SELECT day FROM BlobStorage WHERE price < 13 AND at > '2024-02-29T12:00:00Z' AND count > 2147483647";
    assert_eq!(select(&table, filtered), "2024-02-29T00:00:00Z\n");
}

#[test]
fn every_encoding_is_read() {
    const TEXTS: [Option<Encoding>; 4] = [
        None,
        Some(Encoding::PLAIN),
        Some(Encoding::DELTA_LENGTH_BYTE_ARRAY),
        Some(Encoding::DELTA_BYTE_ARRAY),
    ];
    let numbers = [
        None,
        Some(Encoding::DELTA_BINARY_PACKED),
        Some(Encoding::BYTE_STREAM_SPLIT),
        Some(Encoding::PLAIN),
    ];
    let expected: String = (0..1000)
        .map(|id| {
            let name = if id % 7 == 0 { String::new() } else { name(id) };
            format!("{id},{name},{}\n", f64::from(id) / 2.0)
        })
        .collect();
    for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
        for (text, number) in TEXTS.into_iter().zip(numbers) {
            let table = long(1000, version, text, number);
            assert_eq!(
                select(&table, "SELECT * FROM BlobStorage"),
                expected,
                "{version:?} {text:?} {number:?}"
            );
        }
    }
}

#[test]
fn only_what_is_asked_for_is_read() {
    let table = long(1000, WriterVersion::PARQUET_1_0, Some(Encoding::PLAIN), None);
    let scanned = |expression: &str| {
        let frames = frames(&table, expression, csv());
        let scanned = frames.iter().filter_map(|frame| match frame {
            Frame::Progress { scanned, total } => Some((*scanned, *total)),
            _ => None,
        });
        let (scanned, total) = scanned.last().unwrap();
        assert_eq!(total, table.len() as u64);
        scanned
    };
    let footer = scanned("SELECT COUNT(*) FROM BlobStorage");
    let ids = scanned("SELECT id FROM BlobStorage") - footer;
    let all = scanned("SELECT * FROM BlobStorage");
    assert!(footer > 100 && (4000..6000).contains(&ids), "{footer} {ids}");
    // What is left are the marks: the first one, as the last one is the footer's.
    assert!(
        all > 16_000 && all + 4 <= table.len() as u64,
        "{all} of {}",
        table.len()
    );
    let first = scanned("SELECT id FROM BlobStorage LIMIT 1") - footer;
    assert!(first < ids, "later groups of rows are not begun");
}

#[test]
fn columns_of_columns_are_refused_where_they_are_asked_for() {
    let table = file(
        "message m {
            required int32 id;
            required group place { required int32 x; }
            repeated int32 many;
        }",
        plain().build(),
        &[&[
            &Required::<Int32Type>(vec![1, 2]),
            &Required::<Int32Type>(vec![3, 4]),
            &Repeated,
        ]],
    );
    assert_eq!(select(&table, "SELECT id FROM BlobStorage"), "1\n2\n");
    assert_eq!(select(&table, "SELECT COUNT(*) FROM BlobStorage"), "2\n");
    for (expression, column) in [
        ("SELECT * FROM BlobStorage", "place"),
        ("SELECT id FROM BlobStorage WHERE place = 1", "place"),
        ("SELECT many FROM BlobStorage", "many"),
    ] {
        let expected = format!("The column '{column}' is made of columns or repeated, which is not read.");
        assert_eq!(refusal(&table, expression), expected, "{expression}");
    }
}

#[test]
fn empty_tables_have_no_rows() {
    let table = file("message m { required double a; }", plain().build(), &[]);
    assert_eq!(select(&table, "SELECT * FROM BlobStorage"), "");
    let table = file(
        "message m { required double a; }",
        plain().build(),
        &[
            &[&Required::<DoubleType>(vec![])],
            &[&Required::<DoubleType>(vec![1.5])],
        ],
    );
    assert_eq!(select(&table, "SELECT * FROM BlobStorage"), "1.5\n");
}
