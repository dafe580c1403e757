//! Two trees of files: copying one, and finding every difference between two.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Copies every file of a tree.
pub(super) fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    for (name, content) in read(from)? {
        let path = to.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| Failure::io("make", folder, &error))?;
        }
        fs::write(&path, content).map_err(|error| Failure::io("write", &path, &error))?;
    }
    Ok(())
}

/// A line for each file that is in one tree only, or has other bytes in the other.
pub(super) fn differences(left: &Path, right: &Path) -> Result<Vec<String>, Failure> {
    let (left, mut right) = (read(left)?, read(right)?);
    let mut found = Vec::new();
    for (name, content) in left {
        match right.remove(&name) {
            None => found.push(format!("missing: {}", name.display())),
            Some(other) if other != content => found.push(format!("differs: {}", name.display())),
            Some(_) => {}
        }
    }
    found.extend(
        right
            .keys()
            .map(|name| format!("not in the original: {}", name.display())),
    );
    Ok(found)
}

/// Every file of a tree by its path in it. Folders do not count: a blob account has none.
fn read(root: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>, Failure> {
    let mut files = BTreeMap::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        let full = root.join(&folder);
        let failed = |error: &std::io::Error| Failure::io("read", &full, error);
        for entry in fs::read_dir(&full).map_err(|error| failed(&error))? {
            let entry = entry.map_err(|error| failed(&error))?;
            let name = folder.join(entry.file_name());
            if entry.file_type().map_err(|error| failed(&error))?.is_dir() {
                folders.push(name);
            } else {
                files.insert(
                    name,
                    fs::read(entry.path()).map_err(|error| Failure::io("read", &entry.path(), &error))?,
                );
            }
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Workspace;

    #[test]
    fn every_kind_of_difference_is_found() {
        let root = Workspace::load().unwrap().target().join("xtask-compare-test");
        let (left, right) = (root.join("left"), root.join("right"));
        fs::create_dir_all(left.join("deep/er")).unwrap();
        for (name, content) in [("a", "1"), ("b", ""), ("deep/er/c", "3")] {
            fs::write(left.join(name), content).unwrap();
        }
        copy(&left, &right).unwrap();
        assert_eq!(differences(&left, &right).unwrap(), [""; 0]);

        fs::write(right.join("a"), "2").unwrap();
        fs::remove_file(right.join("deep/er/c")).unwrap();
        fs::write(right.join("d"), "4").unwrap();
        assert_eq!(
            differences(&left, &right).unwrap(),
            ["differs: a", "missing: deep/er/c", "not in the original: d"]
        );
        fs::remove_dir_all(root).unwrap();
    }
}
