//! The change feed: the log that the service keeps of every change to every blob of an account.
//!
//! The log is a container of files. [`manifest`] reads what says which files there are, [`walk`] goes through them in order, [`ranges`]
//! reads one in pieces, and [`event`] makes typed events of what is in it.

mod call;
mod cursor;
mod details;
mod event;
mod feed;
mod fields;
mod log;
mod manifest;
mod ranges;
mod segment;
mod walk;

use lazuli_protocol::{Error, ErrorKind};

pub use call::ChangeFeedCall;
pub use cursor::ChangeFeedCursor;
pub use details::{AsyncOperationInfo, PreviousBlobInfo, UpdatedProperty, UpdatedTags};
pub use event::{ChangeFeedEvent, ChangeFeedEventData};
pub use feed::ChangeFeed;

/// The container that the service keeps the log in.
const CONTAINER: &str = "$blobchangefeed";

fn unreadable(what: &str, why: impl std::fmt::Display) -> Error {
    Error::new(
        ErrorKind::InvalidResponse,
        format!("{what} of the change feed cannot be read: {why}"),
    )
}

fn gone(what: &str, name: &str) -> Error {
    let message = format!(
        "the change feed has no {what} {name:?} any more, which the cursor names: events after it may be lost, or it is a cursor of another \
         account; start without it, from a time"
    );
    Error::new(ErrorKind::InvalidInput, message)
}
