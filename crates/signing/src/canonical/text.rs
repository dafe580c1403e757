//! The buffer that a string-to-sign is written into: one allocation for all of a usual request.

use std::borrow::Cow;
use std::str::Utf8Error;

use percent_encoding::percent_decode_str;

/// Room for the text of a usual request, in bytes.
const USUAL_LENGTH: usize = 1024;

/// Text that grows. It shows nothing in `Debug`, and has none: what is signed may be secret.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Text(Vec<u8>);

impl Text {
    pub(crate) fn new() -> Self {
        Self(Vec::with_capacity(USUAL_LENGTH))
    }

    pub(crate) fn push(&mut self, c: char) {
        self.push_str(c.encode_utf8(&mut [0; 4]));
    }

    pub(crate) fn push_str(&mut self, text: &str) {
        self.0.extend_from_slice(text.as_bytes());
    }

    /// Writes text without its percent-encoding, or nothing when that is no text.
    pub(crate) fn push_decoded(&mut self, encoded: &str) -> Result<(), Utf8Error> {
        if !encoded.contains('%') {
            self.push_str(encoded);
            return Ok(());
        }
        let start = self.len();
        self.0.extend(percent_decode_str(encoded));
        let decoded = self.0.get(start..).unwrap_or_default();
        std::str::from_utf8(decoded)
            .map(|_| ())
            .inspect_err(|_| self.0.truncate(start))
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Forgets what was written since the text had this length.
    pub(crate) fn truncate(&mut self, length: usize) {
        self.0.truncate(length);
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn make_ascii_uppercase(&mut self) {
        self.0.make_ascii_uppercase();
    }

    pub(crate) fn to_str(&self) -> Cow<'_, str> {
        // Only text is ever written, so this borrows.
        String::from_utf8_lossy(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut text = Text::new();
        text.push_str("a");
        text.push('ü');
        text.push_decoded("b+%C3%bc%zz%").unwrap();
        assert_eq!(text.to_str(), "aüb+ü%zz%");
        text.truncate(1);
        text.make_ascii_uppercase();
        assert_eq!((text.as_bytes(), text.len()), (&b"A"[..], 1));
    }

    #[test]
    fn what_is_no_text_once_it_is_decoded_is_not_written() {
        let mut text = Text::new();
        text.push_str("kept");
        assert!(text.push_decoded("lost%FF").is_err());
        assert_eq!(text.to_str(), "kept");
    }

    #[test]
    fn a_long_text_is_whole() {
        let mut text = Text::new();
        for _ in 0..USUAL_LENGTH {
            text.push_str("long ");
        }
        assert_eq!(text.to_str(), "long ".repeat(USUAL_LENGTH));
    }
}
