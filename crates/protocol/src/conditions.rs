//! Conditional headers: do it only if the resource is, or is not, what the caller last saw.

use http::{HeaderMap, HeaderName, HeaderValue};
use time::OffsetDateTime;

use crate::{Error, ErrorKind, Etag, format_rfc1123, header};

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
    if_tags: Option<String>,
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

    /// Only if the blob's tags are so: an expression such as `"project" = 'apollo'`.
    #[must_use]
    pub fn if_tags(mut self, expression: impl Into<String>) -> Self {
        self.if_tags = Some(expression.into());
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
    /// [`ErrorKind::InvalidInput`] when an ETag or an expression cannot stand in a header.
    pub fn apply(&self, headers: &mut HeaderMap) -> Result<(), Error> {
        self.write(headers, &OF_THE_RESOURCE)
    }

    /// Writes them as conditions on the source of a copy.
    ///
    /// # Errors
    /// As [`apply`](Self::apply).
    pub fn apply_to_source(&self, headers: &mut HeaderMap) -> Result<(), Error> {
        self.write(headers, &OF_THE_SOURCE)
    }

    /// Writes them as Get Blob Tags and Set Blob Tags take them.
    ///
    /// # Errors
    /// As [`apply`](Self::apply).
    pub fn apply_to_tags(&self, headers: &mut HeaderMap) -> Result<(), Error> {
        self.write(headers, &OF_THE_BLOB_OF_TAGS)
    }

    fn write(&self, headers: &mut HeaderMap, names: &Names) -> Result<(), Error> {
        let date = |at: OffsetDateTime| {
            HeaderValue::from_str(&format_rfc1123(at)).map_err(|source| {
                Error::new(ErrorKind::InvalidInput, "the date cannot be sent").with_source(source)
            })
        };
        if let Some(tag) = &self.if_match {
            headers.insert(&names.if_match, tag.header_value()?);
        }
        if let Some(tag) = &self.if_none_match {
            headers.insert(&names.if_none_match, tag.header_value()?);
        }
        if let Some(at) = self.if_modified_since {
            headers.insert(&names.if_modified_since, date(at)?);
        }
        if let Some(at) = self.if_unmodified_since {
            headers.insert(&names.if_unmodified_since, date(at)?);
        }
        if let Some(expression) = &self.if_tags {
            let value = HeaderValue::from_str(expression).map_err(|source| {
                let message = "the condition on tags cannot stand in a header: use visible ASCII";
                Error::new(ErrorKind::InvalidInput, message).with_source(source)
            })?;
            headers.insert(&names.if_tags, value);
        }
        Ok(())
    }
}

/// The headers that conditions stand in.
struct Names {
    if_match: HeaderName,
    if_none_match: HeaderName,
    if_modified_since: HeaderName,
    if_unmodified_since: HeaderName,
    if_tags: HeaderName,
}

static OF_THE_RESOURCE: Names = Names {
    if_match: http::header::IF_MATCH,
    if_none_match: http::header::IF_NONE_MATCH,
    if_modified_since: http::header::IF_MODIFIED_SINCE,
    if_unmodified_since: http::header::IF_UNMODIFIED_SINCE,
    if_tags: header::IF_TAGS,
};

static OF_THE_SOURCE: Names = Names {
    if_match: header::SOURCE_IF_MATCH,
    if_none_match: header::SOURCE_IF_NONE_MATCH,
    if_modified_since: header::SOURCE_IF_MODIFIED_SINCE,
    if_unmodified_since: header::SOURCE_IF_UNMODIFIED_SINCE,
    if_tags: header::SOURCE_IF_TAGS,
};

static OF_THE_BLOB_OF_TAGS: Names = Names {
    if_match: header::BLOB_IF_MATCH,
    if_none_match: header::BLOB_IF_NONE_MATCH,
    if_modified_since: header::BLOB_IF_MODIFIED_SINCE,
    if_unmodified_since: header::BLOB_IF_UNMODIFIED_SINCE,
    if_tags: header::IF_TAGS,
};
