//! Why a server does not let a signed request in, told apart as far as a client may know it.

use std::error::Error as StdError;
use std::fmt;

use http::HeaderName;
use time::{Duration, OffsetDateTime};

use crate::authorization::AuthorizationFault;
use crate::date;
use crate::error::Error;
use crate::string_to_sign::StringToSign;

/// Why a request was not verified. The variants stand in the order in which they are looked for.
///
/// Neither `Debug` nor `Display` shows a signature, the one that was sent or the one that was computed.
#[derive(Debug)]
#[non_exhaustive]
pub enum Refusal {
    /// There is no `Authorization` header.
    MissingAuthorization,
    /// The `Authorization` header cannot be used.
    MalformedAuthorization(AuthorizationFault),
    /// There is neither `x-ms-date` nor `Date`.
    MissingDate,
    /// The date is not one of RFC 1123 in GMT, or there are two.
    UnreadableDate {
        /// The header that has the date.
        header: HeaderName,
    },
    /// The date is too far from the server's.
    DateOutOfWindow {
        /// The date of the request.
        date: OffsetDateTime,
        /// The server's time.
        now: OffsetDateTime,
        /// How far they may be apart.
        tolerance: Duration,
    },
    /// The request has a header or a query for which there is no string-to-sign.
    Unsignable(Error),
    /// The signature is not the one of this request and this key.
    SignatureMismatch {
        /// The text that the server computed a signature for: the client's differs from it, or the key does.
        string_to_sign: StringToSign,
    },
}

impl From<AuthorizationFault> for Refusal {
    fn from(fault: AuthorizationFault) -> Self {
        Self::MalformedAuthorization(fault)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingAuthorization => f.write_str("the request has no Authorization header"),
            Self::MalformedAuthorization(fault) => {
                write!(f, "the Authorization header cannot be used: {fault}")
            }
            Self::MissingDate => f.write_str("the request has neither x-ms-date nor Date"),
            Self::UnreadableDate { header } => {
                write!(
                    f,
                    "the header {header} is not one date like 'Fri, 26 Jun 2026 23:39:12 GMT'"
                )
            }
            Self::DateOutOfWindow { date, now, tolerance } => {
                let shown = |at: &OffsetDateTime| date::text(*at).unwrap_or_else(|| at.to_string());
                let (date, now, seconds) = (shown(date), shown(now), tolerance.whole_seconds());
                write!(
                    f,
                    "the date of the request, {date}, is more than {seconds} seconds from the server's, {now}"
                )
            }
            Self::Unsignable(error) => write!(f, "the request cannot be verified: {error}"),
            Self::SignatureMismatch { string_to_sign } => write!(
                f,
                "the signature of the request is not the one computed from the string to sign '{string_to_sign}'"
            ),
        }
    }
}

impl StdError for Refusal {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            // Its message stands in this one's; what is below it does not.
            Self::Unsignable(error) => error.source(),
            _ => None,
        }
    }
}
