//! A page of a list as an Apache Arrow table: a row for each blob and each prefix.
//!
//! The columns are named as the elements of the XML. A table has those in which a row of it stands, so an empty one has none at all. How the service
//! orders and types its columns was never seen; the types are those that readers expect.

use std::borrow::Cow;

use http::{HeaderValue, StatusCode, header};

use super::facts::{Facts, tell_identity, tell_properties, tell_uncommitted};
use super::{Found, Told};
use crate::arrow::{self, Cell, Column, END, Field, Kind};
use crate::service::answer::Answer;
use crate::service::call::Call;
use crate::state::{BlobEntry, Timestamp};

const TYPE: &str = "application/vnd.apache.arrow.stream";

/// Whether a request accepts a table, in a version of the service that has them.
pub(super) fn is_welcome(call: &Call) -> bool {
    let accepted = call.parts.headers.get_all(header::ACCEPT).into_iter();
    let mut kinds = accepted
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    let is_table = |kind: &str| {
        let name = kind.split(';').next().unwrap_or_default();
        name.trim().eq_ignore_ascii_case(TYPE)
    };
    call.since(b"2026-10-06") && kinds.any(is_table)
}

pub(super) fn answer(found: &Found) -> Answer {
    let mut table = Table::default();
    for entry in &found.page.entries {
        table.put_entry(entry, found.told);
        table.end_row();
    }
    let stream = table.stream(found.marker.as_deref().unwrap_or_default());
    Answer::new(StatusCode::OK).sized(HeaderValue::from_static(TYPE), stream)
}

#[derive(Debug, Default)]
struct Table {
    rows: usize,
    columns: Vec<(&'static str, Column)>,
    /// Which column the next fact probably stands in: they come in one order.
    next: usize,
}

impl Table {
    fn put_entry(&mut self, entry: &BlobEntry, told: Told) {
        match entry {
            BlobEntry::Prefix(prefix) => {
                self.text("Name", prefix);
                self.text("ResourceType", "blobprefix");
            }
            BlobEntry::Uncommitted(name) => {
                self.text("Name", name);
                tell_uncommitted(self);
            }
            BlobEntry::Blob(listed) => {
                self.text("Name", &listed.name);
                tell_identity(self, listed);
                tell_properties(self, listed, told);
                if told.metadata {
                    self.pairs("Metadata", listed.blob.metadata.iter());
                }
                if told.tags {
                    self.pairs("Tags", listed.blob.tags.iter());
                }
            }
        }
    }

    /// Ends the row: where nothing was put there is nothing.
    fn end_row(&mut self) {
        self.rows = self.rows.saturating_add(1);
        self.next = 0;
        for (_, column) in &mut self.columns {
            column.fill(self.rows);
        }
    }

    fn put(&mut self, name: &'static str, kind: Kind, cell: &Cell<'_>) {
        let is_next = |at: &usize| self.columns.get(*at).is_some_and(|(other, _)| *other == name);
        let found = Some(self.next).filter(is_next);
        let found = found.or_else(|| self.columns.iter().position(|(other, _)| *other == name));
        let at = found.unwrap_or_else(|| {
            let mut column = Column::new(kind);
            column.fill(self.rows);
            self.columns.push((name, column));
            self.columns.len().saturating_sub(1)
        });
        if let Some((_, column)) = self.columns.get_mut(at) {
            column.push(cell);
        }
        self.next = at.saturating_add(1);
    }

    fn pairs<'a>(&mut self, name: &'static str, pairs: impl Iterator<Item = (&'a str, &'a str)>) {
        let pairs: Vec<_> = pairs.map(|(key, value)| (key.into(), value.into())).collect();
        if !pairs.is_empty() {
            self.put(name, Kind::Pairs, &Cell::Pairs(pairs));
        }
    }

    /// The whole stream.
    fn stream(&self, marker: &str) -> Vec<u8> {
        let rows = self.rows.to_string();
        let fields = self.columns.iter().map(|(name, column)| Field {
            name,
            kind: column.kind(),
        });
        let mut stream = arrow::schema(fields, &[("NumberOfRecords", &rows), ("NextMarker", marker)]);
        let columns = self.columns.iter().map(|(_, column)| column);
        stream.extend(arrow::batch(columns, self.rows));
        stream.extend(END);
        stream
    }
}

impl Facts for Table {
    fn text(&mut self, name: &'static str, text: &str) {
        if !text.is_empty() {
            self.put(name, Kind::Text, &Cell::Text(Cow::Borrowed(text)));
        }
    }

    fn flag(&mut self, name: &'static str, flag: bool) {
        self.put(name, Kind::Bool, &Cell::Bool(flag));
    }

    fn number(&mut self, name: &'static str, number: u64) {
        self.put(name, Kind::Uint64, &Cell::Long(number.to_le_bytes()));
    }

    fn time(&mut self, name: &'static str, time: Timestamp) {
        self.put(name, Kind::Seconds, &Cell::Long(time.seconds().to_le_bytes()));
    }
}
