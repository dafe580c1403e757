//! What a copy keeps beside its content, where that is not the source's.

use http::HeaderMap;
use lazuli_protocol::{AccessTier, BlobTags, Error, Metadata};

use crate::ImmutabilityPolicy;
use crate::attributes::{set_retention, set_tags, set_tier};

/// What a copy is to keep beside the content and the headers of its source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CopyAttributes {
    /// The caller's own pairs; those of the source when there are none here.
    pub metadata: Metadata,
    /// The tags. Those of the source are not taken over by themselves.
    pub tags: BlobTags,
    /// The price class; the account's default when `None`.
    pub access_tier: Option<AccessTier>,
    /// Until when it cannot be changed.
    pub immutability_policy: Option<ImmutabilityPolicy>,
    /// Whether it cannot be changed until the hold is taken away.
    pub legal_hold: Option<bool>,
}

impl CopyAttributes {
    pub(crate) fn apply(&self, headers: &mut HeaderMap) -> Result<(), Error> {
        self.metadata.apply(headers)?;
        set_tags(headers, &self.tags)?;
        set_tier(headers, self.access_tier.as_ref())?;
        set_retention(headers, self.immutability_policy.as_ref(), self.legal_hold)
    }
}
