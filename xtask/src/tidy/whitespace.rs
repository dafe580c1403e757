//! Invisible characters at the end of a line or a file make differences that nobody sees.

use super::file::{Finding, SourceFile};

pub(crate) fn check(file: &SourceFile) -> Vec<Finding> {
    let mut found = Vec::new();
    for (number, line) in (1..).zip(file.text().split('\n')) {
        if line.ends_with(char::is_whitespace) {
            found.push(Finding::new(number, "whitespace at the end of the line"));
        }
    }
    let last = file.text().lines().count().max(1);
    if !file.text().is_empty() && !file.text().ends_with('\n') {
        found.push(Finding::new(last, "no newline at the end of the file"));
    }
    if file.text().ends_with("\n\n") {
        found.push(Finding::new(last, "empty lines at the end of the file"));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(usize, String)> {
        check(&SourceFile::new("a.md", text))
            .into_iter()
            .map(|finding| (finding.line, finding.message))
            .collect()
    }

    #[test]
    fn clean_text_passes() {
        for text in ["", "a\n", "a\n\nb\n"] {
            assert_eq!(found(text), [], "{text:?}");
        }
    }

    #[test]
    fn ends_of_lines_and_of_the_file_are_looked_at() {
        for (text, line, part) in [
            ("a \nb\n", 1, "end of the line"),
            ("a\nb\t\n", 2, "end of the line"),
            ("a\r\n", 1, "end of the line"),
            ("a\nb", 2, "no newline"),
            ("a\n\n", 2, "empty lines"),
        ] {
            let found = found(text);
            assert!(
                matches!(&found[..], [(at, message)] if *at == line && message.contains(part)),
                "{text:?}: {found:?}"
            );
        }
    }
}
