//! Statements that are understood, and where others go wrong.

use proptest::prelude::*;

use super::super::query::{Expression, Select, Step};
use super::*;

#[test]
fn what_people_write_is_read() {
    let queries = [
        "select * from BlobStorage",
        "SELECT * FROM blobstorage;",
        "SELECT _2 from BlobStorage WHERE _1 > 250",
        "SELECT Title, Author AS \"the author\", ISBN i FROM BlobStorage s WHERE s.Title LIKE 'a%' ESCAPE '!' LIMIT 10",
        "SELECT COUNT(*), AVG(_1) mean FROM BlobStorage",
        "SELECT sys.split(10485760)FROM BlobStorage",
        "SELECT weight,warehouses[0].longitude,id,tags[1] FROM BlobStorage[*]",
        "SELECT latitude FROM BlobStorage[*].warehouses[*]",
        "SELECT CAST(_1 AS DECIMAL(10, 2)), TRIM(BOTH '123' FROM _2), SUBSTRING(_3 FROM 1 FOR 2) FROM BlobStorage",
        "SELECT EXTRACT(YEAR FROM '2010-01-01T') FROM BlobStorage WHERE NOT (a IS NOT MISSING AND b IS NULL OR c NOT IN (1, -2.5e3, .5))",
        "SELECT a+b*-c FROM BlobStorage WHERE a NOT BETWEEN 1 AND 2 AND b != 'it''s'",
        "SELECT DATE_ADD('minute', 1, CAST('2017-01-02T03:04:05.006Z' AS TIMESTAMP)), UTCNOW() FROM BlobStorage",
        "SELECT min, max, year FROM BlobStorage",
    ];
    for text in queries {
        assert!(query(text).is_ok(), "{text}: {:?}", query(text));
    }
}

#[test]
fn what_cannot_be_read_is_refused() {
    let cases = [
        ("", Malformed::Syntax { at: 0 }),
        ("SELECT", Malformed::Syntax { at: 6 }),
        ("SELECT * FROM other", Malformed::Syntax { at: 14 }),
        ("SELECT * FROM BlobStorage WHERE", Malformed::Syntax { at: 31 }),
        (
            "SELECT * FROM BlobStorage WHERE a = 'x",
            Malformed::Syntax { at: 36 },
        ),
        ("SELECT * FROM BlobStorage LIMIT -1", Malformed::Syntax { at: 32 }),
        (
            "SELECT * FROM BlobStorage GROUP BY a",
            Malformed::Syntax { at: 32 },
        ),
        ("SELECT * FROM BlobStorage; SELECT", Malformed::Syntax { at: 27 }),
        ("SELECT LOWER() FROM BlobStorage", Malformed::Syntax { at: 13 }),
        ("SELECT NOPE(1) FROM BlobStorage", Malformed::Syntax { at: 7 }),
        ("SELECT a # b FROM BlobStorage", Malformed::Syntax { at: 9 }),
        ("SELECT a, COUNT(*) FROM BlobStorage", Malformed::Mixed),
        ("SELECT sys.split('a') FROM BlobStorage", Malformed::Split),
    ];
    for (text, expected) in cases {
        assert_eq!(query(text), Err(expected), "{text}");
    }
    let columns = |count: usize| format!("SELECT {} FROM BlobStorage", vec!["a"; count].join(", "));
    assert!(query(&columns(49)).is_ok());
    assert_eq!(query(&columns(50)), Err(Malformed::TooManyColumns));
    assert_eq!(query(&" ".repeat(256 * 1024 + 1)), Err(Malformed::TooLong));
}

#[test]
fn nothing_is_too_deep_for_the_stack() {
    let deep = |open: &str, close: &str, count: usize| {
        format!(
            "SELECT * FROM BlobStorage WHERE {}a{}",
            open.repeat(count),
            close.repeat(count)
        )
    };
    for (open, close) in [("(", ")"), ("NOT ", ""), ("- ", ""), ("+", ""), ("LOWER(", ")")] {
        assert!(query(&deep(open, close, 47)).is_ok(), "{open}");
        assert_eq!(query(&deep(open, close, 5000)), Err(Malformed::TooDeep), "{open}");
    }
    let long = format!(
        "SELECT * FROM BlobStorage WHERE {}",
        vec!["a = 1"; 4000].join(" OR ")
    );
    let Some(Expression::Any(parts)) = query(&long).unwrap().filter else {
        panic!("a chain lies side by side");
    };
    assert_eq!(parts.len(), 4000);
}

#[test]
fn columns_are_named_by_what_they_are() {
    let query = query("SELECT a, b.c, d AS e, 1, f[0] FROM BlobStorage[*].x[2][*] AS t").unwrap();
    let Select::Items(items) = query.select else {
        panic!("columns were selected");
    };
    let names: Vec<_> = items.iter().map(|item| item.name.as_str()).collect();
    assert_eq!(names, ["a", "c", "e", "_4", "_5"]);
    assert_eq!(query.alias.as_deref(), Some("t"));
    let x = Step::Field {
        name: "x".to_owned(),
        quoted: false,
    };
    assert_eq!(query.from, [x, Step::Index(2), Step::Every]);
}

proptest! {
    #[test]
    fn nothing_panics(text in any::<String>(), words in prop::collection::vec(prop::sample::select(vec![
        "SELECT", "FROM", "BlobStorage", "*", "WHERE", "(", ")", ",", "a", "'b'", "\"c\"", "1", "1.5", "AND", "NOT", "IN", "LIKE",
        "CAST", "AS", "INT", ".", "[", "]", "TRIM", "COUNT", "sys", "split", "LIMIT", "-", "IS", "NULL", "BETWEEN", ";",
    ]), 0..40)) {
        let _ = query(&text);
        let _ = query(&words.join(" "));
        let _ = query(&format!("SELECT * FROM BlobStorage WHERE {}", words.join(" ")));
    }
}
