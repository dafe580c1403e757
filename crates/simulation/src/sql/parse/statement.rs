//! The statement.

use super::super::query::{Aggregate, AggregateItem, Expression, Item, Query, Select, Step};
use super::Malformed;
use super::cursor::Cursor;
use super::expression::expression;
use super::primary::{field, is_reserved};
use super::token::Token;

/// The one table that there is.
const TABLE: &str = "BlobStorage";

/// More columns than these need `*`.
const COLUMNS: usize = 49;

const AGGREGATES: [(&str, Aggregate); 6] = [
    ("COUNT", Aggregate::Count),
    ("SUM", Aggregate::Sum),
    ("MIN", Aggregate::Min),
    ("MAX", Aggregate::Max),
    ("AVG", Aggregate::Average),
    ("AVERAGE", Aggregate::Average),
];

/// Reads a query.
///
/// # Errors
/// It is not of the language, or beyond what the service takes.
pub(in super::super) fn query(text: &str) -> Result<Query, Malformed> {
    let mut cursor = Cursor::new(text)?;
    cursor.expect_word("SELECT")?;
    let select = select(&mut cursor)?;
    cursor.expect_word("FROM")?;
    let from = table(&mut cursor)?;
    let alias = alias(&mut cursor)?;
    let filter = if cursor.word("WHERE") {
        Some(expression(&mut cursor)?)
    } else {
        None
    };
    let limit = if cursor.word("LIMIT") {
        let unexpected = cursor.unexpected();
        match cursor.next() {
            Token::Int(limit) => Some(u64::try_from(limit).map_err(|_| unexpected)?),
            _ => return Err(unexpected),
        }
    } else {
        None
    };
    cursor.symbol(";");
    match cursor.peek() {
        Token::End => Ok(Query {
            select,
            from,
            alias,
            filter,
            limit,
        }),
        _ => Err(cursor.unexpected()),
    }
}

fn select(cursor: &mut Cursor) -> Result<Select, Malformed> {
    if cursor.symbol("*") {
        return Ok(Select::Everything);
    }
    if let Some(bytes) = split(cursor)? {
        return Ok(Select::Split(bytes));
    }
    let (mut items, mut aggregates) = (Vec::new(), Vec::new());
    loop {
        let place = items.len().saturating_add(aggregates.len()).saturating_add(1);
        if place > COLUMNS {
            return Err(Malformed::TooManyColumns);
        }
        if let Some((kind, argument)) = aggregate(cursor)? {
            let name = alias(cursor)?.unwrap_or_else(|| format!("_{place}"));
            aggregates.push(AggregateItem { kind, argument, name });
        } else {
            let expression = expression(cursor)?;
            let name = alias(cursor)?.unwrap_or_else(|| name_of(&expression, place));
            items.push(Item { expression, name });
        }
        if !cursor.symbol(",") {
            break;
        }
    }
    match (items.is_empty(), aggregates.is_empty()) {
        (_, true) => Ok(Select::Items(items)),
        (true, _) => Ok(Select::Aggregates(aggregates)),
        _ => Err(Malformed::Mixed),
    }
}

/// A column is called by its own name, anything else by its place.
fn name_of(expression: &Expression, place: usize) -> String {
    match expression {
        Expression::Column(steps) => match steps.last() {
            Some(Step::Field { name, .. }) => name.clone(),
            _ => format!("_{place}"),
        },
        _ => format!("_{place}"),
    }
}

/// `sys.split(bytes)`
fn split(cursor: &mut Cursor) -> Result<Option<u64>, Malformed> {
    let is_split = matches!(cursor.ahead(2), Token::Word(word) if word.eq_ignore_ascii_case("split"));
    if !(cursor.is_word("sys") && is_split && matches!(cursor.ahead(3), Token::Symbol("("))) {
        return Ok(None);
    }
    for _ in 0..4 {
        cursor.next();
    }
    let Token::Int(bytes) = cursor.next() else {
        return Err(Malformed::Split);
    };
    cursor.expect_symbol(")")?;
    u64::try_from(bytes).map(Some).map_err(|_| Malformed::Split)
}

fn aggregate(cursor: &mut Cursor) -> Result<Option<(Aggregate, Option<Expression>)>, Malformed> {
    if !matches!(cursor.ahead(1), Token::Symbol("(")) {
        return Ok(None);
    }
    let Some((_, kind)) = AGGREGATES.iter().find(|(name, _)| cursor.word(name)) else {
        return Ok(None);
    };
    cursor.expect_symbol("(")?;
    let argument = if *kind == Aggregate::Count && cursor.symbol("*") {
        None
    } else {
        Some(expression(cursor)?)
    };
    cursor.expect_symbol(")")?;
    Ok(Some((*kind, argument)))
}

/// `BlobStorage`, and the way from its records to the rows. `[*]` right after it says nothing more.
fn table(cursor: &mut Cursor) -> Result<Vec<Step>, Malformed> {
    cursor.expect_word(TABLE)?;
    let mut steps = Vec::new();
    loop {
        if cursor.symbol(".") {
            steps.push(field(cursor)?);
        } else if cursor.symbol("[") {
            let unexpected = cursor.unexpected();
            steps.push(match cursor.next() {
                Token::Symbol("*") => Step::Every,
                Token::Int(index) => Step::Index(usize::try_from(index).map_err(|_| unexpected)?),
                _ => return Err(unexpected),
            });
            cursor.expect_symbol("]")?;
        } else {
            break;
        }
    }
    if steps.first() == Some(&Step::Every) {
        steps.remove(0);
    }
    Ok(steps)
}

fn alias(cursor: &mut Cursor) -> Result<Option<String>, Malformed> {
    let must = cursor.word("AS");
    match cursor.peek() {
        Token::Word(word) if is_reserved(word) && !must => return Ok(None),
        Token::Word(_) | Token::Name(_) => {}
        _ if must => return Err(cursor.unexpected()),
        _ => return Ok(None),
    }
    match field(cursor)? {
        Step::Field { name, .. } => Ok(Some(name)),
        _ => Ok(None),
    }
}
