//! Why some recorded requests are not made by the client to the letter: a short list, and nothing else is excused.

use crate::difference::{Difference, Part};

/// An excuse.
struct Rule {
    /// The row, or `*`.
    row: &'static str,
    part: Part,
    /// The parameter or header, or `*`.
    name: &'static str,
    when: fn(&Difference) -> bool,
    why: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        row: "*",
        part: Part::Header,
        name: "x-ms-content-crc64",
        when: only_ours,
        why: "the client sends a checksum of a document that it makes",
    },
    Rule {
        row: "*",
        part: Part::Query,
        name: "timeout",
        when: only_theirs,
        why: "how long a call may take is a deadline of the client, not a parameter",
    },
    Rule {
        row: "*",
        part: Part::Query,
        name: "*",
        when: says_nothing,
        why: "a parameter without a value is left out",
    },
];

fn only_ours(difference: &Difference) -> bool {
    difference.theirs.is_none()
}

fn only_theirs(difference: &Difference) -> bool {
    difference.ours.is_none()
}

fn says_nothing(difference: &Difference) -> bool {
    difference.ours.is_none() && difference.theirs.as_deref() == Some("")
}

/// Why a difference is as it should be; `None` when it is not.
pub(crate) fn of(row: &str, difference: &Difference) -> Option<&'static str> {
    let fits = |rule: &&Rule| {
        (rule.row == "*" || rule.row == row)
            && rule.part == difference.part
            && (rule.name == "*" || rule.name == difference.name)
            && (rule.when)(difference)
    };
    RULES.iter().find(fits).map(|rule| rule.why)
}
