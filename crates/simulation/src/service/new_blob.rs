//! What a request says of the blob that it makes, besides its bytes: headers, metadata, tags, tier, encryption, protection.

use http::HeaderName;
use lazuli_protocol::{AccessTier, AccountKind, BlobTags, ErrorCode, SkuName, header as names};

use super::call::Call;
use super::copy_source::Source;
use super::metadata::is_page_tier;
use super::refusal::Refusal;
use super::router::Needs;
use crate::state::{BlobPath, Content, Denied, Immutability, NewBlob, State, Timestamp};

const DEFAULT_TYPE: &str = "application/octet-stream";

/// What a signature must allow for tags to be set along with a blob.
const SETS_TAGS: Needs = Needs {
    account: "t",
    service: "t",
};

/// What a signature must allow for a blob to be protected as it is made.
const PROTECTS: Needs = Needs {
    account: "i",
    service: "i",
};

impl Call {
    /// Whether the caller may write here: who may only create writes over nothing.
    pub(super) fn check_overwrite(&self, state: &State, now: Timestamp, at: &BlobPath) -> Result<(), Denied> {
        if !self.caller.may_overwrite() && state.blob(now, at).is_ok() {
            return Err(ErrorCode::UnauthorizedBlobOverwrite.into());
        }
        Ok(())
    }

    /// What the request says of the block blob that it makes. `plain` says that the request's standard headers speak of the blob too.
    pub(super) fn new_blob(&self, plain: bool) -> Result<NewBlob, Box<Refusal>> {
        Ok(NewBlob {
            tier: self.tier()?,
            ..self.new_blob_without_tier(plain)?
        })
    }

    /// What the request says of the append blob that it makes. It takes no tier.
    pub(super) fn new_append_blob(&self) -> Result<NewBlob, Box<Refusal>> {
        if self.header(&names::ACCESS_TIER)?.is_some() {
            return Err(ErrorCode::AccessTierNotSupportedForBlobType.into());
        }
        self.new_blob_without_tier(true)
    }

    /// What the request says of the page blob that it makes. Tiers are for premium accounts.
    pub(super) fn new_page_blob(&self) -> Result<NewBlob, Box<Refusal>> {
        Ok(NewBlob {
            tier: self.page_tier()?,
            ..self.new_blob_without_tier(true)?
        })
    }

    /// What the request says of the blob that it makes a copy in: metadata of its own or all of the source's, and tags likewise where
    /// it says so.
    pub(super) fn new_copy(&self, source: &Source) -> Result<NewBlob, Box<Refusal>> {
        let blob = &source.found.blob;
        let metadata = self.metadata()?;
        let (immutability, legal_hold) = self.protection()?;
        let tier = match &blob.content {
            Content::Block(_) => self.tier()?,
            Content::Page { .. } => self.page_tier()?,
            Content::Append { .. } if self.header(&names::ACCESS_TIER)?.is_some() => {
                return Err(ErrorCode::AccessTierNotSupportedForBlobType.into());
            }
            Content::Append { .. } => None,
        };
        Ok(NewBlob {
            headers: blob.headers.clone(),
            metadata: if metadata.is_empty() {
                blob.metadata.clone()
            } else {
                metadata
            },
            tags: self.copied_tags(source)?,
            tier,
            encryption: self.encryption()?,
            immutability,
            legal_hold,
            expires: None,
        })
    }

    /// The tags that a copy is to have: those of the request, or with it saying so those of the source.
    pub(super) fn copied_tags(&self, source: &Source) -> Result<BlobTags, Box<Refusal>> {
        const OPTION: HeaderName = names::COPY_SOURCE_TAG_OPTION;
        match self.header(&OPTION)? {
            None => self.new_tags(),
            Some(option) if option.eq_ignore_ascii_case("REPLACE") => self.new_tags(),
            Some(option) if !option.eq_ignore_ascii_case("COPY") => {
                Err(Refusal::bad_header(OPTION.as_str(), option))
            }
            Some(_) if self.header(&names::TAGS)?.is_some() => {
                Err(ErrorCode::BothUserTagsAndSourceTagsCopyPresentException.into())
            }
            Some(_) => {
                self.caller.check(SETS_TAGS)?;
                source.check_tags()?;
                Ok(source.found.blob.tags.clone())
            }
        }
    }

    /// What the request says of the block blob that it makes with these tags.
    pub(super) fn new_blob_with(&self, tags: BlobTags) -> Result<NewBlob, Box<Refusal>> {
        Ok(NewBlob {
            tags,
            tier: self.tier()?,
            ..self.new_blob_untagged(false)?
        })
    }

    fn new_blob_without_tier(&self, plain: bool) -> Result<NewBlob, Box<Refusal>> {
        Ok(NewBlob {
            tags: self.new_tags()?,
            ..self.new_blob_untagged(plain)?
        })
    }

    fn new_blob_untagged(&self, plain: bool) -> Result<NewBlob, Box<Refusal>> {
        let mut headers = self.content_headers(plain)?;
        headers.content_type.get_or_insert_with(|| DEFAULT_TYPE.into());
        let (immutability, legal_hold) = self.protection()?;
        Ok(NewBlob {
            headers,
            metadata: self.metadata()?,
            tags: BlobTags::new(),
            tier: None,
            encryption: self.encryption()?,
            immutability,
            legal_hold,
            expires: self.new_expiry()?,
        })
    }

    /// What is to keep the blob from being changed: a policy, a hold.
    fn protection(&self) -> Result<(Option<Immutability>, bool), Box<Refusal>> {
        let policy = self.immutability_policy()?;
        if policy.is_some() || self.header(&names::LEGAL_HOLD)?.is_some() {
            self.caller.check(PROTECTS)?;
        }
        Ok((policy, self.flag(&names::LEGAL_HOLD)?))
    }

    /// The tier that a page blob is to be in.
    fn page_tier(&self) -> Result<Option<AccessTier>, Box<Refusal>> {
        match self.tier_of_any_kind()? {
            Some(tier) if !is_page_tier(&tier) || !self.is_premium() => {
                Err(ErrorCode::AccessTierNotSupportedForBlobType.into())
            }
            tier => Ok(tier),
        }
    }

    /// Whether the account keeps page blobs on solid state.
    pub(super) fn is_premium(&self) -> bool {
        let options = self.engine.read(|state| state.options(&self.target.account));
        matches!(options.sku, SkuName::PremiumLrs | SkuName::PremiumZrs)
            && matches!(options.kind, AccountKind::Storage | AccountKind::StorageV2)
    }

    /// The tags that the blob is to have.
    pub(super) fn new_tags(&self) -> Result<BlobTags, Box<Refusal>> {
        let Some(text) = self.header(&names::TAGS)? else {
            return Ok(BlobTags::new());
        };
        self.caller.check(SETS_TAGS)?;
        BlobTags::from_header(text).map_err(|_| Refusal::bad_header(names::TAGS.as_str(), text))
    }
}
