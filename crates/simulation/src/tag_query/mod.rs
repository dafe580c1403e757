//! The language in which tags are asked for: the `where` of Find Blobs by Tags, and the condition `x-ms-if-tags`.
//!
//! ```text
//! query      = and *( "OR" and )                 ; OR in conditions only
//! and        = primary *( "AND" primary )
//! primary    = "(" query ")" | key operator value
//! key        = '"' characters '"' | letters, digits and "_" | "@container"     ; @container in searches only
//! operator   = "=" | ">" | ">=" | "<" | "<=" | "<>"                            ; <> in conditions only
//! value      = "'" characters "'"                ; a quote is written twice
//! ```
//!
//! Words are read in any case; keys and values are case-sensitive, and compared character by character. A blob without the tag answers
//! to no comparison, not even to `<>`.

mod expression;
mod malformed;
mod parser;
#[cfg(test)]
mod tests;
mod token;

pub(crate) use malformed::Malformed;
pub(crate) use parser::Dialect;

use self::expression::Expression;

/// A query that was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TagQuery {
    container: Option<String>,
    expression: Expression,
}

impl TagQuery {
    /// Reads a query.
    ///
    /// # Errors
    /// The text is not of the language, or asks for what the service's index cannot answer. The error's text is the service's.
    pub(crate) fn parse(text: &str, dialect: Dialect) -> Result<Self, Malformed> {
        let (expression, container) = parser::parse(text, dialect)?;
        Ok(Self {
            container,
            expression,
        })
    }

    /// The one container that the query is bound to.
    pub(crate) fn container(&self) -> Option<&str> {
        self.container.as_deref()
    }

    /// Whether a blob with these tags is meant.
    pub(crate) fn matches(&self, container: &str, tags: &[(String, String)]) -> bool {
        self.container().is_none_or(|bound| bound == container) && self.expression.holds(tags)
    }

    /// The keys that the query speaks of: a search answers with these tags of each blob, and with no other.
    pub(crate) fn keys(&self) -> Vec<&str> {
        self.expression.keys()
    }
}
