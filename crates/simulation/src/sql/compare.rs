//! How two values are compared: each as what the other one is, in the order time, number, truth, text.

use std::cmp::Ordering;

use super::convert::{self, Number};
use super::problem::Problem;
use super::query::Comparison;
use super::value::Value;

/// The order of two values. None if one of them is not known.
pub(super) fn order(left: &Value, right: &Value) -> Result<Option<Ordering>, Problem> {
    if !left.is_known() || !right.is_known() {
        return Ok(None);
    }
    Ok(match (left, right) {
        (Value::Tree(left), Value::Tree(right)) if left == right => Some(Ordering::Equal),
        (Value::Tree(_), _) | (_, Value::Tree(_)) => return Err(Problem::Conversion),
        (Value::Time(_), _) | (_, Value::Time(_)) => Some(convert::time(left)?.cmp(&convert::time(right)?)),
        (Value::Int(_) | Value::Float(_), _) | (_, Value::Int(_) | Value::Float(_)) => {
            numbers(convert::number(left)?, convert::number(right)?)
        }
        (Value::Bool(_), _) | (_, Value::Bool(_)) => {
            Some(convert::boolean(left)?.cmp(&convert::boolean(right)?))
        }
        _ => Some(convert::text(left)?.cmp(&convert::text(right)?)),
    })
}

fn numbers(left: Number, right: Number) -> Option<Ordering> {
    match (left, right) {
        (Number::Int(left), Number::Int(right)) => Some(left.cmp(&right)),
        (left, right) => left.float().partial_cmp(&right.float()),
    }
}

/// Whether the order is the one that is asked for.
pub(super) fn holds(comparison: Comparison, order: Ordering) -> bool {
    match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
    }
}
