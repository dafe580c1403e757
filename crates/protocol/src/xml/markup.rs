//! The small parts of XML: tags, attributes, references, ends of lines.

use std::borrow::Cow;

/// A tag that opens an element.
pub(super) struct Tag<'a> {
    pub(super) name: &'a str,
    /// What stands between the name and the end.
    pub(super) attributes: &'a str,
    /// Whether it closes the element as well.
    pub(super) closed: bool,
}

/// Reads a tag whose `<` has been read; with what follows it.
pub(super) fn tag(inside: &str) -> Option<(Tag<'_>, &str)> {
    let end = inside.bytes().position(|byte| {
        matches!(
            byte,
            b'>' | b'/' | b' ' | b'\t' | b'\r' | b'\n' | b'<' | b'=' | b'"' | b'\''
        )
    })?;
    let (name, after) = inside.split_at_checked(end)?;
    if name.is_empty() {
        return None;
    }
    let tag = |closed| Tag {
        name,
        attributes: "",
        closed,
    };
    // As nearly all of them are written.
    if let Some(rest) = after.strip_prefix('>') {
        return Some((tag(false), rest));
    }
    if let Some(rest) = after.strip_prefix(" />").or_else(|| after.strip_prefix("/>")) {
        return Some((tag(true), rest));
    }
    if !after.starts_with(|c: char| c.is_ascii_whitespace()) {
        return None;
    }
    let (attributes, rest) = after.split_at_checked(end_of_tag(after)?)?;
    let rest = rest.strip_prefix('>')?;
    let open = attributes.strip_suffix('/');
    let tag = Tag {
        name,
        attributes: open.unwrap_or(attributes),
        closed: open.is_some(),
    };
    Some((tag, rest))
}

/// Where the `>` stands that ends a tag: one in quotes does not.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at),
            (None, b'<') => return None,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

/// The value of the first attribute of this name, with its references resolved. `None` also for what cannot be read.
pub(super) fn attribute(attributes: &str, wanted: &str) -> Option<String> {
    let mut rest = attributes;
    loop {
        let (name, after) = rest.split_once('=')?;
        let after = after.trim_ascii_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, after) = after.strip_prefix(quote)?.split_once(quote)?;
        if name.trim_ascii() == wanted {
            return resolved(value);
        }
        rest = after;
    }
}

fn resolved(value: &str) -> Option<String> {
    let mut resolved = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find('&') {
        let (text, from) = rest.split_at_checked(at)?;
        let (character, after) = reference(from)?;
        resolved.push_str(text);
        resolved.push(character);
        rest = after;
    }
    resolved.push_str(rest);
    Some(resolved)
}

/// Reads a reference, `&amp;` or `&#x26;`; with what follows it. Of entities there are those that XML has itself.
pub(super) fn reference(text: &str) -> Option<(char, &str)> {
    let (name, rest) = text.strip_prefix('&')?.split_once(';')?;
    let character = match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "apos" => '\'',
        "quot" => '"',
        _ => {
            let number = name.strip_prefix('#')?;
            let number = match number.strip_prefix('x') {
                Some(hexadecimal) => digits(hexadecimal, 16)?,
                None => digits(number, 10)?,
            };
            char::from_u32(number).filter(|c| *c != '\0')?
        }
    };
    Some((character, rest))
}

// Without the sign that Rust's own reading of numbers allows.
fn digits(text: &str, radix: u32) -> Option<u32> {
    let sound = text.chars().all(|c| c.is_digit(radix));
    if sound {
        u32::from_str_radix(text, radix).ok()
    } else {
        None
    }
}

/// Lines end with `\n`, however they were written.
pub(super) fn with_plain_lines(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}
