//! The words of a query.

use super::Malformed;
use super::expression::Operator;

/// The longest part of a query that an error repeats.
const SHOWN_CHARS: usize = 32;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Open,
    Close,
    Operator(Operator),
    /// A key in double quotes.
    Quoted(String),
    /// A word without quotes, which may be a key.
    Word(String),
    /// `@container`, or another name with an `@`.
    At(String),
    /// A value in single quotes.
    Value(String),
    End,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// In characters, from 1.
    pub(super) position: usize,
    /// As it was written.
    text: String,
}

impl Token {
    pub(super) fn unexpected(&self) -> Malformed {
        let position = self.position;
        match self.kind {
            Kind::End => Malformed::Ends { position },
            _ => Malformed::Unexpected {
                position,
                found: self.text.clone(),
            },
        }
    }

    /// Whether it is this word, in any case.
    pub(super) fn is_word(&self, expected: &str) -> bool {
        matches!(&self.kind, Kind::Word(word) if word.eq_ignore_ascii_case(expected))
    }
}

/// Reads the words one after the other.
#[derive(Clone, Debug)]
pub(super) struct Tokens<'a> {
    rest: &'a str,
    position: usize,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            rest: text,
            position: 1,
        }
    }

    pub(super) fn next(&mut self) -> Result<Token, Malformed> {
        let blank = self.rest.len().saturating_sub(self.rest.trim_start().len());
        self.take(blank);
        let position = self.position;
        let Some(first) = self.rest.chars().next() else {
            return Ok(Token {
                kind: Kind::End,
                position,
                text: String::new(),
            });
        };
        let (kind, text) = match first {
            '(' => (Kind::Open, self.take(1)),
            ')' => (Kind::Close, self.take(1)),
            '=' | '<' | '>' => self.operator(),
            '"' => self.quoted('"').map(|(name, text)| (Kind::Quoted(name), text))?,
            '\'' => self
                .quoted('\'')
                .map(|(value, text)| (Kind::Value(value), text))?,
            '@' => {
                let length = word_length(self.rest.strip_prefix('@').unwrap_or_default());
                let text = self.take(length.saturating_add(1));
                (Kind::At(text.to_owned()), text)
            }
            first if is_word(first) => {
                let text = self.take(word_length(self.rest));
                (Kind::Word(text.to_owned()), text)
            }
            other => {
                return Err(Malformed::Unexpected {
                    position,
                    found: other.to_string(),
                });
            }
        };
        Ok(Token {
            kind,
            position,
            text: text.chars().take(SHOWN_CHARS).collect(),
        })
    }

    fn operator(&mut self) -> (Kind, &'a str) {
        const OPERATORS: [(&str, Operator); 6] = [
            ("<>", Operator::NotEqual),
            ("<=", Operator::LessOrEqual),
            (">=", Operator::GreaterOrEqual),
            ("<", Operator::Less),
            (">", Operator::Greater),
            ("=", Operator::Equal),
        ];
        let found = OPERATORS.iter().find(|(text, _)| self.rest.starts_with(text));
        let (text, operator) = found.copied().unwrap_or(("=", Operator::Equal));
        (Kind::Operator(operator), self.take(text.len()))
    }

    /// What stands between two of these quotes, where two in a row stand for one; and all of it as it was written.
    fn quoted(&mut self, quote: char) -> Result<(String, &'a str), Malformed> {
        let mut content = String::new();
        let mut characters = self.rest.char_indices().skip(1).peekable();
        while let Some((at, character)) = characters.next() {
            if character != quote {
                content.push(character);
                continue;
            }
            if characters.next_if(|(_, next)| *next == quote).is_none() {
                let text = self.take(at.saturating_add(1));
                return Ok((content, text));
            }
            content.push(quote);
        }
        let length = self.rest.chars().count();
        Err(Malformed::Ends {
            position: self.position.saturating_add(length),
        })
    }

    /// Goes on by this many bytes.
    fn take(&mut self, bytes: usize) -> &'a str {
        let (text, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.rest = rest;
        self.position = self.position.saturating_add(text.chars().count());
        text
    }
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// In bytes, which are characters here.
fn word_length(text: &str) -> usize {
    text.chars().take_while(|character| is_word(*character)).count()
}
