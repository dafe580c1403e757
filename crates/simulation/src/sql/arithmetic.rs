//! `+ - * / %`: of whole numbers as long as both are, and of times and days.

use time::Duration;

use super::convert::{self, Number};
use super::problem::Problem;
use super::query::Arithmetic;
use super::value::Value;

pub(super) fn apply(operator: Arithmetic, left: &Value, right: &Value) -> Result<Value, Problem> {
    if !left.is_known() || !right.is_known() {
        return Ok(Value::Null);
    }
    match (operator, left, right) {
        (Arithmetic::Add, Value::Time(time), days) | (Arithmetic::Add, days, Value::Time(time)) => {
            move_days(*time, convert::int(days)?)
        }
        (Arithmetic::Subtract, Value::Time(time), days) => {
            move_days(*time, convert::int(days)?.checked_neg().ok_or(Problem::Overflow)?)
        }
        _ => numbers(operator, convert::number(left)?, convert::number(right)?).map(Value::from),
    }
}

pub(super) fn negative(value: &Value) -> Result<Value, Problem> {
    apply(Arithmetic::Subtract, &Value::Int(0), value)
}

fn move_days(time: time::OffsetDateTime, days: i64) -> Result<Value, Problem> {
    let seconds = days.checked_mul(24 * 60 * 60).ok_or(Problem::Overflow)?;
    let moved = time.checked_add(Duration::seconds(seconds));
    moved.map(Value::Time).ok_or(Problem::Overflow)
}

fn numbers(operator: Arithmetic, left: Number, right: Number) -> Result<Number, Problem> {
    if matches!(operator, Arithmetic::Divide | Arithmetic::Remainder) && right.float() == 0.0 {
        return Err(Problem::DivisionByZero);
    }
    if let (Number::Int(left), Number::Int(right)) = (left, right) {
        let whole = match operator {
            Arithmetic::Add => left.checked_add(right),
            Arithmetic::Subtract => left.checked_sub(right),
            Arithmetic::Multiply => left.checked_mul(right),
            Arithmetic::Divide => left.checked_div(right),
            Arithmetic::Remainder => left.checked_rem(right),
        };
        return whole.map(Number::Int).ok_or(Problem::Overflow);
    }
    let (left, right) = (left.float(), right.float());
    let float = match operator {
        Arithmetic::Add => left + right,
        Arithmetic::Subtract => left - right,
        Arithmetic::Multiply => left * right,
        Arithmetic::Divide => left / right,
        Arithmetic::Remainder => left % right,
    };
    Some(float)
        .filter(|float| float.is_finite())
        .map(Number::Float)
        .ok_or(Problem::Overflow)
}
