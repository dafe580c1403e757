//! What can go wrong before a request is sent: bad credentials, or a request that cannot be signed.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

/// What an [`Error`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text cannot be the name of a storage account.
    InvalidAccountName,
    /// The text is not an account key in base64.
    InvalidAccountKey,
    /// The text is not a shared access signature that can stand in a query.
    InvalidSasToken,
    /// The terms of a SAS that is to be made do not go together, or it has one that its version cannot carry.
    InvalidSas,
    /// The fields of a user delegation key lack something, or have something that cannot be signed.
    InvalidUserDelegationKey,
    /// The text is not an access token that can stand in a header.
    InvalidBearerToken,
    /// The connection string lacks a part, or has one that cannot be used.
    InvalidConnectionString,
    /// The request has a header, a query or a date that cannot be signed, or no room for a token.
    InvalidRequest,
}

/// Why a credential was refused or a request could not be signed. It never shows a secret.
pub struct Error {
    kind: ErrorKind,
    message: Cow<'static, str>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind,
            message: message.into(),
            source: None,
        }
    }

    /// The cause must not quote its input: some parsers do, and the input may be a secret.
    pub(crate) fn because(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }

    /// What the error is about.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Whether the caller's account name, key, token or connection string is at fault, rather than the request or the
    /// terms of a SAS.
    #[must_use]
    pub fn is_credential(&self) -> bool {
        !matches!(self.kind, ErrorKind::InvalidRequest | ErrorKind::InvalidSas)
    }

    /// Whether the request is at fault, and no credential could sign it as it is.
    #[must_use]
    pub fn is_request(&self) -> bool {
        self.kind == ErrorKind::InvalidRequest
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Error");
        shown.field("kind", &self.kind).field("message", &self.message);
        if let Some(source) = &self.source {
            shown.field("source", source);
        }
        shown.finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}
