//! A file says at its top what it holds and why.

use super::file::{Finding, SourceFile};

pub(crate) fn check(file: &SourceFile) -> Vec<Finding> {
    let documented = file.text().lines().next().is_some_and(|line| {
        line.strip_prefix("//!")
            .is_some_and(|words| !words.trim().is_empty())
    });
    if !file.is_rust() || documented {
        return Vec::new();
    }
    vec![Finding::new(
        1,
        "the file does not begin with a `//!` line that says what it holds",
    )]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_doc_on_the_first_line_passes() {
        assert_eq!(
            check(&SourceFile::new("a.rs", "//! Words.\n\nuse std::fmt;\n")),
            []
        );
        assert_eq!(check(&SourceFile::new("a.sh", "echo\n")), []);
    }

    #[test]
    fn anything_else_does_not() {
        for text in [
            "",
            "//!\n",
            "// Words.\n",
            "use std::fmt;\n//! Words.\n",
            "\n//! Words.\n",
        ] {
            assert_eq!(check(&SourceFile::new("a.rs", text)).len(), 1, "{text:?}");
        }
    }
}
