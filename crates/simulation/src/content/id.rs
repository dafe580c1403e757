//! What the journal calls a content.

use std::fmt;

/// The number of a content: never used twice in one location.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ContentId(pub(crate) u64);

impl ContentId {
    /// The id that a file's name stands for.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let digits = name.len() == 16 && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        digits
            .then(|| u64::from_str_radix(name, 16).ok().map(Self))
            .flatten()
    }
}

impl fmt::Display for ContentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back_and_others_are_not() {
        let id = ContentId(0xabc);
        assert_eq!(id.to_string(), "0000000000000abc");
        assert_eq!(ContentId::parse("0000000000000abc"), Some(id));
        for other in [
            "",
            "abc",
            "0000000000000ABC",
            "+00000000000abcd",
            "0000000000000abc.tmp",
        ] {
            assert_eq!(ContentId::parse(other), None);
        }
    }
}
