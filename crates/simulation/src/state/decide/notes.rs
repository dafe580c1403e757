//! Deciding on what is noted on a state of a blob without making another state of it: tags, the tier, a policy, a hold, a read.

use std::sync::Arc;

use lazuli_protocol::{AccessTier, BlobTags, ErrorCode, RehydratePriority};

use super::encryption::check_encryption;
use crate::state::{
    Access, Blob, BlobPath, Conditions, Content, Denied, Edit, Encryption, Found, Immutability, Lease,
    Leased, Record, Rehydration, State, StateId, Tag, Tier, Timestamp, Which,
};

impl State {
    /// Set Blob Tags.
    pub(crate) fn set_tags(
        &self,
        now: Timestamp,
        at: BlobPath,
        which: Which,
        tags: BlobTags,
        access: &Access,
    ) -> Result<(Record, ()), Denied> {
        let found = self.found_for_note(now, &at, which, access)?;
        self.note(at, &found, |blob| {
            blob.tags = tags;
            Ok(())
        })
    }

    /// Set Blob Tier. Tells whether the blob has to be brought out of the archive first.
    pub(crate) fn set_tier(
        &self,
        now: Timestamp,
        at: BlobPath,
        which: Which,
        tier: AccessTier,
        priority: RehydratePriority,
        access: &Access,
    ) -> Result<(Record, bool), Denied> {
        let found = self.found_for_note(now, &at, which, access)?;
        // The request has no way to show a key.
        check_encryption(&found.blob, &Encryption::Account)?;
        let options = self.options(&at.container.account);
        check_tier(&found.blob, &tier)?;
        let archived = found.blob.is_archived(now);
        let under_way = found.blob.rehydration(now).cloned();
        if under_way.as_ref().is_some_and(|way| way.to != tier) {
            return Err(ErrorCode::BlobBeingRehydrated.into());
        }
        let pending = archived && tier != AccessTier::Archive;
        // An earlier version leaves the archive as a copy, never where it is. As recorded.
        if pending && matches!(found.id, Some(StateId::Version(_))) {
            return Err(ErrorCode::BlobOperationNotSupported.into());
        }
        let (record, ()) = self.note(at, &found, |blob| {
            if pending {
                let time = match priority {
                    RehydratePriority::High => options.high_rehydration,
                    _ => options.standard_rehydration,
                };
                // Asked for again with more urgency, it comes sooner; never later.
                let done = now.after(time);
                let done = under_way.map_or(done, |way| way.done.min(done));
                blob.rehydration = Some(Box::new(Rehydration {
                    to: tier,
                    priority,
                    done,
                }));
            } else {
                blob.rehydration = None;
                blob.tier = Some(Tier { tier, changed: now });
            }
            Ok(())
        })?;
        Ok((record, pending))
    }

    /// Set Blob Immutability Policy.
    pub(crate) fn set_immutability(
        &self,
        now: Timestamp,
        at: BlobPath,
        which: Which,
        policy: Immutability,
        conditions: &Conditions,
    ) -> Result<(Record, ()), Denied> {
        let found = self.find(now, &at, which)?;
        conditions.check_write(found.blob.tag, found.blob.modified)?;
        // A locked policy can be made longer, and nothing else.
        let locked = found
            .blob
            .immutability
            .filter(|old| old.locked && old.until > now);
        if locked.is_some_and(|old| !policy.locked || policy.until < old.until) {
            return Err(ErrorCode::BlobImmutableDueToPolicy.into());
        }
        self.note(at, &found, |blob| {
            blob.immutability = Some(policy);
            Ok(())
        })
    }

    /// Delete Blob Immutability Policy.
    pub(crate) fn delete_immutability(
        &self,
        now: Timestamp,
        at: BlobPath,
        which: Which,
    ) -> Result<(Record, ()), Denied> {
        let found = self.find(now, &at, which)?;
        if found
            .blob
            .immutability
            .is_some_and(|old| old.locked && old.until > now)
        {
            return Err(ErrorCode::BlobImmutableDueToPolicy.into());
        }
        self.note(at, &found, |blob| {
            blob.immutability = None;
            Ok(())
        })
    }

    /// Set Blob Legal Hold.
    pub(crate) fn set_legal_hold(
        &self,
        now: Timestamp,
        at: BlobPath,
        which: Which,
        held: bool,
    ) -> Result<(Record, ()), Denied> {
        let found = self.find(now, &at, which)?;
        self.note(at, &found, |blob| {
            blob.legal_hold = held;
            Ok(())
        })
    }

    /// Get Blob, where the account keeps track of when blobs were last read. `tag` is that of the state that was read.
    pub(crate) fn note_read(&self, now: Timestamp, at: BlobPath, tag: Tag) -> Result<(Record, ()), Denied> {
        let found = self.find(now, &at, Which::Current)?;
        // Another read may have been noted meanwhile, or another blob been written.
        if found.blob.tag != tag || !found.blob.notes_read(now) {
            return Err(ErrorCode::ConditionNotMet.into());
        }
        self.note(at, &found, |blob| {
            blob.read = Some(now);
            Ok(())
        })
    }

    fn found_for_note(
        &self,
        now: Timestamp,
        at: &BlobPath,
        which: Which,
        access: &Access,
    ) -> Result<Found, Denied> {
        let found = self.find(now, at, which)?;
        Lease::check_write(found.lease.as_ref(), now, access.lease, Leased::Blob)?;
        access
            .conditions
            .check_write(found.blob.tag, found.blob.modified)?;
        access.check_tags(Some(&found.blob))?;
        Ok(found)
    }

    fn note(
        &self,
        at: BlobPath,
        found: &Found,
        change: impl FnOnce(&mut Blob) -> Result<(), Denied>,
    ) -> Result<(Record, ()), Denied> {
        // What is found has no bytes yet, and is not what is kept, while a copy to it is under way.
        if found.blob.copy.as_ref().is_some_and(|copy| copy.due.is_some()) {
            return Err(ErrorCode::PendingCopyOperation.into());
        }
        let mut blob = (*found.blob).clone();
        change(&mut blob)?;
        let blob = Arc::new(blob);
        let edit = match found.id {
            None => Edit::Set(blob),
            Some(id) => Edit::SetKept { id, blob },
        };
        Ok((Record::edit(at, edit), ()))
    }
}

/// Whether blobs of this kind can be in a tier.
pub(super) fn check_tier(blob: &Blob, tier: &AccessTier) -> Result<(), Denied> {
    let of_blocks = matches!(
        tier,
        AccessTier::Hot | AccessTier::Cool | AccessTier::Cold | AccessTier::Archive | AccessTier::Smart
    );
    match (&blob.content, of_blocks) {
        (Content::Block(_), true) => Ok(()),
        (Content::Block(_) | Content::Append { .. }, _) | (Content::Page { .. }, true) => {
            Err(ErrorCode::AccessTierNotSupportedForBlobType.into())
        }
        (Content::Page { .. }, false) => {
            let rank = |tier: &AccessTier| PAGE_TIERS.iter().position(|(known, _)| known == tier);
            let (Some(wish), old) = (rank(tier), blob.tier.as_ref().and_then(|old| rank(&old.tier))) else {
                return Err(ErrorCode::InvalidBlobTier.into());
            };
            if old.is_some_and(|old| wish < old) {
                return Err(ErrorCode::CannotChangeToLowerTier.into());
            }
            let holds = PAGE_TIERS.get(wish).map_or(0, |(_, gib)| *gib);
            if blob.len > holds.saturating_mul(1024 * 1024 * 1024) {
                return Err(ErrorCode::BlobTierInadequateForContentLength.into());
            }
            Ok(())
        }
    }
}

/// The tiers that a page blob can be in, from the lowest to the highest, with what each holds in GiB.
const PAGE_TIERS: [(AccessTier, u64); 11] = [
    (AccessTier::P4, 32),
    (AccessTier::P6, 64),
    (AccessTier::P10, 128),
    (AccessTier::P15, 256),
    (AccessTier::P20, 512),
    (AccessTier::P30, 1024),
    (AccessTier::P40, 2048),
    (AccessTier::P50, 4096),
    (AccessTier::P60, 8192),
    (AccessTier::P70, 16_384),
    (AccessTier::P80, 32_768),
];
