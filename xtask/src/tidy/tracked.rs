//! The files that the rules look at: those that git tracks, or would track when added.

use std::collections::BTreeSet;
use std::fs;

use super::file::SourceFile;
use crate::failure::Failure;
use crate::workspace::Workspace;

/// Reads every text file; binary files, links and files deleted but not yet committed are left out.
pub(crate) fn read(workspace: &Workspace) -> Result<Vec<SourceFile>, Failure> {
    let listed = workspace.listed_by_git(&["--cached", "--others", "--exclude-standard"])?;
    let paths: BTreeSet<&str> = listed
        .iter()
        .map(String::as_str)
        .filter(|path| !is_foreign(path))
        .collect();
    let mut files = Vec::new();
    for path in paths {
        let full = workspace.root().join(path);
        if !fs::symlink_metadata(&full).is_ok_and(|found| found.is_file()) {
            continue;
        }
        let bytes = fs::read(&full).map_err(|error| Failure::io("read", &full, &error))?;
        files.extend(text(bytes).map(|text| SourceFile::new(path, text)));
    }
    Ok(files)
}

/// Files whose every byte another program decides: cargo's lock file, and recorded bytes under `fixtures/`.
fn is_foreign(path: &str) -> bool {
    path.split('/')
        .any(|part| part == "fixtures" || part == "Cargo.lock")
}

fn text(bytes: Vec<u8>) -> Option<String> {
    String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_files_are_left_out() {
        assert!(is_foreign("Cargo.lock"));
        assert!(is_foreign("tests/fixtures/list.xml"));
        assert!(!is_foreign("crates/protocol/src/lib.rs"));
    }

    #[test]
    fn binary_files_are_left_out() {
        assert_eq!(text(b"plain\n".to_vec()), Some("plain\n".to_owned()));
        assert_eq!(text(b"zero\0".to_vec()), None);
        assert_eq!(text(vec![0xff, 0xfe]), None);
    }

    #[test]
    fn this_repository_has_this_file() {
        let files = read(&Workspace::load().unwrap()).unwrap();
        assert!(
            files
                .iter()
                .any(|file| file.path() == "xtask/src/tidy/tracked.rs")
        );
    }
}
