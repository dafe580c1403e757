//! What the service says that it encrypted something with.

use lazuli_protocol::{Answer, header};

/// What the service encrypted something with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct EncryptedWith {
    /// Whether the service keeps it encrypted; it always does since 2017.
    pub by_service: Option<bool>,
    /// The SHA-256 of the customer's own key, in base64.
    pub customer_key_sha256: Option<String>,
    /// The scope of the account.
    pub scope: Option<String>,
}

impl EncryptedWith {
    /// Of what a request wrote.
    pub(crate) fn written(answer: &Answer) -> Self {
        Self {
            by_service: answer.flag(&header::REQUEST_SERVER_ENCRYPTED),
            ..Self::kept(answer)
        }
    }

    /// Of what is read.
    pub(crate) fn kept(answer: &Answer) -> Self {
        Self {
            by_service: answer.flag(&header::SERVER_ENCRYPTED),
            customer_key_sha256: answer.string(&header::ENCRYPTION_KEY_SHA256),
            scope: answer.string(&header::ENCRYPTION_SCOPE),
        }
    }
}
