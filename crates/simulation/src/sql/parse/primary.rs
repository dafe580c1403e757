//! What an expression is made of: literals, columns, calls and what is in parentheses.

use super::super::query::{Ends, Expression, Function, Kind, Step};
use super::super::value::Value;
use super::Malformed;
use super::cursor::Cursor;
use super::expression::expression;
use super::token::Token;

/// Words that are no columns, unless they are quoted.
const RESERVED: [&str; 18] = [
    "SELECT", "FROM", "WHERE", "LIMIT", "AND", "OR", "NOT", "AS", "LIKE", "ESCAPE", "BETWEEN", "IN", "IS",
    "NULL", "MISSING", "CAST", "TRUE", "FALSE",
];

/// The functions with plain lists of arguments, and how many they take.
const FUNCTIONS: [(&str, Function, std::ops::RangeInclusive<usize>); 11] = [
    ("CHAR_LENGTH", Function::CharLength, 1..=1),
    ("CHARACTER_LENGTH", Function::CharLength, 1..=1),
    ("LOWER", Function::Lower, 1..=1),
    ("UPPER", Function::Upper, 1..=1),
    ("COALESCE", Function::Coalesce, 1..=64),
    ("NULLIF", Function::NullIf, 2..=2),
    ("DATE_ADD", Function::DateAdd, 3..=3),
    ("DATE_DIFF", Function::DateDiff, 3..=3),
    ("TO_STRING", Function::ToString, 2..=2),
    ("TO_TIMESTAMP", Function::ToTimestamp, 1..=1),
    ("UTCNOW", Function::UtcNow, 0..=0),
];

const KINDS: [(&str, Kind); 16] = [
    ("INT", Kind::Int),
    ("INTEGER", Kind::Int),
    ("BIGINT", Kind::Int),
    ("FLOAT", Kind::Float),
    ("DOUBLE", Kind::Float),
    ("REAL", Kind::Float),
    ("NUMERIC", Kind::Float),
    ("DECIMAL", Kind::Float),
    ("STRING", Kind::Text),
    ("VARCHAR", Kind::Text),
    ("NVARCHAR", Kind::Text),
    ("CHAR", Kind::Text),
    ("TIMESTAMP", Kind::Time),
    ("DATETIME", Kind::Time),
    ("BOOL", Kind::Bool),
    ("BOOLEAN", Kind::Bool),
];

pub(super) fn is_reserved(word: &str) -> bool {
    RESERVED
        .iter()
        .any(|reserved| reserved.eq_ignore_ascii_case(word))
}

pub(super) fn primary(cursor: &mut Cursor) -> Result<Expression, Malformed> {
    let literal = match cursor.peek() {
        Token::Int(value) => Some(Value::Int(*value)),
        Token::Float(value) => Some(Value::Float(*value)),
        Token::Text(text) => Some(Value::Text(text.clone())),
        Token::Word(word) if word.eq_ignore_ascii_case("TRUE") => Some(Value::Bool(true)),
        Token::Word(word) if word.eq_ignore_ascii_case("FALSE") => Some(Value::Bool(false)),
        Token::Word(word) if word.eq_ignore_ascii_case("NULL") => Some(Value::Null),
        Token::Word(word) if word.eq_ignore_ascii_case("MISSING") => Some(Value::Missing),
        _ => None,
    };
    if let Some(value) = literal {
        cursor.next();
        return Ok(Expression::Literal(value));
    }
    if cursor.symbol("(") {
        let inner = expression(cursor)?;
        cursor.expect_symbol(")")?;
        return Ok(inner);
    }
    if let Token::Word(word) = cursor.peek().clone()
        && matches!(cursor.ahead(1), Token::Symbol("("))
    {
        return call(cursor, &word);
    }
    path(cursor).map(Expression::Column)
}

/// The steps to a column: `a.b[0]."C"`.
pub(super) fn path(cursor: &mut Cursor) -> Result<Vec<Step>, Malformed> {
    let mut steps = vec![field(cursor)?];
    loop {
        if cursor.symbol(".") {
            steps.push(field(cursor)?);
        } else if cursor.symbol("[") {
            let unexpected = cursor.unexpected();
            let Token::Int(index) = cursor.next() else {
                return Err(unexpected);
            };
            steps.push(Step::Index(usize::try_from(index).map_err(|_| unexpected)?));
            cursor.expect_symbol("]")?;
        } else {
            return Ok(steps);
        }
    }
}

/// A name with or without quotes.
pub(super) fn field(cursor: &mut Cursor) -> Result<Step, Malformed> {
    let unexpected = cursor.unexpected();
    match cursor.next() {
        Token::Word(name) if !is_reserved(&name) => Ok(Step::Field { name, quoted: false }),
        Token::Name(name) => Ok(Step::Field { name, quoted: true }),
        _ => Err(unexpected),
    }
}

fn call(cursor: &mut Cursor, name: &str) -> Result<Expression, Malformed> {
    let unexpected = cursor.unexpected();
    cursor.next();
    cursor.expect_symbol("(")?;
    let is = |other: &str| name.eq_ignore_ascii_case(other);
    let call = if is("CAST") {
        cast(cursor)?
    } else if is("TRIM") {
        trim(cursor)?
    } else if is("SUBSTRING") {
        substring(cursor)?
    } else if is("EXTRACT") {
        extract(cursor)?
    } else {
        let (_, function, count) = FUNCTIONS.iter().find(|(other, ..)| is(other)).ok_or(unexpected)?;
        let mut arguments = Vec::new();
        while !cursor.is_symbol(")") {
            if !arguments.is_empty() {
                cursor.expect_symbol(",")?;
            }
            arguments.push(expression(cursor)?);
        }
        if !count.contains(&arguments.len()) {
            return Err(cursor.unexpected());
        }
        Expression::Call(*function, arguments)
    };
    cursor.expect_symbol(")")?;
    Ok(call)
}

/// `value AS kind`, where a length or a precision changes nothing.
fn cast(cursor: &mut Cursor) -> Result<Expression, Malformed> {
    let value = expression(cursor)?;
    cursor.expect_word("AS")?;
    let kind = KINDS.iter().find(|(name, _)| cursor.word(name));
    let (_, kind) = kind.ok_or_else(|| cursor.unexpected())?;
    if cursor.symbol("(") {
        while matches!(cursor.peek(), Token::Int(_)) {
            cursor.next();
            cursor.symbol(",");
        }
        cursor.expect_symbol(")")?;
    }
    Ok(Expression::Cast(Box::new(value), *kind))
}

/// `[LEADING | TRAILING | BOTH] [characters FROM] text`
fn trim(cursor: &mut Cursor) -> Result<Expression, Malformed> {
    let ends = if cursor.word("LEADING") {
        Ends::Leading
    } else if cursor.word("TRAILING") {
        Ends::Trailing
    } else {
        cursor.word("BOTH");
        Ends::Both
    };
    if cursor.word("FROM") {
        return Ok(Expression::Call(Function::Trim(ends), vec![expression(cursor)?]));
    }
    let first = expression(cursor)?;
    let mut arguments = vec![first];
    if cursor.word("FROM") {
        arguments.insert(0, expression(cursor)?);
    }
    Ok(Expression::Call(Function::Trim(ends), arguments))
}

/// `text, start [, length]` or `text FROM start [FOR length]`
fn substring(cursor: &mut Cursor) -> Result<Expression, Malformed> {
    let mut arguments = vec![expression(cursor)?];
    if cursor.word("FROM") {
        arguments.push(expression(cursor)?);
        if cursor.word("FOR") {
            arguments.push(expression(cursor)?);
        }
    } else {
        cursor.expect_symbol(",")?;
        arguments.push(expression(cursor)?);
        if cursor.symbol(",") {
            arguments.push(expression(cursor)?);
        }
    }
    Ok(Expression::Call(Function::Substring, arguments))
}

/// `part FROM time`
fn extract(cursor: &mut Cursor) -> Result<Expression, Malformed> {
    let unexpected = cursor.unexpected();
    let (Token::Word(part) | Token::Text(part)) = cursor.next() else {
        return Err(unexpected);
    };
    cursor.expect_word("FROM")?;
    let part = Expression::Literal(Value::Text(part));
    Ok(Expression::Call(
        Function::Extract,
        vec![part, expression(cursor)?],
    ))
}
