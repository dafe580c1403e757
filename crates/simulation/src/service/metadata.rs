//! Reading `x-ms-meta-` headers, and what a resource is kept with besides them.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::{HeaderName, header};
use lazuli_protocol::{AccessTier, ErrorCode, Metadata, header as names, limits};

use super::answer::Answer;
use super::call::Call;
use super::refusal::Refusal;
use crate::MetadataCase;
use crate::state::ContentHeaders;

const META: &str = "x-ms-meta-";
/// The longest value of a header that is kept with a blob, in bytes. Lists repeat these for every blob, so they have to have a bound;
/// the service's own is not documented.
pub(super) const KEPT_HEADER_BYTES: usize = 8 * 1024;

impl Call {
    /// The metadata that the request brings, its names as they were written.
    pub(super) fn metadata(&self) -> Result<Metadata, Box<Refusal>> {
        let mut metadata = Metadata::new();
        let case = self.parts.extensions.get::<MetadataCase>();
        let mut size = 0_usize;
        for name in self.parts.headers.keys() {
            let Some(key) = name.as_str().strip_prefix(META) else {
                continue;
            };
            if key.is_empty() {
                return Err(ErrorCode::EmptyMetadataKey.into());
            }
            let mut value = String::new();
            for piece in self.parts.headers.get_all(name) {
                let piece = piece.to_str().map_err(|_| ErrorCode::InvalidMetadata)?;
                if !value.is_empty() {
                    value.push(',');
                }
                value.push_str(piece.trim());
            }
            size = size.saturating_add(key.len()).saturating_add(value.len());
            if size > limits::METADATA_BYTES {
                return Err(ErrorCode::MetadataTooLarge.into());
            }
            let key = case.and_then(|case| case.written(key)).unwrap_or(key);
            metadata
                .insert(key, value)
                .map_err(|_| ErrorCode::InvalidMetadata)?;
        }
        Ok(metadata)
    }

    /// The headers that the blob is to be read with, from the service's own names for them. `plain` says that the request's
    /// standard headers speak of the blob too.
    pub(super) fn content_headers(&self, plain: bool) -> Result<ContentHeaders, Box<Refusal>> {
        let one = |own: &HeaderName, standard: HeaderName| -> Result<Option<Box<str>>, Box<Refusal>> {
            let value = match self.header(own)? {
                None if plain => self.header(&standard)?,
                value => value,
            };
            if value.is_some_and(|value| value.len() > KEPT_HEADER_BYTES) {
                return Err(Refusal::bad_header(own.as_str(), "too long to keep"));
            }
            Ok(value.map(Into::into))
        };
        Ok(ContentHeaders {
            content_type: one(&names::BLOB_CONTENT_TYPE, header::CONTENT_TYPE)?,
            encoding: one(&names::BLOB_CONTENT_ENCODING, header::CONTENT_ENCODING)?,
            language: one(&names::BLOB_CONTENT_LANGUAGE, header::CONTENT_LANGUAGE)?,
            cache_control: one(&names::BLOB_CACHE_CONTROL, header::CACHE_CONTROL)?,
            disposition: one(&names::BLOB_CONTENT_DISPOSITION, header::CONTENT_DISPOSITION)?,
            md5: self.stored_md5()?,
        })
    }

    /// The MD5 to keep with the blob. The service takes any bytes for one, as long as they are in base64.
    fn stored_md5(&self) -> Result<Option<Box<str>>, Box<Refusal>> {
        let Some(value) = self.header(&names::BLOB_CONTENT_MD5)? else {
            return Ok(None);
        };
        BASE64_STANDARD.decode(value).map_err(|_| ErrorCode::InvalidMd5)?;
        Ok(Some(value.into()))
    }

    /// The tier that a block blob is to be in.
    pub(super) fn tier(&self) -> Result<Option<AccessTier>, Box<Refusal>> {
        match self.tier_of_any_kind()? {
            Some(tier) if is_page_tier(&tier) => {
                Err(Refusal::bad_header(names::ACCESS_TIER.as_str(), tier.as_str()))
            }
            tier => Ok(tier),
        }
    }

    /// The tier that a blob is to be in, whatever kind of blob it is for.
    pub(super) fn tier_of_any_kind(&self) -> Result<Option<AccessTier>, Box<Refusal>> {
        let Some(value) = self.header(&names::ACCESS_TIER)? else {
            return Ok(None);
        };
        let tier = AccessTier::KNOWN
            .iter()
            .find(|tier| tier.as_str().eq_ignore_ascii_case(value));
        let known = match tier {
            Some(AccessTier::Hot | AccessTier::Cool | AccessTier::Archive) => true,
            Some(AccessTier::Cold) => self.since(b"2021-12-02"),
            Some(AccessTier::Smart) => self.since(b"2026-06-06"),
            Some(tier) => is_page_tier(tier),
            None => false,
        };
        match tier.filter(|_| known) {
            Some(tier) => Ok(Some(tier.clone())),
            None => Err(Refusal::bad_header(names::ACCESS_TIER.as_str(), value)),
        }
    }
}

/// Whether it is one of the tiers of page blobs on premium accounts.
pub(super) fn is_page_tier(tier: &AccessTier) -> bool {
    tier.as_str()
        .strip_prefix('P')
        .is_some_and(|size| size.bytes().all(|byte| byte.is_ascii_digit()))
}

impl Answer {
    /// Adds a resource's metadata.
    pub(super) fn metadata(self, metadata: &Metadata) -> Self {
        let case = metadata.iter().map(|(key, _)| key).collect();
        metadata.iter().fold(
            self.case(case),
            |answer, (key, value)| match HeaderName::try_from(format!("{META}{key}")) {
                Ok(name) => answer.header(name, value),
                Err(_) => answer,
            },
        )
    }
}
