//! The words of a query.

use super::Malformed;

/// The longest query that the service takes.
const QUERY_BYTES: usize = 256 * 1024;

/// The longer ones first.
const SYMBOLS: [&str; 19] = [
    "<=", ">=", "<>", "!=", "(", ")", "[", "]", ",", ".", "*", "+", "-", "/", "%", "=", "<", ">", ";",
];

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A keyword, or a name without quotes.
    Word(String),
    /// A name in double quotes.
    Name(String),
    /// A string in single quotes.
    Text(String),
    Int(i64),
    Float(f64),
    Symbol(&'static str),
    End,
}

/// The tokens, each with the byte at which it begins. The last is [`Token::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, usize)>, Malformed> {
    if text.len() > QUERY_BYTES {
        return Err(Malformed::TooLong);
    }
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let at = text.len().saturating_sub(rest.len());
        let Some(first) = rest.chars().next() else {
            tokens.push((Token::End, at));
            return Ok(tokens);
        };
        let (token, length) = read(first, rest).ok_or(Malformed::Syntax { at })?;
        tokens.push((token, at));
        rest = rest.get(length..).unwrap_or_default();
    }
}

/// The next token, and its length.
fn read(first: char, rest: &str) -> Option<(Token, usize)> {
    if let '"' | '\'' = first {
        let (content, length) = quoted(rest, first)?;
        let token = if first == '"' {
            Token::Name(content)
        } else {
            Token::Text(content)
        };
        return Some((token, length));
    }
    if first.is_alphabetic() || first == '_' {
        let length = length_of(rest, |character| character.is_alphanumeric() || character == '_');
        return Some((Token::Word(rest.get(..length)?.to_owned()), length));
    }
    let second = rest.chars().nth(1);
    if first.is_ascii_digit() || (first == '.' && second.is_some_and(|second| second.is_ascii_digit())) {
        return number(rest);
    }
    let symbol = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol))?;
    Some((Token::Symbol(symbol), symbol.len()))
}

/// What is between two of these quotes, where two in a row stand for one.
fn quoted(rest: &str, quote: char) -> Option<(String, usize)> {
    let mut content = String::new();
    let mut characters = rest.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        if character != quote {
            content.push(character);
        } else if characters.next_if(|(_, next)| *next == quote).is_some() {
            content.push(quote);
        } else {
            return Some((content, at.saturating_add(1)));
        }
    }
    None
}

/// A whole number, if it is one that fits; any other is a float.
fn number(rest: &str) -> Option<(Token, usize)> {
    let digits = |text: &str| length_of(text, |character| character.is_ascii_digit());
    let mut length = digits(rest);
    if let Some(fraction) = rest.get(length..).and_then(|rest| rest.strip_prefix('.')) {
        length = length.saturating_add(1).saturating_add(digits(fraction));
    }
    let exponent = rest.get(length..)?;
    if let Some(power) = exponent.strip_prefix(['e', 'E']) {
        let unsigned = power.strip_prefix(['+', '-']).unwrap_or(power);
        let (sign, count) = (power.len().saturating_sub(unsigned.len()), digits(unsigned));
        if count > 0 {
            length = length
                .saturating_add(1)
                .saturating_add(sign)
                .saturating_add(count);
        }
    }
    let text = rest.get(..length)?;
    let token = match text.parse() {
        Ok(whole) => Token::Int(whole),
        Err(_) => Token::Float(text.parse().ok()?),
    };
    Some((token, length))
}

fn length_of(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.char_indices()
        .find(|(_, character)| !belongs(*character))
        .map_or(text.len(), |(at, _)| at)
}
