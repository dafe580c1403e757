//! What the reference knows of answers: which status is a success, and which headers there are.

use std::collections::{BTreeMap, BTreeSet};

use crate::archive::Archive;
use crate::rows::ROWS;

pub(crate) struct Reference {
    success: BTreeMap<String, Vec<u16>>,
    headers: BTreeSet<String>,
    families: Vec<String>,
}

impl Reference {
    /// Reads the tables; their rows are those of this repository.
    pub(crate) fn read(archive: &Archive) -> Self {
        let operations = archive.table("blob_operations.tsv");
        let mut success = BTreeMap::new();
        for line in operations.lines().skip(1) {
            let cells: Vec<&str> = line.split('\t').collect();
            let codes = cells[6].split(',').map(|code| code.trim().parse().unwrap());
            success.insert(format!("{}.{}", cells[1], cells[2]), codes.collect());
        }
        assert!(
            success
                .keys()
                .map(String::as_str)
                .eq(ROWS.iter().copied().collect::<BTreeSet<_>>()),
            "the operations of the reference are not those of rows.rs"
        );
        let mut headers = BTreeSet::new();
        let mut families = Vec::new();
        for line in archive.table("header_types.tsv").lines().skip(1) {
            let cells: Vec<&str> = line.split('\t').collect();
            if cells[..2] == ["blob", "response"] {
                let name = cells[2].to_ascii_lowercase();
                match name.strip_suffix('*') {
                    Some(family) => families.push(family.to_owned()),
                    None => drop(headers.insert(name)),
                }
            }
        }
        Self {
            success,
            headers,
            families,
        }
    }

    /// Whether the operation documents this status as a success.
    pub(crate) fn is_success(&self, row: &str, status: u16) -> bool {
        self.success[row].contains(&status)
    }

    /// The header's name, or that of its family; `None` when the reference does not know it.
    pub(crate) fn known(&self, header: &str) -> Option<String> {
        let family = self
            .families
            .iter()
            .find(|family| header.starts_with(family.as_str()));
        if self.headers.contains(header) {
            return Some(header.to_owned());
        }
        family.map(|family| format!("{family}*"))
    }
}
