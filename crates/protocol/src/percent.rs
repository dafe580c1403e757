//! Percent-encoding of paths and queries. What is signed is what is sent, so a URL is encoded here, once, and never again.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
const PATH: &AsciiSet = &UNRESERVED.remove(b'/');

/// Encodes a name for the path of a URL; slashes stay.
#[must_use]
pub fn encode_path(name: &str) -> Cow<'_, str> {
    utf8_percent_encode(name, PATH).into()
}

/// Encodes a name or a value for the query of a URL; a space is `%20`, never `+`.
#[must_use]
pub fn encode_query(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, UNRESERVED).into()
}

/// Decodes `%xx`; a plus sign stays one. `None` when what comes out is not UTF-8.
#[must_use]
pub fn decode(text: &str) -> Option<Cow<'_, str>> {
    percent_decode_str(text).decode_utf8().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_text_survives_a_url(text in any::<String>()) {
            let path = encode_path(&text);
            prop_assert_eq!(decode(&path).unwrap(), text.as_str());
            prop_assert!(path.is_ascii() && !path.contains(['?', '#', ' ', '+', '&']));
            let query = encode_query(&text);
            prop_assert_eq!(decode(&query).unwrap(), text.as_str());
            prop_assert!(query.is_ascii() && !query.contains(['?', '#', ' ', '+', '&', '=', '/']));
        }
    }
}
