//! The shape of every call: a typed request and its typed answer, with no I/O between them.

use std::future::Future;

use crate::{Body, Endpoint, Error, ResponseBody};

/// One operation of the service, ready to be sent.
///
/// An operation is a plain value. It becomes an [`http::Request`] that any HTTP client can carry (unsigned: the layers below
/// sign), and reads the [`http::Response`] back into its output. It can be turned into a request any number of times.
///
/// # Errors in answers
/// `response` returns an [`Error`] of kind [`Service`](crate::ErrorKind::Service) for every status that the operation does
/// not document as a success, with the service's code and text read from headers and body.
///
/// # What the layers below know
/// The request carries the operation's [`OperationInfo`] in its extensions, so that a retry layer knows what may be sent
/// twice and a deadline layer what kind of time it may take.
pub trait Operation: Send + Sync {
    /// What a successful answer holds.
    type Output: Send;

    /// What the operation is to the layers below.
    const INFO: OperationInfo;

    /// What this one is to the layers below: [`INFO`](Self::INFO), unless its options change that. An append that names its position can be
    /// repeated, and one that does not cannot.
    fn info(&self) -> OperationInfo {
        Self::INFO
    }

    /// The request, complete but for its signature, date, version and request id.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) when the operation could never be accepted as it stands.
    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error>;

    /// Reads the answer.
    ///
    /// # Errors
    /// What the service refused, an answer that cannot be read, or a body that broke off.
    fn response(
        parts: http::response::Parts,
        body: ResponseBody,
    ) -> impl Future<Output = Result<Self::Output, Error>> + Send;
}

/// What an operation is to the layers below.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct OperationInfo {
    /// The REST operation's name as one word, such as `PutBlockList`.
    pub name: &'static str,
    /// The service that has it.
    pub service: Service,
    /// What kind of work it is, which decides how long it may take.
    pub kind: OperationKind,
    /// Whether sending it twice does no harm.
    pub repeat: Repeat,
}

impl OperationInfo {
    /// An operation of the Blob service that can be sent twice, as most can.
    #[must_use]
    pub const fn blob(name: &'static str, kind: OperationKind) -> Self {
        Self {
            name,
            service: Service::Blob,
            kind,
            repeat: Repeat::Safe,
        }
    }

    /// A request for a token of Microsoft Entra, which can be sent twice.
    #[must_use]
    pub const fn entra(name: &'static str) -> Self {
        Self {
            name,
            service: Service::Entra,
            kind: OperationKind::SmallRead,
            repeat: Repeat::Safe,
        }
    }

    /// The same, but it must not be sent again unless it surely did not arrive.
    #[must_use]
    pub const fn sent_once(self) -> Self {
        Self {
            repeat: Repeat::Unsafe,
            ..self
        }
    }
}

/// A service that is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Service {
    /// Blob Storage.
    Blob,
    /// Azure Files.
    Files,
    /// Microsoft Entra, and the endpoints that have tokens of it.
    Entra,
}

/// The kind of work that an operation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OperationKind {
    /// Reads properties or a small body.
    SmallRead,
    /// Reads a body that may be large.
    LargeRead,
    /// Writes.
    Write,
    /// Lists, or works on directories.
    List,
    /// Works on a lease.
    Lease,
}

/// Whether sending a request twice has the effect of sending it once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Repeat {
    /// It has.
    Safe,
    /// It has not: an append without a position, say.
    Unsafe,
}
