//! Where the parser is in the words of a query.

use super::Malformed;
use super::token::{Token, tokens};

/// Deeper than people write, and shallow enough for every stack.
const DEPTH: usize = 48;

#[derive(Debug)]
pub(super) struct Cursor {
    tokens: Vec<(Token, usize)>,
    at: usize,
    depth: usize,
}

impl Cursor {
    pub(super) fn new(text: &str) -> Result<Self, Malformed> {
        Ok(Self {
            tokens: tokens(text)?,
            at: 0,
            depth: 0,
        })
    }

    pub(super) fn peek(&self) -> &Token {
        self.ahead(0)
    }

    /// The token after so many others.
    pub(super) fn ahead(&self, count: usize) -> &Token {
        let token = self.tokens.get(self.at.saturating_add(count));
        token.map_or(&Token::End, |(token, _)| token)
    }

    pub(super) fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at = self.at.saturating_add(1).min(self.tokens.len());
        token
    }

    /// Goes over a keyword, if it comes next.
    pub(super) fn word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.next();
        }
        found
    }

    pub(super) fn is_word(&self, expected: &str) -> bool {
        matches!(self.peek(), Token::Word(word) if word.eq_ignore_ascii_case(expected))
    }

    /// Goes over a symbol, if it comes next.
    pub(super) fn symbol(&mut self, symbol: &str) -> bool {
        let found = self.is_symbol(symbol);
        if found {
            self.next();
        }
        found
    }

    pub(super) fn is_symbol(&self, expected: &str) -> bool {
        matches!(self.peek(), Token::Symbol(symbol) if *symbol == expected)
    }

    pub(super) fn expect_word(&mut self, word: &str) -> Result<(), Malformed> {
        if self.word(word) {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    pub(super) fn expect_symbol(&mut self, symbol: &str) -> Result<(), Malformed> {
        if self.symbol(symbol) {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    /// That what comes next cannot stand here.
    pub(super) fn unexpected(&self) -> Malformed {
        let token = self.tokens.get(self.at).or(self.tokens.last());
        Malformed::Syntax {
            at: token.map_or(0, |(_, at)| *at),
        }
    }

    /// Reads something that can be within itself.
    pub(super) fn deeper<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Malformed>,
    ) -> Result<T, Malformed> {
        if self.depth >= DEPTH {
            return Err(Malformed::TooDeep);
        }
        self.depth = self.depth.saturating_add(1);
        let result = read(self);
        self.depth = self.depth.saturating_sub(1);
        result
    }
}
