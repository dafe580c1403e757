//! Reads a query: words, then expressions and the statement by recursive descent.

mod cursor;
mod expression;
mod malformed;
mod predicate;
mod primary;
mod statement;
#[cfg(test)]
mod tests;
mod token;

pub(crate) use malformed::Malformed;
pub(super) use statement::query;
