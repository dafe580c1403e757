//! Rows of delimited text and of JSON, in pieces of any size.

use proptest::prelude::*;

use super::super::json::Json;
use super::super::request::{Delimited, JsonText};
use super::*;

/// All records, read from pieces of this length, and what went wrong in the end.
fn read(input: &Input, text: &[u8], piece: usize) -> (Vec<Found>, Option<Problem>) {
    let mut source = Source::new(input).unwrap();
    let mut found = Vec::new();
    for (bytes, last) in text
        .chunks(piece)
        .map(|bytes| (bytes, false))
        .chain([(&b""[..], true)])
    {
        source.push(bytes);
        loop {
            match source.next(last) {
                Ok(Some(record)) => found.push(record),
                Ok(None) => break,
                Err(problem) => return (found, Some(problem)),
            }
        }
    }
    (found, None)
}

fn fields(config: &Delimited, text: &str, piece: usize) -> Vec<Vec<String>> {
    let (found, problem) = read(&Input::Delimited(config.clone()), text.as_bytes(), piece);
    assert_eq!(problem, None);
    assert_eq!(
        found.iter().map(|record| record.bytes).sum::<u64>(),
        text.len() as u64
    );
    let fields = found.into_iter().map(|found| match found.record {
        Record::Fields(fields) => fields,
        Record::Json(_) => panic!("not JSON"),
    });
    fields.collect()
}

#[test]
fn delimited_text_is_cut_into_fields() {
    let plain = Delimited::default();
    let escaping = Delimited {
        escape: Some('\\'),
        ..Delimited::default()
    };
    let unquoted = Delimited {
        field_quote: None,
        ..Delimited::default()
    };
    let wide = Delimited {
        column_separator: "::".to_owned(),
        field_quote: Some('\''),
        record_separator: "||".to_owned(),
        ..Delimited::default()
    };
    let cases: [(&Delimited, &str, &[&[&str]]); 14] = [
        (&plain, "", &[]),
        (&plain, "a,b\n", &[&["a", "b"]]),
        (&plain, "a,b\nc", &[&["a", "b"], &["c"]]),
        (&plain, "a,\n,b", &[&["a", ""], &["", "b"]]),
        (&plain, "\n\n", &[&[""], &[""]]),
        (&plain, "a\r\nb\r\n", &[&["a"], &["b"]]),
        (&plain, "\"a,\n\"\"b\"\r\nc", &[&["a,\n\"b"], &["c"]]),
        (&plain, "a\"b\",c", &[&["a\"b\"", "c"]]),
        (&plain, "\"a\"b,c", &[&["ab", "c"]]),
        (&plain, "\"open\nend", &[&["open\nend"]]),
        (&escaping, "a\\,b,\"c\\\"d\"\n\\", &[&["a,b", "c\"d"], &["\\"]]),
        (&unquoted, "\"a,b\"\n", &[&["\"a", "b\""]]),
        (&wide, "a::'b||'||c:d|e", &[&["a", "b||"], &["c:d|e"]]),
        (&plain, "ä,€\n", &[&["ä", "€"]]),
    ];
    for (config, text, expected) in cases {
        for piece in [1, 2, 3, 100] {
            assert_eq!(
                fields(config, text, piece),
                expected,
                "{text:?} in pieces of {piece}"
            );
        }
    }
}

#[test]
fn records_know_where_they_are() {
    let (found, _) = read(&Input::default(), b"\xef\xbb\xbfa,b\r\nc\n", 2);
    let places: Vec<_> = found
        .iter()
        .map(|record| (record.position, record.bytes))
        .collect();
    assert_eq!(places, [(0, 8), (8, 2)]);
    assert_eq!(
        found[0].record,
        Record::Fields(vec!["a".to_owned(), "b".to_owned()])
    );
}

fn values(text: &str, separator: &str, piece: usize) -> (Vec<String>, Option<Problem>) {
    let config = JsonText {
        record_separator: separator.to_owned(),
    };
    let (found, problem) = read(&Input::Json(config), text.as_bytes(), piece);
    let values = found.into_iter().map(|found| match found.record {
        Record::Json(json) => json.to_string(),
        Record::Fields(_) => panic!("not delimited"),
    });
    (values.collect(), problem)
}

#[test]
fn values_of_json_stand_one_behind_the_other() {
    let cases: [(&str, &str, &[&str]); 8] = [
        ("", "\n", &[]),
        (" \n\n ", "\n", &[]),
        (
            "{\"b\": 1, \"a\": [1, 2.5, null, true]}\n{}",
            "\n",
            &["{\"b\":1,\"a\":[1,2.5,null,true]}", "{}"],
        ),
        ("{}{}[]", "\n", &["{}", "{}", "[]"]),
        ("{};;{};", ";", &["{}", "{}"]),
        (
            "{\"a\":\"}\\\"{\"} 1 \"x\" -2.5e1 true",
            "\n",
            &["{\"a\":\"}\\\"{\"}", "1", "\"x\"", "-25.0", "true"],
        ),
        ("{\"a\":\"\\u00e4\\n\"}", "\n", &["{\"a\":\"ä\\n\"}"]),
        ("18446744073709551615", "\n", &["1.8446744073709552e19"]),
    ];
    for (text, separator, expected) in cases {
        for piece in [1, 2, 7, 100] {
            let (values, problem) = values(text, separator, piece);
            assert_eq!(
                (values.as_slice(), problem),
                (expected.map_strings().as_slice(), None),
                "{text:?}"
            );
        }
    }
}

trait Strings {
    fn map_strings(&self) -> Vec<String>;
}

impl Strings for &[&str] {
    fn map_strings(&self) -> Vec<String> {
        self.iter().map(|text| (*text).to_owned()).collect()
    }
}

#[test]
fn what_is_no_json_ends_the_reading() {
    let token = |found: char, at: u64| Some(Problem::JsonToken { found, at });
    let cases = [
        ("100,200", 1, token(',', 3)),
        ("{}€", 1, token('€', 2)),
        ("{name: owner}\n{}", 0, Some(Problem::Json)),
        ("{} {\"a\":", 1, Some(Problem::Json)),
        ("{]", 0, Some(Problem::Json)),
        ("nul", 0, Some(Problem::Json)),
    ];
    for (text, count, expected) in cases {
        let (values, problem) = values(text, "\n", 100);
        assert_eq!((values.len(), problem), (count, expected), "{text:?}");
    }
    let deep = "[".repeat(100_000);
    assert_eq!(values(&deep, "\n", 4096).1, Some(Problem::Json));
}

#[test]
fn a_record_has_16_mib() {
    let long = vec![b'x'; RECORD_BYTES + 100_000];
    assert_eq!(read(&Input::default(), &long, 1 << 20).1, Some(Problem::TooLong));
    let text = [b"\"", long.as_slice()].concat();
    assert_eq!(
        read(&Input::Json(JsonText::default()), &text, 1 << 20).1,
        Some(Problem::TooLong)
    );
}

#[test]
fn fields_are_found_in_any_case_without_quotes() {
    let json: Json = serde_json::from_str(r#"{"NAME": 1, "name": 2, "Other": 3}"#).unwrap();
    let cases = [
        ("name", true, Some(2)),
        ("Name", true, None),
        ("Name", false, Some(1)),
        ("other", false, Some(3)),
    ];
    for (name, exact, expected) in cases {
        assert_eq!(
            json.field(name, exact),
            expected.map(Json::Int).as_ref(),
            "{name}"
        );
    }
}

proptest! {
    #[test]
    fn pieces_change_nothing(text in "[ab,;\"'\\\\\r\n{}\\[\\]:1.e\u{e4}-]{0,60}", piece in 1usize..10) {
        let configs = [
            Input::default(),
            Input::Delimited(Delimited { escape: Some('\\'), record_separator: ";;".to_owned(), ..Delimited::default() }),
            Input::Json(JsonText::default()),
        ];
        for config in configs {
            prop_assert_eq!(read(&config, text.as_bytes(), piece), read(&config, text.as_bytes(), 1000));
        }
    }

    #[test]
    fn nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..200), separator in ".{0,2}", quote in any::<char>()) {
        let config = Delimited {
            column_separator: separator.clone(),
            field_quote: Some(quote),
            record_separator: separator,
            escape: Some(quote),
            has_headers: false,
        };
        let _ = read(&Input::Delimited(config), &bytes, 7);
        let _ = read(&Input::Json(JsonText::default()), &bytes, 7);
    }
}

#[test]
fn a_record_of_very_many_parts_is_refused() {
    let fields = |count: usize| {
        let (found, problem) = read(
            &Input::Delimited(Delimited::default()),
            ",".repeat(count - 1).as_bytes(),
            4096,
        );
        (found.len(), problem)
    };
    assert_eq!(fields(10_000), (1, None));
    assert_eq!(fields(10_001), (0, Some(Problem::TooManyFields)));
    let values = |count: usize| {
        let text = format!("[{}0]", "0,".repeat(count - 1));
        let (found, problem) = read(&Input::Json(JsonText::default()), text.as_bytes(), 4096);
        (found.len(), problem)
    };
    assert_eq!(values(100_000), (1, None));
    assert_eq!(values(100_001), (0, Some(Problem::TooManyValues)));
}
