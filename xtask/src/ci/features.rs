//! The feature table: crates that must also build with less than their default features, and what must then be gone.

/// One build of one crate.
#[derive(Debug, Clone, Copy)]
pub(super) struct FeatureSet {
    pub(super) package: &'static str,
    /// Whether the features that are on by default stay on.
    pub(super) defaults: bool,
    /// Turned on beside them.
    pub(super) features: &'static [&'static str],
    /// Crates that this build must not pull in.
    pub(super) without: &'static [&'static str],
    /// Crates that the package must not name itself, whatever others bring.
    pub(super) not_itself: &'static [&'static str],
}

/// A package with nothing on.
const fn bare(package: &'static str) -> FeatureSet {
    FeatureSet {
        package,
        defaults: false,
        features: &[],
        without: &[],
        not_itself: &[],
    }
}

pub(super) const FEATURE_SETS: &[FeatureSet] = &[
    // As it comes: who only reads and writes pays for no JSON, no unpacking, no tables and no cache.
    FeatureSet {
        defaults: true,
        without: &[
            "arrow-ipc",
            "arrow-schema",
            "chrono",
            "miniz_oxide",
            "ring",
            "serde_json",
        ],
        not_itself: &["serde", "tracing"],
        ..bare("lazuli-blob")
    },
    FeatureSet {
        without: &["aws-lc-rs", "ring", "arrow-ipc", "metrics", "serde_json"],
        ..bare("lazuli-blob")
    },
    // Each capability by itself, with what it needs and nothing that another needs.
    FeatureSet {
        features: &["query"],
        without: &["aws-lc-rs", "ring", "arrow-ipc", "metrics"],
        not_itself: &["serde", "tracing"],
        ..bare("lazuli-blob")
    },
    FeatureSet {
        features: &["change-feed"],
        without: &["aws-lc-rs", "ring", "arrow-ipc", "metrics"],
        not_itself: &["tracing"],
        ..bare("lazuli-blob")
    },
    FeatureSet {
        features: &["arrow"],
        without: &["aws-lc-rs", "ring", "metrics", "miniz_oxide", "serde_json"],
        not_itself: &["arrow-ipc", "tracing"],
        ..bare("lazuli-blob")
    },
    FeatureSet {
        features: &["cache"],
        without: &[
            "aws-lc-rs",
            "ring",
            "arrow-ipc",
            "metrics",
            "miniz_oxide",
            "serde_json",
        ],
        ..bare("lazuli-blob")
    },
    FeatureSet {
        features: &["provisioning"],
        without: &[
            "aws-lc-rs",
            "ring",
            "arrow-ipc",
            "metrics",
            "miniz_oxide",
            "serde_json",
        ],
        not_itself: &["tracing"],
        ..bare("lazuli-blob")
    },
    // One TLS provider, never both.
    FeatureSet {
        features: &["ring"],
        without: &["aws-lc-rs", "metrics"],
        ..bare("lazuli-transport")
    },
    // Metrics without TLS.
    FeatureSet {
        features: &["metrics"],
        without: &["rustls", "aws-lc-rs", "ring"],
        ..bare("lazuli-transport")
    },
    FeatureSet {
        features: &["ring"],
        without: &["aws-lc-rs"],
        ..bare("lazuli-identity")
    },
    // Tokens without TLS and without certificates, over a transport that the caller brings.
    FeatureSet {
        without: &["rustls", "aws-lc-rs", "ring"],
        ..bare("lazuli-identity")
    },
    // The simulation as a service in the same process needs no socket, and writes tables by itself.
    FeatureSet {
        without: &["lazuli-transport", "rustls", "aws-lc-rs", "arrow-ipc", "parquet"],
        ..bare("lazuli-simulation")
    },
    // It reads tables without the rest of Arrow, and without anything in C.
    FeatureSet {
        features: &["parquet"],
        without: &["arrow-array", "arrow-schema", "brotli", "flate2", "zstd-sys"],
        ..bare("lazuli-simulation")
    },
];

impl FeatureSet {
    /// The words that select this build, for `cargo check` and `cargo tree` alike.
    pub(super) fn selection(&self) -> Vec<String> {
        let mut words = vec!["--package".to_owned(), self.package.to_owned()];
        if !self.defaults {
            words.push("--no-default-features".to_owned());
        }
        if !self.features.is_empty() {
            words.push("--features".to_owned());
            words.push(self.features.join(","));
        }
        words
    }

    /// What this build is called in a message.
    pub(super) fn shown(&self) -> String {
        let features = self.features.join(", ");
        match (self.defaults, self.features) {
            (true, []) => format!("{} as it comes", self.package),
            (true, _) => format!("{} with the features [{features}] beside its own", self.package),
            (false, _) => format!("{} with the features [{features}]", self.package),
        }
    }

    /// Which of the crates that must be gone are in the output of `cargo tree --prefix none`.
    pub(super) fn intruders(&self, tree: &str) -> Vec<&'static str> {
        among(self.without, tree)
    }

    /// Which of the crates that the package must not name are in the same, of its own dependencies only.
    pub(super) fn named(&self, own: &str) -> Vec<&'static str> {
        among(self.not_itself, own)
    }
}

fn among(names: &[&'static str], tree: &str) -> Vec<&'static str> {
    let present = |name: &&'static str| {
        tree.lines()
            .any(|line| line.split_whitespace().next() == Some(*name))
    };
    names.iter().copied().filter(present).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RING_ONLY: FeatureSet = FeatureSet {
        features: &["ring", "http1"],
        without: &["aws-lc-rs"],
        not_itself: &["tracing"],
        ..bare("p")
    };

    #[test]
    fn the_selection_names_package_and_features() {
        assert_eq!(
            RING_ONLY.selection().join(" "),
            "--package p --no-default-features --features ring,http1"
        );
        assert_eq!(
            bare("p").selection().join(" "),
            "--package p --no-default-features"
        );
        let whole = FeatureSet {
            defaults: true,
            ..bare("p")
        };
        assert_eq!(whole.selection().join(" "), "--package p");
        assert_eq!(
            (RING_ONLY.shown(), whole.shown()),
            (
                "p with the features [ring, http1]".to_owned(),
                "p as it comes".to_owned(),
            )
        );
    }

    #[test]
    fn intruders_are_whole_names() {
        let tree = "p v0.1.0\nring v0.17.14\naws-lc-rs-like v1.0.0\n";
        assert_eq!(RING_ONLY.intruders(tree), [""; 0]);
        let tree = "p v0.1.0\naws-lc-rs v1.18.0\n";
        assert_eq!(RING_ONLY.intruders(tree), ["aws-lc-rs"]);
        assert_eq!(RING_ONLY.named(tree), [""; 0]);
        assert_eq!(RING_ONLY.named("p v0.1.0\ntracing v0.1.44\n"), ["tracing"]);
    }
}
