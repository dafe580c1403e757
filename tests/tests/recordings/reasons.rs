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
        why: "a parameter or header without a value is left out",
    },
    Rule {
        row: "*",
        part: Part::Header,
        name: "*",
        when: says_nothing,
        why: "a parameter or header without a value is left out",
    },
    Rule {
        row: "*",
        part: Part::Header,
        name: "x-ms-encryption-algorithm",
        when: only_theirs,
        why: "the algorithm of a key is not named where no key is shown",
    },
    Rule {
        row: "*",
        part: Part::Header,
        name: "x-ms-copy-source",
        when: only_ours,
        why: "the recorder dropped the URL of the source",
    },
    Rule {
        row: "*",
        part: Part::Header,
        name: "x-ms-encryption-key-sha256",
        when: only_theirs,
        why: "the recorder dropped the key and left its checksum",
    },
    Rule {
        row: "blockblob.commit_block_list",
        part: Part::Header,
        name: "content-md5",
        when: only_theirs,
        why: "the client sends a checksum of a document that it makes",
    },
    Rule {
        row: "container.set_access_policy",
        part: Part::Body,
        name: "",
        when: says_nothing,
        why: "no policies are a document without any, not an empty body",
    },
    Rule {
        row: "container.list_blob_flat_segment",
        part: Part::Query,
        name: "showonly",
        when: only_theirs,
        why: "a parameter of Data Lake accounts that the reference does not have",
    },
    Rule {
        row: "blob.download",
        part: Part::Refused,
        name: "",
        when: |difference| says(difference, "range cannot be"),
        why: "a range that is none, which the service passes over",
    },
    Rule {
        row: "*",
        part: Part::Refused,
        name: "",
        when: |difference| says(difference, "is not a date like"),
        why: "a date in a form that HTTP does not have",
    },
    Rule {
        row: "*",
        part: Part::Refused,
        name: "",
        when: |difference| says(difference, "without white space at its ends"),
        why: "white space at the ends of metadata, which HTTP drops",
    },
];

fn only_ours(difference: &Difference) -> bool {
    difference.theirs.is_none()
}

fn only_theirs(difference: &Difference) -> bool {
    difference.ours.is_none()
}

fn says_nothing(difference: &Difference) -> bool {
    difference.theirs.as_deref() == Some("")
}

fn says(difference: &Difference, words: &str) -> bool {
    difference
        .ours
        .as_deref()
        .is_some_and(|message| message.contains(words))
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
