//! What a blob keeps beside its content, as every operation that makes a blob takes it.

use http::{HeaderMap, HeaderValue};
use lazuli_protocol::{
    AccessTier, Answer, BlobTags, Error, ImmutabilityPolicyMode, Metadata, format_rfc1123, header,
};
use time::OffsetDateTime;

use crate::ContentHeaders;
use crate::operations::set_header as set;

/// What a new blob is to keep beside its content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BlobAttributes {
    /// The headers that it is read with.
    pub headers: ContentHeaders,
    /// The caller's own pairs.
    pub metadata: Metadata,
    /// The tags, which the service keeps an index of.
    pub tags: BlobTags,
    /// The price class; the account's default when `None`. Append blobs have none.
    pub access_tier: Option<AccessTier>,
    /// Until when it cannot be changed.
    pub immutability_policy: Option<ImmutabilityPolicy>,
    /// Whether it cannot be changed until the hold is taken away.
    pub legal_hold: Option<bool>,
}

/// Until when a blob cannot be changed or deleted, and how firm that is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImmutabilityPolicy {
    /// Until when; the wire resolves whole seconds.
    pub until: OffsetDateTime,
    /// [`Unlocked`](ImmutabilityPolicyMode::Unlocked) or [`Locked`](ImmutabilityPolicyMode::Locked).
    pub mode: ImmutabilityPolicyMode,
}

impl ImmutabilityPolicy {
    /// A policy that can be shortened and taken away.
    #[must_use]
    pub fn unlocked(until: OffsetDateTime) -> Self {
        Self {
            until,
            mode: ImmutabilityPolicyMode::Unlocked,
        }
    }

    /// A policy that nobody can shorten or take away, whoever they are.
    #[must_use]
    pub fn locked(until: OffsetDateTime) -> Self {
        Self {
            until,
            mode: ImmutabilityPolicyMode::Locked,
        }
    }

    /// Of an answer. The service has written the modes with small letters there.
    pub(crate) fn read(answer: &Answer) -> Option<Self> {
        let mode = answer.text(&header::IMMUTABILITY_POLICY_MODE)?;
        let known = ImmutabilityPolicyMode::KNOWN
            .iter()
            .find(|known| known.as_str().eq_ignore_ascii_case(mode));
        Some(Self {
            until: answer.date(&header::IMMUTABILITY_POLICY_UNTIL_DATE)?,
            mode: known.cloned().unwrap_or_else(|| mode.into()),
        })
    }

    pub(crate) fn apply(&self, headers: &mut HeaderMap) -> Result<(), Error> {
        set(
            headers,
            header::IMMUTABILITY_POLICY_UNTIL_DATE,
            &format_rfc1123(self.until),
        )?;
        set(headers, header::IMMUTABILITY_POLICY_MODE, self.mode.as_str())
    }
}

impl BlobAttributes {
    pub(crate) fn apply(&self, headers: &mut HeaderMap) -> Result<(), Error> {
        self.headers.apply(headers)?;
        self.metadata.apply(headers)?;
        set_tags(headers, &self.tags)?;
        set_tier(headers, self.access_tier.as_ref())?;
        set_retention(headers, self.immutability_policy.as_ref(), self.legal_hold)
    }
}

pub(crate) fn set_tags(headers: &mut HeaderMap, tags: &BlobTags) -> Result<(), Error> {
    if tags.is_empty() {
        return Ok(());
    }
    set(headers, header::TAGS, &tags.header_value())
}

pub(crate) fn set_tier(headers: &mut HeaderMap, tier: Option<&AccessTier>) -> Result<(), Error> {
    tier.map_or(Ok(()), |tier| set(headers, header::ACCESS_TIER, tier.as_str()))
}

/// Says how long a blob must stay as it is.
pub(crate) fn set_retention(
    headers: &mut HeaderMap,
    policy: Option<&ImmutabilityPolicy>,
    held: Option<bool>,
) -> Result<(), Error> {
    if let Some(held) = held {
        headers.insert(header::LEGAL_HOLD, flag(held));
    }
    policy.map_or(Ok(()), |policy| policy.apply(headers))
}

/// A yes or no as a header holds it.
pub(crate) fn flag(value: bool) -> HeaderValue {
    HeaderValue::from_static(if value { "true" } else { "false" })
}
