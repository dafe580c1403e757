//! Columns in the form that Arrow wants them in, and what a schema notes.

use super::reading::{Table, i64_at, message};
use super::*;

fn text(text: &str) -> Cell<'_> {
    Cell::Text(text.into())
}

#[test]
fn a_schema_has_notes_and_maps_have_children() {
    let field = Field {
        name: "Metadata",
        kind: Kind::Pairs,
    };
    let bytes = schema([field], &[("NumberOfRecords", "2"), ("NextMarker", "")]);
    let (metadata, body, rest) = message(&bytes);
    assert_eq!((body, rest), (&b""[..], &b""[..]));
    let schema = Table::root(metadata).table(2);
    let notes: Vec<_> = schema
        .tables(2)
        .iter()
        .map(|note| (note.text(0), note.text(1)))
        .collect();
    let expected = [("NumberOfRecords", "2"), ("NextMarker", "")];
    assert_eq!(
        notes,
        expected.map(|(key, value)| (key.to_owned(), value.to_owned()))
    );

    let shape = |field: &Table<'_>| (field.text(0), field.byte(1), field.byte(2));
    let map = &schema.tables(1)[0];
    assert_eq!(shape(map), ("Metadata".to_owned(), 1, 17));
    let entries = &map.tables(5)[0];
    assert_eq!(shape(entries), ("entries".to_owned(), 0, 13));
    let pair: Vec<_> = entries.tables(5).iter().map(shape).collect();
    assert_eq!(pair, [("key".to_owned(), 0, 5), ("value".to_owned(), 1, 5)]);
}

#[test]
fn a_map_is_a_column_of_ends_and_two_of_texts() {
    let mut column = Column::new(Kind::Pairs);
    column.push(&Cell::Pairs(vec![
        ("a".into(), "12".into()),
        ("b".into(), "".into()),
    ]));
    column.push(&Cell::Null);
    column.push(&Cell::Pairs(vec![("c".into(), "3".into())]));
    let bytes = batch([&column], 3);
    let (metadata, body, _) = message(&bytes);
    let batch = Table::root(metadata).table(2);
    assert_eq!(batch.long(0), 3);
    assert_eq!(batch.pairs(1), [(3, 1), (3, 0), (3, 0), (3, 0)]);
    let buffers = batch.pairs(2);
    let lengths: Vec<_> = buffers.iter().map(|(_, length)| *length).collect();
    assert_eq!(lengths, [1, 16, 0, 0, 16, 3, 0, 16, 3]);
    let buffer = |at: usize| {
        let (start, length) = buffers[at];
        &body[usize::try_from(start).unwrap()..usize::try_from(start + length).unwrap()]
    };
    assert_eq!(buffer(0), [0b101]);
    assert_eq!(buffer(1), [0, 2, 2, 3].map(i32::to_le_bytes).concat());
    assert_eq!((buffer(5), buffer(8)), (&b"abc"[..], &b"123"[..]));
}

#[test]
fn a_cell_of_another_kind_is_nothing() {
    let cells = [
        text("x"),
        Cell::Bool(true),
        Cell::Long([1; 8]),
        Cell::Wide([1; 16]),
        Cell::Pairs(vec![]),
    ];
    let decimal = Kind::Decimal {
        precision: 4,
        scale: 2,
    };
    for kind in [Kind::Text, Kind::Bool, Kind::Uint64, decimal, Kind::Pairs] {
        let mut column = Column::new(kind);
        cells.iter().for_each(|cell| column.push(cell));
        let bytes = batch([&column], cells.len());
        let (metadata, _, _) = message(&bytes);
        assert_eq!(Table::root(metadata).table(2).pairs(1)[0], (5, 4), "{kind:?}");
    }
}

#[test]
fn rows_that_were_before_a_column_are_null() {
    let mut column = Column::new(Kind::Seconds);
    column.fill(9);
    column.push(&Cell::Long(7_i64.to_le_bytes()));
    column.fill(10);
    let bytes = batch([&column], 10);
    let (metadata, body, _) = message(&bytes);
    let batch = Table::root(metadata).table(2);
    assert_eq!((batch.pairs(1), body[..2].to_vec()), (vec![(10, 9)], vec![0, 2]));
    assert_eq!(i64_at(body, 8 + 9 * 8), 7);
}

/// Callers compare whole answers, so that bytes count that no reader looks at: the order of fields, what is left out, the padding.
#[test]
fn messages_are_laid_out_as_the_service_lays_them_out() {
    let expected = "\
         ffffffff780000001000000000000a000c000600050008000a000000000104000c0000000800080000000400080000000400000001000000\
         14000000100014000800060007000c00000010001000000000000107100000001c00000004000000000000000300000073756d0008000c00\
         04000800080000000900000003000000ffffffff700000001000000000000a000e000600050008000a000000000304001000000000000a00\
         0c000000040008000a0000003000000004000000020000000000000000000000000000000000000000000000000000000000000000000000\
         000000000100000000000000000000000000000000000000ffffffff8800000014000000000000000c0016000600050008000c000c000000\
         0003040018000000100000000000000000000a0018000c00040008000a0000003c0000001000000001000000000000000000000002000000\
         0000000000000000000000000000000000000000000000001000000000000000000000000100000001000000000000000000000000000000\
         90010000000000000000000000000000";
    let kind = Kind::Decimal {
        precision: 9,
        scale: 3,
    };
    let mut column = Column::new(kind);
    let mut stream = schema([Field { name: "sum", kind }], &[]);
    stream.extend(batch([&column], 0));
    column.push(&Cell::Wide(400_i128.to_le_bytes()));
    stream.extend(batch([&column], 1));
    let shown: String = stream.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(shown, expected);
}

#[test]
fn tables_of_one_form_share_their_outline() {
    let fields = |count: usize| {
        let field = Field {
            name: "same",
            kind: Kind::Int64,
        };
        schema(vec![field; count], &[]).len()
    };
    // A place in the list, then the field with its list, its name and its type, each aligned.
    let each = fields(9) - fields(8);
    assert!(each <= 56, "{each} bytes for one more");
}
