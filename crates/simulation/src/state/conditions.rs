//! Conditions on what a request finds: ETags and dates, and the lease that it shows.

use std::sync::Arc;

use lazuli_protocol::{BlobTags, ErrorCode};
use uuid::Uuid;

use super::{Blob, Denied, Found, Lease, Leased, Slot, Tag, Term, Timestamp};
use crate::tag_query::TagQuery;

/// Which tags a condition names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tags {
    /// Any there may be.
    Any,
    /// These, without their quotes.
    Some(Vec<Box<str>>),
}

impl Tags {
    fn hold(&self, tag: Tag) -> bool {
        match self {
            Self::Any => true,
            Self::Some(tags) => {
                let tag = tag.to_string();
                tags.iter().any(|other| **other == *tag)
            }
        }
    }
}

/// What a request shows and asks of what it finds.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Access {
    pub(crate) conditions: Conditions,
    /// The id of the lease that the caller holds. A secret: there is no `Debug`.
    pub(crate) lease: Option<Uuid>,
    /// What the blob's tags must be.
    pub(crate) tags: Option<TagQuery>,
}

impl Access {
    /// For a read of a state of a blob.
    pub(crate) fn check_read(&self, now: Timestamp, found: &Found) -> Result<(), Denied> {
        self.check_lease(now, found)?;
        self.conditions.check_read(found.blob.tag, found.blob.modified)?;
        self.check_tags(Some(&found.blob))
    }

    /// For a read that takes its conditions apart: only who holds the lease may show one.
    pub(crate) fn check_lease(&self, now: Timestamp, found: &Found) -> Result<(), Denied> {
        Lease::check_read(found.lease.as_ref(), now, self.lease, Leased::Blob)
    }

    /// For a change of the blob that stands under a name.
    pub(crate) fn check_write(&self, now: Timestamp, slot: Option<&Slot>, blob: &Blob) -> Result<(), Denied> {
        self.check_name(now, slot)?;
        self.conditions.check_write(blob.tag, blob.modified)?;
        self.check_tags(Some(blob))
    }

    /// For a write that makes a blob or replaces the one that stands under a name.
    pub(crate) fn check_create<'a>(
        &self,
        now: Timestamp,
        slot: Option<&'a Slot>,
    ) -> Result<Option<&'a Arc<Blob>>, Denied> {
        self.check_name(now, slot)?;
        let blob = slot.and_then(|slot| slot.current(now));
        // Whoever holds the lease knows of the blob: recorded writes of theirs with `If-None-Match: *` went through.
        let known = self.lease.is_some() && self.conditions.if_none_match == Some(Tags::Any);
        if !known {
            self.conditions
                .check_create(blob.map(|blob| (blob.tag, blob.modified)))?;
        }
        self.check_tags(blob.map(|blob| &**blob))?;
        Ok(blob)
    }

    /// Whether a blob's tags are as they must be. What is not there has none.
    pub(crate) fn check_tags(&self, blob: Option<&Blob>) -> Result<(), Denied> {
        match (&self.tags, blob) {
            (None, _) => Ok(()),
            (Some(query), Some(blob)) if query.matches("", &pairs(&blob.tags)) => Ok(()),
            _ => Err(ErrorCode::ConditionNotMet.into()),
        }
    }

    /// For a write under a name that takes no other condition: nobody else holds the lease, and no copy is under way there.
    pub(crate) fn check_name(&self, now: Timestamp, slot: Option<&Slot>) -> Result<(), Denied> {
        let lease = slot.and_then(|slot| slot.lease(now));
        Lease::check_write(lease, now, self.lease, Leased::Blob)?;
        match slot.and_then(|slot| slot.current(now)) {
            Some(blob) if blob.is_copying(now) => Err(ErrorCode::PendingCopyOperation.into()),
            _ => Ok(()),
        }
    }

    /// For a copy of a whole blob: what is asked of its target has a code of its own.
    pub(crate) fn check_target<'a>(
        &self,
        now: Timestamp,
        slot: Option<&'a Slot>,
    ) -> Result<Option<&'a Arc<Blob>>, Denied> {
        self.check_name(now, slot)?;
        // The lease is to last as long as the copy, however long that takes.
        let lease = slot.and_then(|slot| slot.lease(now));
        if self.lease.is_some() && lease.is_some_and(|lease| lease.term != Term::Infinite) {
            return Err(ErrorCode::InfiniteLeaseDurationRequired.into());
        }
        let blob = slot.and_then(|slot| slot.current(now));
        let met = self
            .conditions
            .check_create(blob.map(|blob| (blob.tag, blob.modified)));
        met.map_err(|denied| match denied {
            Denied::Because(ErrorCode::ConditionNotMet) => ErrorCode::TargetConditionNotMet.into(),
            other => other,
        })?;
        self.check_tags(blob.map(|blob| &**blob))?;
        Ok(blob)
    }
}

/// Tags as queries look at them.
pub(super) fn pairs(tags: &BlobTags) -> Vec<(String, String)> {
    tags.iter()
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

/// The conditions of one request. Dates are in seconds since 1970, as exact as headers can say them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Conditions {
    pub(crate) if_match: Option<Tags>,
    pub(crate) if_none_match: Option<Tags>,
    pub(crate) if_modified_since: Option<i64>,
    pub(crate) if_unmodified_since: Option<i64>,
}

impl Conditions {
    /// For a read: all that are given must hold, save that one of `If-None-Match` and `If-Modified-Since` suffices.
    pub(crate) fn check_read(&self, tag: Tag, modified: Timestamp) -> Result<(), Denied> {
        if !self.unchanged(tag, modified) {
            return Err(ErrorCode::ConditionNotMet.into());
        }
        let none_match = self.if_none_match.as_ref().map(|tags| !tags.hold(tag));
        let modified_since = self.if_modified_since.map(|since| modified.seconds() > since);
        match (none_match, modified_since) {
            (None, None) => Ok(()),
            (none_match, modified_since) if none_match == Some(true) || modified_since == Some(true) => {
                Ok(())
            }
            _ => Err(Denied::NotModified),
        }
    }

    /// For a change of what is there.
    pub(crate) fn check_write(&self, tag: Tag, modified: Timestamp) -> Result<(), Denied> {
        // Of a pair, the tag decides.
        let met = match (&self.if_match, &self.if_none_match) {
            (Some(tags), _) => tags.hold(tag),
            (None, Some(tags)) => !tags.hold(tag),
            (None, None) => {
                self.if_modified_since
                    .is_none_or(|since| modified.seconds() > since)
                    && self
                        .if_unmodified_since
                        .is_none_or(|since| modified.seconds() <= since)
            }
        };
        if met {
            Ok(())
        } else {
            Err(ErrorCode::ConditionNotMet.into())
        }
    }

    /// For a write that makes a blob or replaces the one that is there.
    pub(crate) fn check_create(&self, current: Option<(Tag, Timestamp)>) -> Result<(), Denied> {
        match current {
            Some(_) if self.if_none_match == Some(Tags::Any) => Err(ErrorCode::BlobAlreadyExists.into()),
            Some((tag, modified)) => self.check_write(tag, modified),
            None if self.if_match.is_some() => Err(ErrorCode::ConditionNotMet.into()),
            None => Ok(()),
        }
    }

    /// Whether `If-Match` holds, where it is given.
    pub(crate) fn is_match(&self, tag: Tag) -> bool {
        self.if_match.as_ref().is_none_or(|tags| tags.hold(tag))
    }

    fn unchanged(&self, tag: Tag, modified: Timestamp) -> bool {
        self.is_match(tag)
            && self
                .if_unmodified_since
                .is_none_or(|since| modified.seconds() <= since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAG: Tag = Tag::ZERO;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_ticks(seconds * 10_000_000 + 5_000_000)
    }

    fn tags(tag: &str) -> Option<Tags> {
        Some(Tags::Some(vec![tag.into()]))
    }

    fn own() -> Option<Tags> {
        tags(&TAG.to_string())
    }

    fn not_met() -> Result<(), Denied> {
        Err(ErrorCode::ConditionNotMet.into())
    }

    #[test]
    fn reads_tell_not_modified_from_not_met() {
        let check = |conditions: Conditions| conditions.check_read(TAG, at(100));
        let none = Conditions::default;
        assert_eq!(check(none()), Ok(()));
        assert_eq!(
            check(Conditions {
                if_match: own(),
                ..none()
            }),
            Ok(())
        );
        assert_eq!(
            check(Conditions {
                if_match: tags("other"),
                ..none()
            }),
            not_met()
        );
        assert_eq!(
            check(Conditions {
                if_none_match: own(),
                ..none()
            }),
            Err(Denied::NotModified)
        );
        assert_eq!(
            check(Conditions {
                if_modified_since: Some(100),
                ..none()
            }),
            Err(Denied::NotModified)
        );
        assert_eq!(
            check(Conditions {
                if_modified_since: Some(99),
                ..none()
            }),
            Ok(())
        );
        assert_eq!(
            check(Conditions {
                if_unmodified_since: Some(100),
                ..none()
            }),
            Ok(())
        );
        assert_eq!(
            check(Conditions {
                if_unmodified_since: Some(99),
                ..none()
            }),
            not_met()
        );
        let either = Conditions {
            if_none_match: own(),
            if_modified_since: Some(99),
            ..none()
        };
        assert_eq!(check(either), Ok(()));
    }

    #[test]
    fn writes_refuse_whatever_does_not_hold() {
        let check = |conditions: Conditions| conditions.check_write(TAG, at(100));
        let none = Conditions::default;
        assert_eq!(check(none()), Ok(()));
        assert_eq!(
            check(Conditions {
                if_none_match: own(),
                ..none()
            }),
            not_met()
        );
        assert_eq!(
            check(Conditions {
                if_none_match: Some(Tags::Any),
                ..none()
            }),
            not_met()
        );
        assert_eq!(
            check(Conditions {
                if_modified_since: Some(100),
                ..none()
            }),
            not_met()
        );
        assert_eq!(
            check(Conditions {
                if_unmodified_since: Some(99),
                ..none()
            }),
            not_met()
        );
        // The tag wins over the date that comes with it.
        let pair = Conditions {
            if_match: own(),
            if_unmodified_since: Some(0),
            ..none()
        };
        assert_eq!(check(pair), Ok(()));
    }

    #[test]
    fn creation_knows_that_something_is_there() {
        let any = Conditions {
            if_none_match: Some(Tags::Any),
            ..Conditions::default()
        };
        assert_eq!(any.check_create(None), Ok(()));
        assert_eq!(
            any.check_create(Some((TAG, at(1)))),
            Err(ErrorCode::BlobAlreadyExists.into())
        );
        let matching = Conditions {
            if_match: Some(Tags::Any),
            ..Conditions::default()
        };
        assert_eq!(matching.check_create(None), not_met());
        assert_eq!(matching.check_create(Some((TAG, at(1)))), Ok(()));
    }
}
