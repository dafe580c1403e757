//! The functions.

mod date;
mod format;
#[cfg(test)]
mod tests;
mod text;

use time::OffsetDateTime;

use super::problem::Problem;
use super::query::Function;
use super::value::Value;
use super::{compare, convert};

/// What a function makes of its arguments, of which it takes only as many as it needs.
pub(super) fn call(
    function: Function,
    mut arguments: impl Iterator<Item = Result<Value, Problem>>,
    now: OffsetDateTime,
) -> Result<Value, Problem> {
    match function {
        Function::UtcNow => return Ok(Value::Time(now.to_offset(time::UtcOffset::UTC))),
        Function::Coalesce => {
            for argument in arguments {
                match argument? {
                    value if value.is_known() => return Ok(value),
                    _ => {}
                }
            }
            return Ok(Value::Null);
        }
        Function::NullIf => {
            let (value, other) = (next(&mut arguments)?, next(&mut arguments)?);
            let equal = compare::order(&value, &other)?.is_some_and(std::cmp::Ordering::is_eq);
            return Ok(if equal { Value::Null } else { value });
        }
        _ => {}
    }
    let arguments = arguments.collect::<Result<Vec<_>, _>>()?;
    if arguments.iter().any(|argument| !argument.is_known()) {
        return Ok(Value::Null);
    }
    match (function, arguments.as_slice()) {
        (Function::CharLength, [text]) => text::char_length(&convert::text(text)?),
        (Function::Lower, [text]) => Ok(Value::Text(convert::text(text)?.to_lowercase())),
        (Function::Upper, [text]) => Ok(Value::Text(convert::text(text)?.to_uppercase())),
        (Function::Substring, [text, start, rest @ ..]) => text::substring(
            &convert::text(text)?,
            convert::int(start)?,
            rest.first().map(convert::int).transpose()?,
        ),
        (Function::Trim(ends), [text]) => Ok(text::trim(&convert::text(text)?, " ", ends)),
        (Function::Trim(ends), [text, characters]) => Ok(text::trim(
            &convert::text(text)?,
            &convert::text(characters)?,
            ends,
        )),
        (Function::DateAdd, [part, quantity, time]) => {
            date::add(part_of(part)?, convert::int(quantity)?, convert::time(time)?)
        }
        (Function::DateDiff, [part, from, to]) => {
            date::difference(part_of(part)?, convert::time(from)?, convert::time(to)?)
        }
        (Function::Extract, [part, time]) => date::extract(part_of(part)?, convert::time(time)?),
        (Function::ToString, [time, format]) => Ok(Value::Text(format::show(
            convert::time(time)?,
            &convert::text(format)?,
        ))),
        (Function::ToTimestamp, [time]) => convert::time(time).map(Value::Time),
        _ => Err(Problem::Conversion),
    }
}

fn next(arguments: &mut impl Iterator<Item = Result<Value, Problem>>) -> Result<Value, Problem> {
    arguments.next().unwrap_or(Err(Problem::Conversion))
}

fn part_of(value: &Value) -> Result<date::Part, Problem> {
    date::Part::named(&convert::text(value)?).ok_or(Problem::Conversion)
}
