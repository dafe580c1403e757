//! The table of floors: which crate lives where. A new crate begins with a row here.

/// A crate's place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// The crate's name without `lazuli-`.
    pub(crate) name: &'static str,
    pub(crate) floor: u8,
    /// When set, the only crates of the workspace that this one may use.
    pub(crate) only: Option<&'static [&'static str]>,
}

const fn place(floor: u8, name: &'static str) -> Place {
    Place {
        name,
        floor,
        only: None,
    }
}

/// From the ground up.
pub(crate) const FLOORS: &[Place] = &[
    place(0, "protocol"),
    place(1, "signing"),
    place(2, "transport"),
    place(3, "identity"),
    place(4, "blob"),
    place(4, "files"),
    place(4, "compute"),
    // A second, independent reading of the service: what it shares with the clients is the vocabulary and the signature.
    Place {
        name: "simulation",
        floor: 4,
        only: Some(&["protocol", "signing"]),
    },
    place(5, "transfer"),
    place(6, "object-store"),
    place(6, "s3-gateway"),
    place(6, "node"),
    place(7, "cli"),
];

/// Crates that may use any floor, and that no floor may use.
pub(crate) const BESIDE: &[&str] = &["tests", "xtask"];

/// The name that the table uses for a package.
pub(crate) fn short_name(package: &str) -> &str {
    package.strip_prefix("lazuli-").unwrap_or(package)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_crate_has_one_place() {
        let mut seen = BTreeSet::new();
        for name in FLOORS
            .iter()
            .map(|place| place.name)
            .chain(BESIDE.iter().copied())
        {
            assert!(seen.insert(name), "{name} is on the table twice");
        }
    }

    #[test]
    fn the_prefix_is_dropped() {
        assert_eq!(short_name("lazuli-object-store"), "object-store");
        assert_eq!(short_name("xtask"), "xtask");
    }
}
