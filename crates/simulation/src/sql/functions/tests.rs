//! Functions on texts and on times.

use time::macros::datetime;

use super::super::query::Ends;
use super::super::timestamp;
use super::*;

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn run(function: Function, arguments: &[Value]) -> Result<Value, Problem> {
    call(
        function,
        arguments.iter().cloned().map(Ok),
        datetime!(2024-02-29 12:00 UTC),
    )
}

#[test]
fn texts() {
    let cases = [
        (Function::CharLength, vec![text("äbc")], Value::Int(3)),
        (Function::Lower, vec![text("AbCdEfG")], text("abcdefg")),
        (Function::Upper, vec![text("AbCdEfG")], text("ABCDEFG")),
        (
            Function::Substring,
            vec![text("123456789"), Value::Int(1), Value::Int(5)],
            text("23456"),
        ),
        (Function::Substring, vec![text("äbc"), Value::Int(1)], text("bc")),
        (
            Function::Substring,
            vec![text("abc"), Value::Int(-1), Value::Int(2)],
            text("a"),
        ),
        (
            Function::Substring,
            vec![text("abc"), Value::Int(9), Value::Int(i64::MAX)],
            text(""),
        ),
        (Function::Trim(Ends::Both), vec![text("  a b ")], text("a b")),
        (
            Function::Trim(Ends::Both),
            vec![text("1112211Microsoft22211122"), text("123")],
            text("Microsoft"),
        ),
        (
            Function::Trim(Ends::Leading),
            vec![text("xax"), text("x")],
            text("ax"),
        ),
        (
            Function::Trim(Ends::Trailing),
            vec![text("xax"), text("x")],
            text("xa"),
        ),
        (Function::Lower, vec![Value::Null], Value::Null),
        (
            Function::Coalesce,
            vec![Value::Null, Value::Missing, Value::Int(1)],
            Value::Int(1),
        ),
        (Function::Coalesce, vec![Value::Null], Value::Null),
        (Function::NullIf, vec![text("1"), Value::Int(1)], Value::Null),
        (Function::NullIf, vec![text("2"), Value::Int(1)], text("2")),
    ];
    for (function, arguments, expected) in cases {
        assert_eq!(
            run(function, &arguments),
            Ok(expected),
            "{function:?} {arguments:?}"
        );
    }
    let negative = [text("abc"), Value::Int(0), Value::Int(-1)];
    assert_eq!(run(Function::Substring, &negative), Err(Problem::Overflow));
}

#[test]
fn times() {
    let add = |part: &str, count: i64, time: &str| {
        run(Function::DateAdd, &[text(part), Value::Int(count), text(time)])
    };
    let cases = [
        (
            "minute",
            1,
            "2017-01-02T03:04:05.006Z",
            "2017-01-02T03:05:05.006Z",
        ),
        ("month", 1, "2024-01-31", "2024-02-29T00:00:00Z"),
        ("month", -13, "2024-01-31T", "2022-12-31T00:00:00Z"),
        ("YEAR", 1, "2024-02-29T10:00+02:00", "2025-02-28T10:00:00+02:00"),
        ("day", 1, "2007T", "2007-01-02T00:00:00Z"),
    ];
    for (part, count, time, expected) in cases {
        assert_eq!(
            add(part, count, time).unwrap().to_string(),
            expected,
            "{part} {time}"
        );
    }
    assert_eq!(add("day", i64::MAX, "2007T"), Err(Problem::Overflow));
    assert_eq!(add("year", i64::MAX, "2007T"), Err(Problem::Overflow));
    assert_eq!(add("week", 1, "2007T"), Err(Problem::Conversion));

    let between =
        |part: &str, from: &str, to: &str| run(Function::DateDiff, &[text(part), text(from), text(to)]);
    let cases = [
        ("hour", "2018-11-09T00:00+05:30", "2018-11-09T01:00:23-08:00", 14),
        ("year", "2010-12-31T", "2011-01-01T", 0),
        ("month", "2010-01-31T", "2010-03-31T", 2),
        ("month", "2010-03-31T", "2010-01-30T", -2),
        ("day", "2010-01-02T", "2010-01-01T", -1),
    ];
    for (part, from, to, expected) in cases {
        assert_eq!(
            between(part, from, to),
            Ok(Value::Int(expected)),
            "{part} {from} {to}"
        );
    }

    let extract = |part: &str| {
        run(
            Function::Extract,
            &[text(part), text("2010-06-07T08:09:10-02:30")],
        )
    };
    let parts = [
        "year",
        "month",
        "day",
        "hour",
        "minute",
        "second",
        "timezone_hour",
        "timezone_minute",
    ];
    let expected = [2010, 6, 7, 8, 9, 10, -2, -30];
    for (part, expected) in parts.iter().zip(expected) {
        assert_eq!(extract(part), Ok(Value::Int(expected)), "{part}");
    }
    assert_eq!(
        run(Function::UtcNow, &[]).unwrap().to_string(),
        "2024-02-29T12:00:00Z"
    );
}

#[test]
fn formats() {
    let cases = [
        ("1969-07-20T20:18Z", "MMMM d, y", "July 20, 1969"),
        (
            "1969-07-20T20:18:05.25Z",
            "yy yyyy MMM MM M dd h hh a H HH:mm:ss.SSS",
            "69 1969 JUL 07 7 20 8 08 PM 20 20:18:05.250",
        ),
        ("1969-07-20T00:18Z", "h a X", "12 AM Z"),
        (
            "1969-07-20T20:18+05:30",
            "X XX XXX x xxxx xxxxx",
            "+05 +0530 +05:30 +05 +0530 +05:30",
        ),
        ("1969-07-20T20:18-07:00", "m-s-QQ-ä", "18-0-QQ-ä"),
    ];
    for (time, format, expected) in cases {
        assert_eq!(
            run(Function::ToString, &[text(time), text(format)]),
            Ok(text(expected)),
            "{format}"
        );
    }
}

#[test]
fn iso_8601_is_read() {
    let cases = [
        ("2007T", "2007-01-01T00:00:00Z"),
        ("2007-02T", "2007-02-01T00:00:00Z"),
        ("2007-02-23", "2007-02-23T00:00:00Z"),
        ("2007-02-23T12:14", "2007-02-23T12:14:00Z"),
        ("2007-02-23T12:14:33.079-08:00", "2007-02-23T12:14:33.079-08:00"),
        ("2007-02-23T12:14:33.123456789Z", "2007-02-23T12:14:33.123456789Z"),
    ];
    for (written, shown) in cases {
        assert_eq!(
            timestamp::parse(written).map(timestamp::show).as_deref(),
            Some(shown),
            "{written}"
        );
    }
    let bad = [
        "",
        "T",
        "07",
        "2007-13",
        "2007-02-30",
        "2007-02-23T12",
        "2007-02-23T25:00",
        "2007-1-1",
        "2007-02-23T12:14:33.",
        "+007",
        "2007-02-23T12:14+99:00",
        "2007-02-23 12:14",
    ];
    for written in bad {
        assert_eq!(timestamp::parse(written), None, "{written}");
    }
}
