//! Rows as objects of JSON, without blanks and without what is missing.

use std::fmt::Write as _;

use bytes::Bytes;

use super::super::json::{Json, quote};
use super::super::request::JsonText;
use super::super::timestamp;
use super::super::value::Value;
use super::Cells;

#[derive(Debug)]
pub(in super::super) struct Writer {
    separator: String,
    out: String,
}

impl Writer {
    pub(super) fn new(config: &JsonText) -> Self {
        Self {
            separator: config.record_separator.clone(),
            out: String::new(),
        }
    }

    /// A record without any columns, such as a number alone, is an empty one.
    pub(super) fn row(&mut self, cells: &Cells) {
        if cells.is_empty() {
            self.out.push_str(&self.separator);
            return;
        }
        self.out.push('{');
        let known = cells.iter().filter(|(_, value)| *value != Value::Missing);
        for (at, (name, value)) in known.enumerate() {
            self.out.push_str(if at == 0 { "" } else { "," });
            // A string takes whatever is written to it.
            let _ = quote(&mut self.out, name);
            let _ = write!(self.out, ":{}", json(value));
        }
        self.out.push('}');
        self.out.push_str(&self.separator);
    }

    pub(super) fn held(&self) -> usize {
        self.out.len()
    }

    pub(super) fn take(&mut self) -> Bytes {
        std::mem::take(&mut self.out).into()
    }
}

fn json(value: &Value) -> Json {
    match value {
        Value::Missing | Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Int(value) => Json::Int(*value),
        Value::Float(value) => Json::Float(*value),
        Value::Text(text) => Json::Text(text.clone()),
        Value::Time(time) => Json::Text(timestamp::show(*time)),
        Value::Tree(json) => json.clone(),
    }
}
