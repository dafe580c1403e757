//! A file holds one idea, and six hundred lines are more than one.

use super::file::{Finding, SourceFile};

const MOST: usize = 600;

pub(crate) fn check(file: &SourceFile) -> Vec<Finding> {
    let lines = file.text().lines().count();
    if !file.is_rust() || lines <= MOST {
        return Vec::new();
    }
    vec![Finding::new(
        MOST.saturating_add(1),
        format!("{lines} lines, {MOST} are allowed; split it by idea"),
    )]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_hundred_lines_pass_and_one_more_does_not() {
        assert_eq!(check(&SourceFile::new("a.rs", "//\n".repeat(600))), []);
        let found = check(&SourceFile::new("a.rs", "//\n".repeat(601)));
        assert_eq!(
            found,
            [Finding::new(601, "601 lines, 600 are allowed; split it by idea")]
        );
    }

    #[test]
    fn other_files_may_be_long() {
        assert_eq!(check(&SourceFile::new("table.csv", "1\n".repeat(10_000))), []);
    }
}
