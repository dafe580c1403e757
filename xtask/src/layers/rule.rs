//! The rule of the floors, as a pure function: which edges of a graph the table does not allow.

use std::fmt;

use super::floors::Place;
use super::graph::Crate;

/// An edge or a crate that breaks the rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Violation {
    /// The crate has no row in the table.
    NoPlace { name: String },
    /// The crate uses one that has no row in the table.
    UsesNoPlace { from: String, to: String },
    /// The crate uses one of a higher floor.
    Upward {
        from: String,
        floor: u8,
        to: String,
        above: u8,
    },
    /// The crate uses one of its own floor.
    Sideways { from: String, to: String, floor: u8 },
    /// The crate uses one that stands beside the floors.
    UsesBeside { from: String, to: String },
    /// The crate's row says which crates it may use, and this is another.
    NotAmong {
        from: String,
        to: String,
        only: &'static [&'static str],
    },
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPlace { name } => write!(formatter, "{name} is not on the table of floors"),
            Self::UsesNoPlace { from, to } => {
                write!(formatter, "{from} -> {to}: {to} is not on the table of floors")
            }
            Self::Upward {
                from,
                floor,
                to,
                above,
            } => {
                write!(
                    formatter,
                    "{from} -> {to}: goes up from floor {floor} to floor {above}"
                )
            }
            Self::Sideways { from, to, floor } => {
                write!(
                    formatter,
                    "{from} -> {to}: goes sideways, both are on floor {floor}"
                )
            }
            Self::UsesBeside { from, to } => {
                write!(
                    formatter,
                    "{from} -> {to}: {to} stands beside the floors, nothing may build on it"
                )
            }
            Self::NotAmong { from, to, only } => {
                write!(
                    formatter,
                    "{from} -> {to}: {from} may use only {}",
                    only.join(", ")
                )
            }
        }
    }
}

/// Everything in the graph that the table does not allow, in the order of the graph.
pub(crate) fn violations(table: &[Place], beside: &[&str], crates: &[Crate]) -> Vec<Violation> {
    let mut found = Vec::new();
    for one in crates.iter().filter(|one| !beside.contains(&one.name.as_str())) {
        let Some(place) = row(table, &one.name) else {
            found.push(Violation::NoPlace {
                name: one.name.clone(),
            });
            continue;
        };
        found.extend(
            one.uses
                .iter()
                .filter_map(|used| edge(table, beside, place, &used.name)),
        );
    }
    found
}

fn row<'table>(table: &'table [Place], name: &str) -> Option<&'table Place> {
    table.iter().find(|place| place.name == name)
}

fn edge(table: &[Place], beside: &[&str], place: &Place, used: &str) -> Option<Violation> {
    let (from, to) = (place.name.to_owned(), used.to_owned());
    if beside.contains(&used) {
        return Some(Violation::UsesBeside { from, to });
    }
    let Some(below) = row(table, used) else {
        return Some(Violation::UsesNoPlace { from, to });
    };
    if below.floor > place.floor {
        return Some(Violation::Upward {
            from,
            floor: place.floor,
            to,
            above: below.floor,
        });
    }
    if below.floor == place.floor {
        return Some(Violation::Sideways {
            from,
            to,
            floor: place.floor,
        });
    }
    match place.only {
        Some(only) if !only.contains(&used) => Some(Violation::NotAmong { from, to, only }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::floors::{BESIDE, FLOORS};
    use super::super::graph::examples::crate_using;
    use super::*;

    fn said(crates: &[Crate]) -> Vec<String> {
        violations(FLOORS, BESIDE, crates)
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn downward_is_allowed_over_any_number_of_floors() {
        let crates = [
            crate_using("protocol", &[]),
            crate_using("signing", &["protocol"]),
            crate_using("transport", &["protocol", "signing"]),
            crate_using("blob", &["transport", "protocol", "identity?"]),
            crate_using("simulation", &["protocol", "signing"]),
            crate_using("transfer", &["blob"]),
            crate_using("cli", &["simulation", "transfer", "protocol"]),
        ];
        assert_eq!(said(&crates), [""; 0]);
    }

    #[test]
    fn upward_names_the_edge_and_the_floors() {
        let crates = [crate_using("signing", &["protocol", "transport"])];
        assert_eq!(
            said(&crates),
            ["signing -> transport: goes up from floor 1 to floor 2"]
        );
    }

    #[test]
    fn an_optional_edge_is_an_edge() {
        let crates = [crate_using("protocol", &["cli?"])];
        assert_eq!(
            said(&crates),
            ["protocol -> cli: goes up from floor 0 to floor 7"]
        );
    }

    #[test]
    fn sideways_is_refused() {
        let crates = [
            crate_using("files", &["blob"]),
            crate_using("blob", &["simulation"]),
        ];
        assert_eq!(
            said(&crates),
            [
                "files -> blob: goes sideways, both are on floor 4",
                "blob -> simulation: goes sideways, both are on floor 4"
            ]
        );
    }

    #[test]
    fn the_simulation_knows_nothing_of_the_clients() {
        let crates = [crate_using("simulation", &["protocol", "transport", "blob"])];
        assert_eq!(
            said(&crates),
            [
                "simulation -> transport: simulation may use only protocol, signing",
                "simulation -> blob: goes sideways, both are on floor 4"
            ]
        );
    }

    #[test]
    fn a_crate_without_a_row_is_refused_on_both_ends() {
        let crates = [
            crate_using("queues", &["protocol"]),
            crate_using("cli", &["queues"]),
        ];
        assert_eq!(
            said(&crates),
            [
                "queues is not on the table of floors",
                "cli -> queues: queues is not on the table of floors"
            ]
        );
    }

    #[test]
    fn crates_beside_the_floors_use_all_and_are_used_by_none() {
        let crates = [
            crate_using("tests", &["cli", "protocol", "xtask"]),
            crate_using("cli", &["tests"]),
        ];
        assert_eq!(
            said(&crates),
            ["cli -> tests: tests stands beside the floors, nothing may build on it"]
        );
    }
}
