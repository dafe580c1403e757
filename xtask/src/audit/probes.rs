//! Probes: a line of code for everything that must not be there. The compiler says of each whether it is.

use crate::coverage::Row;

/// What the compiler says where a name is not there: a type, a path, a method.
const NOT_THERE: &[&str] = &["E0412", "E0425", "E0432", "E0433", "E0599"];

/// A program of probes, one a line.
#[derive(Debug)]
pub(super) struct Probes {
    /// What each line looks for.
    pub(super) names: Vec<String>,
    pub(super) text: String,
}

impl Probes {
    /// Looks for the types of operations.
    pub(super) fn types(rows: &[&Row]) -> Self {
        let mut names: Vec<String> = rows.iter().filter_map(|row| row.operation.clone()).collect();
        names.sort();
        names.dedup();
        Self::of_types(names)
    }

    /// Looks for the type of one operation.
    pub(super) fn type_named(name: &str) -> Self {
        Self::of_types(vec![name.to_owned()])
    }

    fn of_types(names: Vec<String>) -> Self {
        Self::new(names, |at, name| {
            format!("pub fn probe_{at}(_: lazuli_blob::operations::{name}) {{}}")
        })
    }

    /// Looks for the methods of clients.
    pub(super) fn methods(rows: &[&Row]) -> Self {
        let mut names: Vec<String> = rows.iter().filter_map(|row| row.method.clone()).collect();
        names.sort();
        names.dedup();
        Self::new(names, |at, name| {
            format!("pub fn probe_{at}() {{ let _ = lazuli_blob::{name}; }}")
        })
    }

    fn new(names: Vec<String>, line: impl Fn(usize, &str) -> String) -> Self {
        let mut text = String::new();
        for (at, name) in names.iter().enumerate() {
            text.push_str(&line(at, name));
            text.push('\n');
        }
        Self { names, text }
    }

    /// The names that are there, from what the compiler wrote in its short form: `file:line:column: error[E0412]: …`.
    pub(super) fn there(&self, complaints: &str) -> Vec<&str> {
        let absent: Vec<usize> = complaints.lines().filter_map(absent).collect();
        let lines = self.names.iter().enumerate();
        lines
            .filter(|(at, _)| !absent.contains(&(at + 1)))
            .map(|(_, name)| name.as_str())
            .collect()
    }
}

/// The line of which a complaint says that something is not there.
fn absent(complaint: &str) -> Option<usize> {
    let (place, rest) = complaint.split_once(": error[")?;
    let code = rest.get(..5)?;
    let line = place.rsplit(':').nth(1)?.parse().ok()?;
    NOT_THERE.contains(&code).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_judged_by_itself() {
        let probes = Probes {
            names: ["A", "B", "C"].map(str::to_owned).into(),
            text: String::new(),
        };
        let complaints = "\
target/audit/types.rs:1:20: error[E0412]: cannot find type `A`
target/audit/types.rs:3:20: error[E0282]: type annotations needed
error: aborting due to 2 previous errors
";
        assert_eq!(probes.there(complaints), ["B", "C"]);
    }

    #[test]
    fn every_operation_has_a_line() {
        let row = |operation: &str| Row {
            name: String::new(),
            operation: Some(operation.to_owned()),
            feature: None,
            method: Some("ContainerClient::create".to_owned()),
            route: None,
            scenario: None,
        };
        let rows = [row("B"), row("A")];
        let rows: Vec<&Row> = rows.iter().collect();
        assert_eq!(Probes::types(&rows).names, ["A", "B"]);
        let methods = Probes::methods(&rows);
        assert_eq!(
            methods.text,
            "pub fn probe_0() { let _ = lazuli_blob::ContainerClient::create; }\n"
        );
    }
}
