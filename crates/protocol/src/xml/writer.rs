//! Text as it may stand in XML.

use std::borrow::Cow;

/// Escapes text for the content of an element or the value of an attribute.
///
/// ```
/// assert_eq!(lazuli_protocol::xml::escape("a<b & \"c\""), "a&lt;b &amp; &quot;c&quot;");
/// ```
#[must_use]
pub fn escape(text: &str) -> Cow<'_, str> {
    quick_xml::escape::escape(text)
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
