//! From paths to blob names and back, without ever leaving the destination.

use std::path::{Component, Path, PathBuf};

use crate::{Error, ErrorKind};

/// The name below `prefix` for a file at `relative`, a path below the root of the tree.
pub(crate) fn blob_name(prefix: &str, relative: &Path) -> Result<String, Error> {
    let mut name = prefix.to_owned();
    for component in relative.components() {
        let segment = match component {
            Component::Normal(segment) => segment.to_str(),
            _ => None,
        };
        let segment = segment.ok_or_else(|| {
            let message = format!(
                "the path {} is not Unicode, and a blob's name must be; rename it",
                relative.display()
            );
            Error::new(ErrorKind::InvalidName, message)
        })?;
        if !name.is_empty() {
            name.push('/');
        }
        name.push_str(segment);
    }
    Ok(name)
}

/// Where below a destination the blob goes that a list gave as `name`, below `prefix`.
///
/// The path has only plain segments: whatever it is joined to, it stays below.
pub(crate) fn local_path(prefix: &str, name: &str) -> Result<PathBuf, Error> {
    let refuse = |why: &str| {
        let message = format!(
            "the blob {name:?} cannot be written below the destination: {why}; download it by itself, under a name of your choice"
        );
        Error::new(ErrorKind::InvalidName, message)
    };
    let below = if prefix.is_empty() {
        name
    } else {
        name.strip_prefix(prefix)
            .and_then(|rest| rest.strip_prefix('/'))
            .ok_or_else(|| refuse("it is not below the prefix"))?
    };
    if below.starts_with('/') {
        return Err(refuse("it is an absolute path"));
    }
    let drive = below.as_bytes();
    if drive.first().is_some_and(u8::is_ascii_alphabetic) && drive.get(1) == Some(&b':') {
        return Err(refuse("it starts with a drive letter"));
    }
    let mut path = PathBuf::new();
    for segment in below.split('/') {
        match segment {
            "" => return Err(refuse("it has an empty segment")),
            "." | ".." => return Err(refuse("it has a segment of dots")),
            _ if segment.contains('\0') => return Err(refuse("it holds the character NUL")),
            _ if cfg!(windows) && segment.contains(['\\', ':', '*', '?', '"', '<', '>', '|']) => {
                return Err(refuse("it holds a character that Windows does not allow"));
            }
            plain => path.push(plain),
        }
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_that_lead_out_are_refused() {
        for bad in [
            "../x",
            "a/../../x",
            "..",
            ".",
            "a/./b",
            "/etc/passwd",
            "//x",
            "a//b",
            "a/",
            "C:/x",
            "c:x",
            "a\0b",
            "",
        ] {
            let error = local_path("", bad).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidName, "{bad:?}");
        }
        for bad in ["p/../x", "p//x", "p/C:x", "p", "px/y", "p/", "other"] {
            assert!(local_path("p", bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn plain_names_become_paths() {
        assert_eq!(local_path("", "a/b c/ü.txt").unwrap(), Path::new("a/b c/ü.txt"));
        assert_eq!(local_path("p/q", "p/q/a").unwrap(), Path::new("a"));
        assert_eq!(local_path("", "...").unwrap(), Path::new("..."));
    }

    proptest! {
        #[test]
        fn no_name_ever_leads_out(name in any::<String>()) {
            if let Ok(path) = local_path("", &name) {
                prop_assert!(path.components().all(|part| matches!(part, Component::Normal(_))), "{path:?}");
                prop_assert_eq!(blob_name("", &path).unwrap(), name);
            }
        }

        #[test]
        fn names_of_dots_and_slashes_never_lead_out(name in "[./a\\\\:C]{0,12}") {
            if let Ok(path) = local_path("", &name) {
                prop_assert!(path.components().all(|part| matches!(part, Component::Normal(_))), "{path:?}");
            }
        }
    }
}
