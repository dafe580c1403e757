//! Files that are no tables, or were made to do harm: they are answered, whatever is in them.

use std::sync::OnceLock;

use parquet::basic::Encoding;
use parquet::file::properties::WriterVersion;
use proptest::prelude::*;

use super::writing::long;
use super::*;

static TABLES: OnceLock<Vec<Bytes>> = OnceLock::new();

const ALL: &str = "SELECT * FROM BlobStorage";

fn with_footer(footer: &[u8]) -> Bytes {
    let len = u32::try_from(footer.len()).unwrap().to_le_bytes();
    [b"PAR1", footer, &len, b"PAR1"].concat().into()
}

#[test]
fn what_is_no_table_is_said() {
    let none = "The blob is not a Parquet file.";
    let broken = "The Parquet file is broken.";
    let cases: [(&[u8], &str); 8] = [
        (b"", none),
        (b"PAR1", none),
        (b"id,name\n1,apple\n2,pear\n", none),
        (b"PAR1\0\0\0\0PAR2", none),
        (b"\0\0\0\0PAR1", none),
        (b"PAR1\0\0\0\0PARE", "The Parquet file is encrypted."),
        (b"PAR1\x09\0\0\0PAR1", broken),
        (b"PAR1\0\0\0\0PAR1", broken),
    ];
    for (file, expected) in cases {
        let file = Bytes::from_static(file);
        assert_eq!(refusal(&file, ALL), expected, "{file:?}");
        assert_eq!(
            refusal(&file, "SELECT COUNT(*) FROM BlobStorage"),
            expected,
            "{file:?}"
        );
    }
}

#[test]
fn footers_that_announce_too_much_are_not_followed() {
    // A list of structures with so many elements that the room for them would be gigabytes.
    let many = [0xfc, 0xff, 0xff, 0xff, 0xff, 0x07];
    let version = [0x15, 2];
    let cases = [
        [&version[..], &[0x19], &many].concat(),
        // A schema of one element, whose children would be 2^31.
        [
            &version[..],
            &[0x19, 0x1c, 0x55, 0xfe, 0xff, 0xff, 0xff, 0x0f, 0, 0],
        ]
        .concat(),
        // Rows, and groups of them.
        [&version[..], &[0x19, 0x0c, 0x16, 0, 0x19], &many].concat(),
        // Columns in the first group.
        [&version[..], &[0x19, 0x0c, 0x16, 0, 0x19, 0x1c, 0x19], &many].concat(),
        // Structures within structures.
        [&version[..], &[0x7c], &[0x1c; 200][..]].concat(),
    ];
    for footer in cases {
        assert_eq!(
            refusal(&with_footer(&footer), ALL),
            "The Parquet file is broken.",
            "{footer:x?}"
        );
    }
    let long = with_footer(&vec![0; 8 * 1024 * 1024 + 1]);
    assert_eq!(
        refusal(&long, ALL),
        "The Parquet file's footer is longer than 8 MiB."
    );
}

#[test]
fn schemas_that_are_too_deep_are_not_followed() {
    // Each element has one child, which is the next one.
    let deep = [0x55, 2, 0].repeat(5000);
    let count = [0x19, 0xfc, 0x88, 0x27];
    let footer = [&[0x15, 2][..], &count, &deep, &[0]].concat();
    assert_eq!(refusal(&with_footer(&footer), ALL), "The Parquet file is broken.");
}

fn tables() -> Vec<Bytes> {
    let texts = [
        None,
        Some(Encoding::DELTA_LENGTH_BYTE_ARRAY),
        Some(Encoding::DELTA_BYTE_ARRAY),
    ];
    let numbers = [
        None,
        Some(Encoding::DELTA_BINARY_PACKED),
        Some(Encoding::BYTE_STREAM_SPLIT),
    ];
    let versions = [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0];
    let kinds = texts.into_iter().zip(numbers);
    kinds
        .flat_map(|(text, number)| versions.map(|version| long(250, version, text, number)))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn broken_tables_are_answered(
        which in 0_usize..6,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let tables = TABLES.get_or_init(tables);
        let mut file = tables[which].to_vec();
        for (at, byte) in changes {
            let at = at.index(file.len());
            file[at] = byte;
        }
        if let Some(cut) = cut {
            // The end stays: without it nothing would be looked at.
            let at = cut.index(file.len() - 100);
            file.remove(at);
        }
        let answered = frames(&file.into(), ALL, json());
        prop_assert!(answered.len() >= 3);
    }
}
