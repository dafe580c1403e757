//! `docs/coverage.tsv`: what is claimed of every operation of the Blob service.

use std::fs;

use crate::failure::Failure;
use crate::workspace::Workspace;

/// Where the claims are, from the root of the workspace.
const TABLE: &str = "docs/coverage.tsv";
const HEAD: &str = "row\toperation\tfeature\tmethod\troute\tscenario";

/// So many operations the Blob service has.
const OPERATIONS: usize = 71;

/// What stands where nothing is claimed.
const NOTHING: &str = "-";

/// An operation of the service, and who has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// `group.name`, as the service's own description has it.
    pub(crate) name: String,
    /// The type in `lazuli_blob::operations`.
    pub(crate) operation: Option<String>,
    /// The feature of `lazuli-blob` that it needs; none with those that are on by default.
    pub(crate) feature: Option<String>,
    /// The client's method, `Type::method`.
    pub(crate) method: Option<String>,
    /// The simulation's route, `Level: Name`.
    pub(crate) route: Option<String>,
    /// The scenario, `topic::name`.
    pub(crate) scenario: Option<String>,
}

pub(crate) fn read(workspace: &Workspace) -> Result<Vec<Row>, Failure> {
    let path = workspace.root().join(TABLE);
    let text = fs::read_to_string(&path).map_err(|error| Failure::io("read", &path, &error))?;
    parse(&text)
}

fn parse(text: &str) -> Result<Vec<Row>, Failure> {
    let mut lines = text.lines();
    if lines.next() != Some(HEAD) {
        return Err(Failure::new(format!(
            "{TABLE} does not begin with the columns {HEAD:?}"
        )));
    }
    let mut rows: Vec<Row> = Vec::new();
    for line in lines {
        let row = row(line).ok_or_else(|| Failure::new(format!("{TABLE}: not six columns: {line:?}")))?;
        if rows.iter().any(|each| each.name == row.name) {
            return Err(Failure::new(format!("{TABLE} has {} twice", row.name)));
        }
        rows.push(row);
    }
    if rows.len() != OPERATIONS {
        return Err(Failure::new(format!(
            "{TABLE} has {} rows; the service has {OPERATIONS} operations",
            rows.len()
        )));
    }
    Ok(rows)
}

fn row(line: &str) -> Option<Row> {
    let cells: Vec<&str> = line.split('\t').collect();
    let [name, operation, feature, method, route, scenario] = cells.as_slice() else {
        return None;
    };
    let claim = |cell: &str| (cell != NOTHING).then(|| cell.to_owned());
    Some(Row {
        name: (*name).to_owned(),
        operation: claim(operation),
        feature: claim(feature).filter(|feature| feature != "default"),
        method: claim(method),
        route: claim(route),
        scenario: claim(scenario),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_what_is_claimed_and_what_is_not() {
        let row = row("blob.delete\tDeleteBlob\tdefault\tBlobClient::delete\tBlob: Delete Blob\t-").unwrap();
        assert_eq!(row.operation.as_deref(), Some("DeleteBlob"));
        assert_eq!((row.feature, row.scenario), (None, None));
        assert!(super::row("blob.delete\tDeleteBlob").is_none());
    }

    #[test]
    fn a_row_that_goes_missing_is_told() {
        let message = parse(&format!("{HEAD}\nblob.delete\t-\t-\t-\t-\t-\n"))
            .unwrap_err()
            .to_string();
        assert!(message.contains("1 rows"), "{message}");
        let twice = parse(&format!("{HEAD}\na\t-\t-\t-\t-\t-\na\t-\t-\t-\t-\t-\n"))
            .unwrap_err()
            .to_string();
        assert!(twice.contains("twice"), "{twice}");
    }
}
