//! A query that was understood. Its depth is that of the parentheses in it: what is joined by operators of one kind lies side by side.

use super::value::Value;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Query {
    pub(super) select: Select,
    /// From a record to the values that are the rows.
    pub(super) from: Vec<Step>,
    /// What a column's path may begin with, and begins without.
    pub(super) alias: Option<String>,
    pub(super) filter: Option<Expression>,
    pub(super) limit: Option<u64>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Select {
    Everything,
    Items(Vec<Item>),
    Aggregates(Vec<AggregateItem>),
    /// The lengths of parts of at least this many bytes.
    Split(u64),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item {
    pub(super) expression: Expression,
    pub(super) name: String,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct AggregateItem {
    pub(super) kind: Aggregate,
    /// None for `COUNT(*)`.
    pub(super) argument: Option<Expression>,
    pub(super) name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aggregate {
    Count,
    Sum,
    Min,
    Max,
    Average,
}

/// One step into a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// With quotes it is found in its exact case only.
    Field {
        name: String,
        quoted: bool,
    },
    Index(usize),
    /// `[*]`, in `FROM` only.
    Every,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expression {
    Literal(Value),
    Column(Vec<Step>),
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Negative(Box<Self>),
    /// From left to right.
    Chain(Box<Self>, Vec<(Arithmetic, Self)>),
    Compare(Box<Self>, Comparison, Box<Self>),
    /// The text, the pattern and the character that escapes.
    Like(Box<Self>, Box<Self>, Option<Box<Self>>),
    Between(Box<Self>, Box<Self>, Box<Self>),
    In(Box<Self>, Vec<Self>),
    IsNull(Box<Self>),
    IsMissing(Box<Self>),
    Cast(Box<Self>, Kind),
    Call(Function, Vec<Self>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// What a value can be cast to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Int,
    Float,
    Text,
    Time,
    Bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    CharLength,
    Lower,
    Upper,
    Substring,
    Trim(Ends),
    Coalesce,
    NullIf,
    DateAdd,
    DateDiff,
    Extract,
    ToString,
    ToTimestamp,
    UtcNow,
}

/// Which ends of a text are trimmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ends {
    Leading,
    Trailing,
    Both,
}
