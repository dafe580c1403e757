//! Where back ends differ. The book's page of differences gives the evidence for each.

use super::Kind;

/// Something that the real service does, and not every back end. What is not listed here, all do alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Feature {
    /// Append blobs can be added to from a URL.
    AppendFromUrl,
    /// A list that is asked for as a table comes as one, and can end before a name.
    ArrowLists,
    /// A wrong key is refused as `AuthenticationFailed`, not as `AuthorizationFailure`.
    AuthenticationFailed,
    /// What a copy depends on has codes of its own: `SourceConditionNotMet` and `TargetConditionNotMet`.
    CopyConditions,
    /// To write over a block blob leaves when it was made, unless there are versions.
    CreationTimeStays,
    /// Lists can hold names that XML cannot: they come percent-encoded.
    EncodedNames,
    /// Blobs and containers can be encrypted with a named scope.
    EncryptionScopes,
    /// A search by tags in small pages finds what it finds in one.
    FoundInPages,
    /// An account can have folders, whose blobs can be given an end.
    HierarchicalNamespace,
    /// Page blobs can be copied snapshot by snapshot.
    IncrementalCopies,
    /// A delimiter of several characters stays whole in the prefixes that it makes.
    LongDelimiters,
    /// A range that starts right at the end is refused, as one that starts beyond it.
    NothingAtTheEnd,
    /// Reads tell the MD5 that is kept with a blob, and none where none is kept.
    OnlyKeptMd5,
    /// The pages that changed since a snapshot are told, and no others.
    PageDifferences,
    /// Pages can be written from a URL.
    PagesFromUrl,
    /// Pages beyond the end of a blob are refused.
    PagesWithinTheBlob,
    /// A copy may take its time, and can be given up meanwhile.
    PendingCopies,
    /// A delimited list has its prefixes among the blobs, in the order of names.
    PrefixesInOrder,
    /// Blobs can be kept from being changed, until a time or until further notice.
    Protection,
    /// A blob can be put from a URL.
    PutFromUrl,
    /// A blob can be asked in SQL.
    Queries,
    /// A read may ask for the CRC64 of its range.
    RangeCrc64,
    /// A blob leaves the archive some time after it was asked to, and cannot be read until then.
    Rehydration,
    /// A container can be given another name.
    RenamedContainers,
    /// Sealing an append blob may depend on its length.
    SealPosition,
    /// Content comes in segments with their checksums, when it is asked for so.
    Segments,
    /// A list has the snapshots of a blob before it, the oldest first.
    SnapshotsFirst,
    /// What was deleted can be brought back: blobs, and containers.
    SoftDelete,
    /// Setting tags may depend on those that are there.
    TagConditionsOnTags,
    /// The CRC64 of what arrived is told.
    TellsCrc64,
    /// A blob that has only uncommitted blocks has no ETag yet.
    UncommittedWithoutEtag,
    /// A token gets a key to sign with, over plain HTTP too.
    UserDelegation,
    /// Blobs can have versions.
    Versions,
}

impl Feature {
    // What Azurite lacks, the simulation has: it follows the recordings.
    pub(super) fn is_known_by(self, kind: Kind) -> bool {
        kind != Kind::Azurite
    }
}
