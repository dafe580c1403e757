//! The folders of a destination, made once, and never through a link that leads out of it.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::destination::{real, refuse_within};
use crate::source::blocking;
use crate::{Error, ErrorKind, Options};

/// The folders below a root. Those that were made are remembered, so that each costs one look.
#[derive(Clone, Debug)]
pub(super) struct Folders {
    root: Arc<PathBuf>,
    // Without links in it.
    real_root: Arc<PathBuf>,
    // Likewise.
    kept_out_of: Arc<Option<PathBuf>>,
    made: Arc<Mutex<HashSet<PathBuf>>>,
}

impl Folders {
    /// Makes the root, which may itself be a link: it is what the caller named.
    pub(super) async fn below(root: &Path, options: &Options) -> Result<Self, Error> {
        let path = root.to_owned();
        let kept = options.kept_out_of.clone();
        let looked = blocking(move || {
            let real_root = fs::create_dir_all(&path)
                .and_then(|()| fs::canonicalize(&path))
                .map_err(|source| Error::io("make the folder", &path, source))?;
            Ok((real_root, kept.as_deref().and_then(real)))
        });
        let (real_root, kept_out_of) = looked.await?;
        Ok(Self {
            root: Arc::new(root.to_owned()),
            real_root: Arc::new(real_root),
            kept_out_of: Arc::new(kept_out_of),
            made: Arc::default(),
        })
    }

    /// Makes the folder that a file at `relative` is to be in, and says where the file is to be.
    pub(super) async fn for_file(&self, relative: PathBuf) -> Result<PathBuf, Error> {
        let path = self.root.join(&relative);
        self.refuse_kept(&relative)?;
        if let Some(folder) = relative.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            self.make(folder.to_owned()).await?;
        }
        Ok(path)
    }

    /// Makes a folder at `relative`.
    pub(super) async fn make(&self, relative: PathBuf) -> Result<(), Error> {
        if self.lock().contains(&relative) {
            return Ok(());
        }
        let (this, folder) = (self.clone(), relative.clone());
        blocking(move || this.make_now(&folder)).await?;
        self.lock().insert(relative);
        Ok(())
    }

    // No folder below the root is a link, so that names alone tell.
    fn refuse_kept(&self, relative: &Path) -> Result<(), Error> {
        match self.kept_out_of.as_deref() {
            Some(kept) => refuse_within(&self.real_root.join(relative), kept),
            None => Ok(()),
        }
    }

    fn make_now(&self, relative: &Path) -> Result<(), Error> {
        self.refuse_kept(relative)?;
        let mut path = PathBuf::clone(&self.root);
        for segment in relative.components() {
            path.push(segment);
            match fs::create_dir(&path) {
                Ok(()) => {}
                Err(source) if source.kind() == io::ErrorKind::AlreadyExists => is_folder(&path)?,
                Err(source) => return Err(Error::io("make the folder", &path, source)),
            }
        }
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashSet<PathBuf>> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_folder(path: &Path) -> Result<(), Error> {
    let there = fs::symlink_metadata(path).map_err(|source| Error::io("look at", path, source))?;
    if there.is_dir() {
        return Ok(());
    }
    let message = if there.is_symlink() {
        format!(
            "{} is a link, which could lead out of the destination; remove it, or name where it leads to",
            path.display()
        )
    } else {
        format!(
            "{} is a file and would have to be a folder; remove it, or choose another destination",
            path.display()
        )
    };
    Err(Error::new(ErrorKind::InvalidName, message))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_link_is_not_followed_out_of_the_destination() {
        let (root, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::os::unix::fs::symlink(outside.path(), root.path().join("link")).unwrap();
        fs::write(root.path().join("file"), "").unwrap();
        let folders = Folders::below(root.path(), &Options::default()).await.unwrap();
        for bad in ["link/deep/a", "link/a", "file/a"] {
            assert_eq!(
                folders.for_file(bad.into()).await.unwrap_err().kind(),
                ErrorKind::InvalidName,
                "{bad}"
            );
        }
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
        assert_eq!(
            folders.for_file("new/deep/a".into()).await.unwrap(),
            root.path().join("new/deep/a")
        );
        assert!(root.path().join("new/deep").is_dir());
    }
}
