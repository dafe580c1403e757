//! Why some recorded requests are not made by the client to the letter: a short list, and nothing else is excused.

use lazuli_protocol::xml::{BlobServiceProperties, SignedIdentifiers};
use lazuli_protocol::{BlobTags, Error};

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
        row: "container.set_access_policy",
        part: Part::Body,
        name: "",
        when: says_nothing,
        why: "no policies are a document without any, not an empty body",
    },
    Rule {
        row: "container.set_access_policy",
        part: Part::Body,
        name: "",
        when: |difference| mean_the_same(difference, SignedIdentifiers::parse),
        why: "the same policies, with dates in one form and without empty ones",
    },
    Rule {
        row: "service.set_properties",
        part: Part::Body,
        name: "",
        when: |difference| mean_the_same(difference, BlobServiceProperties::parse),
        why: "the same properties, spelled as the service spells them",
    },
    Rule {
        row: "blob.set_tags",
        part: Part::Body,
        name: "",
        when: |difference| mean_the_same(difference, BlobTags::parse_xml),
        why: "tags have no order",
    },
    Rule {
        row: "container.get_properties",
        part: Part::Method,
        name: "",
        when: |difference| difference.theirs.as_deref() == Some("GET"),
        why: "properties are asked for by HEAD, which the service answers as it does GET",
    },
    Rule {
        row: "*",
        part: Part::Header,
        name: "x-ms-blob-type",
        when: only_theirs,
        why: "a header that the operation does not have",
    },
    Rule {
        row: "blob.break_lease",
        part: Part::Header,
        name: "x-ms-lease-id",
        when: only_theirs,
        why: "a lease is broken without its id",
    },
    Rule {
        row: "container.break_lease",
        part: Part::Header,
        name: "x-ms-lease-id",
        when: only_theirs,
        why: "a lease is broken without its id",
    },
    Rule {
        row: "*",
        part: Part::Header,
        name: "x-ms-lease-id",
        when: only_ours,
        why: "the recorder dropped the id of the lease",
    },
    Rule {
        row: "service.get_account_info",
        part: Part::Method,
        name: "",
        when: |difference| difference.theirs.as_deref() == Some("HEAD"),
        why: "the account is asked for by GET, which the service answers as it does HEAD",
    },
    Rule {
        row: "container.get_account_info",
        part: Part::Method,
        name: "",
        when: |difference| difference.theirs.as_deref() == Some("HEAD"),
        why: "the account is asked for by GET, which the service answers as it does HEAD",
    },
    Rule {
        row: "blob.get_account_info",
        part: Part::Method,
        name: "",
        when: |difference| difference.theirs.as_deref() == Some("HEAD"),
        why: "the account is asked for by GET, which the service answers as it does HEAD",
    },
    Rule {
        row: "blob.undelete",
        part: Part::Header,
        name: "x-ms-undelete-source",
        when: only_theirs,
        why: "a header of Data Lake accounts that the reference does not have",
    },
    Rule {
        row: "*",
        part: Part::Refused,
        name: "",
        when: |difference| says(difference, "x-ms-blob-content-md5 cannot be"),
        why: "an MD5 that is none: the service keeps any bytes",
    },
    Rule {
        row: "blob.query",
        part: Part::Body,
        name: "",
        when: |difference| {
            difference
                .theirs
                .as_deref()
                .is_some_and(|xml| xml.contains("Configuration> <"))
        },
        why: "an element without content holds no white space",
    },
    Rule {
        row: "container.list_blob_flat_segment",
        part: Part::Query,
        name: "showonly",
        when: only_theirs,
        why: "a parameter of Data Lake accounts that the reference does not have",
    },
    Rule {
        row: "*",
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

/// Whether both bodies are read as the same, other than their forms.
fn mean_the_same<T: PartialEq>(difference: &Difference, read: fn(&[u8]) -> Result<T, Error>) -> bool {
    let side = |text: &Option<String>| read(text.as_deref()?.as_bytes()).ok();
    side(&difference.ours).is_some_and(|ours| side(&difference.theirs) == Some(ours))
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
