//! Pages that are packed, put together by hand: the library is built without any way of packing them.

use miniz_oxide::deflate::compress_to_vec;
use parquet::basic::{Compression, GzipLevel, Repetition, Type, ZstdLevel};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::schema::types::{ColumnDescriptor, ColumnPath, Type as SchemaType};
use ruzstd::encoding::{CompressionLevel, compress_to_vec as zstd};

use super::super::super::value::Value;
use super::super::cells;
use super::super::held::Held;
use super::*;

/// A number as a field with the next number has it.
fn number(value: usize) -> Vec<u8> {
    let mut left = value << 1;
    let mut bytes = vec![0x15];
    while left > 0x7f {
        bytes.push(u8::try_from(left & 0x7f).unwrap() | 0x80);
        left >>= 7;
    }
    bytes.push(u8::try_from(left).unwrap());
    bytes
}

/// A page of plain numbers, of the first form or the second.
fn page(second: bool, unpacked: usize, packed: &[u8], values: usize) -> Vec<u8> {
    let sizes = [
        number(if second { 3 } else { 0 }),
        number(unpacked),
        number(packed.len()),
    ]
    .concat();
    let head = if second {
        let numbers = [
            number(values),
            number(0),
            number(values),
            number(0),
            number(0),
            number(0),
        ];
        [vec![0x5c], numbers.concat(), vec![0x11, 0]].concat()
    } else {
        [
            vec![0x2c],
            number(values),
            number(0),
            number(3),
            number(3),
            vec![0],
        ]
        .concat()
    };
    [sizes, head, vec![0], packed.to_vec()].concat()
}

fn read(pages: Vec<u8>, compression: Compression, rows: usize) -> Result<Vec<Value>, String> {
    let kind = SchemaType::primitive_type_builder("a", Type::INT32).with_repetition(Repetition::REQUIRED);
    let column = ColumnDescriptor::new(Arc::new(kind.build().unwrap()), 0, 0, ColumnPath::from("a"));
    let chunk = ColumnChunkMetaData::builder(Arc::new(column))
        .set_compression(compression)
        .set_data_page_offset(0)
        .set_total_compressed_size(i64::try_from(pages.len()).unwrap())
        .build()
        .unwrap();
    let shown = |failure: failure::Failure| failure.to_string();
    let mut cells = cells::open(&chunk, Arc::new(Bytes::from(pages)), Held::default()).map_err(shown)?;
    (0..rows).map(|_| cells.next().map_err(shown)).collect()
}

#[test]
fn packed_pages_are_read() {
    let values: Vec<u8> = (0..500_i32).flat_map(i32::to_le_bytes).collect();
    let gzip = [
        &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255][..],
        &compress_to_vec(&values, 6),
        &[0; 8],
    ];
    let cases = [
        (Compression::UNCOMPRESSED, values.clone()),
        (
            Compression::SNAPPY,
            snap::raw::Encoder::new().compress_vec(&values).unwrap(),
        ),
        (Compression::GZIP(GzipLevel::default()), gzip.concat()),
        (
            Compression::ZSTD(ZstdLevel::default()),
            zstd(values.as_slice(), CompressionLevel::Fastest),
        ),
        (Compression::LZ4_RAW, lz4_flex::block::compress(&values)),
    ];
    let expected: Vec<_> = (0..500).chain(0..500).map(Value::Int).collect();
    for (compression, packed) in cases {
        let pages = [false, true].map(|second| page(second, values.len(), &packed, 500));
        assert_eq!(
            read(pages.concat(), compression, 1000).as_ref(),
            Ok(&expected),
            "{compression:?}"
        );
        let broken = page(false, values.len() + 4, &packed, 501);
        assert_eq!(
            read(broken, compression, 1),
            Err("The Parquet file is broken.".to_owned()),
            "{compression:?}"
        );
    }
}

#[test]
fn pages_that_would_take_too_much_are_not_unpacked() {
    let large = page(false, 300 << 20, b"", 1);
    assert_eq!(
        read(large, Compression::SNAPPY, 1),
        Err("The pages of a Parquet row group take more than 256 MiB.".to_owned())
    );
    let brotli = Compression::BROTLI(parquet::basic::BrotliLevel::default());
    assert_eq!(
        read(page(false, 4, b"abcd", 1), brotli, 1),
        Err("The Parquet file is compressed with BROTLI, which is not read.".to_owned())
    );
}

#[test]
fn a_column_ends_when_its_pages_do() {
    let values = page(false, 8, &[0; 8], 2);
    assert_eq!(
        read(values.clone(), Compression::UNCOMPRESSED, 2),
        Ok(vec![Value::Int(0); 2])
    );
    assert!(read(values.clone(), Compression::UNCOMPRESSED, 3).is_err());
    assert!(read(page(false, 8, &[0; 8], 3), Compression::UNCOMPRESSED, 3).is_err());
    let index = [number(1), number(4), number(4), vec![0], vec![9; 4]].concat();
    let both = [index, values].concat();
    assert_eq!(
        read(both, Compression::UNCOMPRESSED, 2),
        Ok(vec![Value::Int(0); 2]),
        "pages of other kinds are gone past"
    );
}
