//! The fields of a record or a map, taken by name; what nobody takes is kept as JSON.

use std::collections::BTreeMap;

use lazuli_protocol::xml::parse_iso8601;
use serde_json::Value as Json;
use time::OffsetDateTime;

use crate::avro::Value;

/// Fields that were not taken yet. The schema of the log makes a record of what an older one made a map of; they are read alike.
pub(super) struct Fields<'a>(Vec<(&'a str, &'a Value)>);

impl<'a> Fields<'a> {
    pub(super) fn of(value: &'a Value) -> Option<Self> {
        Some(Self(match value {
            Value::Record(record) => record.fields().collect(),
            Value::Map(map) => map.iter().map(|(name, value)| (&**name, value)).collect(),
            _ => return None,
        }))
    }

    /// Takes a field that can be read. Others stay, and are not lost.
    pub(super) fn with<T>(&mut self, name: &str, read: impl FnOnce(&'a Value) -> Option<T>) -> Option<T> {
        let at = self.0.iter().position(|(field, _)| *field == name)?;
        let (_, value) = self.0.get(at)?;
        let read = read(value)?;
        self.0.swap_remove(at);
        Some(read)
    }

    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        self.with(name, text)
    }

    pub(super) fn flag(&mut self, name: &str) -> Option<bool> {
        self.with(name, |value| match value {
            Value::Boolean(flag) => Some(*flag),
            Value::String(text) => text.to_ascii_lowercase().parse().ok(),
            _ => None,
        })
    }

    pub(super) fn number(&mut self, name: &str) -> Option<u64> {
        self.with(name, |value| match value {
            Value::Long(number) => u64::try_from(*number).ok(),
            _ => None,
        })
    }

    /// A value of one of the open vocabularies.
    pub(super) fn word<T: for<'b> From<&'b str>>(&mut self, name: &str) -> Option<T> {
        self.with(name, |value| Some(T::from(&text(value)?)))
    }

    pub(super) fn parsed<T: std::str::FromStr>(&mut self, name: &str) -> Option<T> {
        self.with(name, |value| text(value)?.parse().ok())
    }

    pub(super) fn time(&mut self, name: &str) -> Option<OffsetDateTime> {
        self.with(name, |value| parse_iso8601(&text(value)?).ok())
    }

    /// A field as it is, in JSON.
    pub(super) fn json(&mut self, name: &str) -> Option<String> {
        self.with(name, |value| {
            (*value != Value::Null).then(|| json(value).to_string())
        })
    }

    /// What was not taken and is not null, in JSON.
    pub(super) fn rest(self) -> BTreeMap<String, String> {
        let there = self.0.into_iter().filter(|(_, value)| **value != Value::Null);
        there
            .map(|(name, value)| (name.to_owned(), json(value).to_string()))
            .collect()
    }

    pub(super) fn into_iter(self) -> impl Iterator<Item = (String, &'a Value)> {
        self.0.into_iter().map(|(name, value)| (name.to_owned(), value))
    }
}

pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some((**text).to_owned()),
        _ => None,
    }
}

fn json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Boolean(flag) => (*flag).into(),
        Value::Long(number) => (*number).into(),
        // What JSON has no number for is null.
        Value::Double(number) => (*number).into(),
        // As Avro itself writes bytes in JSON: a character a byte.
        Value::Bytes(bytes) => bytes
            .iter()
            .map(|byte| char::from(*byte))
            .collect::<String>()
            .into(),
        Value::String(text) => (**text).into(),
        Value::Array(items) => items.iter().map(json).collect(),
        Value::Map(map) => map
            .iter()
            .map(|(name, value)| ((**name).to_owned(), json(value)))
            .collect(),
        Value::Record(record) => record
            .fields()
            .map(|(name, value)| (name.to_owned(), json(value)))
            .collect(),
    }
}
