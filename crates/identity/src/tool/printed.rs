//! Reading what a tool printed: JSON, after lines of warnings perhaps.

use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;

/// What the JSON says, from the first brace on. The parser's error is not shown: it may quote the output, and so the token.
pub(super) fn read<T: DeserializeOwned>(output: &[u8]) -> Option<T> {
    let start = output.iter().position(|byte| *byte == b'{')?;
    serde_json::from_slice(output.get(start..)?).ok()
}

/// A token that has something in it.
pub(super) fn token(printed: SecretString) -> Option<SecretString> {
    let empty = printed.expose_secret().trim().is_empty();
    (!empty).then_some(printed)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn warnings_before_the_json_are_passed_over() {
        for (output, expected) in [
            ("{\"a\":1}\n", Some(1)),
            ("WARNING: an update is there\n\n {\"a\":1}", Some(1)),
            ("", None),
            ("1", None),
            ("{\"a\":1", None),
            ("{x} {\"a\":1}", None),
        ] {
            let read: Option<BTreeMap<String, i64>> = read(output.as_bytes());
            assert_eq!(read.and_then(|map| map.get("a").copied()), expected, "{output}");
        }
    }
}
