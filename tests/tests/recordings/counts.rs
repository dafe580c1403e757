//! What the tests counted, printed and left where `cargo xtask coverage` finds it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use crate::rows::ROWS;
use crate::served;

/// Counts by row, in named columns.
pub(crate) struct Counts {
    columns: &'static [&'static str],
    rows: BTreeMap<&'static str, Vec<u32>>,
}

impl Counts {
    pub(crate) fn new(columns: &'static [&'static str]) -> Self {
        let rows = ROWS.iter().map(|row| (*row, vec![0; columns.len()])).collect();
        Self { columns, rows }
    }

    pub(crate) fn add(&mut self, row: &str, column: &str) {
        let at = self.columns.iter().position(|each| *each == column).unwrap();
        self.rows.get_mut(row).unwrap()[at] += 1;
    }

    /// Prints the table, and writes it to `target/tmp/recordings/NAME.tsv`.
    pub(crate) fn tell(&self, name: &str) {
        let mut file = format!("row\toperation\t{}\n", self.columns.join("\t"));
        let mut table = format!("{:<50}{:<28}{}\n", "row", "operation", self.columns.join("  "));
        for row in ROWS {
            let operation = served::of(row).map_or("missing", |served| served.operation);
            let counts: Vec<String> = self.rows[row].iter().map(u32::to_string).collect();
            writeln!(file, "{row}\t{operation}\t{}", counts.join("\t")).unwrap();
            write!(table, "{row:<50}{operation:<28}").unwrap();
            for (count, column) in counts.iter().zip(self.columns) {
                write!(table, "{count:>width$}  ", width = column.len()).unwrap();
            }
            table.push('\n');
        }
        println!("{table}");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("recordings");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(format!("{name}.tsv")), file).unwrap();
    }
}
