//! A `lib.rs` is a table of contents: docs, attributes, `mod` and `use` lines. What a crate does is in its modules.

use super::file::{Finding, SourceFile};

pub(crate) fn check(file: &SourceFile) -> Vec<Finding> {
    if file.name() != "lib.rs" {
        return Vec::new();
    }
    let mut open = Open::Nothing;
    for (number, line) in file.lines() {
        match open.after(line.trim()) {
            Some(next) => open = next,
            None => {
                return vec![Finding::new(
                    number,
                    "only docs, attributes, `mod` and `use` belong into lib.rs",
                )];
            }
        }
    }
    Vec::new()
}

/// What goes on over the end of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Nothing,
    /// Until a line ends in `;`.
    Use,
    /// Until a line ends in `]`.
    Attribute,
}

impl Open {
    /// What is open after a line; nothing when the line is code.
    fn after(self, line: &str) -> Option<Self> {
        let until = |end: char, open: Self| Some(if line.ends_with(end) { Self::Nothing } else { open });
        match self {
            Self::Use => until(';', Self::Use),
            Self::Attribute => until(']', Self::Attribute),
            Self::Nothing if line.is_empty() || line.starts_with("//") || line == "}" => Some(Self::Nothing),
            Self::Nothing if line.starts_with("#[") || line.starts_with("#![") => until(']', Self::Attribute),
            Self::Nothing => match item(line)? {
                "use" | "extern" => until(';', Self::Use),
                // A module with a body holds lines of the same kinds.
                "mod" if line.ends_with(';') || line.ends_with('{') => Some(Self::Nothing),
                _ => None,
            },
        }
    }
}

/// The keyword of an item, after its visibility.
fn item(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace();
    let first = words.next()?;
    if first.starts_with("pub") {
        words.find(|word| !word.ends_with(')'))
    } else {
        Some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<usize> {
        check(&SourceFile::new("crates/blob/src/lib.rs", text))
            .iter()
            .map(|finding| finding.line)
            .collect()
    }

    #[test]
    fn a_table_of_contents_passes() {
        let text = "//! Docs.\n//! ```\n//! fn main() {}\n//! ```\n#![warn(\n    missing_docs\n)]\n\nmod etag;\npub mod wire;\n\
            #[cfg(test)]\npub(crate) mod tests;\n\npub use etag::Etag; \npub use wire::{\n    Body,\n    Range,\n};\n\
            pub mod prelude {\n    pub use crate::Etag;\n}\n";
        assert_eq!(lines(text), [0; 0]);
    }

    #[test]
    fn code_is_found() {
        for code in [
            "pub fn f() {}",
            "const X: u8 = 1;",
            "impl A for B {",
            "struct S;",
            "pub type T = u8;",
            "my_macro! {",
        ] {
            assert_eq!(lines(&format!("//! Docs.\nmod a;\n{code}\n")), [3], "{code}");
        }
    }

    #[test]
    fn only_lib_is_a_table_of_contents() {
        assert_eq!(check(&SourceFile::new("src/mod.rs", "fn f() {}\n")), []);
    }
}
