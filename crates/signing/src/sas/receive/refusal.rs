//! Why a server does not let a SAS in, told apart as the service tells it.

use std::error::Error as StdError;
use std::fmt;
use std::net::IpAddr;

use time::OffsetDateTime;

use super::super::terms::{ResourceType, SasService};
use crate::date;
use crate::string_to_sign::StringToSign;

/// Why a SAS was refused. The variants stand in the order in which they are looked for: the form, the signature, the
/// stored access policy, the times, where the request came from, and what it is for.
///
/// So whoever does not hold a true signature learns nothing of what the SAS would permit, and a SAS for one container
/// that is sent to another gives [`SignatureMismatch`](Self::SignatureMismatch), as it does at the service: the name
/// that is signed is the one that the request addresses.
///
/// Neither `Debug` nor `Display` shows a signature, the one that was sent or the one that was computed.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum SasRefusal {
    /// A parameter of the SAS is given more than once.
    DuplicateField {
        /// Its name.
        field: &'static str,
    },
    /// A parameter without which there is no SAS of this kind is absent or empty.
    MissingField {
        /// Its name.
        field: &'static str,
    },
    /// A parameter does not have the form that it must have.
    MalformedField {
        /// Its name.
        field: &'static str,
    },
    /// A SAS of this kind cannot have such a parameter.
    FieldNotAllowed {
        /// Its name.
        field: &'static str,
    },
    /// The version is older than SAS of this kind.
    UnknownVersion {
        /// The version.
        version: String,
    },
    /// The SAS ends before it begins.
    ExpiryBeforeStart {
        /// Its start.
        start: OffsetDateTime,
        /// Its expiry.
        expiry: OffsetDateTime,
    },
    /// The SAS is for a kind of resource that the request does not address: a blob where a container is addressed, a
    /// deeper directory than the path has.
    ResourceMismatch {
        /// What the SAS is for, as in `sr`.
        resource: &'static str,
    },
    /// The request lacks a header that the SAS asks for.
    SignedHeaderMissing {
        /// The name of the header.
        name: String,
    },
    /// The request has a header that the SAS asks for more than once, or with a value that cannot be signed: one that is
    /// not UTF-8, or that has a line feed, a carriage return or a NUL.
    SignedHeaderUnusable {
        /// The name of the header.
        name: String,
    },
    /// The request lacks a query parameter that the SAS asks for.
    SignedQueryMissing {
        /// The name of the parameter.
        name: String,
    },
    /// The request has a query parameter that the SAS asks for more than once, or with a value that cannot be signed: one
    /// that is not UTF-8, or that has a line feed, a carriage return or a NUL.
    SignedQueryUnusable {
        /// The name of the parameter.
        name: String,
    },
    /// The signature is not the one of this SAS, this resource and this key.
    SignatureMismatch {
        /// The text that the server computed a signature for: the client's differs from it, or the key does.
        string_to_sign: StringToSign,
    },
    /// There is no such stored access policy.
    UnknownPolicy {
        /// Its id.
        id: String,
    },
    /// The SAS and its stored access policy both have a say in something.
    FieldInTokenAndPolicy {
        /// The parameter of the SAS.
        field: &'static str,
    },
    /// The time of the SAS has not come yet.
    NotYetValid {
        /// Its start.
        start: OffsetDateTime,
        /// Its expiry.
        expiry: OffsetDateTime,
        /// The server's time.
        now: OffsetDateTime,
    },
    /// The time of the SAS is over.
    Expired {
        /// Its start, if it has one.
        start: Option<OffsetDateTime>,
        /// Its expiry.
        expiry: OffsetDateTime,
        /// The server's time.
        now: OffsetDateTime,
    },
    /// The time of the user delegation key has not come yet.
    DelegationKeyNotYetValid {
        /// The start of the key.
        start: OffsetDateTime,
        /// The expiry of the key.
        expiry: OffsetDateTime,
        /// The server's time.
        now: OffsetDateTime,
    },
    /// The time of the user delegation key is over.
    DelegationKeyExpired {
        /// The start of the key.
        start: OffsetDateTime,
        /// The expiry of the key.
        expiry: OffsetDateTime,
        /// The server's time.
        now: OffsetDateTime,
    },
    /// The request came from an address that the SAS is not for.
    IpMismatch {
        /// The address, if it is known.
        client: Option<IpAddr>,
    },
    /// The request came in the clear, and the SAS is for HTTPS alone.
    ProtocolMismatch,
    /// The SAS, or the key that it is signed with, is not for this service.
    ServiceMismatch {
        /// The service that is addressed.
        service: SasService,
    },
    /// An account SAS does not reach the level of the request.
    ResourceTypeMismatch {
        /// The level of the request.
        level: ResourceType,
    },
}

impl SasRefusal {
    /// Whether a fresh SAS with the same rights would get in.
    #[must_use]
    pub fn is_expired(&self) -> bool {
        matches!(self, Self::Expired { .. } | Self::DelegationKeyExpired { .. })
    }
}

impl fmt::Display for SasRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DuplicateField { field } => write!(f, "the SAS has `{field}` more than once"),
            Self::MissingField { field } => write!(f, "the SAS lacks `{field}`, which it must have"),
            Self::MalformedField { field } => write!(f, "`{field}` of the SAS is not well formed"),
            Self::FieldNotAllowed { field } => write!(f, "a SAS of this kind cannot have `{field}`"),
            Self::UnknownVersion { version } => {
                write!(f, "there is no SAS of this kind in version {version}")
            }
            Self::ExpiryBeforeStart { start, expiry } => write!(
                f,
                "the SAS expires at {}, which is not after its start at {}",
                At(*expiry),
                At(*start)
            ),
            Self::ResourceMismatch { resource } => {
                write!(f, "the SAS is for {resource}, and the request addresses none")
            }
            Self::SignedHeaderMissing { name } => {
                write!(f, "the SAS asks for the header {name:?}, which the request lacks")
            }
            Self::SignedQueryMissing { name } => {
                write!(
                    f,
                    "the SAS asks for the query parameter {name:?}, which the request lacks"
                )
            }
            Self::SignedHeaderUnusable { name } => write!(
                f,
                "the SAS asks for the header {name:?}, which the request has twice or with a value that cannot be signed"
            ),
            Self::SignedQueryUnusable { name } => write!(
                f,
                "the SAS asks for the query parameter {name:?}, which the request has twice or with a value that cannot be signed"
            ),
            Self::SignatureMismatch { string_to_sign } => write!(
                f,
                "the signature of the SAS is not the one computed from the string to sign '{string_to_sign}'"
            ),
            Self::UnknownPolicy { id } => write!(f, "there is no stored access policy {id:?}"),
            Self::FieldInTokenAndPolicy { field } => write!(
                f,
                "both the SAS and its stored access policy say what `{field}` is; only one of them may"
            ),
            Self::NotYetValid { start, expiry, now } => {
                write!(
                    f,
                    "the SAS is not valid yet: {}",
                    Window(Some(*start), *expiry, *now)
                )
            }
            Self::Expired { start, expiry, now } => {
                write!(f, "the SAS has expired: {}", Window(*start, *expiry, *now))
            }
            Self::DelegationKeyNotYetValid { start, expiry, now } => write!(
                f,
                "the user delegation key is not valid yet: {}",
                Window(Some(*start), *expiry, *now)
            ),
            Self::DelegationKeyExpired { start, expiry, now } => write!(
                f,
                "the user delegation key has expired: {}",
                Window(Some(*start), *expiry, *now)
            ),
            Self::IpMismatch { client: Some(client) } => {
                write!(f, "the SAS is not for requests from {client}")
            }
            Self::IpMismatch { client: None } => f.write_str(
                "the SAS is for some addresses only, and where the request came from is not known",
            ),
            Self::ProtocolMismatch => {
                f.write_str("the SAS is for HTTPS only, and the request came over HTTP")
            }
            Self::ServiceMismatch { service } => {
                write!(f, "the SAS is not for the {} service", service.name())
            }
            Self::ResourceTypeMismatch { level } => {
                write!(f, "the SAS does not have the resource type {}", level.name())
            }
        }
    }
}

impl StdError for SasRefusal {}

// === impl At ===

/// A time as headers have it.
struct At(OffsetDateTime);

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match date::text(self.0) {
            Some(text) => f.write_str(&text),
            None => self.0.fmt(f),
        }
    }
}

// === impl Window ===

/// From when to when something is valid, and when that was looked at.
struct Window(Option<OffsetDateTime>, OffsetDateTime, OffsetDateTime);

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(start, expiry, now) = *self;
        if let Some(start) = start {
            write!(f, "start {}, ", At(start))?;
        }
        write!(f, "expiry {}, now {}", At(expiry), At(now))
    }
}
