//! What an expression is for one row.

use std::cmp::Ordering;

use time::OffsetDateTime;

use super::column::Row;
use super::problem::Problem;
use super::query::{Comparison, Expression, Step};
use super::value::Value;
use super::{arithmetic, compare, convert, functions, like};

/// What an expression can speak of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope<'a> {
    pub(super) row: Row<'a>,
    pub(super) alias: Option<&'a str>,
    pub(super) now: OffsetDateTime,
}

impl Scope<'_> {
    pub(super) fn value(&self, expression: &Expression) -> Result<Value, Problem> {
        match expression {
            Expression::Literal(value) => Ok(value.clone()),
            Expression::Column(steps) => self.row.column(without_table(steps, self.alias)),
            Expression::Negative(inner) => arithmetic::negative(&self.value(inner)?),
            Expression::Chain(first, rest) => rest
                .iter()
                .try_fold(self.value(first)?, |left, (operator, right)| {
                    arithmetic::apply(*operator, &left, &self.value(right)?)
                }),
            Expression::Cast(inner, kind) => convert::cast(self.value(inner)?, *kind),
            Expression::Call(function, arguments) => {
                let arguments = arguments.iter().map(|argument| self.value(argument));
                functions::call(*function, arguments, self.now)
            }
            predicate => Ok(self.truth(predicate)?.map_or(Value::Null, Value::Bool)),
        }
    }

    /// Whether it is true, or None where that is not known.
    pub(super) fn truth(&self, expression: &Expression) -> Result<Option<bool>, Problem> {
        match expression {
            Expression::All(parts) => self.joined(parts, false),
            Expression::Any(parts) => self.joined(parts, true),
            Expression::Not(inner) => Ok(self.truth(inner)?.map(|truth| !truth)),
            Expression::Compare(left, comparison, right) => {
                let order = compare::order(&self.value(left)?, &self.value(right)?)?;
                Ok(order.map(|order| compare::holds(*comparison, order)))
            }
            Expression::Like(text, pattern, escape) => self.like(text, pattern, escape.as_deref()),
            Expression::Between(value, low, high) => {
                let (value, low, high) = (self.value(value)?, self.value(low)?, self.value(high)?);
                let above = compare::order(&value, &low)?.map(Ordering::is_ge);
                let below = compare::order(&value, &high)?.map(Ordering::is_le);
                Ok(match (above, below) {
                    (Some(false), _) | (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                })
            }
            Expression::In(value, list) => self.is_in(value, list),
            Expression::IsNull(inner) => Ok(Some(!self.value(inner)?.is_known())),
            Expression::IsMissing(inner) => Ok(Some(self.is_missing(inner)?)),
            value => match self.value(value)? {
                value if value.is_known() => convert::boolean(&value).map(Some),
                _ => Ok(None),
            },
        }
    }

    /// Goes on until the outcome cannot change any more.
    fn joined(&self, parts: &[Expression], decides: bool) -> Result<Option<bool>, Problem> {
        let mut all_known = true;
        for part in parts {
            match self.truth(part)? {
                Some(truth) if truth == decides => return Ok(Some(decides)),
                Some(_) => {}
                None => all_known = false,
            }
        }
        Ok(all_known.then_some(!decides))
    }

    fn like(
        &self,
        text: &Expression,
        pattern: &Expression,
        escape: Option<&Expression>,
    ) -> Result<Option<bool>, Problem> {
        let (text, pattern) = (self.value(text)?, self.value(pattern)?);
        if !text.is_known() || !pattern.is_known() {
            return Ok(None);
        }
        let escape = match escape.map(|escape| self.value(escape)).transpose()? {
            Some(escape) => {
                let escape = convert::text(&escape)?;
                let mut characters = escape.chars();
                match (characters.next(), characters.next()) {
                    (Some(only), None) => Some(only),
                    _ => return Err(Problem::Conversion),
                }
            }
            None => None,
        };
        like::matches(&convert::text(&text)?, &convert::text(&pattern)?, escape).map(Some)
    }

    fn is_in(&self, value: &Expression, list: &[Expression]) -> Result<Option<bool>, Problem> {
        let value = self.value(value)?;
        let mut all_known = true;
        for item in list {
            match compare::order(&value, &self.value(item)?)? {
                Some(order) if compare::holds(Comparison::Equal, order) => return Ok(Some(true)),
                Some(_) => {}
                None => all_known = false,
            }
        }
        Ok(all_known.then_some(false))
    }

    /// A column that a record of delimited text does not have is missing as well, for once without being an error.
    fn is_missing(&self, inner: &Expression) -> Result<bool, Problem> {
        match self.value(inner) {
            Ok(value) => Ok(value == Value::Missing),
            Err(Problem::Ordinal) => Ok(true),
            Err(problem) => Err(problem),
        }
    }
}

/// A path may begin with the table or with the name that was given to it.
pub(super) fn without_table<'s>(steps: &'s [Step], alias: Option<&str>) -> &'s [Step] {
    match steps {
        [Step::Field { name, .. }, rest @ ..] if !rest.is_empty() => {
            let is_alias = alias.is_some_and(|alias| alias.eq_ignore_ascii_case(name));
            if is_alias || name.eq_ignore_ascii_case("BlobStorage") {
                rest
            } else {
                steps
            }
        }
        steps => steps,
    }
}
