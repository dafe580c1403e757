//! The exit codes, all of them, in one table: `--help` prints it, and scripts rely on it.

use std::process::ExitCode;

/// How a run of the command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Done,
    Failed,
    Usage,
    NotFound,
    Denied,
    Conflict,
    Unreachable,
    Interrupted,
}

impl Exit {
    const ALL: [Self; 8] = [
        Self::Done,
        Self::Failed,
        Self::Usage,
        Self::NotFound,
        Self::Denied,
        Self::Conflict,
        Self::Unreachable,
        Self::Interrupted,
    ];

    /// The code, a name for programs, and what it means.
    const fn row(self) -> (u8, &'static str, &'static str) {
        match self {
            Self::Done => (0, "done", "done; also when the reader of a pipe went away early"),
            Self::Failed => (1, "failed", "some or all of the work failed"),
            Self::Usage => (2, "usage", "the command line or the configuration cannot be used"),
            Self::NotFound => (3, "not_found", "no such blob, container, file or folder"),
            Self::Denied => (4, "denied", "not let in, or not allowed to"),
            Self::Conflict => (
                5,
                "conflict",
                "it exists already, is in use, or a condition is not met",
            ),
            Self::Unreachable => (
                6,
                "unreachable",
                "the service or the network could not be reached",
            ),
            Self::Interrupted => (
                130,
                "interrupted",
                "stopped by Ctrl-C or SIGTERM (`serve` ends with 0)",
            ),
        }
    }

    pub(crate) const fn code(self) -> u8 {
        self.row().0
    }

    pub(crate) const fn name(self) -> &'static str {
        self.row().1
    }

    /// The table, as `--help` shows it.
    pub(crate) fn table() -> String {
        let line = |exit: Self| {
            let (code, _, meaning) = exit.row();
            format!("  {code:>3}  {meaning}\n")
        };
        Self::ALL.into_iter().map(line).collect()
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_and_each_name_stands_for_one_ending() {
        for (at, exit) in Exit::ALL.into_iter().enumerate() {
            for other in &Exit::ALL[at + 1..] {
                assert_ne!(exit.code(), other.code());
                assert_ne!(exit.name(), other.name());
            }
        }
        assert!(Exit::table().contains("\n    3  no such blob"));
    }
}
