//! A column of the rows that are held, in the form that Arrow has it in.

use std::borrow::Cow;

use super::Kind;
use super::flatbuffer::pad;

/// A value in the form of its column.
#[derive(Clone, Debug)]
pub(crate) enum Cell<'a> {
    Null,
    Bool(bool),
    /// A number, little-endian.
    Long([u8; 8]),
    /// A decimal, little-endian.
    Wide([u8; 16]),
    Text(Cow<'a, str>),
    Pairs(Vec<(Cow<'a, str>, Cow<'a, str>)>),
}

/// One column.
#[derive(Debug)]
pub(crate) struct Column {
    kind: Kind,
    rows: usize,
    nulls: usize,
    /// A bit a row: whether it has a value.
    valid: Vec<u8>,
    /// The ends of texts and of maps.
    ends: Vec<u8>,
    values: Vec<u8>,
    /// The keys and the values of maps, one behind the other.
    pairs: Option<Box<(Self, Self)>>,
}

/// Where the parts of a batch are in its body: what each column has of rows and of nulls, and where its buffers start and how long they are.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) body: Vec<u8>,
    pub(super) nodes: Vec<(i64, i64)>,
    pub(super) buffers: Vec<(i64, i64)>,
}

impl Column {
    pub(crate) fn new(kind: Kind) -> Self {
        let text = || Self::new(Kind::Text);
        let has_ends = matches!(kind, Kind::Text | Kind::Pairs);
        Self {
            kind,
            rows: 0,
            nulls: 0,
            valid: Vec::new(),
            ends: vec![0; if has_ends { 4 } else { 0 }],
            values: Vec::new(),
            pairs: (kind == Kind::Pairs).then(|| Box::new((text(), text()))),
        }
    }

    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// Adds a row. A cell of another kind than the column is null.
    pub(crate) fn push(&mut self, cell: &Cell<'_>) {
        let is_there = self.put(cell);
        bit(&mut self.valid, self.rows, is_there);
        if let Some(end) = self.end() {
            self.ends
                .extend_from_slice(&i32::try_from(end).unwrap_or(i32::MAX).to_le_bytes());
        }
        self.nulls = self.nulls.saturating_add(usize::from(!is_there));
        self.rows = self.rows.saturating_add(1);
    }

    /// Adds nulls until there are this many rows.
    pub(crate) fn fill(&mut self, rows: usize) {
        while self.rows < rows {
            self.push(&Cell::Null);
        }
    }

    /// Adds the value itself, or what stands where there is none; whether there was one.
    fn put(&mut self, cell: &Cell<'_>) -> bool {
        match (self.kind, cell) {
            (Kind::Bool, cell) => {
                bit(&mut self.values, self.rows, matches!(cell, Cell::Bool(true)));
                return matches!(cell, Cell::Bool(_));
            }
            (Kind::Text, Cell::Text(text)) => self.values.extend_from_slice(text.as_bytes()),
            (Kind::Pairs, Cell::Pairs(pairs)) => {
                for (key, value) in pairs {
                    if let Some(columns) = &mut self.pairs {
                        columns.0.push(&Cell::Text(key.clone()));
                        columns.1.push(&Cell::Text(value.clone()));
                    }
                }
            }
            (kind, Cell::Long(bytes)) if kind.width() == Some(8) => self.values.extend_from_slice(bytes),
            (Kind::Decimal { .. }, Cell::Wide(bytes)) => self.values.extend_from_slice(bytes),
            (kind, _) => {
                let filled = self.values.len().saturating_add(kind.width().unwrap_or(0));
                self.values.resize(filled, 0);
                return false;
            }
        }
        true
    }

    /// Where the last row ends, if rows have lengths of their own.
    fn end(&self) -> Option<usize> {
        match (self.kind, &self.pairs) {
            (Kind::Text, _) => Some(self.values.len()),
            (_, Some(pairs)) => Some(pairs.0.rows),
            _ => None,
        }
    }

    /// About how many bytes are held.
    pub(crate) fn bytes(&self) -> usize {
        let pairs = self.pairs.as_deref();
        let of_pairs = pairs.map_or(0, |(keys, values)| keys.bytes().saturating_add(values.bytes()));
        let own = self.values.len().saturating_add(self.ends.len());
        own.saturating_add(of_pairs)
    }

    /// Puts the column's buffers into the body of a message, each at a multiple of eight.
    pub(super) fn write(&self, parts: &mut Parts) {
        parts.node(self.rows, self.nulls);
        parts.buffer(if self.nulls == 0 { &[] } else { &self.valid });
        if !self.ends.is_empty() {
            parts.buffer(&self.ends);
        }
        let Some(pairs) = self.pairs.as_deref() else {
            parts.buffer(&self.values);
            return;
        };
        // The pair itself, which is always there.
        parts.node(pairs.0.rows, 0);
        parts.buffer(&[]);
        pairs.0.write(parts);
        pairs.1.write(parts);
    }
}

impl Parts {
    fn node(&mut self, rows: usize, nulls: usize) {
        self.nodes.push((signed(rows), signed(nulls)));
    }

    fn buffer(&mut self, bytes: &[u8]) {
        self.buffers.push((signed(self.body.len()), signed(bytes.len())));
        self.body.extend_from_slice(bytes);
        pad(&mut self.body, 8);
    }
}

pub(super) fn signed(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// Appends a bit, the least of a byte first.
fn bit(bytes: &mut Vec<u8>, at: usize, value: bool) {
    let place = at % 8;
    if place == 0 {
        bytes.push(0);
    }
    if let Some(last) = bytes.last_mut() {
        *last |= u8::from(value) << place;
    }
}
