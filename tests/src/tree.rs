//! Trees of files: made, and compared byte by byte.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use lazuli_protocol::{Crc64, Crc64Hasher};

use crate::content;

/// Names that are easy to get wrong in a URL, in XML, on a disk or in a shell, and that every client here can carry to and fro.
pub const ODD_NAMES: &[&str] = &[
    "with space.txt",
    " space at both ends ",
    "100%",
    "a%20b",
    "a+b",
    "a#b",
    "a?b=c",
    "a&b;c,d",
    "(round)[square]{curly}",
    "it's \"quoted\"",
    "<tag>&amp;</tag>",
    "a=b$c@d!e~f^g`h|i",
    "ümlaut/größe.txt",
    "e\u{301} is not \u{e9}",
    "\u{e9} is one character",
    "日本語/漢字.txt",
    "😀/🎉🎉.bin",
    "مرحبا",
    "-starts-with-a-dash",
    ".hidden",
    "two..dots",
    "no-extension",
    "colon:inside",
];

/// What a file holds: its length and the CRC64 of its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// In bytes.
    pub len: u64,
    /// Of all of them.
    pub crc64: Crc64,
}

impl Held {
    /// What these bytes are.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self {
            len: bytes.len() as u64,
            crc64: Crc64::of(bytes),
        }
    }

    /// What a file holds.
    ///
    /// # Panics
    /// When it cannot be read.
    #[must_use]
    pub fn of_file(path: &Path) -> Self {
        let mut file = File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut hasher = Crc64Hasher::new();
        let mut buffer = vec![0; content::PIECE];
        let mut len = 0;
        loop {
            let read = file.read(&mut buffer).unwrap();
            if read == 0 {
                return Self {
                    len,
                    crc64: hasher.finish(),
                };
            }
            hasher.update(&buffer[..read]);
            len += read as u64;
        }
    }
}

/// Writes a file below `root`, with the folders that it is in.
///
/// # Panics
/// When it cannot be written.
pub fn write(root: &Path, name: &str, bytes: &[u8]) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// Writes the [`ODD_NAMES`] below `root`, each file with its own name as content, and one that is empty.
///
/// # Panics
/// When one cannot be written.
pub fn write_odd_names(root: &Path) {
    for name in ODD_NAMES {
        write(root, name, name.as_bytes());
    }
    write(root, "empty", b"");
}

/// Writes `count` small files of 0 to 8 KiB below `root`, 100 to a folder.
///
/// # Panics
/// When one cannot be written.
pub fn write_small_files(root: &Path, count: u32) {
    for number in 0..count {
        let len = (number.wrapping_mul(2_654_435_761) >> 16) % 8193;
        let name = format!("d{:03}/f{number:05}.bin", number / 100);
        write(
            root,
            &name,
            &content::bytes(u64::from(number), len.try_into().unwrap()),
        );
    }
}

/// The files below `root`, by their paths with slashes.
///
/// # Panics
/// When the tree cannot be read, or has a name that is not Unicode.
#[must_use]
pub fn files(root: &Path) -> BTreeMap<String, Held> {
    let mut found = BTreeMap::new();
    visit(root, "", &mut |name, path| {
        found.insert(name.to_owned(), Held::of_file(path));
    });
    found
}

/// The names of the files below `root`.
///
/// # Panics
/// As [`files`].
#[must_use]
pub fn names(root: &Path) -> Vec<String> {
    let mut names = Vec::new();
    visit(root, "", &mut |name, _| names.push(name.to_owned()));
    names.sort();
    names
}

fn visit(folder: &Path, prefix: &str, each: &mut impl FnMut(&str, &Path)) {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => panic!("{}: {error}", folder.display()),
    };
    for entry in entries {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let name = if prefix.is_empty() {
            name
        } else {
            format!("{prefix}/{name}")
        };
        if entry.file_type().unwrap().is_dir() {
            visit(&entry.path(), &name, each);
        } else {
            each(&name, &entry.path());
        }
    }
}

/// Asserts that two trees have the same files with the same bytes.
///
/// # Panics
/// With the first differences, when they have not.
#[track_caller]
pub fn assert_same(one: &Path, other: &Path) {
    assert_same_files(&files(one), &files(other));
}

/// Asserts that two lists of files are the same.
///
/// # Panics
/// With the first differences, when they are not.
#[track_caller]
pub fn assert_same_files(one: &BTreeMap<String, Held>, other: &BTreeMap<String, Held>) {
    let mut differences = Vec::new();
    for (name, held) in one {
        match other.get(name) {
            None => differences.push(format!("{name:?} is missing")),
            Some(there) if there != held => differences.push(format!("{name:?}: {held:?} became {there:?}")),
            Some(_) => {}
        }
    }
    let added = other.keys().filter(|name| !one.contains_key(*name));
    differences.extend(added.map(|name| format!("{name:?} was not there before")));
    let shown = differences
        .iter()
        .take(10)
        .cloned()
        .collect::<Vec<_>>()
        .join("\n");
    assert!(
        differences.is_empty(),
        "{} differences:\n{shown}",
        differences.len()
    );
}
