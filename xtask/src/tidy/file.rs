//! What a rule looks at, and what it may say.

/// A text file of the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SourceFile {
    path: String,
    text: String,
}

/// Something that a rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    /// Counted from 1.
    pub(crate) line: usize,
    pub(crate) message: String,
}

impl SourceFile {
    /// A file at a path from the repository's root, with `/` between folders.
    pub(crate) fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            text: text.into(),
        }
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The lines with their numbers, counted from 1.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines())
    }

    pub(crate) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// The last part of the path.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

impl Finding {
    pub(crate) fn new(line: usize, message: impl Into<String>) -> Self {
        Self {
            line,
            message: message.into(),
        }
    }
}

/// Whether `word` is in `text` with no letter, digit or `_` touching it.
pub(crate) fn has_word(text: &str, word: &str) -> bool {
    let part_of_a_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut rest = text;
    let mut before = None;
    while let Some((left, right)) = rest.split_once(word) {
        let touched_before = left.chars().next_back().or(before).is_some_and(part_of_a_word);
        let touched_after = right.chars().next().is_some_and(part_of_a_word);
        if !touched_before && !touched_after {
            return true;
        }
        before = word.chars().next_back();
        rest = right;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_alone() {
        for (text, expected) in [
            ("blob", true),
            ("a blob.", true),
            ("blobs blob", true),
            ("blobs", false),
            ("my_blob", false),
            ("blobblob", false),
        ] {
            assert_eq!(has_word(text, "blob"), expected, "{text}");
        }
    }

    #[test]
    fn a_path_has_a_name() {
        assert_eq!(SourceFile::new("a/b/lib.rs", "").name(), "lib.rs");
        assert_eq!(SourceFile::new("README.md", "").name(), "README.md");
    }
}
