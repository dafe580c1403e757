//! Watching a transfer.

use crate::Error;

/// Is told what a transfer does, from many tasks at once. It should return at once.
pub trait Observer: Send + Sync + 'static {
    /// Something happened.
    fn event(&self, event: &Event<'_>);
}

/// What can happen during a transfer.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A file or blob is to be moved.
    Found {
        /// Its path or name.
        name: &'a str,
        /// Its size, in bytes.
        bytes: u64,
    },
    /// All that is to be moved has been found.
    AllFound,
    /// Some bytes have reached the other side. A range that must be fetched again counts again.
    Moved {
        /// How many.
        bytes: u64,
    },
    /// A file or blob has been moved.
    Finished {
        /// Its path or name.
        name: &'a str,
        /// Its size, in bytes.
        bytes: u64,
    },
    /// A file or blob was left out.
    Skipped {
        /// Its path or name.
        name: &'a str,
        /// Why.
        reason: &'a str,
    },
    /// A file or blob could not be moved.
    Failed {
        /// Its path or name.
        name: &'a str,
        /// Why.
        error: &'a Error,
    },
}

/// Sees nothing.
pub(crate) struct Unobserved;

impl Observer for Unobserved {
    fn event(&self, _: &Event<'_>) {}
}
