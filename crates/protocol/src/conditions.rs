//! Conditional headers: do it only if the resource is, or is not, what the caller last saw.

use http::{HeaderMap, HeaderValue};
use time::OffsetDateTime;

use crate::{Error, ErrorKind, Etag, format_rfc1123};

/// What an `If-Match` or `If-None-Match` compares with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EtagMatch {
    /// `*`: any state of the resource, as long as it exists.
    Any,
    /// This one state.
    Tag(Etag),
}

impl EtagMatch {
    fn header_value(&self) -> Result<HeaderValue, Error> {
        match self {
            Self::Any => Ok(HeaderValue::from_static("*")),
            Self::Tag(tag) => HeaderValue::from_str(&tag.quoted()).map_err(|source| {
                Error::new(ErrorKind::InvalidInput, "the ETag cannot be sent").with_source(source)
            }),
        }
    }
}

impl From<Etag> for EtagMatch {
    fn from(tag: Etag) -> Self {
        Self::Tag(tag)
    }
}

impl From<&Etag> for EtagMatch {
    fn from(tag: &Etag) -> Self {
        Self::Tag(tag.clone())
    }
}

/// The conditions of one request. The service evaluates them as
/// `If-Match && If-Unmodified-Since && (If-None-Match || If-Modified-Since)` on reads.
///
/// A failed condition is an error with the code `ConditionNotMet`: 412, or 304 on a read whose `If-None-Match` or
/// `If-Modified-Since` failed. `If-None-Match: *` on a write to a blob that exists is 409 `BlobAlreadyExists`.
///
/// ```
/// use lazuli_protocol::{Conditions, EtagMatch};
///
/// let mut headers = http::HeaderMap::new();
/// Conditions::new().if_none_match(EtagMatch::Any).apply(&mut headers)?;
/// assert_eq!(headers["if-none-match"], "*");
/// # Ok::<(), lazuli_protocol::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conditions {
    if_match: Option<EtagMatch>,
    if_none_match: Option<EtagMatch>,
    if_modified_since: Option<OffsetDateTime>,
    if_unmodified_since: Option<OffsetDateTime>,
}

impl Conditions {
    /// No condition.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Only if the resource is in this state.
    #[must_use]
    pub fn if_match(mut self, tag: impl Into<EtagMatch>) -> Self {
        self.if_match = Some(tag.into());
        self
    }

    /// Only if the resource is not in this state; [`EtagMatch::Any`]: only if it does not exist.
    #[must_use]
    pub fn if_none_match(mut self, tag: impl Into<EtagMatch>) -> Self {
        self.if_none_match = Some(tag.into());
        self
    }

    /// Only if the resource changed after `at`; the wire resolves whole seconds.
    #[must_use]
    pub fn if_modified_since(mut self, at: OffsetDateTime) -> Self {
        self.if_modified_since = Some(at);
        self
    }

    /// Only if the resource did not change after `at`; the wire resolves whole seconds.
    #[must_use]
    pub fn if_unmodified_since(mut self, at: OffsetDateTime) -> Self {
        self.if_unmodified_since = Some(at);
        self
    }

    /// Whether there is no condition at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Writes the conditions into a request's headers.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when an ETag cannot stand in a header.
    pub fn apply(&self, headers: &mut HeaderMap) -> Result<(), Error> {
        let date = |at: OffsetDateTime| {
            HeaderValue::from_str(&format_rfc1123(at)).map_err(|source| {
                Error::new(ErrorKind::InvalidInput, "the date cannot be sent").with_source(source)
            })
        };
        if let Some(tag) = &self.if_match {
            headers.insert(http::header::IF_MATCH, tag.header_value()?);
        }
        if let Some(tag) = &self.if_none_match {
            headers.insert(http::header::IF_NONE_MATCH, tag.header_value()?);
        }
        if let Some(at) = self.if_modified_since {
            headers.insert(http::header::IF_MODIFIED_SINCE, date(at)?);
        }
        if let Some(at) = self.if_unmodified_since {
            headers.insert(http::header::IF_UNMODIFIED_SINCE, date(at)?);
        }
        Ok(())
    }
}
