//! The feature table: crates that must also build with less than their default features, and what must then be gone.

/// One build of one crate.
#[derive(Debug, Clone, Copy)]
pub(super) struct FeatureSet {
    pub(super) package: &'static str,
    /// Turned on after `--no-default-features`.
    pub(super) features: &'static [&'static str],
    /// Crates that this build must not pull in.
    pub(super) without: &'static [&'static str],
}

pub(super) const FEATURE_SETS: &[FeatureSet] = &[
    FeatureSet {
        package: "lazuli-blob",
        features: &[],
        without: &["aws-lc-rs", "ring", "arrow-ipc"],
    },
    // One TLS provider, never both.
    FeatureSet {
        package: "lazuli-transport",
        features: &["ring"],
        without: &["aws-lc-rs", "metrics"],
    },
    // Metrics without TLS.
    FeatureSet {
        package: "lazuli-transport",
        features: &["metrics"],
        without: &["rustls", "aws-lc-rs", "ring"],
    },
    FeatureSet {
        package: "lazuli-identity",
        features: &["ring"],
        without: &["aws-lc-rs"],
    },
    // Tokens without TLS and without certificates, over a transport that the caller brings.
    FeatureSet {
        package: "lazuli-identity",
        features: &[],
        without: &["rustls", "aws-lc-rs", "ring"],
    },
    // The simulation as a service in the same process needs no socket.
    FeatureSet {
        package: "lazuli-simulation",
        features: &[],
        without: &["lazuli-transport", "rustls", "aws-lc-rs"],
    },
];

impl FeatureSet {
    /// The words that select this build, for `cargo check` and `cargo tree` alike.
    pub(super) fn selection(&self) -> Vec<String> {
        let mut words = vec![
            "--package".to_owned(),
            self.package.to_owned(),
            "--no-default-features".to_owned(),
        ];
        if !self.features.is_empty() {
            words.push("--features".to_owned());
            words.push(self.features.join(","));
        }
        words
    }

    /// Which of the crates that must be gone are in the output of `cargo tree --prefix none`.
    pub(super) fn intruders(&self, tree: &str) -> Vec<&'static str> {
        let present = |name: &str| {
            tree.lines()
                .any(|line| line.split_whitespace().next() == Some(name))
        };
        self.without
            .iter()
            .copied()
            .filter(|name| present(name))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RING_ONLY: FeatureSet = FeatureSet {
        package: "p",
        features: &["ring", "http1"],
        without: &["aws-lc-rs"],
    };

    #[test]
    fn the_selection_names_package_and_features() {
        assert_eq!(
            RING_ONLY.selection().join(" "),
            "--package p --no-default-features --features ring,http1"
        );
        let bare = FeatureSet {
            features: &[],
            ..RING_ONLY
        };
        assert_eq!(bare.selection().join(" "), "--package p --no-default-features");
    }

    #[test]
    fn intruders_are_whole_names() {
        let tree = "p v0.1.0\nring v0.17.14\naws-lc-rs-like v1.0.0\n";
        assert_eq!(RING_ONLY.intruders(tree), [""; 0]);
        let tree = "p v0.1.0\naws-lc-rs v1.18.0\n";
        assert_eq!(RING_ONLY.intruders(tree), ["aws-lc-rs"]);
    }
}
