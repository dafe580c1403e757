//! Sources as text: the functions of a file, and the methods of a type. Enough to see whether what is claimed is there, no more.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The text of all Rust files of a folder and the folders in it.
pub(crate) fn files(folder: &Path) -> Result<Vec<(PathBuf, String)>, Failure> {
    let mut found = Vec::new();
    let entries = fs::read_dir(folder).map_err(|error| Failure::io("read", folder, &error))?;
    for entry in entries {
        let path = entry.map_err(|error| Failure::io("read", folder, &error))?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            let text = fs::read_to_string(&path).map_err(|error| Failure::io("read", &path, &error))?;
            found.push((path, text));
        }
    }
    found.sort();
    Ok(found)
}

/// The functions of a text that stand in it with this indent: names and texts.
pub(crate) fn functions<'a>(text: &'a str, indent: &str) -> Vec<(&'a str, &'a str)> {
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let Some(name) = line.strip_prefix(indent).and_then(function_name) else {
            continue;
        };
        let body = text.get(start..).unwrap_or_default();
        let end = format!("\n{indent}}}");
        let length = body.find(&end).map_or(body.len(), |found| found + end.len());
        found.push((name, body.get(..length).unwrap_or_default()));
    }
    found
}

/// The name of the function that a line begins.
fn function_name(line: &str) -> Option<&str> {
    let mut rest = line;
    for word in ["pub(super) ", "pub(crate) ", "pub ", "const ", "async "] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    let rest = rest.strip_prefix("fn ")?;
    rest.split(|letter: char| !is_of_a_word(letter)).next()
}

/// The public method of a type, with its text.
pub(crate) fn method<'a>(text: &'a str, of: &str, name: &str) -> Option<&'a str> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let bare = line.trim_start();
        let is_impl = bare.starts_with("impl") && bare.trim_end().ends_with('{');
        // A macro writes the same methods for several types, which it is given beside.
        let is_of =
            words(bare).any(|word| word == of) || (bare.contains('$') && words(text).any(|word| word == of));
        if !is_impl || !is_of {
            continue;
        }
        let indent = line.get(..line.len() - bare.len())?;
        let body = text.get(start..)?;
        let length = body.find(&format!("\n{indent}}}"))?;
        let inner = format!("{indent}    ");
        let methods = functions(body.get(..length)?, &inner);
        let is_it = |(each, text): &(&str, &str)| *each == name && text.trim_start().starts_with("pub ");
        if let Some((_, text)) = methods.into_iter().find(is_it) {
            return Some(text);
        }
    }
    None
}

/// The words of a text: names and keywords.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !is_of_a_word(letter))
        .filter(|word| !word.is_empty())
}

fn is_of_a_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
impl Blob {
    pub fn read(&self) -> Call<Get> {
        one()
    }

    fn hidden(&self) {}
}

mod more {
    impl Blob {
        pub async fn write(&self) {
            two()
        }
    }
}

pub(super) async fn story(of: &X) {
    first().await;
}

fn first() {}
";

    #[test]
    fn methods_are_found_in_their_type_alone() {
        assert!(method(TEXT, "Blob", "read").unwrap().contains("one()"));
        assert!(method(TEXT, "Blob", "write").unwrap().contains("two()"));
        for (of, name) in [("Blob", "hidden"), ("Blob", "story"), ("Get", "read")] {
            assert_eq!(method(TEXT, of, name), None, "{of}::{name}");
        }
    }

    #[test]
    fn functions_end_where_they_end() {
        let found = functions(TEXT, "");
        let names: Vec<&str> = found.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["story", "first"]);
        assert!(found[0].1.contains("first().await") && !found[0].1.contains("fn first"));
    }
}
