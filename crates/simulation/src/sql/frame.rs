//! What the engine gives out, in the order in which it goes to the client.

use std::borrow::Cow;

use bytes::Bytes;

/// One record of the answer's stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// The next bytes of the result.
    Data(Bytes),
    Error(RowError),
    /// Bytes that were read, and that the blob has.
    Progress {
        scanned: u64,
        total: u64,
    },
    /// The last frame.
    End {
        total: u64,
    },
}

/// Something that went wrong with a record. If it is fatal, no later record was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RowError {
    pub(crate) fatal: bool,
    pub(crate) name: Cow<'static, str>,
    pub(crate) description: Cow<'static, str>,
    /// Where in the blob the record begins, in bytes.
    pub(crate) position: u64,
}
