//! Accounts beside the development account: one like it, and others that are like it but for one trait, which their owner chose outside of
//! the Blob service.

use super::Feature;

/// The name of the account that differs by its name alone.
pub(super) const NEIGHBOUR: &str = "neighbour";

/// What such an account does that others do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trait {
    /// Each write to a blob makes a version of it.
    Versioning,
    /// What is deleted can be brought back for some days: blobs, snapshots, and containers.
    SoftDelete,
    /// Names are paths in a tree of folders.
    HierarchicalNamespace,
    /// It has the encryption scope [`SCOPE`](Self::SCOPE).
    EncryptionScope,
    /// Blobs leave the archive soon after they are asked to, where it takes hours elsewhere.
    QuickRehydration,
    /// A copy is pending for a while, long enough to look at.
    LongCopies,
}

impl Trait {
    /// Every trait.
    pub(super) const ALL: [Self; 6] = [
        Self::Versioning,
        Self::SoftDelete,
        Self::HierarchicalNamespace,
        Self::EncryptionScope,
        Self::QuickRehydration,
        Self::LongCopies,
    ];

    /// The encryption scope of an account that has one.
    pub const SCOPE: &'static str = "finance";

    /// The name of the account that has it.
    pub(super) fn account(self) -> &'static str {
        match self {
            Self::Versioning => "versions",
            Self::SoftDelete => "keeps",
            Self::HierarchicalNamespace => "folders",
            Self::EncryptionScope => "scoped",
            Self::QuickRehydration => "archive",
            Self::LongCopies => "copies",
        }
    }

    /// What a back end must know to have such an account.
    pub(super) fn feature(self) -> Feature {
        match self {
            Self::Versioning => Feature::Versions,
            Self::SoftDelete => Feature::SoftDelete,
            Self::HierarchicalNamespace => Feature::HierarchicalNamespace,
            Self::EncryptionScope => Feature::EncryptionScopes,
            Self::QuickRehydration => Feature::Rehydration,
            Self::LongCopies => Feature::PendingCopies,
        }
    }
}
