//! Queries from the text to the frames.

use proptest::prelude::*;
use time::macros::datetime;

use super::*;

fn request(expression: &str, input: Input, output: Output) -> Request {
    Request {
        expression: expression.to_owned(),
        input,
        output,
    }
}

fn frames(request: &Request, blob: &[u8], piece: usize) -> Vec<Frame> {
    let engine = Engine::new(request, blob.len() as u64, datetime!(2024-02-29 12:00 UTC)).unwrap();
    let mut engine = engine.unwrap();
    let mut frames = Vec::new();
    for piece in blob.chunks(piece) {
        if !engine.is_done() {
            engine.push(piece, &mut frames);
        }
    }
    engine.finish(&mut frames);
    frames
}

/// The result, and each error's name and place.
fn run(request: &Request, blob: &str) -> (String, Vec<(String, u64)>) {
    let (mut text, mut errors) = (Vec::new(), Vec::new());
    for frame in frames(request, blob.as_bytes(), 5) {
        match frame {
            Frame::Data(data) => text.extend(data),
            Frame::Error(error) => errors.push((error.name.to_string(), error.position)),
            Frame::Progress { .. } | Frame::End { .. } => {}
        }
    }
    (String::from_utf8(text).unwrap(), errors)
}

fn csv(has_headers: bool) -> Input {
    Input::Delimited(Delimited {
        has_headers,
        ..Delimited::default()
    })
}

fn json() -> Input {
    Input::Json(JsonText::default())
}

fn json_out() -> Output {
    Output::Json(JsonText::default())
}

fn select(expression: &str, input: Input, output: Output, blob: &str) -> String {
    let (text, errors) = run(&request(expression, input, output), blob);
    assert_eq!(errors, [], "{expression}");
    text
}

const NUMBERS: &str = "100,200,300,400\n150,250,350,450\n";

#[test]
fn answers_have_the_frames_of_the_service() {
    let data = |text: &str| Frame::Data(text.to_owned().into());
    let progress = |bytes: u64| Frame::Progress {
        scanned: bytes,
        total: bytes,
    };
    let error = |fatal: bool, name: &'static str, description: &'static str| {
        Frame::Error(RowError {
            fatal,
            name: name.into(),
            description: description.into(),
            position: 0,
        })
    };
    let arrow = || {
        Output::Arrow(vec![ArrowField {
            name: None,
            kind: ArrowType::TimestampMs,
        }])
    };
    let plain = |expression: &str| request(expression, Input::default(), Output::default());

    let all = frames(&plain("select * from BlobStorage"), NUMBERS.as_bytes(), 100);
    assert_eq!(all, [data(NUMBERS), progress(32), Frame::End { total: 32 }]);

    let none = frames(
        &plain("select _2 from BlobStorage where _1 > 200"),
        NUMBERS.as_bytes(),
        100,
    );
    assert_eq!(none, [data(""), progress(32), Frame::End { total: 32 }]);

    let blob = b"100,hello,300,400\n150,250,350,450\n";
    let some = frames(&plain("select _2 from BlobStorage where _2 > 100"), blob, 100);
    let conversion = error(false, "InvalidTypeConversion", "Invalid type conversion.");
    assert_eq!(
        some,
        [data("250\n"), conversion, progress(34), Frame::End { total: 34 }]
    );

    let no_json = frames(
        &request("select * from BlobStorage", json(), Output::default()),
        NUMBERS.as_bytes(),
        100,
    );
    let token = error(
        true,
        "ParseError",
        "Unexpected token ',' at [byte: 3]. Expecting tokens '{', or '['. ",
    );
    assert_eq!(
        no_json,
        [data("\n"), token, progress(32), Frame::End { total: 32 }]
    );

    let bad_json = frames(
        &request("SELECT * from BlobStorage", json(), Output::default()),
        b"{name: owner}\n{name2: owner2}",
        100,
    );
    let internal = error(true, "InternalError", "Internal parse exception.");
    assert_eq!(
        bad_json,
        [data(""), internal, progress(29), Frame::End { total: 29 }]
    );

    let schema = frames(
        &request("select * from BlobStorage", Input::default(), arrow()),
        NUMBERS.as_bytes(),
        100,
    );
    let columns = error(
        true,
        "ClientError",
        "Number of columns in the row does not match the schema.",
    );
    assert!(matches!(&schema[0], Frame::Data(schema) if !schema.is_empty()));
    assert_eq!(
        schema[1..],
        [data(""), columns, progress(32), Frame::End { total: 32 }]
    );
}

#[test]
fn a_document_becomes_an_answer() {
    let document = |format: &str| {
        format!(
            "<QueryRequest><QueryType>SQL</QueryType><Expression>SELECT name from BlobStorage</Expression><InputSerialization>\
             <Format><Type>{format}</Type></Format></InputSerialization></QueryRequest>"
        )
    };
    let request = Request::from_xml(document("json").as_bytes()).unwrap();
    let blob = "{\"name\": \"owner\", \"id\": 1}\n{\"name2\": \"owner2\"}";
    assert_eq!(run(&request, blob).0, "{\"name\":\"owner\"}\n{}\n");
    let table = Request::from_xml(document("parquet").as_bytes()).unwrap();
    let engine = Engine::new(&table, 0, datetime!(2024-01-01 0:00 UTC));
    assert!(engine.unwrap().is_none(), "a table does not stream");
}

#[test]
fn short_records_are_reported_where_they_begin() {
    let blob = "Service,Package,Version,RepoPath\r\nApp,azure-app,1,appconfiguration\r\nEvent Hubs\r\nIdentity,azure-id,1,identity\r\n";
    let (text, errors) = run(
        &request("SELECT RepoPath from BlobStorage", csv(true), Output::default()),
        blob,
    );
    assert_eq!(text, "appconfiguration\nidentity\n");
    assert_eq!(errors, [("InvalidColumnOrdinal".to_owned(), 68)]);
    let (text, errors) = run(
        &request("SELECT Nothing from BlobStorage", csv(true), Output::default()),
        blob,
    );
    assert_eq!(
        (text.as_str(), errors),
        ("", vec![("ClientError".to_owned(), 34)])
    );
}

#[test]
fn conditions_choose_rows() {
    let blob = "id,name,when,score\n1,ann,2020-01-01,1.5\n2,Bob,2021-06-01T10:00Z,\n3,o_m,2022T,-4\n";
    let cases = [
        ("id = 2", "2"),
        ("id = 2.0", "2"),
        ("id <> '2'", "13"),
        ("id >= 2 AND id <= 3", "23"),
        ("id < 2 OR id > 2", "13"),
        ("NOT id = 1", "23"),
        ("id BETWEEN 2 AND 5", "23"),
        ("id NOT BETWEEN 2 AND 5", "1"),
        ("id IN (1, '3')", "13"),
        ("id NOT IN (1, 3)", "2"),
        ("id % 2 = 1 AND id * 2 - 1 > 1", "3"),
        ("id + 1 = 6 / 2", "2"),
        ("-id < -2", "3"),
        ("name LIKE '%n%'", "1"),
        ("name LIKE '_o_'", "2"),
        ("name LIKE 'o!_m' ESCAPE '!'", "3"),
        ("name NOT LIKE '_o_'", "13"),
        ("LOWER(name) = 'bob'", "2"),
        ("CHAR_LENGTH(name) = 3", "123"),
        ("score = ''", "2"),
        ("name IS NULL", ""),
        ("name IS NOT NULL", "123"),
        ("_9 IS MISSING", "123"),
        ("CAST(when AS TIMESTAMP) > CAST('2020-12-31' AS TIMESTAMP)", "23"),
        ("when < UTCNOW()", "123"),
        ("CAST(when AS TIMESTAMP) + 1 = '2022-01-02'", "3"),
        ("NULL = NULL OR id = 1", "1"),
        ("NOT (NULL = 1)", ""),
        ("id = NULLIF(1, 1)", ""),
        ("COALESCE(NULL, id) = 3", "3"),
        ("CAST(id AS BOOL)", ""),
        ("s.name = 'ann' OR BlobStorage.id = 2", "12"),
        ("\"NAME\" = 'ann' OR id = 1", ""),
        ("NAME = 'ann'", "1"),
    ];
    for (condition, expected) in cases {
        // These two speak of what is not there.
        let is_wrong = condition.contains("BOOL") || condition.contains("\"NAME\"");
        let query = format!("SELECT id FROM BlobStorage s WHERE {condition}");
        let (text, errors) = run(&request(&query, csv(true), Output::default()), blob);
        if condition == "CAST(id AS BOOL)" {
            assert_eq!((text.as_str(), errors.len()), ("1\n", 2), "{condition}");
            continue;
        }
        assert_eq!(text.replace('\n', ""), expected, "{condition}");
        assert_eq!(errors.is_empty(), !is_wrong, "{condition}: {errors:?}");
    }
}

#[test]
fn rows_with_problems_are_left_out() {
    let cases = [
        ("1 / 0", "DivideByZero"),
        ("9223372036854775807 + 1", "ArithmeticOverflow"),
        ("-(-9223372036854775807 - 1)", "ArithmeticOverflow"),
        ("1e308 * 10", "ArithmeticOverflow"),
        ("_1 + 1", "InvalidTypeConversion"),
        ("CAST(_1 AS TIMESTAMP)", "InvalidTypeConversion"),
        ("CAST('1.5' AS INT)", "InvalidTypeConversion"),
        ("CAST(1e300 AS INT)", "ArithmeticOverflow"),
        ("_3", "InvalidColumnOrdinal"),
        ("_1 LIKE 'x' ESCAPE 'yy'", "InvalidTypeConversion"),
        ("_1 LIKE 'xy' ESCAPE 'y'", "InvalidTypeConversion"),
    ];
    for (expression, name) in cases {
        let query = format!("SELECT {expression} FROM BlobStorage");
        let (text, errors) = run(&request(&query, Input::default(), Output::default()), "a,b\n");
        assert_eq!(
            (text.as_str(), errors),
            ("", vec![(name.to_owned(), 0)]),
            "{expression}"
        );
    }
}

#[test]
fn columns_have_names_and_places() {
    let cases = [
        (
            "SELECT * FROM BlobStorage",
            csv(false),
            "{\"_1\":\"a\",\"_2\":\"b\"}\n{\"_1\":\"1\",\"_2\":\"2\"}\n",
        ),
        (
            "SELECT * FROM BlobStorage",
            csv(true),
            "{\"a\":\"1\",\"b\":\"2\"}\n",
        ),
        (
            "SELECT b, _1 AS one, CAST(a AS INT) + 1 FROM BlobStorage",
            csv(true),
            "{\"b\":\"2\",\"one\":\"1\",\"_3\":2}\n",
        ),
        (
            "SELECT CAST(a AS FLOAT) f, a = 1 t FROM BlobStorage",
            csv(true),
            "{\"f\":1.0,\"t\":true}\n",
        ),
        (
            "SELECT * FROM BlobStorage LIMIT 1",
            csv(false),
            "{\"_1\":\"a\",\"_2\":\"b\"}\n",
        ),
        ("SELECT * FROM BlobStorage LIMIT 0", csv(false), ""),
    ];
    for (query, input, expected) in cases {
        assert_eq!(
            select(query, input, json_out(), "a,b\n1,2\n"),
            expected,
            "{query}"
        );
    }
    let header = Output::Delimited(Delimited {
        has_headers: true,
        ..Delimited::default()
    });
    assert_eq!(
        select("SELECT b FROM BlobStorage", csv(true), header, "a,b\n1,\"2,3\"\n"),
        "b\n\"2,3\"\n"
    );
}

#[test]
fn json_has_paths() {
    let blob = r#"{"id": 1, "name": "mouse", "tags": ["wireless", "accessory"], "dimensions": {"length": 3}, "weight": 0.2,
        "warehouses": [{"latitude": 41.8, "longitude": -87.6}, {"latitude": 1}]}"#;
    let cases = [
        (
            "SELECT weight,warehouses[0].longitude,id,tags[1] FROM BlobStorage[*]",
            "{\"weight\":0.2,\"longitude\":-87.6,\"id\":1,\"_4\":\"accessory\"}\n",
        ),
        (
            "SELECT latitude FROM BlobStorage[*].warehouses[*]",
            "{\"latitude\":41.8}\n{\"latitude\":1}\n",
        ),
        ("SELECT length FROM BlobStorage[*].dimensions", "{\"length\":3}\n"),
        ("SELECT * FROM BlobStorage[*].dimensions", "{\"length\":3}\n"),
        (
            "SELECT longitude FROM BlobStorage[*].warehouses[*]",
            "{\"longitude\":-87.6}\n{}\n",
        ),
        (
            "SELECT latitude FROM BlobStorage[*].warehouses[*] w WHERE w.longitude IS MISSING",
            "{\"latitude\":1}\n",
        ),
        (
            "SELECT latitude FROM BlobStorage[*].warehouses[1]",
            "{\"latitude\":1}\n",
        ),
        (
            "SELECT tags FROM BlobStorage WHERE nothing = 1 OR id = 1",
            "{\"tags\":[\"wireless\",\"accessory\"]}\n",
        ),
        ("SELECT a FROM BlobStorage[*].nothing[*]", ""),
        (
            "SELECT COUNT(longitude) FROM BlobStorage[*].warehouses[*]",
            "{\"_1\":1}\n",
        ),
    ];
    for (query, expected) in cases {
        assert_eq!(select(query, json(), json_out(), blob), expected, "{query}");
    }
    let lines = "{\"name\": \"owner\", \"id\": 1}{\"name2\": \"owner2\"}\n[{\"name\": \"x\"}]";
    assert_eq!(
        select("SELECT name from BlobStorage", json(), json_out(), lines),
        "{\"name\":\"owner\"}\n{}\n{\"name\":\"x\"}\n"
    );
}

#[test]
fn aggregates_are_computed_over_all_rows() {
    let blob = "a,b\n1,x\n2,y\n3,\n";
    let cases = [
        ("COUNT(*)", "3\n"),
        (
            "COUNT(*), COUNT(NULLIF(b, '')), SUM(a), AVG(a), MIN(a), MAX(b)",
            "3,2,6,2,1,y\n",
        ),
        ("SUM(CAST(a AS FLOAT) / 2)", "3\n"),
        ("AVERAGE(a * 1.0) avg", "2\n"),
        ("MAX(CAST(a AS INT))", "3\n"),
    ];
    for (aggregates, expected) in cases {
        let query = format!("SELECT {aggregates} FROM BlobStorage");
        assert_eq!(
            select(&query, csv(true), Output::default(), blob),
            expected,
            "{aggregates}"
        );
    }
    let none = "SELECT COUNT(*), SUM(a), MIN(a) FROM BlobStorage WHERE a > 9";
    assert_eq!(select(none, csv(true), Output::default(), blob), "0,,\n");
    let (text, errors) = run(
        &request(
            "SELECT COUNT(*), SUM(b) FROM BlobStorage",
            csv(true),
            Output::default(),
        ),
        blob,
    );
    assert_eq!(
        (text.as_str(), errors.len()),
        ("0,\n", 3),
        "a row with a problem counts nowhere"
    );
}

#[test]
fn a_blob_is_split_between_records() {
    let record = format!("{}\n", "x".repeat(1024 * 1024 - 1));
    let blob = record.repeat(25);
    let split = request(
        "SELECT sys.split(10485761) FROM BlobStorage",
        Input::default(),
        Output::default(),
    );
    let frames = frames(&split, blob.as_bytes(), 1 << 20);
    let data: Vec<_> = frames
        .iter()
        .filter_map(|frame| match frame {
            Frame::Data(data) => Some(data.as_ref()),
            _ => None,
        })
        .collect();
    assert_eq!(
        data.concat(),
        format!("{0}\n{0}\n{1}\n", 11 << 20, 3 << 20).into_bytes()
    );
    let progress = frames
        .iter()
        .filter(|frame| matches!(frame, Frame::Progress { .. }))
        .count();
    assert_eq!(progress, 7, "one after every 4 MiB, and one at the end");
    for (query, input) in [
        ("SELECT sys.split(10) FROM BlobStorage", csv(false)),
        ("SELECT sys.split(10485760) FROM BlobStorage", json()),
    ] {
        let refused = Engine::new(
            &request(query, input, Output::default()),
            0,
            datetime!(2024-01-01 0:00 UTC),
        );
        assert_eq!(refused.unwrap_err(), Malformed::Split);
    }
}

#[test]
fn the_deepest_query_is_answered() {
    let nested = format!("{}_1{}", "LOWER((".repeat(23), "))".repeat(23));
    let query = format!("SELECT _1 FROM BlobStorage WHERE {nested} = 'a'");
    assert_eq!(select(&query, csv(false), Output::default(), "A\nb\n"), "A\n");
}

#[test]
fn a_path_needs_json() {
    let path = request(
        "SELECT * FROM BlobStorage[*].a",
        Input::default(),
        Output::default(),
    );
    assert_eq!(
        Engine::new(&path, 0, datetime!(2024-01-01 0:00 UTC)).unwrap_err(),
        Malformed::Path
    );
    assert_eq!(Malformed::MESSAGE, "Syntax error!");
}

#[test]
fn results_and_errors_do_not_pile_up() {
    let blob = "some text\n".repeat(40_000);
    let all = frames(
        &request(
            "SELECT _1, _1, _1, _1 FROM BlobStorage",
            Input::default(),
            Output::default(),
        ),
        blob.as_bytes(),
        1 << 20,
    );
    let longest = all
        .iter()
        .map(|frame| {
            if let Frame::Data(data) = frame {
                data.len()
            } else {
                0
            }
        })
        .max();
    assert!(longest.unwrap() <= 1024 * 1024 + 100);
    let engine = Engine::new(
        &request(
            "SELECT _1 + 1 FROM BlobStorage",
            Input::default(),
            Output::default(),
        ),
        0,
        datetime!(2024-01-01 0:00 UTC),
    );
    let mut engine = engine.unwrap().unwrap();
    let mut out = Vec::new();
    engine.push("x\n".repeat(3000).as_bytes(), &mut out);
    assert_eq!(out.len(), 2048, "errors are handed on 1,024 at a time");
}

proptest! {
    #[test]
    fn nothing_panics(
        blob in prop::collection::vec(any::<u8>(), 0..200),
        near in "[a1,\"\n{}\\[\\]:.-]{0,80}",
        query in prop::sample::select(vec![
            "SELECT * FROM BlobStorage",
            "SELECT _1 + _2, CAST(_1 AS TIMESTAMP), SUBSTRING(_1, _2, _3) FROM BlobStorage WHERE _1 > 1 OR _2 LIKE '%1_'",
            "SELECT COUNT(*), SUM(_1), MIN(_2), MAX(a), AVG(_1) FROM BlobStorage",
            "SELECT a.b[0], DATE_ADD('month', _1, '2020T') FROM BlobStorage[*]",
        ]),
        piece in 1usize..50,
    ) {
        for input in [csv(false), csv(true), json()] {
            for output in [Output::default(), json_out(), Output::Arrow(vec![ArrowField { name: None, kind: ArrowType::Int64 }])] {
                let request = request(query, input.clone(), output);
                for blob in [blob.as_slice(), near.as_bytes()] {
                    let frames = frames(&request, blob, piece);
                    prop_assert!(matches!(frames.last(), Some(Frame::End { .. })), "the last frame is the end");
                }
            }
        }
    }
}
