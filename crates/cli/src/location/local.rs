//! Paths on this machine.

use std::path::PathBuf;

use crate::failure::Failure;

/// Takes what is no location in an account as a path, unless it looks like a slip of the pen.
pub(super) fn parse(text: &str) -> Result<PathBuf, Failure> {
    for scheme in ["az", "http", "https"] {
        let slip = text
            .split_once(':')
            .is_some_and(|(before, _)| before.eq_ignore_ascii_case(scheme));
        if slip {
            let message = format!("{scheme}: must be followed by two slashes");
            return Err(
                Failure::usage(message).help(format!("write {scheme}://…, or ./{scheme}:… for a local path"))
            );
        }
    }
    if text.contains('\0') {
        return Err(Failure::usage("a local path may not hold the character NUL"));
    }
    Ok(PathBuf::from(text))
}
