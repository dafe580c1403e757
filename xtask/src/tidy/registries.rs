//! Where packages come from is the business of each machine's package tools, so no file names a registry's host.

use super::file::{Finding, SourceFile};

/// Hosts in their parts, so that this file passes its own rule.
const HOSTS: &[&[&str]] = &[
    &["crates", "io"],
    &["npmjs", "org"],
    &["npmjs", "com"],
    &["yarnpkg", "com"],
    &["pypi", "org"],
    &["pythonhosted", "org"],
];

pub(crate) fn check(file: &SourceFile) -> Vec<Finding> {
    file.lines()
        .filter_map(|(number, line)| {
            let host = HOSTS
                .iter()
                .map(|parts| parts.join("."))
                .find(|host| line.contains(host))?;
            Some(Finding::new(
                number,
                format!("`{host}` is a registry's host; leave it to the package tool"),
            ))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_host_is_found() {
        for parts in HOSTS {
            let line = format!("\nsee https://files.{}/x\n", parts.join("."));
            let found = check(&SourceFile::new("a.md", line.clone()));
            assert!(matches!(&found[..], [one] if one.line == 2), "{line}: {found:?}");
        }
    }

    #[test]
    fn names_of_package_tools_pass() {
        assert_eq!(
            check(&SourceFile::new(
                "a.md",
                "From npm, PyPI or cargo. All crates, io included.\n"
            )),
            []
        );
    }
}
