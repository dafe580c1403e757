//! What the objects of a file hold.

use std::sync::Arc;

use bytes::Bytes;

use super::schema::Shape;

/// A value. What differs only in its width on the wire, or in how its type was declared, is one here: `int` is a long, `float` a double,
/// a symbol of an `enum` a string, `fixed` bytes; and of a union only the value is kept.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Boolean(bool),
    Long(i64),
    Double(f64),
    /// A part of the block that it came in, not a copy.
    Bytes(Bytes),
    String(Arc<str>),
    Array(Vec<Self>),
    Map(Vec<(Arc<str>, Self)>),
    Record(Record),
}

/// The values of a record's fields.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    shape: Arc<Shape>,
    values: Vec<Value>,
}

impl Record {
    pub(super) fn new(shape: Arc<Shape>, values: Vec<Value>) -> Self {
        Self { shape, values }
    }

    /// The name of the record's type, without its namespace.
    #[cfg(any(feature = "query", test))]
    pub(crate) fn name(&self) -> &str {
        self.shape
            .name
            .rsplit_once('.')
            .map_or(&*self.shape.name, |(_, name)| name)
    }

    /// The fields with their values, in the order of the schema.
    #[cfg(feature = "change-feed")]
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, &Value)> {
        let names = self.shape.fields.iter().map(|(name, _)| &**name);
        names.zip(&self.values)
    }

    /// The same, to be taken apart.
    #[cfg(any(feature = "query", test))]
    pub(crate) fn into_fields(self) -> impl Iterator<Item = (Arc<str>, Value)> {
        let shape = self.shape;
        self.values
            .into_iter()
            .enumerate()
            .filter_map(move |(at, value)| Some((Arc::clone(&shape.fields.get(at)?.0), value)))
    }
}

impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        let (ours, theirs) = (self.shape.fields.iter(), other.shape.fields.iter());
        let ours = ours.map(|(name, _)| name);
        let theirs = theirs.map(|(name, _)| name);
        self.shape.name == other.shape.name && ours.eq(theirs) && self.values == other.values
    }
}
