//! What a query means.

/// How a tag is compared with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Operator {
    fn holds(self, tag: &str, value: &str) -> bool {
        match self {
            Self::Equal => tag == value,
            Self::NotEqual => tag != value,
            Self::Less => tag < value,
            Self::LessOrEqual => tag <= value,
            Self::Greater => tag > value,
            Self::GreaterOrEqual => tag >= value,
        }
    }

    /// Whether one tag can be asked for with both: only the two ends of a range can.
    pub(super) fn makes_range_with(self, other: Self) -> bool {
        let side = |operator| match operator {
            Self::Less | Self::LessOrEqual => Some(false),
            Self::Greater | Self::GreaterOrEqual => Some(true),
            Self::Equal | Self::NotEqual => None,
        };
        matches!((side(self), side(other)), (Some(one), Some(two)) if one != two)
    }
}

/// A tree whose depth is that of the parentheses; what is joined by one word lies side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expression {
    All(Vec<Self>),
    Any(Vec<Self>),
    Compare {
        key: String,
        operator: Operator,
        value: String,
    },
}

impl Expression {
    pub(super) fn holds(&self, tags: &[(String, String)]) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(tags)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(tags)),
            Self::Compare { key, operator, value } => tags
                .iter()
                .find(|(name, _)| name == key)
                .is_some_and(|(_, tag)| operator.holds(tag, value)),
        }
    }

    /// Each key once, in the order in which they are first named.
    pub(super) fn keys(&self) -> Vec<&str> {
        let mut keys = Vec::new();
        self.collect_keys(&mut keys);
        keys
    }

    fn collect_keys<'a>(&'a self, keys: &mut Vec<&'a str>) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.collect_keys(keys)),
            Self::Compare { key, .. } if keys.contains(&key.as_str()) => {}
            Self::Compare { key, .. } => keys.push(key),
        }
    }
}
