//! Rows as delimited text. A field is put in quotes if it would be read as more than itself.

use bytes::Bytes;

use super::super::request::Delimited;
use super::Cells;

#[derive(Debug)]
pub(in super::super) struct Writer {
    config: Delimited,
    /// The names of the columns are still to be written.
    header: bool,
    out: String,
}

impl Writer {
    pub(super) fn new(config: &Delimited) -> Self {
        Self {
            header: config.has_headers,
            config: config.clone(),
            out: String::new(),
        }
    }

    pub(super) fn row(&mut self, cells: &Cells) {
        if std::mem::take(&mut self.header) {
            self.record(cells.iter().map(|(name, _)| name.clone()));
        }
        self.record(cells.iter().map(|(_, value)| value.to_string()));
    }

    pub(super) fn held(&self) -> usize {
        self.out.len()
    }

    pub(super) fn take(&mut self) -> Bytes {
        std::mem::take(&mut self.out).into()
    }

    fn record(&mut self, fields: impl Iterator<Item = String>) {
        for (at, field) in fields.enumerate() {
            if at > 0 {
                self.out.push_str(&self.config.column_separator);
            }
            self.field(&field);
        }
        self.out.push_str(&self.config.record_separator);
    }

    fn field(&mut self, field: &str) {
        let config = &self.config;
        let separators = [config.column_separator.as_str(), config.record_separator.as_str()];
        let separated = separators
            .iter()
            .any(|text| !text.is_empty() && field.contains(text));
        let quoted = config
            .field_quote
            .filter(|quote| separated || field.contains(*quote));
        self.out.extend(quoted);
        for character in field.chars() {
            let special = match quoted {
                Some(quote) => character == quote,
                None => separated && separators.iter().any(|text| text.starts_with(character)),
            };
            if special || config.escape == Some(character) {
                self.out.extend(config.escape.or(quoted));
            }
            self.out.push(character);
        }
        self.out.extend(quoted);
    }
}
