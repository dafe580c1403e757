//! Reads a query by recursive descent. Only parentheses go deeper.

use lazuli_protocol::limits::TAGS;

use super::Malformed;
use super::expression::{Expression, Operator};
use super::token::{Kind, Token, Tokens};

/// Where the query comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// The `where` of Find Blobs by Tags, which an index answers.
    Find,
    /// `x-ms-if-tags`, which is held against one blob.
    Condition,
}

/// More parentheses than anybody needs for ten tags.
const DEPTH: usize = 16;

/// Without quotes these are not read as keys.
const RESERVED: [&str; 5] = ["and", "or", "not", "year", "month"];

pub(super) fn parse(text: &str, dialect: Dialect) -> Result<(Expression, Option<String>), Malformed> {
    let mut tokens = Tokens::new(text);
    let next = tokens.next()?;
    let mut parser = Parser {
        tokens,
        next,
        dialect,
        container: None,
        seen: Vec::new(),
    };
    let expression = parser.any(0)?;
    match parser.next.kind {
        Kind::End => Ok((expression, parser.container)),
        _ => Err(parser.next.unexpected()),
    }
}

struct Parser<'a> {
    tokens: Tokens<'a>,
    next: Token,
    dialect: Dialect,
    container: Option<String>,
    /// The comparisons so far, by key; of a condition the first of each key.
    seen: Vec<(String, Operator)>,
}

impl Parser<'_> {
    fn any(&mut self, depth: usize) -> Result<Expression, Malformed> {
        self.joined("OR", Expression::Any, |parser| {
            parser.joined("AND", Expression::All, |parser| parser.primary(depth))
        })
    }

    /// One or more parts with this word between them.
    fn joined(
        &mut self,
        word: &str,
        join: fn(Vec<Expression>) -> Expression,
        mut part: impl FnMut(&mut Self) -> Result<Expression, Malformed>,
    ) -> Result<Expression, Malformed> {
        let first = part(self)?;
        let mut parts = vec![first];
        while self.next.is_word(word) {
            if word == "OR" && self.dialect == Dialect::Find {
                return Err(self.next.unexpected());
            }
            self.advance()?;
            parts.push(part(self)?);
        }
        match (parts.pop(), parts.is_empty()) {
            (Some(only), true) => Ok(only),
            (last, _) => {
                parts.extend(last);
                Ok(join(parts))
            }
        }
    }

    fn primary(&mut self, depth: usize) -> Result<Expression, Malformed> {
        if self.next.kind != Kind::Open {
            return self.comparison();
        }
        if depth >= DEPTH {
            return Err(self.next.unexpected());
        }
        self.advance()?;
        let inner = self.any(depth.saturating_add(1))?;
        match self.advance()? {
            Token {
                kind: Kind::Close, ..
            } => Ok(inner),
            other => Err(other.unexpected()),
        }
    }

    fn comparison(&mut self) -> Result<Expression, Malformed> {
        let token = self.advance()?;
        let key = match &token.kind {
            Kind::Quoted(key) if !key.is_empty() => key.clone(),
            Kind::Word(key) if !RESERVED.iter().any(|word| token.is_word(word)) => key.clone(),
            Kind::At(name) if name == "@container" && self.dialect == Dialect::Find => {
                return self.in_container(&token);
            }
            _ => return Err(token.unexpected()),
        };
        let operator = self.operator()?;
        let value = self.value()?;
        self.remember(&key, operator)?;
        Ok(Expression::Compare { key, operator, value })
    }

    /// The container is kept aside: it is not a tag, and an index has one for each container.
    fn in_container(&mut self, token: &Token) -> Result<Expression, Malformed> {
        let operator = self.next.clone();
        if self.operator()? != Operator::Equal {
            return Err(operator.unexpected());
        }
        let value = self.value()?;
        if self.container.replace(value).is_some() {
            return Err(token.unexpected());
        }
        Ok(Expression::All(Vec::new()))
    }

    fn operator(&mut self) -> Result<Operator, Malformed> {
        match self.advance()? {
            Token {
                kind: Kind::Operator(operator),
                ..
            } if operator != Operator::NotEqual || self.dialect == Dialect::Condition => Ok(operator),
            other => Err(other.unexpected()),
        }
    }

    fn value(&mut self) -> Result<String, Malformed> {
        match self.advance()? {
            Token {
                kind: Kind::Value(value),
                ..
            } => Ok(value),
            other => Err(other.unexpected()),
        }
    }

    /// Keeps to what an index can answer, and to as many tags as a blob can have.
    fn remember(&mut self, key: &str, operator: Operator) -> Result<(), Malformed> {
        let mut earlier = self.seen.iter().filter(|(seen, _)| seen == key).peekable();
        let is_new = earlier.peek().is_none();
        if is_new {
            let keys = self
                .seen
                .iter()
                .map(|(seen, _)| seen)
                .collect::<std::collections::HashSet<_>>();
            if keys.len() >= TAGS {
                return Err(Malformed::TooManyTags);
            }
        } else if self.dialect == Dialect::Find && !earlier.all(|(_, other)| other.makes_range_with(operator))
        {
            return Err(Malformed::NotARange);
        }
        // A condition may compare one tag a thousand times, and is not looked through each time.
        if is_new || self.dialect == Dialect::Find {
            self.seen.push((key.to_owned(), operator));
        }
        Ok(())
    }

    fn advance(&mut self) -> Result<Token, Malformed> {
        let next = self.tokens.next()?;
        Ok(std::mem::replace(&mut self.next, next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_of_a_condition_is_bounded() {
        let text = ["a", "b"].map(|key| vec![format!("{key}='1'"); 500].join(" OR "));
        let text = text.join(" OR ");
        let mut tokens = Tokens::new(&text);
        let next = tokens.next().unwrap();
        let mut parser = Parser {
            tokens,
            next,
            dialect: Dialect::Condition,
            container: None,
            seen: Vec::new(),
        };
        parser.any(0).unwrap();
        assert_eq!(parser.seen.len(), 2);
    }
}
