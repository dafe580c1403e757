//! The kinds of failure.

/// What an [`Error`](crate::Error) is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The source is not there: no managed identity, a tool that is not installed or not logged in, a variable that is not set. A
    /// chain goes on to its next source.
    Unavailable,
    /// The authority, or the endpoint of a managed identity, was asked and said no.
    Refused,
    /// A name, a scope, a key, a file or a variable that can never work as it is.
    InvalidInput,
    /// A developer tool failed.
    Process,
    /// A developer tool had no answer in time, or the body of an authority's answer did not come.
    Timeout,
    /// An answer that cannot be read.
    InvalidResponse,
    /// The request for a token did not arrive, or its answer did not: the [source](std::error::Error::source) is the transport's error.
    Transport,
}
