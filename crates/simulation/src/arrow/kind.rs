//! The types that a column can have.

use super::flatbuffer::{Node, Slot};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Int64,
    Uint64,
    Double,
    Text,
    Bool,
    Decimal {
        precision: u8,
        scale: u8,
    },
    /// Seconds since 1970, in no zone: what reads them takes them for UTC.
    Seconds,
    /// Milliseconds since 1970, in no zone.
    Milliseconds,
    /// Texts under texts: a map.
    Pairs,
}

impl Kind {
    /// How many bytes a value has, where all have the same number.
    pub(super) fn width(self) -> Option<usize> {
        match self {
            Self::Int64 | Self::Uint64 | Self::Double | Self::Seconds | Self::Milliseconds => Some(8),
            Self::Decimal { .. } => Some(16),
            Self::Text | Self::Bool | Self::Pairs => None,
        }
    }

    /// The number of the type in a schema, and what it says of itself.
    pub(super) fn table(self) -> (u8, Vec<Slot>) {
        match self {
            Self::Int64 => (2, vec![Slot::Int(64), Slot::Byte(1)]),
            Self::Uint64 => (2, vec![Slot::Int(64)]),
            Self::Double => (3, vec![Slot::Short(2)]),
            Self::Text => (5, Vec::new()),
            Self::Bool => (6, Vec::new()),
            // Of 128 bits, which needs not be said.
            Self::Decimal { precision, scale } => {
                (7, vec![Slot::Int(precision.into()), Slot::Int(scale.into())])
            }
            Self::Seconds => (10, vec![Slot::Short(0)]),
            Self::Milliseconds => (10, vec![Slot::Short(1)]),
            Self::Pairs => (17, Vec::new()),
        }
    }

    /// The fields that a field of the type is made of.
    pub(super) fn children(self) -> Node {
        const STRUCT: u8 = 13;
        let Self::Pairs = self else {
            // Readers expect the list, though it is empty.
            return Node::Tables(Vec::new());
        };
        let text = |name: &str, may_be_null| {
            let (kind, details) = Self::Text.table();
            field(name, may_be_null, (kind, details), Self::Text.children())
        };
        let pair = Node::Tables(vec![text("key", false), text("value", true)]);
        Node::Tables(vec![field("entries", false, (STRUCT, Vec::new()), pair)])
    }
}

/// A field of a schema.
pub(super) fn field(name: &str, may_be_null: bool, kind: (u8, Vec<Slot>), children: Node) -> Vec<Slot> {
    let (number, details) = kind;
    vec![
        Slot::Refers(Node::Text(name.to_owned())),
        Slot::Byte(u8::from(may_be_null)),
        Slot::Byte(number),
        Slot::Refers(Node::Table(details)),
        Slot::Absent,
        Slot::Refers(children),
    ]
}
