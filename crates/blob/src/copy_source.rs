//! Where a copy reads from, and how it may.

use std::fmt;

use http::{HeaderMap, HeaderValue};
use lazuli_protocol::{
    ByteRange, Checksum, Conditions, Error, ErrorKind, EtagMatch, LeaseId, header, redacted_uri,
};
use secrecy::{ExposeSecret, SecretString};

use crate::CustomerKey;
use crate::operations::set_header as set;

/// The source of a copy: a URL that the service can read by itself, because it is public, carries a SAS, is of the same account, or with the
/// token that is given here. It need not be in Azure for the operations "from URL".
///
/// ```
/// use lazuli_blob::CopySource;
///
/// let source = CopySource::new("https://example.blob.core.windows.net/box/a.txt?sv=2026-06-06&sig=secret");
/// assert!(!format!("{source:?}").contains("secret"));
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct CopySource {
    /// The URL, encoded, with its SAS if it needs one. It is a secret then.
    pub url: String,
    /// A token of Microsoft Entra that the source is read with.
    pub authorization: Option<SecretString>,
    /// The source's state must meet these.
    pub conditions: Conditions,
    /// Shows that the caller holds the lease on the source. Copy Blob alone takes it.
    pub lease_id: Option<LeaseId>,
    /// The customer's own key that the source is encrypted with.
    pub customer_key: Option<CustomerKey>,
    /// Reads a file share with its backup right, as a token must.
    pub file_backup: bool,
}

impl CopySource {
    /// A source by its URL, which is encoded as it would be sent.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            authorization: None,
            conditions: Conditions::new(),
            lease_id: None,
            customer_key: None,
            file_backup: false,
        }
    }

    /// Reads the source with a token of Microsoft Entra for storage, without `Bearer`. A copy that goes on after its answer takes none.
    #[must_use]
    pub fn bearer_token(mut self, token: impl Into<SecretString>) -> Self {
        self.authorization = Some(token.into());
        self
    }

    /// Only if the source is in this state.
    #[must_use]
    pub fn if_match(mut self, tag: impl Into<EtagMatch>) -> Self {
        self.conditions = self.conditions.if_match(tag);
        self
    }

    /// Only if the source is not in this state.
    #[must_use]
    pub fn if_none_match(mut self, tag: impl Into<EtagMatch>) -> Self {
        self.conditions = self.conditions.if_none_match(tag);
        self
    }

    /// Only under these conditions.
    #[must_use]
    pub fn conditions(mut self, conditions: Conditions) -> Self {
        self.conditions = conditions;
        self
    }

    /// Shows that the caller holds the lease on the source.
    #[must_use]
    pub fn lease(mut self, id: LeaseId) -> Self {
        self.lease_id = Some(id);
        self
    }

    /// Decrypts the source with a key of the caller's own.
    #[must_use]
    pub fn customer_key(mut self, key: CustomerKey) -> Self {
        self.customer_key = Some(key);
        self
    }

    /// Reads a source in a file share with the right to back it up, as a token must.
    #[must_use]
    pub fn file_backup(mut self) -> Self {
        self.file_backup = true;
        self
    }

    /// Writes what every copy takes of a source.
    pub(crate) fn apply(&self, headers: &mut HeaderMap) -> Result<(), Error> {
        let mut url = HeaderValue::from_str(&self.url).map_err(|_| {
            let message = "the URL of the source cannot stand in a header: encode it as it would be sent";
            Error::new(ErrorKind::InvalidInput, message)
        })?;
        url.set_sensitive(true);
        headers.insert(header::COPY_SOURCE, url);
        if let Some(token) = &self.authorization {
            let mut value =
                HeaderValue::try_from(format!("Bearer {}", token.expose_secret())).map_err(|_| {
                    Error::new(
                        ErrorKind::InvalidInput,
                        "the token for the source cannot stand in a header",
                    )
                })?;
            value.set_sensitive(true);
            headers.insert(header::COPY_SOURCE_AUTHORIZATION, value);
        }
        if let Some(id) = self.lease_id {
            headers.insert(header::SOURCE_LEASE_ID, id.header_value()?);
        }
        if let Some(key) = &self.customer_key {
            key.apply_to_source(headers)?;
        }
        if self.file_backup {
            headers.insert(header::FILE_REQUEST_INTENT, HeaderValue::from_static("backup"));
        }
        self.conditions.apply_to_source(headers)
    }
}

/// What of a source is taken: all of it, or a range, which may have to have a checksum.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SourcePart {
    /// The bytes; all of them when `None`.
    pub range: Option<ByteRange>,
    /// What they must sum up to.
    pub checksum: Option<Checksum>,
}

impl SourcePart {
    pub(crate) fn apply(&self, headers: &mut HeaderMap) -> Result<(), Error> {
        if let Some(range) = &self.range {
            set(headers, header::SOURCE_RANGE, &range.header_value()?)?;
        }
        match self.checksum {
            Some(Checksum::Crc64(crc)) => set(headers, header::SOURCE_CONTENT_CRC64, &crc.to_string()),
            Some(Checksum::Md5(md5)) => set(headers, header::SOURCE_CONTENT_MD5, &md5.to_string()),
            _ => Ok(()),
        }
    }
}

impl From<&str> for CopySource {
    fn from(url: &str) -> Self {
        Self::new(url)
    }
}

impl From<String> for CopySource {
    fn from(url: String) -> Self {
        Self::new(url)
    }
}

impl fmt::Debug for CopySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self
            .url
            .parse()
            .map_or_else(|_| "(no URL)".to_owned(), |url| redacted_uri(&url));
        f.debug_struct("CopySource")
            .field("url", &url)
            .field("authorization", &self.authorization.is_some())
            .field("conditions", &self.conditions)
            .field("customer_key", &self.customer_key)
            .field("file_backup", &self.file_backup)
            .finish_non_exhaustive()
    }
}
