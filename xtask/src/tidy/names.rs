//! Modules, files and folders are named for what they hold; some names say only that nobody decided.

use super::file::{Finding, SourceFile};

const EMPTY_NAMES: &[&str] = &["utils", "util", "common", "helpers", "helper"];

pub(crate) fn check(file: &SourceFile) -> Vec<Finding> {
    let mut found: Vec<Finding> = file
        .path()
        .split('/')
        .map(|part| part.split('.').next().unwrap_or(part))
        .filter(|stem| EMPTY_NAMES.contains(stem))
        .map(|stem| Finding::new(1, complaint(stem)))
        .collect();
    if file.is_rust() {
        found.extend(file.lines().filter_map(|(number, line)| {
            let name = declared_module(line).filter(|name| EMPTY_NAMES.contains(name))?;
            Some(Finding::new(number, complaint(name)))
        }));
    }
    found
}

fn complaint(name: &str) -> String {
    format!("`{name}` does not say what is inside; name it for what it holds")
}

/// The name in a line such as `pub(crate) mod name {`.
fn declared_module(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace();
    let first = words.next()?;
    let keyword = if first.starts_with("pub") {
        words.find(|word| !word.ends_with(')'))?
    } else {
        first
    };
    if keyword != "mod" {
        return None;
    }
    words.next().map(|name| name.trim_end_matches([';', '{']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telling_names_pass() {
        for path in [
            "crates/blob/src/listing.rs",
            "docs/src/common-questions.md",
            "src/utility_bill.rs",
        ] {
            assert_eq!(
                check(&SourceFile::new(path, "mod utils_of_trade;\n// mod common;\n")),
                [],
                "{path}"
            );
        }
    }

    #[test]
    fn empty_names_of_files_and_folders_are_found() {
        for path in [
            "src/utils.rs",
            "tests/common/mod.rs",
            "src/http/helpers.rs",
            "src/util/mod.rs",
            "helper/x.md",
        ] {
            assert_eq!(check(&SourceFile::new(path, "")).len(), 1, "{path}");
        }
    }

    #[test]
    fn empty_names_of_modules_are_found() {
        for line in [
            "mod utils;",
            "pub mod common;",
            "pub(crate) mod helpers {",
            "    pub(in crate::a) mod util;",
        ] {
            assert_eq!(
                check(&SourceFile::new("src/a.rs", format!("\n{line}\n"))).len(),
                1,
                "{line}"
            );
        }
        let found = check(&SourceFile::new("src/a.rs", "\nmod helper;\n"));
        assert_eq!(
            found,
            [Finding::new(
                2,
                "`helper` does not say what is inside; name it for what it holds"
            )]
        );
    }
}
