//! Where a tool runs, and which file it is. Tools are scripts whose languages look for their modules in the folder they are started in, and
//! a program may be used in a folder that somebody else has filled: nothing of it is to be run.

use std::path::{Path, PathBuf, absolute};

use crate::{Environment, Error};

/// A folder that belongs to the system.
pub(super) fn folder() -> Result<PathBuf, Error> {
    if cfg!(windows) {
        of_windows(Environment::system_root())
    } else {
        Ok(PathBuf::from("/bin"))
    }
}

fn of_windows(root: Option<PathBuf>) -> Result<PathBuf, Error> {
    root.filter(|root| root.is_absolute()).ok_or_else(|| {
        Error::unavailable(
            "developer tools run in the folder of SYSTEMROOT, which is not set to a whole path; set it",
        )
    })
}

/// The program as it is to be started from that folder: a mere name, which is looked for in `PATH`, or a whole path.
pub(super) fn program(named: &Path) -> Result<PathBuf, Error> {
    if named.file_name() == Some(named.as_os_str()) {
        return Ok(named.to_owned());
    }
    absolute(named).map_err(|error| {
        Error::input(format!(
            "`{}` is the path of no program: {error}",
            named.display()
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_and_paths_are_made_whole() {
        assert_eq!(program(Path::new("az")).unwrap(), Path::new("az"));
        let here = std::env::current_dir().unwrap();
        for (named, whole) in [("./az", "az"), ("tools/az", "tools/az"), ("az/", "az/")] {
            assert_eq!(program(Path::new(named)).unwrap(), here.join(whole), "{named}");
        }
        let whole = here.join("az");
        assert_eq!(program(&whole).unwrap(), whole);
        assert!(program(Path::new("")).is_err());
    }

    #[test]
    fn without_a_folder_of_the_system_no_tool_is_run() {
        for missing in [None, Some(""), Some("Windows")] {
            assert!(
                of_windows(missing.map(PathBuf::from))
                    .unwrap_err()
                    .is_unavailable()
            );
        }
        let here = std::env::current_dir().unwrap();
        assert_eq!(of_windows(Some(here.clone())).unwrap(), here);
        assert!(folder().unwrap().is_absolute());
    }
}
