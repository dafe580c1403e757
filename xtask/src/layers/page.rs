//! The place of the picture in a Markdown page: a code block between two comment lines.

pub(crate) const START: &str = "<!-- layers: begin -->";
pub(crate) const END: &str = "<!-- layers: end -->";

const FENCE: &str = "```";

/// The picture that a page shows now.
pub(crate) fn picture(page: &str) -> Option<&str> {
    let (_, block, _) = parts(page)?;
    block
        .trim()
        .strip_prefix(FENCE)?
        .strip_prefix("text\n")?
        .strip_suffix(FENCE)?
        .strip_suffix('\n')
}

/// The page with another picture; nothing when it has no place for one.
pub(crate) fn with_picture(page: &str, picture: &str) -> Option<String> {
    let (before, _, after) = parts(page)?;
    Some(format!(
        "{before}{START}\n{FENCE}text\n{picture}\n{FENCE}\n{END}{after}"
    ))
}

fn parts(page: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = page.split_once(START)?;
    let (block, after) = rest.split_once(END)?;
    Some((before, block, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_found_again() {
        let empty = format!("# Title\n\n{START}\n{END}\n\nMore.\n");
        assert_eq!(picture(&empty), None);
        let first = with_picture(&empty, "a\n b").unwrap();
        assert_eq!(picture(&first), Some("a\n b"));
        let second = with_picture(&first, "c").unwrap();
        assert_eq!(picture(&second), Some("c"));
        assert!(
            second.starts_with("# Title\n\n") && second.ends_with("\n\nMore.\n"),
            "{second}"
        );
    }

    #[test]
    fn a_page_without_marks_has_no_place() {
        assert_eq!(with_picture("# Title\n", "a"), None);
        assert_eq!(with_picture(&format!("{END}\n{START}\n"), "a"), None);
    }
}
