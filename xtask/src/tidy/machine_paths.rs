//! No file names a folder of the machine that it was written on.

use super::file::{Finding, SourceFile};

/// Roots of such folders, in two halves, so that this file passes its own rule.
const ROOTS: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/tm", "p/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!(":\\Us", "ers\\"),
];

pub(crate) fn check(file: &SourceFile) -> Vec<Finding> {
    file.lines()
        .filter_map(|(number, line)| {
            let root = ROOTS.iter().find(|root| begins_a_path(line, root))?;
            Some(Finding::new(
                number,
                format!("`{root}` is a folder of one machine; make the path relative"),
            ))
        })
        .collect()
}

/// Whether a path begins with `root` in `line`; in the middle of a longer path or of a URL it is something else.
fn begins_a_path(line: &str, root: &str) -> bool {
    let goes_on = |letter: char| letter.is_alphanumeric() || "._-/~%*}])".contains(letter);
    let drive = root.starts_with(':');
    line.match_indices(root).any(|(at, _)| {
        let before = line.get(..at).and_then(|left| left.chars().next_back());
        drive || !before.is_some_and(goes_on)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absolute_paths_are_found_wherever_they_begin() {
        for root in ROOTS {
            for line in [
                format!("{root}x"),
                format!("let path = \"{root}x\";"),
                format!("see `{root}`"),
                format!("A={root}x"),
            ] {
                let found = check(&SourceFile::new("a.rs", format!("\n{line}\n")));
                assert!(matches!(&found[..], [one] if one.line == 2), "{line}: {found:?}");
            }
        }
    }

    #[test]
    fn parts_of_other_paths_pass() {
        for root in ROOTS.iter().filter(|root| root.starts_with('/')) {
            for before in ["https://example.net", "target", "..", "{folder}"] {
                let line = format!("\"{before}{root}x\"\n");
                assert_eq!(check(&SourceFile::new("a.rs", line.clone())), [], "{line}");
            }
        }
        assert_eq!(check(&SourceFile::new("a.sh", "cargo build >/dev/null\n")), []);
    }
}
