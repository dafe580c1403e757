//! What is not done is left out and written down in an issue, not in the code.

use super::file::{Finding, SourceFile, has_word};

/// In two halves, so that this file passes its own rule.
const MARKS: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME")];
const MACROS: &[&str] = &[concat!("to", "do!")];

pub(crate) fn check(file: &SourceFile) -> Vec<Finding> {
    if !file.is_rust() {
        return Vec::new();
    }
    file.lines()
        .filter_map(|(number, line)| {
            let mark = MARKS.iter().chain(MACROS).find(|mark| has_word(line, mark))?;
            Some(Finding::new(
                number,
                format!("`{mark}`: finish it, or leave it out and open an issue"),
            ))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finished_code_passes() {
        let text = "// A mastodon; the method `to_do_list` is fine.\nfn todos() { }\n";
        assert_eq!(check(&SourceFile::new("a.rs", text)), []);
        assert_eq!(check(&SourceFile::new("a.md", MARKS.join("\n"))), []);
    }

    #[test]
    fn every_mark_is_found() {
        for mark in MARKS.iter().chain(MACROS) {
            let found = check(&SourceFile::new(
                "a.rs",
                format!("fn f() {{\n    {mark}(later)\n}}\n"),
            ));
            assert!(
                matches!(&found[..], [one] if one.line == 2 && one.message.contains(mark)),
                "{mark}: {found:?}"
            );
        }
    }
}
