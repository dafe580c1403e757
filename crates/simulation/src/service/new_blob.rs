//! What a request says of the blob that it makes, besides its bytes: headers, metadata, tags, tier, encryption, protection.

use lazuli_protocol::{AccessTier, AccountKind, BlobTags, ErrorCode, SkuName, header as names};

use super::call::Call;
use super::metadata::is_page_tier;
use super::refusal::Refusal;
use super::router::Needs;
use crate::state::{BlobPath, Denied, NewBlob, State, Timestamp};

const DEFAULT_TYPE: &str = "application/octet-stream";

/// What a signature must allow for tags to be set along with a blob.
const SETS_TAGS: Needs = Needs {
    account: "t",
    service: "t",
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

    fn new_blob_without_tier(&self, plain: bool) -> Result<NewBlob, Box<Refusal>> {
        let mut headers = self.content_headers(plain)?;
        headers.content_type.get_or_insert_with(|| DEFAULT_TYPE.into());
        Ok(NewBlob {
            headers,
            metadata: self.metadata()?,
            tags: self.new_tags()?,
            tier: None,
            encryption: self.encryption()?,
            immutability: self.immutability_policy()?,
            legal_hold: self.flag(&names::LEGAL_HOLD)?,
            expires: self.new_expiry()?,
        })
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
