//! What is computed over all rows.

use super::compare;
use super::convert::{self, Number};
use super::evaluate::Scope;
use super::problem::Problem;
use super::query::{Aggregate, AggregateItem};
use super::value::Value;

/// The state of one aggregate.
#[derive(Debug)]
pub(super) struct Accumulator {
    item: AggregateItem,
    count: i64,
    sum: Number,
    best: Option<Value>,
}

impl Accumulator {
    pub(super) fn new(item: AggregateItem) -> Self {
        Self {
            item,
            count: 0,
            sum: Number::Int(0),
            best: None,
        }
    }

    /// What the row adds, worked out before it is added: a row with a problem must not count in one aggregate and not in another.
    pub(super) fn prepare(&self, scope: &Scope<'_>) -> Result<Option<Value>, Problem> {
        let Some(argument) = &self.item.argument else {
            return Ok(Some(Value::Null));
        };
        let value = scope.value(argument)?;
        if !value.is_known() {
            return Ok(None);
        }
        match self.item.kind {
            Aggregate::Sum | Aggregate::Average => Ok(Some(convert::number(&value)?.into())),
            Aggregate::Min | Aggregate::Max => {
                if let Some(best) = &self.best {
                    compare::order(&value, best)?;
                }
                Ok(Some(value))
            }
            Aggregate::Count => Ok(Some(value)),
        }
    }

    pub(super) fn add(&mut self, value: Value) {
        self.count = self.count.saturating_add(1);
        match self.item.kind {
            Aggregate::Count => {}
            Aggregate::Sum | Aggregate::Average => {
                if let Ok(number) = convert::number(&value) {
                    self.sum = sum(self.sum, number);
                }
            }
            Aggregate::Min | Aggregate::Max => {
                let order = self.best.as_ref().map(|best| compare::order(&value, best));
                let better = match order {
                    None => true,
                    Some(Ok(Some(order))) if self.item.kind == Aggregate::Min => order.is_lt(),
                    Some(Ok(Some(order))) => order.is_gt(),
                    Some(_) => false,
                };
                if better {
                    self.best = Some(value);
                }
            }
        }
    }

    /// The name and the value of the column. Of no values there is no sum, and nothing that is the least.
    pub(super) fn finish(self) -> (String, Value) {
        let value = match self.item.kind {
            Aggregate::Count => Value::Int(self.count),
            _ if self.count == 0 => Value::Null,
            Aggregate::Sum => self.sum.into(),
            Aggregate::Average => Value::Float(self.sum.float() / Number::Int(self.count).float()),
            Aggregate::Min | Aggregate::Max => self.best.unwrap_or(Value::Null),
        };
        (self.item.name, value)
    }
}

/// Whole as long as it fits.
fn sum(left: Number, right: Number) -> Number {
    match (left, right) {
        (Number::Int(left), Number::Int(right)) => left
            .checked_add(right)
            .map_or_else(|| Number::Float(left as f64 + right as f64), Number::Int),
        (left, right) => Number::Float(left.float() + right.float()),
    }
}
