//! `application/x-www-form-urlencoded`, in memory that is wiped.

use lazuli_protocol::{Body, encode_query};
use zeroize::Zeroizing;

pub(crate) const CONTENT_TYPE: &str = "application/x-www-form-urlencoded";

/// A form's fields, in the order of their adding.
#[derive(Default)]
pub(crate) struct Form(Zeroizing<Vec<u8>>);

impl Form {
    #[must_use]
    pub(crate) fn field(mut self, name: &str, value: &str) -> Self {
        let value = Zeroizing::new(encode_query(value).into_owned());
        let mut next = Zeroizing::new(Vec::with_capacity(self.0.len() + name.len() + value.len() + 2));
        next.extend_from_slice(&self.0);
        if !next.is_empty() {
            next.push(b'&');
        }
        next.extend_from_slice(name.as_bytes());
        next.push(b'=');
        next.extend_from_slice(value.as_bytes());
        self.0 = next;
        self
    }

    /// As the body of a request, which is wiped when the last try is over.
    pub(crate) fn into_body(self) -> Body {
        Body::from(bytes::Bytes::from_owner(Wiped(self.0)))
    }
}

struct Wiped(Zeroizing<Vec<u8>>);

impl AsRef<[u8]> for Wiped {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_encoded() {
        let body = Form::default().field("a", "1 +&=é").field("b", "").into_body();
        assert_eq!(body.as_bytes(), Some(&b"a=1%20%2B%26%3D%C3%A9&b="[..]));
        assert!(body.is_replayable());
    }
}
