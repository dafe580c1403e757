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
