//! The kinds of failure, those of the protocol among them.

/// What an [`Error`](crate::Error) is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An option or a part of the request that could never be sent or accepted. Nothing was sent.
    InvalidInput,
    /// The service answered with an error: [`Error::service`](crate::Error::service) has its code and text.
    Service,
    /// The answer lacks something that the operation's answers must have, or holds something unreadable.
    InvalidResponse,
    /// The body of the answer broke off.
    Body,
    /// Bytes that arrived are not the bytes that were sent.
    ChecksumMismatch,
    /// The request's body could not be read, or has another length than it said.
    RequestBody,
    /// The request would have been sent again, or was, but its body can be sent only once.
    BodyNotReplayable,
    /// Plain `http` to another machine, which nobody has allowed. Nothing was sent.
    InsecureUrl,
    /// Nothing to sign the request with could be had: the source of credentials failed, and its error is the cause. Nothing was sent, or the
    /// service has refused what was sent with the credential before.
    Credential,
    /// A circuit breaker is open: the host has failed too often just now. This try was not sent; the error counts those that were before.
    CircuitOpen,
    /// The request could not be signed. Nothing was sent.
    Sign,
    /// No secure connection: TLS is not built in or not set up as it must be, no certificate is trusted on this machine, or one side
    /// does not trust the other's certificate.
    Tls,
    /// The proxy does not let the request through: it wants credentials, refuses the host, or is no proxy. Nothing reached the service.
    Proxy,
    /// No connection could be made, so nothing of this try can have arrived. [`Error::is_connect`](crate::Error::is_connect) knows of the tries before.
    Connect,
    /// The connection failed before an answer came, or before the end of one that is read whole. The request may have arrived.
    Connection,
    /// No answer came in time. The request may have arrived.
    Timeout,
}

impl ErrorKind {
    /// Its name in spans and metrics.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::InvalidInput => "invalid_input",
            Self::Service => "service",
            Self::InvalidResponse => "invalid_response",
            Self::Body => "body",
            Self::ChecksumMismatch => "checksum_mismatch",
            Self::RequestBody => "request_body",
            Self::BodyNotReplayable => "body_not_replayable",
            Self::InsecureUrl => "insecure_url",
            Self::Credential => "credential",
            Self::CircuitOpen => "circuit_open",
            Self::Sign => "sign",
            Self::Tls => "tls",
            Self::Proxy => "proxy",
            Self::Connect => "connect",
            Self::Connection => "connection",
            Self::Timeout => "timeout",
        }
    }
}

impl From<lazuli_protocol::ErrorKind> for ErrorKind {
    fn from(kind: lazuli_protocol::ErrorKind) -> Self {
        use lazuli_protocol::ErrorKind as Wire;
        match kind {
            Wire::InvalidInput => Self::InvalidInput,
            Wire::Service => Self::Service,
            Wire::Body => Self::Body,
            Wire::ChecksumMismatch => Self::ChecksumMismatch,
            // A kind that the protocol may grow is about reading an answer: all others are here.
            _ => Self::InvalidResponse,
        }
    }
}
