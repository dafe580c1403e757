//! What the service says of an XML document that it cannot use.

use lazuli_protocol::ErrorCode;

use crate::service::refusal::Refusal;

/// A document that is wrong at this line and column, for this reason if one is known.
pub(super) fn malformed((line, column): (usize, usize), reason: &str) -> Box<Refusal> {
    let refusal = Refusal::new(ErrorCode::InvalidXmlDocument)
        .detail("LineNumber", line.to_string())
        .detail("LinePosition", column.to_string());
    if reason.is_empty() {
        refusal
    } else {
        refusal.detail("Reason", reason)
    }
}

/// An element whose text is not what it has to be.
pub(super) fn bad_node(name: &str, value: &str) -> Box<Refusal> {
    Refusal::new(ErrorCode::InvalidXmlNodeValue)
        .detail("XmlNodeName", name)
        .detail("XmlNodeValue", value)
}
