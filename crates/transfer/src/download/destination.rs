//! Where a download goes, and what of what is there it may take the place of.

use std::fs::{self, Permissions};
use std::io;
use std::path::{Path, PathBuf};

use crate::source::blocking;
use crate::{Error, ErrorKind, Options};

/// A place for a file: free, or held by a plain file that is to be replaced.
#[derive(Clone, Debug)]
pub(super) struct Destination {
    pub(super) path: PathBuf,
    pub(super) replace: bool,
    /// Those of the file that is replaced: what was private stays private.
    pub(super) permissions: Option<Permissions>,
}

/// Whether a link at the destination is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Links {
    /// It is what the caller named.
    Follow,
    /// It could lead out of the tree that the caller named.
    Refuse,
}

impl Destination {
    /// Looks at a place; `None` when what is there is to be kept.
    pub(super) async fn look(path: &Path, links: Links, options: &Options) -> Result<Option<Self>, Error> {
        let (path, replace, kept_out_of) = (path.to_owned(), options.overwrite, options.kept_out_of.clone());
        blocking(move || look_now(path, links, replace, kept_out_of.as_deref())).await
    }
}

fn look_now(
    mut path: PathBuf,
    links: Links,
    replace: bool,
    kept_out_of: Option<&Path>,
) -> Result<Option<Destination>, Error> {
    // In a tree, the folders have seen to both.
    if links == Links::Follow {
        if path.is_symlink() {
            path = fs::canonicalize(&path).map_err(|source| Error::io("follow the link", &path, source))?;
        }
        if let (Some(kept), Some(place)) = (kept_out_of.and_then(real), real(&path)) {
            refuse_within(&place, &kept)?;
        }
    }
    let there = match fs::symlink_metadata(&path) {
        Ok(there) => there,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(Some(Destination {
                path,
                replace,
                permissions: None,
            }));
        }
        Err(source) => return Err(Error::io("look at", &path, source)),
    };
    let refuse = |why: &str| Err(Error::io("write", &path, io::Error::other(why)));
    if there.is_dir() {
        return refuse("a folder of that name is there; remove it, or choose another destination");
    }
    if there.is_symlink() {
        return refuse(
            "a link is there, which could lead out of the destination; remove it, or choose another destination",
        );
    }
    if !there.is_file() {
        return refuse(
            "it is no plain file, and would be replaced by one; write the content to it by another program",
        );
    }
    if !replace {
        return Ok(None);
    }
    Ok(Some(Destination {
        path,
        replace,
        permissions: Some(there.permissions()),
    }))
}

/// Refuses a path at or below a folder that is to be kept out of. Neither has links in it.
pub(super) fn refuse_within(path: &Path, kept: &Path) -> Result<(), Error> {
    if !path.starts_with(kept) {
        return Ok(());
    }
    let message = format!(
        "{} is kept for other data, and nothing is copied there; choose another destination",
        kept.display()
    );
    Err(Error::new(ErrorKind::InvalidName, message))
}

/// A path without links, whether it is there yet or only the folder that it is to be in.
pub(super) fn real(path: &Path) -> Option<PathBuf> {
    if let Ok(real) = fs::canonicalize(path) {
        return Some(real);
    }
    let above = path.parent().filter(|above| !above.as_os_str().is_empty());
    let above = fs::canonicalize(above.unwrap_or(Path::new("."))).ok()?;
    Some(above.join(path.file_name()?))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn look(path: &Path, links: Links, options: Options) -> Result<Option<Destination>, Error> {
        look_now(
            path.to_owned(),
            links,
            options.overwrite,
            options.kept_out_of.as_deref(),
        )
    }

    #[test]
    fn only_plain_files_are_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("file"), "").unwrap();
        fs::create_dir(at("folder")).unwrap();
        std::os::unix::fs::symlink(at("file"), at("link")).unwrap();
        std::os::unix::fs::symlink(at("nowhere"), at("dangling")).unwrap();
        let socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
        let plain = Options::default;
        assert!(look(&at("new"), Links::Refuse, plain()).unwrap().is_some());
        assert!(
            look(&at("file"), Links::Refuse, plain())
                .unwrap()
                .unwrap()
                .permissions
                .is_some()
        );
        assert!(
            look(&at("file"), Links::Refuse, plain().overwrite(false))
                .unwrap()
                .is_none()
        );
        let followed = look(&at("link"), Links::Follow, plain()).unwrap().unwrap();
        assert_eq!(followed.path.file_name(), at("file").file_name());
        for (name, links) in [
            ("folder", Links::Refuse),
            ("link", Links::Refuse),
            ("dangling", Links::Follow),
            ("dangling", Links::Refuse),
            ("socket", Links::Follow),
        ] {
            for overwrite in [true, false] {
                assert!(
                    look(&at(name), links, plain().overwrite(overwrite)).is_err(),
                    "{name}"
                );
            }
        }
        drop(socket);
    }

    #[test]
    fn a_folder_that_is_kept_for_others_is_not_written_to() {
        let folder = tempfile::tempdir().unwrap();
        let kept = folder.path().join("kept");
        fs::create_dir_all(kept.join("deep")).unwrap();
        let options = || Options::default().keep_out_of(&kept);
        for bad in ["kept/a", "kept/deep/a", "kept", "kept/deep/../a"] {
            assert!(
                look(&folder.path().join(bad), Links::Follow, options()).is_err(),
                "{bad}"
            );
        }
        assert!(look(&folder.path().join("keptother"), Links::Follow, options()).is_ok());
        // Nor is it made.
        let unmade = || Options::default().keep_out_of(folder.path().join("unmade"));
        assert!(look(&folder.path().join("unmade"), Links::Follow, unmade()).is_err());
    }
}
