//! Text as it may stand in XML.

use std::borrow::Cow;

/// Escapes text for the content of an element or the value of an attribute.
///
/// ```
/// assert_eq!(lazuli_protocol::xml::escape("a<b & \"c\""), "a&lt;b &amp; &quot;c&quot;");
/// ```
#[must_use]
pub fn escape(text: &str) -> Cow<'_, str> {
    const MARKED: [char; 5] = ['<', '>', '&', '\'', '"'];
    if !text.contains(MARKED) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + text.len() / 4);
    for piece in text.split_inclusive(MARKED) {
        let mut characters = piece.chars();
        let reference = match characters.next_back() {
            Some('<') => "&lt;",
            Some('>') => "&gt;",
            Some('&') => "&amp;",
            Some('\'') => "&apos;",
            Some('"') => "&quot;",
            _ => {
                escaped.push_str(piece);
                continue;
            }
        };
        escaped.push_str(characters.as_str());
        escaped.push_str(reference);
    }
    Cow::Owned(escaped)
}

/// The start of every document.
pub(super) fn prolog() -> String {
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>".to_owned()
}

/// Adds an element that holds text.
pub(super) fn element(xml: &mut String, name: &str, text: &str) {
    xml.extend(["<", name, ">", &escape(text), "</", name, ">"]);
}

/// Adds an element that holds text, if there is one.
pub(super) fn element_if(xml: &mut String, name: &str, text: Option<&str>) {
    if let Some(text) = text {
        element(xml, name, text);
    }
}

/// Adds an element that holds `true` or `false`.
pub(super) fn flag(xml: &mut String, name: &str, value: bool) {
    element(xml, name, if value { "true" } else { "false" });
}
