//! Where the columns of a row are.

use super::json::Json;
use super::problem::Problem;
use super::query::Step;
use super::value::Value;

/// The names of the columns: from the first record of delimited text, or from what a table says of itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Header(Vec<String>);

impl Header {
    pub(super) fn new(names: Vec<String>) -> Self {
        Self(names)
    }

    #[cfg(feature = "parquet")]
    pub(super) fn names(&self) -> &[String] {
        &self.0
    }

    /// A name without quotes is found in any case, though an exact one goes first.
    fn position(&self, name: &str, quoted: bool) -> Option<usize> {
        let exact = self.0.iter().position(|column| column == name);
        exact.or_else(|| {
            self.0
                .iter()
                .position(|column| !quoted && column.eq_ignore_ascii_case(name))
        })
    }

    fn name(&self, at: usize) -> Option<&str> {
        self.0.get(at).map(String::as_str)
    }
}

/// One row, before anything is selected.
#[derive(Clone, Copy, Debug)]
pub(super) enum Row<'a> {
    Delimited {
        header: Option<&'a Header>,
        fields: &'a [String],
    },
    Json(&'a Json),
    /// Its columns have types, and all of them have names.
    #[cfg(feature = "parquet")]
    Table {
        header: &'a Header,
        values: &'a [Value],
    },
}

impl<'a> Row<'a> {
    /// The value of a column, and of what is within it.
    pub(super) fn column(&self, steps: &[Step]) -> Result<Value, Problem> {
        match self {
            Self::Delimited { header, fields } => {
                let field = fields.get(place(*header, steps).ok_or(Problem::ColumnName)?);
                field
                    .map(|field| Value::Text(field.clone()))
                    .ok_or(Problem::Ordinal)
            }
            #[cfg(feature = "parquet")]
            Self::Table { header, values } => {
                let value = values.get(place(Some(header), steps).ok_or(Problem::ColumnName)?);
                value.cloned().ok_or(Problem::Ordinal)
            }
            Self::Json(json) => Ok(within(json, steps).map_or(Value::Missing, Value::from)),
        }
    }

    /// Every column with its name. A value of JSON that is no object has none.
    pub(super) fn columns(&self) -> Vec<(String, Value)> {
        match self {
            Self::Delimited { header, fields } => {
                let named = |at: usize| header.and_then(|header| header.name(at)).map(str::to_owned);
                let name = |at: usize| named(at).unwrap_or_else(|| format!("_{}", at.saturating_add(1)));
                let fields = fields.iter().enumerate();
                fields
                    .map(|(at, field)| (name(at), Value::Text(field.clone())))
                    .collect()
            }
            Self::Json(Json::Object(fields)) => fields
                .iter()
                .map(|(name, value)| (name.clone(), value.into()))
                .collect(),
            Self::Json(_) => Vec::new(),
            #[cfg(feature = "parquet")]
            Self::Table { header, values } => {
                let named = header.names().iter().cloned();
                named.zip(values.iter().cloned()).collect()
            }
        }
    }
}

/// Which column is meant, from 0: by its place, or by its name where it has one.
pub(super) fn place(header: Option<&Header>, steps: &[Step]) -> Option<usize> {
    let [Step::Field { name, quoted }] = steps else {
        return None;
    };
    let place = ordinal(name).filter(|_| !quoted);
    place.or_else(|| header.and_then(|header| header.position(name, *quoted)))
}

/// The place of `_1`, `_2`, …, from 0.
fn ordinal(name: &str) -> Option<usize> {
    name.strip_prefix('_')?.parse::<usize>().ok()?.checked_sub(1)
}

fn within<'a>(json: &'a Json, steps: &[Step]) -> Option<&'a Json> {
    steps.iter().try_fold(json, |json, step| match (step, json) {
        (Step::Field { name, quoted }, json) => json.field(name, *quoted),
        (Step::Index(at), Json::List(items)) => items.get(*at),
        _ => None,
    })
}

/// The rows that a record has, by the path in `FROM`. A list at the top is one of records.
pub(super) fn rows<'a>(record: &'a Json, from: &[Step]) -> Vec<&'a Json> {
    let mut rows = match record {
        Json::List(items) => items.iter().collect(),
        record => vec![record],
    };
    for step in from {
        rows = match step {
            Step::Every => rows.into_iter().flat_map(elements).collect(),
            step => rows
                .into_iter()
                .filter_map(|row| within(row, std::slice::from_ref(step)))
                .collect(),
        };
    }
    rows
}

fn elements(json: &Json) -> &[Json] {
    match json {
        Json::List(items) => items,
        _ => &[],
    }
}
