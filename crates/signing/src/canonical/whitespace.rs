//! Spaces and tabs inside a header's value, left as they are or folded as the REST documentation has it.

use super::Text;

/// What becomes of the whitespace inside a value. Around a value it is never signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whitespace {
    /// It is signed as it is sent.
    AsSent,
    /// A run of it becomes one space, except between double quotes.
    Folded,
}

impl Whitespace {
    /// Writes a value.
    pub(crate) fn push(self, out: &mut Text, value: &str) {
        let value = value.trim_matches([' ', '\t']);
        match self {
            Self::AsSent => out.push_str(value),
            Self::Folded => push_folded(out, value),
        }
    }
}

fn push_folded(out: &mut Text, value: &str) {
    let (mut gap, mut quoted, mut escaped) = (false, false, false);
    for c in value.chars() {
        if !quoted && matches!(c, ' ' | '\t') {
            gap = true;
            continue;
        }
        if gap {
            out.push(' ');
            gap = false;
        }
        if c == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = quoted && c == '\\' && !escaped;
        out.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whitespace_is_folded_outside_quotes_only() {
        for (value, folded) in [
            ("", ""),
            ("  ", ""),
            (" a ", "a"),
            ("a b", "a b"),
            ("a \t  b\tc", "a b c"),
            ("a  \"b  c\"  d", "a \"b  c\" d"),
            (r#""a \"  b"  c"#, r#""a \"  b" c"#),
            (r#""a\\"  b"#, r#""a\\" b"#),
            (r#"\"  b""#, r#"\"  b""#),
            ("\"never  closed", "\"never  closed"),
        ] {
            let mut out = Text::new();
            Whitespace::Folded.push(&mut out, value);
            assert_eq!(out.to_str(), folded, "{value:?}");
        }
    }

    #[test]
    fn whitespace_around_a_value_is_never_signed() {
        let mut out = Text::new();
        Whitespace::AsSent.push(&mut out, "\t a  b \t");
        assert_eq!(out.to_str(), "a  b");
    }
}
