//! Finding the files of a tree.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::{self, FileType};
use std::path::{Path, PathBuf};

use crate::Error;
use crate::source::blocking;

/// What stands in a tree.
#[derive(Debug)]
pub(super) enum Found {
    /// A file, with its size when it was found, in bytes.
    File {
        path: PathBuf,
        relative: PathBuf,
        bytes: u64,
    },
    /// Something that is neither file nor folder, or a link, which could lead anywhere.
    Other { relative: PathBuf, what: &'static str },
    /// A folder or a file that could not be looked at.
    Unreadable { relative: PathBuf, error: Error },
}

/// The files of a tree, folder by folder, in the order of their names. It holds one folder's names and those of the folders
/// still to come.
#[derive(Debug)]
pub(super) struct Walk {
    root: PathBuf,
    folders: VecDeque<PathBuf>,
    found: VecDeque<Found>,
}

impl Walk {
    pub(super) fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            folders: VecDeque::from([PathBuf::new()]),
            found: VecDeque::new(),
        }
    }

    /// The next finding; `None` at the end of the tree.
    ///
    /// # Errors
    /// When the root itself cannot be read.
    pub(super) async fn next(&mut self) -> Result<Option<Found>, Error> {
        while self.found.is_empty() {
            let Some(relative) = self.folders.pop_front() else {
                return Ok(None);
            };
            let (root, folder) = (self.root.clone(), relative.clone());
            match blocking(move || read_folder(&root, &folder)).await {
                Ok(folder) => {
                    // Depth first, so that few folders wait.
                    for subfolder in folder.folders.into_iter().rev() {
                        self.folders.push_front(subfolder);
                    }
                    self.found = folder.found;
                }
                Err(error) if relative.as_os_str().is_empty() => return Err(error),
                Err(error) => self.found.push_back(Found::Unreadable { relative, error }),
            }
        }
        Ok(self.found.pop_front())
    }
}

struct Folder {
    found: VecDeque<Found>,
    folders: Vec<PathBuf>,
}

fn read_folder(root: &Path, relative: &Path) -> Result<Folder, Error> {
    let path = root.join(relative);
    let fail = |source| Error::io("read the folder", &path, source);
    let mut entries: Vec<(OsString, FileType)> = Vec::new();
    for entry in fs::read_dir(&path).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        entries.push((entry.file_name(), entry.file_type().map_err(fail)?));
    }
    entries.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut folder = Folder {
        found: VecDeque::new(),
        folders: Vec::new(),
    };
    for (name, kind) in entries {
        let relative = relative.join(name);
        if kind.is_dir() {
            folder.folders.push(relative);
        } else if kind.is_file() {
            folder.found.push_back(file(root, relative));
        } else {
            let what = if kind.is_symlink() {
                "it is a symbolic link"
            } else {
                "it is no plain file"
            };
            folder.found.push_back(Found::Other { relative, what });
        }
    }
    Ok(folder)
}

fn file(root: &Path, relative: PathBuf) -> Found {
    let path = root.join(&relative);
    match fs::symlink_metadata(&path) {
        Ok(metadata) => Found::File {
            path,
            relative,
            bytes: metadata.len(),
        },
        Err(source) => Found::Unreadable {
            error: Error::io("look at", &path, source),
            relative,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_tree_is_walked_in_order_and_links_are_not_followed() {
        let root = tempfile::tempdir().unwrap();
        for file in ["b/2", "b/1", "a", "c/d/e"] {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file).unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink("/", root.path().join("b/link")).unwrap();
        let mut walk = Walk::new(root.path());
        let mut seen = Vec::new();
        while let Some(found) = walk.next().await.unwrap() {
            match found {
                Found::File { relative, bytes, .. } => seen.push((relative, bytes)),
                Found::Other { relative, .. } => assert_eq!(relative, Path::new("b/link")),
                Found::Unreadable { error, .. } => panic!("{error}"),
            }
        }
        let expected = [("a", 1), ("b/1", 3), ("b/2", 3), ("c/d/e", 5)];
        assert_eq!(seen, expected.map(|(path, bytes)| (PathBuf::from(path), bytes)));
    }

    #[tokio::test]
    async fn a_root_that_is_not_there_is_an_error() {
        assert!(Walk::new(Path::new("/no/such/folder")).next().await.is_err());
    }
}
