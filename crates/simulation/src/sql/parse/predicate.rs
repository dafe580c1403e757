//! What is true or false of one or more values.

use super::super::query::{Comparison, Expression};
use super::Malformed;
use super::cursor::Cursor;
use super::expression::sum;

const COMPARISONS: [(&str, Comparison); 7] = [
    ("=", Comparison::Equal),
    ("<>", Comparison::NotEqual),
    ("!=", Comparison::NotEqual),
    ("<=", Comparison::LessOrEqual),
    ("<", Comparison::Less),
    (">=", Comparison::GreaterOrEqual),
    (">", Comparison::Greater),
];

/// A value alone, or what is said of it.
pub(super) fn predicate(cursor: &mut Cursor) -> Result<Expression, Malformed> {
    let left = Box::new(sum(cursor)?);
    if let Some((_, comparison)) = COMPARISONS.iter().find(|(sign, _)| cursor.symbol(sign)) {
        return Ok(Expression::Compare(left, *comparison, Box::new(sum(cursor)?)));
    }
    if cursor.word("IS") {
        let negated = cursor.word("NOT");
        let is = if cursor.word("MISSING") {
            Expression::IsMissing(left)
        } else {
            cursor.expect_word("NULL")?;
            Expression::IsNull(left)
        };
        return Ok(perhaps_not(is, negated));
    }
    let negated = cursor.word("NOT");
    if cursor.word("LIKE") {
        let pattern = Box::new(sum(cursor)?);
        let escape = if cursor.word("ESCAPE") {
            Some(Box::new(sum(cursor)?))
        } else {
            None
        };
        return Ok(perhaps_not(Expression::Like(left, pattern, escape), negated));
    }
    if cursor.word("BETWEEN") {
        let low = Box::new(sum(cursor)?);
        cursor.expect_word("AND")?;
        let high = Box::new(sum(cursor)?);
        return Ok(perhaps_not(Expression::Between(left, low, high), negated));
    }
    if cursor.word("IN") {
        cursor.expect_symbol("(")?;
        let mut list = vec![sum(cursor)?];
        while cursor.symbol(",") {
            list.push(sum(cursor)?);
        }
        cursor.expect_symbol(")")?;
        return Ok(perhaps_not(Expression::In(left, list), negated));
    }
    if negated {
        return Err(cursor.unexpected());
    }
    Ok(*left)
}

fn perhaps_not(expression: Expression, negated: bool) -> Expression {
    if negated {
        Expression::Not(Box::new(expression))
    } else {
        expression
    }
}
