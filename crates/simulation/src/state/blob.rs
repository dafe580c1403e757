//! What is kept of one state of a blob: the current one, a version, a snapshot.

use std::sync::Arc;
use std::time::Duration;

use lazuli_protocol::{
    AccessTier, ArchiveStatus, BlobTags, BlobType, CopyStatus, Metadata, RehydratePriority,
};

use super::{BlobPath, Pages, Pieces, Tag, Timestamp};
use crate::content::ContentHandle;

/// The headers that a blob is read with. `None` was never set, or was cleared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ContentHeaders {
    pub(crate) content_type: Option<Box<str>>,
    pub(crate) encoding: Option<Box<str>>,
    pub(crate) language: Option<Box<str>>,
    pub(crate) cache_control: Option<Box<str>>,
    pub(crate) disposition: Option<Box<str>>,
    /// In base64. The service keeps what it is told here, whatever its length.
    pub(crate) md5: Option<Box<str>>,
}

/// A tier that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tier {
    pub(crate) tier: AccessTier,
    pub(crate) changed: Timestamp,
}

/// A blob on its way out of the archive. It gets there by itself when the time has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rehydration {
    pub(crate) to: AccessTier,
    pub(crate) priority: RehydratePriority,
    pub(crate) done: Timestamp,
}

impl Rehydration {
    /// How far it is, as answers say it.
    pub(crate) fn status(&self) -> ArchiveStatus {
        match &self.to {
            AccessTier::Cool => ArchiveStatus::RehydratePendingToCool,
            AccessTier::Cold => ArchiveStatus::RehydratePendingToCold,
            AccessTier::Smart => ArchiveStatus::RehydratePendingToSmart,
            _ => ArchiveStatus::RehydratePendingToHot,
        }
    }
}

/// What a blob is encrypted with, as far as anybody can tell from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Encryption {
    #[default]
    Account,
    Scope(Box<str>),
    /// A key of the customer's own, of which only the SHA-256 is kept, in base64.
    CustomerKey(Box<str>),
}

/// Until when a blob cannot be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Immutability {
    pub(crate) until: Timestamp,
    pub(crate) locked: bool,
}

/// How the last copy to a blob went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CopyReport {
    pub(crate) id: Box<str>,
    pub(crate) source: Box<str>,
    pub(crate) status: CopyStatus,
    pub(crate) description: Option<Box<str>>,
    pub(crate) bytes_done: u64,
    pub(crate) bytes_total: u64,
    /// When it ended.
    pub(crate) completed: Option<Timestamp>,
    /// When a copy that is under way will be done.
    pub(crate) due: Option<Timestamp>,
    pub(crate) incremental: bool,
    /// The snapshot that an incremental copy made.
    pub(crate) destination_snapshot: Option<Timestamp>,
    /// The blob of this simulation that a copy which is under way reads, with the tag that it has to have until the end.
    pub(crate) from: Option<(BlobPath, Tag)>,
}

impl CopyReport {
    /// Whether it is under way.
    pub(crate) fn is_pending(&self, now: Timestamp) -> bool {
        self.due.is_some_and(|due| due > now)
    }
}

/// The bytes of a blob, as its kind keeps them.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    Block(Pieces),
    Append { pieces: Pieces, sealed: bool },
    Page { pages: Pages, sequence: u64 },
}

/// Some bytes of a blob in a row.
#[derive(Clone, Debug)]
pub(crate) enum Segment {
    /// A part of a content: from where on, and at most how many bytes.
    Bytes {
        content: ContentHandle,
        offset: u64,
        len: u64,
    },
    Zeros {
        len: u64,
    },
}

/// One state of a blob.
#[derive(Clone, Debug)]
pub(crate) struct Blob {
    pub(crate) tag: Tag,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
    /// In bytes.
    pub(crate) len: u64,
    pub(crate) content: Content,
    pub(crate) headers: ContentHeaders,
    pub(crate) metadata: Metadata,
    pub(crate) tags: BlobTags,
    pub(crate) tier: Option<Tier>,
    pub(crate) rehydration: Option<Box<Rehydration>>,
    /// What names this version, where the account keeps versions.
    pub(crate) version: Option<Timestamp>,
    pub(crate) encryption: Encryption,
    pub(crate) immutability: Option<Immutability>,
    pub(crate) legal_hold: bool,
    pub(crate) copy: Option<Arc<CopyReport>>,
    /// When it goes by itself.
    pub(crate) expires: Option<Timestamp>,
    /// When it was last read, where the account keeps track of that.
    pub(crate) read: Option<Timestamp>,
}

impl Content {
    pub(crate) fn kind(&self) -> BlobType {
        match self {
            Self::Block(_) => BlobType::Block,
            Self::Append { .. } => BlobType::Append,
            Self::Page { .. } => BlobType::Page,
        }
    }

    /// Nothing, of the same kind.
    pub(crate) fn emptied(&self) -> Self {
        match self {
            Self::Block(_) => Self::Block(Pieces::default()),
            Self::Append { .. } => Self::Append {
                pieces: Pieces::default(),
                sealed: false,
            },
            Self::Page { sequence, .. } => Self::Page {
                pages: Pages::default(),
                sequence: *sequence,
            },
        }
    }

    /// How many parts it has that are kept apart.
    pub(crate) fn parts(&self) -> usize {
        match self {
            Self::Block(pieces) | Self::Append { pieces, .. } => pieces.count(),
            Self::Page { pages, .. } => pages.count(),
        }
    }
}

impl Blob {
    /// The tier at this time: what was asked for, unless it is still on its way out of the archive.
    pub(crate) fn tier(&self, now: Timestamp) -> Option<Tier> {
        match &self.rehydration {
            Some(way) if way.done <= now => Some(Tier {
                tier: way.to.clone(),
                changed: way.done,
            }),
            _ => self.tier.clone(),
        }
    }

    /// The way out of the archive, while it lasts.
    pub(crate) fn rehydration(&self, now: Timestamp) -> Option<&Rehydration> {
        self.rehydration.as_deref().filter(|way| way.done > now)
    }

    pub(crate) fn is_archived(&self, now: Timestamp) -> bool {
        self.tier(now)
            .is_some_and(|tier| tier.tier == AccessTier::Archive)
    }

    /// Whether it has gone by itself. What is protected stays.
    pub(crate) fn has_expired(&self, now: Timestamp) -> bool {
        self.expires.is_some_and(|expires| expires <= now) && !self.is_protected(now)
    }

    /// Whether a policy or a hold keeps it from being changed.
    pub(crate) fn is_protected(&self, now: Timestamp) -> bool {
        self.legal_hold || self.immutability.is_some_and(|policy| policy.until > now)
    }

    /// Whether a copy to it is under way.
    pub(crate) fn is_copying(&self, now: Timestamp) -> bool {
        self.copy.as_ref().is_some_and(|copy| copy.is_pending(now))
    }

    /// Whether it is what incremental copies go to. Its snapshots are there to be read, and it is not.
    pub(crate) fn is_incremental(&self) -> bool {
        self.copy.as_ref().is_some_and(|copy| copy.incremental)
    }

    /// As it looks at this time. A copy that takes its time is kept as it will be: until then there are no bytes to be seen, under the
    /// tag before.
    pub(crate) fn seen(self: &Arc<Self>, now: Timestamp) -> Arc<Self> {
        let Some((copy, due)) = self.copy.as_ref().and_then(|copy| Some((copy, copy.due?))) else {
            return self.clone();
        };
        if due > now {
            let len = match self.content {
                Content::Page { .. } => self.len,
                _ => 0,
            };
            return Arc::new(Self {
                tag: self.tag.previous(),
                content: self.content.emptied(),
                len,
                ..(**self).clone()
            });
        }
        let copy = CopyReport {
            status: CopyStatus::Success,
            bytes_done: copy.bytes_total,
            completed: Some(due),
            due: None,
            ..(**copy).clone()
        };
        Arc::new(Self {
            modified: self.modified.max(due),
            copy: Some(Arc::new(copy)),
            ..(**self).clone()
        })
    }

    /// When it was last read or written, as far as reads are noted. Nobody keeps track of other blobs than those of blocks.
    pub(crate) fn last_access(&self) -> Option<Timestamp> {
        let access = self.read.map_or(self.modified, |read| read.max(self.modified));
        matches!(self.content, Content::Block(_)).then_some(access)
    }

    /// Whether a read at this time is noted: the first one in a day is.
    pub(crate) fn notes_read(&self, now: Timestamp) -> bool {
        const DAY: Duration = Duration::from_secs(24 * 60 * 60);
        let is_news = self.read.is_none_or(|last| now.since(last) >= DAY);
        is_news && matches!(self.content, Content::Block(_))
    }

    /// Whether anything of it may have to be waited for: it is on a disk.
    pub(crate) fn waits(&self) -> bool {
        match &self.content {
            Content::Block(pieces) | Content::Append { pieces, .. } => {
                pieces.iter().next().is_some_and(|piece| piece.content.waits())
            }
            Content::Page { pages, .. } => pages
                .iter()
                .find_map(|(_, extent)| extent.content())
                .is_some_and(|content| content.waits()),
        }
    }

    /// The bytes from `at` on, as far as they are in one piece; `None` at the end.
    pub(crate) fn segment(&self, at: u64) -> Option<Segment> {
        let left = self.len.checked_sub(at).filter(|left| *left > 0)?;
        match &self.content {
            Content::Block(pieces) | Content::Append { pieces, .. } => {
                let (content, offset) = pieces.find(at)?;
                Some(Segment::Bytes {
                    len: content.len().saturating_sub(offset).min(left),
                    content: content.clone(),
                    offset,
                })
            }
            Content::Page { pages, .. } => Some(match pages.find(at) {
                Ok((content, offset, len)) => Segment::Bytes {
                    content: content.clone(),
                    offset,
                    len: len.min(left),
                },
                Err(next) => Segment::Zeros {
                    len: next.map_or(left, |next| next.saturating_sub(at).min(left)),
                },
            }),
        }
    }
}
