//! The crates of the workspace and what they use, as plain data that the rule and the picture read.

use cargo_metadata::{DependencyKind, Metadata};

use super::floors::short_name;

/// A crate of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Crate {
    pub(crate) name: String,
    /// Crates of the workspace that it builds with, sorted; without dev-dependencies.
    pub(crate) uses: Vec<Use>,
}

/// An edge of the graph.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Use {
    pub(crate) name: String,
    /// Behind a feature.
    pub(crate) optional: bool,
}

/// Reads the graph from `cargo metadata`, in the order of the names.
pub(crate) fn read(metadata: &Metadata) -> Vec<Crate> {
    let members = metadata.workspace_packages();
    let ours = |name: &str| name.starts_with("lazuli-") || members.iter().any(|package| package.name == name);
    let mut crates: Vec<Crate> = members
        .iter()
        .map(|package| {
            let mut uses: Vec<Use> = package
                .dependencies
                .iter()
                .filter(|dependency| dependency.kind != DependencyKind::Development && ours(&dependency.name))
                .map(|dependency| Use {
                    name: short_name(&dependency.name).to_owned(),
                    optional: dependency.optional,
                })
                .collect();
            uses.sort();
            uses.dedup_by(|later, first| later.name == first.name);
            Crate {
                name: short_name(&package.name).to_owned(),
                uses,
            }
        })
        .collect();
    crates.sort_by(|left, right| left.name.cmp(&right.name));
    crates
}

#[cfg(test)]
pub(crate) mod examples {
    //! Small graphs for the tests of this folder.

    use super::{Crate, Use};

    /// A crate that uses the given ones; a `?` after a name makes it optional.
    pub(crate) fn crate_using(name: &str, uses: &[&str]) -> Crate {
        let uses = uses
            .iter()
            .map(|used| Use {
                name: used.trim_end_matches('?').to_owned(),
                optional: used.ends_with('?'),
            })
            .collect();
        Crate {
            name: name.to_owned(),
            uses,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Workspace;

    #[test]
    fn this_workspace_is_read() {
        let crates = read(Workspace::load().unwrap().metadata());
        let uses = |name: &str| {
            crates
                .iter()
                .find(|one| one.name == name)
                .map(|one| one.uses.as_slice())
        };
        assert_eq!(uses("protocol"), Some(&[][..]));
        assert_eq!(uses("xtask"), Some(&[][..]), "crates from elsewhere are no edges");
        assert!(
            uses("cli").is_some_and(|uses| uses.iter().any(|used| used.name == "protocol" && !used.optional))
        );
    }
}
