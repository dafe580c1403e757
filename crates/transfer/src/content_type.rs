//! The content type that goes with a file's name.

use std::path::Path;

/// The type that the name's ending stands for; `None` leaves it to the service, which takes `application/octet-stream`.
pub(crate) fn of(path: &Path) -> Option<String> {
    mime_guess::from_path(path).first_raw().map(|text| match text {
        // Text files are UTF-8 today; without a word, browsers guess otherwise.
        "text/plain" | "text/html" | "text/css" | "text/csv" | "text/markdown" => {
            format!("{text}; charset=utf-8")
        }
        other => other.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_follow_from_endings() {
        assert_eq!(
            of(Path::new("a/b.html")).as_deref(),
            Some("text/html; charset=utf-8")
        );
        assert_eq!(of(Path::new("a/b.JSON")).as_deref(), Some("application/json"));
        assert_eq!(of(Path::new("a/b")), None);
        assert_eq!(of(Path::new(".b")), None);
    }
}
