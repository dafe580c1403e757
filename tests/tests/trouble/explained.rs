//! Which faults explain which failures, and what the service itself may say no to.

use std::collections::BTreeSet;

use lazuli_blob::{Error, ErrorKind};

use crate::state::State;
use crate::work::Work;

/// The names of the faults that struck during a work.
pub(crate) type Struck = BTreeSet<&'static str>;

/// Faults that leave a work done, and its caller in the dark.
const LOST: &[&str] = &["close after", "hang after", "429 after", "500 after", "503 after"];

/// What a failure of each kind is owed to: one fault of its row. Anything else is a failure that nothing explains.
const CAUSES: &[(ErrorKind, &[&str])] = &[
    (ErrorKind::Connect, &["refuse"]),
    (
        ErrorKind::Connection,
        // A small answer that breaks off is read within its try, where it is a connection that failed.
        &[
            "close before",
            "close after",
            "cut upload",
            "cut",
            "truncate",
            "say more",
            "say fewer",
        ],
    ),
    (
        ErrorKind::Timeout,
        &["hang before", "hang after", "stall", "stall upload", "trickle"],
    ),
    (
        ErrorKind::Body,
        &["cut", "truncate", "stall", "trickle", "say more", "say fewer"],
    ),
    (
        ErrorKind::InvalidResponse,
        &["truncate", "say more", "say fewer", "garbage"],
    ),
];

/// What a socket makes of faults besides: one that cannot be refused any more is closed, and so is one whose request was not read to its end.
const OVER_SOCKETS: &[(ErrorKind, &[&str])] = &[(
    ErrorKind::Connection,
    &["refuse", "429 before", "500 before", "503 before"],
)];

/// So many failures open the circuit breaker.
const BREAKS: u64 = 5;

/// What the service says of states that its caller cannot have known: a status and the works that it refuses.
fn is_refused_by_state(error: &Error, work: &Work, before: &State, struck: &Struck, number: usize) -> bool {
    let lost = LOST.iter().any(|fault| struck.contains(fault));
    let impossible = before.after(work, number).is_none();
    let status = error.status().map_or(0, |status| status.as_u16());
    match work {
        Work::PutNew { .. } => (impossible || lost) && matches!(status, 409 | 412),
        Work::Delete => (impossible || lost) && status == 404,
        Work::GetRange { .. } if before.0.is_some() => impossible && status == 416,
        _ => impossible && status == 404,
    }
}

/// Asserts that a failure is one that the documentation names for what happened: `struck` during the work, and so many faults `in_all` by then.
pub(crate) fn assert_explained(
    error: &Error,
    work: &Work,
    number: usize,
    before: &State,
    struck: &Struck,
    in_all: u64,
    sockets: bool,
) {
    let rows = |table: &[(ErrorKind, &[&str])]| {
        table
            .iter()
            .any(|(kind, faults)| *kind == error.kind() && faults.iter().any(|fault| struck.contains(fault)))
    };
    let explained = match error.kind() {
        ErrorKind::Service => {
            let status = error.status().map_or(0, |status| status.as_u16());
            let injected = [format!("{status} before"), format!("{status} after")];
            injected.iter().any(|name| struck.contains(name.as_str()))
                || is_refused_by_state(error, work, before, struck, number)
        }
        ErrorKind::CircuitOpen => in_all >= BREAKS,
        // Real time is short there, and a machine that has much to do may need it all.
        ErrorKind::Timeout if sockets => true,
        _ => rows(CAUSES) || (sockets && rows(OVER_SOCKETS)),
    };
    assert!(
        explained,
        "{work:?} on {before:?} after {struck:?} failed, and nothing explains why: {error:?}"
    );
}
