//! A stamp beside an installed tool: what it was installed from, so that it is installed again only when that changes.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// A folder under target/tools, and the text that decides what is in it.
#[derive(Debug)]
pub(super) struct Stamped {
    folder: PathBuf,
    wanted: String,
}

impl Stamped {
    pub(super) fn new(folder: PathBuf, wanted: String) -> Self {
        Self { folder, wanted }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether an earlier run has finished installing exactly this.
    pub(super) fn is_current(&self) -> bool {
        fs::read_to_string(self.stamp()).is_ok_and(|found| found == self.wanted)
    }

    /// Leaves an empty folder and no stamp, whatever was there.
    pub(super) fn clear(&self) -> Result<(), Failure> {
        match fs::remove_dir_all(&self.folder) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(Failure::io("remove", &self.folder, &error))
            }
            _ => fs::create_dir_all(&self.folder).map_err(|error| Failure::io("make", &self.folder, &error)),
        }
    }

    /// Says that the folder now has what was wanted. Called last, so that a broken installation has no stamp.
    pub(super) fn set(&self) -> Result<(), Failure> {
        fs::write(self.stamp(), &self.wanted).map_err(|error| Failure::io("write", &self.stamp(), &error))
    }

    fn stamp(&self) -> PathBuf {
        self.folder.join("installed-from.txt")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Workspace;

    #[test]
    fn a_stamp_holds_until_the_wish_changes() {
        let folder = Workspace::load().unwrap().target().join("xtask-stamp-test");
        let first = Stamped::new(folder.clone(), "a==1\n".to_owned());
        first.clear().unwrap();
        assert!(!first.is_current());
        first.set().unwrap();
        assert!(first.is_current());
        let second = Stamped::new(folder.clone(), "a==2\n".to_owned());
        assert!(!second.is_current());
        second.clear().unwrap();
        assert!(!first.is_current(), "clearing takes the stamp away");
        fs::remove_dir_all(folder).unwrap();
    }
}
