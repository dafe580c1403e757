//! Makes tables.

use bytes::Bytes;
use parquet::basic::Encoding;
use parquet::data_type::{ByteArrayType, DataType, DoubleType, Int32Type};
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder, WriterVersion};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;

/// A file of groups of rows, each with what writes its columns.
pub(super) fn file(schema: &str, properties: WriterProperties, groups: &[&[&dyn Column]]) -> Bytes {
    let schema = parse_message_type(schema).unwrap();
    let mut out = Vec::new();
    let mut file = SerializedFileWriter::new(&mut out, schema.into(), properties.into()).unwrap();
    for columns in groups {
        let mut group: SerializedRowGroupWriter<'_, _> = file.next_row_group().unwrap();
        for column in *columns {
            let mut writer = group.next_column().unwrap().unwrap();
            column.write(&mut writer);
            writer.close().unwrap();
        }
        assert!(group.next_column().unwrap().is_none(), "all columns are written");
        group.close().unwrap();
    }
    file.close().unwrap();
    out.into()
}

pub(super) fn plain() -> WriterPropertiesBuilder {
    WriterProperties::builder().set_dictionary_enabled(false)
}

/// Something that writes a column.
pub(super) trait Column {
    fn write(&self, writer: &mut SerializedColumnWriter<'_>);
}

/// The values of a column that always has one.
pub(super) struct Required<T: DataType>(pub(super) Vec<T::T>);

impl<T: DataType> Column for Required<T> {
    fn write(&self, writer: &mut SerializedColumnWriter<'_>) {
        let typed = writer.typed::<T>();
        typed.write_batch(&self.0, None, None).unwrap();
    }
}

/// The values of a column that may have none.
pub(super) struct Optional<T: DataType>(pub(super) Vec<Option<T::T>>);

impl<T: DataType> Column for Optional<T> {
    fn write(&self, writer: &mut SerializedColumnWriter<'_>) {
        let values: Vec<_> = self.0.iter().flatten().cloned().collect();
        let levels: Vec<_> = self.0.iter().map(|value| i16::from(value.is_some())).collect();
        writer
            .typed::<T>()
            .write_batch(&values, Some(&levels), None)
            .unwrap();
    }
}

/// Two values in the first row, one in the second.
pub(super) struct Repeated;

impl Column for Repeated {
    fn write(&self, writer: &mut SerializedColumnWriter<'_>) {
        writer
            .typed::<Int32Type>()
            .write_batch(&[1, 2, 3], Some(&[1, 1, 1]), Some(&[0, 1, 0]))
            .unwrap();
    }
}

/// So many rows, in pages of a hundred and groups of up to 400.
pub(super) fn long(
    rows: i32,
    version: WriterVersion,
    text: Option<Encoding>,
    number: Option<Encoding>,
) -> Bytes {
    let schema = "message m { required int32 id; optional binary name (utf8); required double half; }";
    let mut properties = WriterProperties::builder()
        .set_writer_version(version)
        .set_dictionary_enabled(text.is_none())
        .set_data_page_row_count_limit(100)
        .set_write_batch_size(50);
    for (column, encoding) in [("name", text), ("id", number), ("half", None)] {
        if let Some(encoding) = encoding {
            properties = properties.set_column_encoding(column.into(), encoding);
        }
    }
    let ids: Vec<i32> = (0..rows).collect();
    let groups = ids.chunks(400).map(|ids| {
        let names = ids
            .iter()
            .map(|id| (id % 7 != 0).then(|| name(*id).as_str().into()));
        (
            Required::<Int32Type>(ids.to_vec()),
            Optional::<ByteArrayType>(names.collect()),
            Required::<DoubleType>(ids.iter().map(|id| f64::from(*id) / 2.0).collect()),
        )
    });
    let groups: Vec<_> = groups.collect();
    let columns: Vec<[&dyn Column; 3]> = groups
        .iter()
        .map(|(ids, names, halves)| [ids as &dyn Column, names, halves])
        .collect();
    let columns: Vec<&[&dyn Column]> = columns.iter().map(<[_; 3]>::as_slice).collect();
    file(schema, properties.build(), &columns)
}

/// A name, of which each shares some with the one before.
pub(super) fn name(id: i32) -> String {
    format!("name {:04} of many", id / 3)
}
