//! Where a copy reads from, and how it may.

use std::fmt;

use http::{HeaderMap, HeaderValue};
use lazuli_protocol::{
    ByteRange, Checksum, Conditions, Error, ErrorKind, EtagMatch, LeaseId, encode_path, encode_query, header,
    redacted_uri,
};
use secrecy::{ExposeSecret, SecretString};

use crate::operations::set_header as set;
use crate::{BlobClient, CustomerKey};

/// The source of a copy: a URL that the service can read by itself, because it is public, carries a SAS, is of the same account, or with the
/// token that is given here. It need not be in Azure for the operations "from URL".
///
/// ```
/// use lazuli_blob::CopySource;
///
/// let source = CopySource::new("https://example.blob.core.windows.net/box/a.txt?sv=2026-06-06&sig=secret");
/// assert!(!format!("{source:?}").contains("secret"));
///
/// # fn example(blobs: lazuli_blob::BlobServiceClient) {
/// let snapshot = CopySource::from(blobs.container("box").blob("a.txt")).snapshot("2026-01-02T03:04:05.1234567Z");
/// # }
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

    /// Reads the source with a token of Microsoft Entra for storage, without `Bearer`. A copy that goes on after its answer takes none. It is sent as
    /// a [`CustomerKey`] is: over TLS only.
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

    /// Lets the service read the source with a SAS: a token as it stands in a URL, with or without its `?`.
    #[must_use]
    pub fn sas(self, token: &str) -> Self {
        self.with_query(token.strip_prefix('?').unwrap_or(token))
    }

    /// Takes a snapshot of the source, by its id.
    #[must_use]
    pub fn snapshot(self, id: &str) -> Self {
        self.with_query(&format!("snapshot={}", encode_query(id)))
    }

    /// Takes a version of the source, by its id.
    #[must_use]
    pub fn version(self, id: &str) -> Self {
        self.with_query(&format!("versionid={}", encode_query(id)))
    }

    fn with_query(mut self, more: &str) -> Self {
        let has_query = self.url.contains('?');
        self.url.push(if has_query { '&' } else { '?' });
        self.url.push_str(more);
        self
    }

    /// Writes what an operation that `takes` so much sends of its source.
    pub(crate) fn apply(&self, headers: &mut HeaderMap, takes: Takes) -> Result<(), Error> {
        let mut url = HeaderValue::from_str(&self.url).map_err(|_| {
            let message = "the URL of the source cannot stand in a header: encode it as it would be sent";
            Error::new(ErrorKind::InvalidInput, message)
        })?;
        url.set_sensitive(true);
        headers.insert(header::COPY_SOURCE, url);
        takes.check(
            takes.token,
            self.authorization.is_some(),
            "a token for its source",
        )?;
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
        takes.check(takes.lease, self.lease_id.is_some(), "a lease of its source")?;
        if let Some(id) = self.lease_id {
            headers.insert(header::SOURCE_LEASE_ID, id.header_value()?);
        }
        takes.check(takes.key, self.customer_key.is_some(), "a key of its source")?;
        if let Some(key) = &self.customer_key {
            key.apply_to_source(headers)?;
        }
        takes.check(takes.token, self.file_backup, "a right to back up its source")?;
        if self.file_backup {
            headers.insert(header::FILE_REQUEST_INTENT, HeaderValue::from_static("backup"));
        }
        takes.check(
            takes.conditions,
            !self.conditions.is_empty(),
            "conditions on its source",
        )?;
        self.conditions.apply_to_source(headers)?;
        let tags = headers.contains_key(header::SOURCE_IF_TAGS);
        takes.check(takes.tags, tags, "a condition on the tags of its source")
    }
}

/// What an operation takes of a source, beside its URL. What it does not take is refused here: the service would go on without it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Takes {
    what: &'static str,
    conditions: bool,
    tags: bool,
    lease: bool,
    // A token of Microsoft Entra, and what goes with it.
    token: bool,
    key: bool,
}

impl Takes {
    pub(crate) const COPY_BLOB: Self = Self {
        conditions: true,
        tags: true,
        lease: true,
        ..Self::nothing("Copy Blob, which goes on after its answer,")
    };
    pub(crate) const COPY_FROM_URL: Self = Self {
        conditions: true,
        token: true,
        ..Self::nothing("Copy Blob From URL")
    };
    pub(crate) const PUT_FROM_URL: Self = Self {
        conditions: true,
        tags: true,
        token: true,
        key: true,
        ..Self::nothing("Put Blob From URL")
    };
    /// Of the operations that read a part of the source.
    pub(crate) const PART_FROM_URL: Self = Self {
        conditions: true,
        token: true,
        key: true,
        ..Self::nothing("an operation that reads a part of a source")
    };
    pub(crate) const INCREMENTAL: Self = Self::nothing("Incremental Copy Blob");

    const fn nothing(what: &'static str) -> Self {
        Self {
            what,
            conditions: false,
            tags: false,
            lease: false,
            token: false,
            key: false,
        }
    }

    fn check(self, takes: bool, given: bool, part: &str) -> Result<(), Error> {
        if given && !takes {
            let message = format!("{} takes no such thing as {part}", self.what);
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        Ok(())
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

/// The blob's URL, without any credential: a source of the same account that is read with its key needs none. Elsewhere, add a [SAS](CopySource::sas)
/// or a [token](CopySource::bearer_token).
impl From<&BlobClient> for CopySource {
    fn from(blob: &BlobClient) -> Self {
        let container = blob.container();
        let base = container.service().endpoint().as_str();
        let (container, name) = (encode_path(container.name()), encode_path(blob.name()));
        Self::new(format!("{base}/{container}/{name}"))
    }
}

impl From<BlobClient> for CopySource {
    fn from(blob: BlobClient) -> Self {
        Self::from(&blob)
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
