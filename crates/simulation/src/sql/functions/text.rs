//! Functions of text. They count characters.

use super::super::problem::Problem;
use super::super::query::Ends;
use super::super::value::Value;

pub(super) fn char_length(text: &str) -> Result<Value, Problem> {
    let count = i64::try_from(text.chars().count());
    count.map(Value::Int).map_err(|_| Problem::Overflow)
}

/// The first character is at 0, by the service's own example. What lies before it takes from the length.
pub(super) fn substring(text: &str, start: i64, length: Option<i64>) -> Result<Value, Problem> {
    if length.is_some_and(|length| length < 0) {
        return Err(Problem::Overflow);
    }
    let end = length.map(|length| start.saturating_add(length).max(0));
    let start = usize::try_from(start.max(0)).map_err(|_| Problem::Overflow)?;
    let end = end.map_or(usize::MAX, |end| usize::try_from(end).unwrap_or(usize::MAX));
    let characters = text.chars().skip(start).take(end.saturating_sub(start));
    Ok(Value::Text(characters.collect()))
}

/// Without any of these characters at its ends.
pub(super) fn trim(text: &str, characters: &str, ends: Ends) -> Value {
    let is_one = |character: char| characters.contains(character);
    let text = match ends {
        Ends::Leading => text.trim_start_matches(is_one),
        Ends::Trailing => text.trim_end_matches(is_one),
        Ends::Both => text.trim_matches(is_one),
    };
    Value::Text(text.to_owned())
}
