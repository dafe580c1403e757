//! `cargo xtask coverage`: every operation of the Blob service, and whether client, simulation, scenarios and recorded traffic have it.

mod claims;
mod recordings;
mod source;
mod table;

use claims::{Found, Sources};
use recordings::Recordings;
pub(crate) use table::{Row, read};

use crate::failure::Failure;
use crate::workspace::Workspace;

const COLUMNS: [&str; 5] = [
    "operation",
    "client",
    "simulation",
    "scenario",
    "recorded traffic",
];

pub(crate) fn run(workspace: &Workspace) -> Result<(), Failure> {
    let rows = read(workspace)?;
    let sources = Sources::read(workspace)?;
    let recordings = Recordings::read(workspace)?;
    let mut lines = vec![COLUMNS.map(str::to_owned)];
    let mut missing = 0;
    for row in &rows {
        let recorded = match &recordings {
            Some(recordings) => recordings.of(&row.name),
            None => Ok("skipped: no ../shared".to_owned()),
        };
        let found = [
            sources.client(row),
            sources.simulation(row),
            sources.scenario(row),
            recorded,
        ];
        missing += usize::from(found.iter().any(Result::is_err));
        let [client, simulation, scenario, recorded] = found.map(cell);
        lines.push([row.name.clone(), client, simulation, scenario, recorded]);
    }
    println!("{}", drawn(&lines));
    if missing > 0 {
        return Err(Failure::new(format!(
            "{missing} of {} operations are not covered; what is claimed is in docs/coverage.tsv",
            rows.len()
        )));
    }
    if recordings.is_some_and(|recordings| !recordings.good) {
        let words = "recorded traffic is not read whole; `cargo xtask test -- -p lazuli-tests recordings` says what is lost";
        return Err(Failure::new(words));
    }
    println!("all {} operations are covered", rows.len());
    Ok(())
}

fn cell(found: Found) -> String {
    found.unwrap_or_else(|wrong| format!("MISSING ({wrong})"))
}

/// The lines as columns.
fn drawn(lines: &[[String; 5]]) -> String {
    let width = |at: usize| {
        lines
            .iter()
            .filter_map(|line| line.get(at))
            .map(|cell| cell.chars().count())
            .max()
    };
    let widths: Vec<usize> = (0..COLUMNS.len()).map(|at| width(at).unwrap_or(0)).collect();
    let mut text = String::new();
    for line in lines {
        let cells: Vec<String> = line
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_each_other() {
        let line = |cells: [&str; 5]| cells.map(str::to_owned);
        let text = drawn(&[line(["a", "bb", "c", "d", "e"]), line(["aaa", "b", "c", "d", ""])]);
        assert_eq!(text, "a    bb  c  d  e\naaa  b   c  d\n");
    }
}
