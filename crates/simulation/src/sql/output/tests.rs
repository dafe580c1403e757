//! Rows in all the forms that an answer can have.

use super::super::json::Json;
use super::super::request::{ArrowField, ArrowType, Delimited, JsonText};
use super::*;
use crate::arrow::reading::{Table, i64_at, message};

fn cells(values: &[(&str, Value)]) -> Cells {
    values
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect()
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn written(output: &Output, rows: &[Cells]) -> String {
    let mut writer = Writer::new(output);
    for row in rows {
        writer.row(row).unwrap();
    }
    assert!(writer.held() > 0);
    let out = String::from_utf8(writer.take().to_vec()).unwrap();
    assert_eq!(writer.held(), 0);
    out
}

#[test]
fn fields_are_quoted_where_they_must_be() {
    let row = cells(&[
        ("a", text("x;y")),
        ("b", text("it's")),
        ("c", Value::Null),
        ("d", Value::Float(2.5)),
        ("e", Value::Bool(true)),
    ]);
    let config = |quote: Option<char>, escape: Option<char>, has_headers: bool| {
        Output::Delimited(Delimited {
            column_separator: ";".to_owned(),
            field_quote: quote,
            record_separator: "%".to_owned(),
            escape,
            has_headers,
        })
    };
    let cases = [
        (config(Some('\''), None, false), "'x;y';'it''s';;2.5;true%"),
        (config(Some('\''), Some('\\'), false), "'x;y';'it\\'s';;2.5;true%"),
        (config(None, Some('\\'), false), "x\\;y;it's;;2.5;true%"),
        (config(None, None, true), "a;b;c;d;e%x;y;it's;;2.5;true%"),
    ];
    for (config, expected) in cases {
        assert_eq!(
            written(&config, std::slice::from_ref(&row)),
            expected,
            "{config:?}"
        );
    }
}

#[test]
fn objects_have_no_blanks_and_nothing_missing() {
    let config = JsonText {
        record_separator: ";".to_owned(),
    };
    let rows = [
        cells(&[
            ("a\"", text("x\n\u{1}")),
            ("b", Value::Missing),
            ("c", Value::Null),
            ("d", Value::Float(4.0)),
            ("e", Value::Tree(Json::List(vec![Json::Int(1)]))),
        ]),
        cells(&[("b", Value::Missing)]),
    ];
    assert_eq!(
        written(&Output::Json(config), &rows),
        "{\"a\\\"\":\"x\\n\\u0001\",\"c\":null,\"d\":4.0,\"e\":[1]};{};"
    );
}

fn field(name: &str, kind: ArrowType) -> ArrowField {
    ArrowField {
        name: Some(name.to_owned()),
        kind,
    }
}

#[test]
fn arrow_begins_with_the_schema_and_an_empty_batch() {
    let fields = vec![
        field(
            "name",
            ArrowType::Decimal {
                precision: 4,
                scale: 2,
            },
        ),
        ArrowField {
            name: None,
            kind: ArrowType::TimestampMs,
        },
        field("i", ArrowType::Int64),
        field("f", ArrowType::Double),
        field("s", ArrowType::String),
        field("b", ArrowType::Bool),
    ];
    let prologue = Writer::new(&Output::Arrow(fields)).prologue().unwrap();
    let (metadata, body, rest) = message(&prologue);
    assert_eq!(body, b"");
    let root = Table::root(metadata);
    assert_eq!((root.byte(0), root.byte(1)), (4, 1));
    let found: Vec<_> = root
        .table(2)
        .tables(1)
        .iter()
        .map(|field| (field.text(0), field.byte(1), field.byte(2), field.tables(5).len()))
        .collect();
    let expected = [("name", 7), ("2", 10), ("i", 2), ("f", 3), ("s", 5), ("b", 6)];
    assert_eq!(found, expected.map(|(name, kind)| (name.to_owned(), 1, kind, 0)));
    let decimal = root.table(2).tables(1)[0].table(3);
    assert_eq!([0, 1].map(|id| decimal.byte(id)), [4, 2]);

    let (metadata, _, rest) = message(rest);
    let root = Table::root(metadata);
    assert_eq!((root.byte(1), root.table(2).long(0), rest.len()), (3, 0, 0));
}

#[test]
fn arrow_has_a_batch_of_columns() {
    let fields = vec![
        field(
            "d",
            ArrowType::Decimal {
                precision: 4,
                scale: 2,
            },
        ),
        field("s", ArrowType::String),
        field("b", ArrowType::Bool),
        field("t", ArrowType::TimestampMs),
    ];
    let mut writer = Writer::new(&Output::Arrow(fields));
    assert_eq!((writer.held(), writer.take().len()), (0, 0));
    writer
        .row(&cells(&[
            ("", text("400")),
            ("", text("ab")),
            ("", text("true")),
            ("", text("1970-01-01T00:00:01Z")),
        ]))
        .unwrap();
    writer
        .row(&cells(&[
            ("", text("-1.5")),
            ("", Value::Null),
            ("", Value::Missing),
            ("", Value::Null),
        ]))
        .unwrap();
    assert!(writer.held() > 0);
    let stream = writer.take();
    let (metadata, body, rest) = message(&stream);
    assert_eq!(rest, b"");
    let batch = Table::root(metadata).table(2);
    assert_eq!(batch.long(0), 2);
    assert_eq!(batch.pairs(1), [(2, 0), (2, 1), (2, 1), (2, 1)]);
    let buffers = batch.pairs(2);
    let lengths: Vec<_> = buffers.iter().map(|(_, length)| *length).collect();
    assert_eq!(lengths, [0, 32, 1, 12, 2, 1, 1, 1, 16]);
    assert!(buffers.iter().all(|(at, _)| at % 8 == 0));
    let buffer = |at: usize| {
        let (start, length) = buffers[at];
        &body[usize::try_from(start).unwrap()..usize::try_from(start + length).unwrap()]
    };
    assert_eq!(
        buffer(1),
        [400_i128.to_le_bytes(), (-15_i128).to_le_bytes()].concat()
    );
    assert_eq!(buffer(2), [1]);
    assert_eq!(buffer(3), [0, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0]);
    assert_eq!(buffer(4), b"ab");
    assert_eq!(buffer(6), [1]);
    assert_eq!(i64_at(buffer(8), 0), 1000);
}

#[test]
fn arrow_refuses_what_does_not_fit() {
    let kind = ArrowType::Decimal {
        precision: 4,
        scale: 2,
    };
    let mut writer = Writer::new(&Output::Arrow(vec![
        field("d", kind),
        field("i", ArrowType::Int64),
    ]));
    let cases = [
        (vec![("", text("1"))], Problem::Schema),
        (vec![("", text("x")), ("", text("1"))], Problem::Conversion),
        (vec![("", text("12345")), ("", text("1"))], Problem::Overflow),
        (vec![("", text("1")), ("", text("1.5"))], Problem::Conversion),
    ];
    for (row, expected) in cases {
        assert_eq!(writer.row(&cells(&row)), Err(expected), "{row:?}");
    }
    assert_eq!(writer.held(), 0, "a row that is refused leaves nothing behind");
}

#[test]
fn arrow_types_have_their_names() {
    assert_eq!(
        ArrowType::named("timestamp[ms]", None, None),
        Some(ArrowType::TimestampMs)
    );
    assert_eq!(
        ArrowType::named("decimal", Some(4), Some(2)),
        Some(ArrowType::Decimal {
            precision: 4,
            scale: 2
        })
    );
    for (name, precision, scale) in [
        ("int32", None, None),
        ("decimal", Some(39), None),
        ("decimal", Some(2), Some(3)),
        ("decimal", Some(0), None),
    ] {
        assert_eq!(ArrowType::named(name, precision, scale), None, "{name}");
    }
}
