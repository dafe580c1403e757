//! What the recordings say, where they are at hand: the test that reads them all leaves its counts in the target folder.

use std::collections::BTreeMap;
use std::fs;

use super::claims::Found;
use crate::failure::Failure;
use crate::process;
use crate::workspace::Workspace;

/// What was read of recorded traffic.
#[derive(Debug, Default)]
pub(crate) struct Recordings {
    answers: BTreeMap<String, Vec<String>>,
    requests: BTreeMap<String, Vec<String>>,
    /// Whether everything of it was as it must be.
    pub(crate) good: bool,
}

impl Recordings {
    /// Reads all recorded traffic; `None` when there is none beside this repository.
    pub(crate) fn read(workspace: &Workspace) -> Result<Option<Self>, Failure> {
        if !workspace.root().join("../shared/reference/recordings").is_dir() {
            return Ok(None);
        }
        let folder = workspace.target().join("tmp/recordings");
        if folder.is_dir() {
            // Counts of an earlier run prove nothing.
            fs::remove_dir_all(&folder).map_err(|error| Failure::io("remove", &folder, &error))?;
        }
        let words = [
            "test",
            "--quiet",
            "--package",
            "lazuli-tests",
            "--test",
            "recordings",
        ];
        let good = process::answers(&mut workspace.cargo(&words));
        let counts = |name: &str| {
            let path = folder.join(format!("{name}.tsv"));
            let text = fs::read_to_string(&path).map_err(|error| Failure::io("read", &path, &error))?;
            Ok::<_, Failure>(parse(&text))
        };
        Ok(Some(Self {
            answers: counts("answers")?,
            requests: counts("requests")?,
            good,
        }))
    }

    /// How much of an operation was read, and made again.
    pub(crate) fn of(&self, row: &str) -> Found {
        let (Some(answers), Some(requests)) = (self.answers.get(row), self.requests.get(row)) else {
            return Err("not counted".to_owned());
        };
        let number = |cells: &[String], at: usize| {
            cells
                .get(at)
                .and_then(|cell| cell.parse::<u32>().ok())
                .unwrap_or(0)
        };
        if answers.first().is_none_or(|operation| operation == "missing") {
            return Err("not read".to_owned());
        }
        let read = number(answers, 1) + number(answers, 2);
        let made = number(requests, 1) + number(requests, 2);
        if read == 0 && made == 0 {
            return Ok("never recorded".to_owned());
        }
        Ok(format!("{read} read, {made} made"))
    }
}

/// The cells of each row after its name, without the head.
fn parse(text: &str) -> BTreeMap<String, Vec<String>> {
    let rows = text.lines().skip(1).filter_map(|line| {
        let (row, cells) = line.split_once('\t')?;
        Some((row.to_owned(), cells.split('\t').map(str::to_owned).collect()))
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_told_by_row() {
        let recordings = Recordings {
            answers: parse(
                "row\toperation\ta\te\tu\nx\tGet\t5\t2\t0\ny\tmissing\t0\t0\t4\nz\tPut\t0\t0\t0\n",
            ),
            requests: parse(
                "row\toperation\tm\te\tr\tm\nx\tGet\t4\t2\t1\t0\ny\tmissing\t0\t0\t0\t4\nz\tPut\t0\t0\t0\t0\n",
            ),
            good: true,
        };
        assert_eq!(recordings.of("x").unwrap(), "7 read, 6 made");
        assert_eq!(recordings.of("y").unwrap_err(), "not read");
        assert_eq!(recordings.of("z").unwrap(), "never recorded");
        assert_eq!(recordings.of("w").unwrap_err(), "not counted");
    }
}
