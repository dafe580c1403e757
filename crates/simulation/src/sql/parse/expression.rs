//! Expressions, from the operator that binds least to the one that binds most.

use super::super::query::{Arithmetic, Expression};
use super::Malformed;
use super::cursor::Cursor;
use super::predicate::predicate;
use super::primary::primary;

/// `OR` of `AND`s of predicates.
pub(super) fn expression(cursor: &mut Cursor) -> Result<Expression, Malformed> {
    cursor.deeper(|cursor| {
        joined(cursor, "OR", Expression::Any, |cursor| {
            joined(cursor, "AND", Expression::All, negation)
        })
    })
}

/// One or more parts with a word between them.
fn joined(
    cursor: &mut Cursor,
    word: &str,
    join: fn(Vec<Expression>) -> Expression,
    part: fn(&mut Cursor) -> Result<Expression, Malformed>,
) -> Result<Expression, Malformed> {
    let first = part(cursor)?;
    if !cursor.is_word(word) {
        return Ok(first);
    }
    let mut parts = vec![first];
    while cursor.word(word) {
        parts.push(part(cursor)?);
    }
    Ok(join(parts))
}

fn negation(cursor: &mut Cursor) -> Result<Expression, Malformed> {
    if !cursor.word("NOT") {
        return predicate(cursor);
    }
    let inner = cursor.deeper(negation)?;
    Ok(Expression::Not(Box::new(inner)))
}

/// Sums of products of values.
pub(super) fn sum(cursor: &mut Cursor) -> Result<Expression, Malformed> {
    const SIGNS: [(&str, Arithmetic); 2] = [("+", Arithmetic::Add), ("-", Arithmetic::Subtract)];
    chain(cursor, &SIGNS, product)
}

fn product(cursor: &mut Cursor) -> Result<Expression, Malformed> {
    const SIGNS: [(&str, Arithmetic); 3] = [
        ("*", Arithmetic::Multiply),
        ("/", Arithmetic::Divide),
        ("%", Arithmetic::Remainder),
    ];
    chain(cursor, &SIGNS, signed)
}

fn chain(
    cursor: &mut Cursor,
    signs: &[(&str, Arithmetic)],
    part: fn(&mut Cursor) -> Result<Expression, Malformed>,
) -> Result<Expression, Malformed> {
    let first = part(cursor)?;
    let mut rest = Vec::new();
    while let Some((_, operator)) = signs.iter().find(|(sign, _)| cursor.symbol(sign)) {
        rest.push((*operator, part(cursor)?));
    }
    if rest.is_empty() {
        return Ok(first);
    }
    Ok(Expression::Chain(Box::new(first), rest))
}

fn signed(cursor: &mut Cursor) -> Result<Expression, Malformed> {
    if cursor.symbol("-") {
        let inner = cursor.deeper(signed)?;
        return Ok(Expression::Negative(Box::new(inner)));
    }
    if cursor.symbol("+") {
        return cursor.deeper(signed);
    }
    primary(cursor)
}
