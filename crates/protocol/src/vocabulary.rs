//! The closed-looking, open vocabularies of the service: a value made after this crate is kept, not refused.

use std::fmt;

macro_rules! vocabulary {
    ($($(#[$doc:meta])* $name:ident { $($(#[$value_doc:meta])* $value:ident = $wire:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$value_doc])* $value,)*
            /// A value that this version of the crate does not know, as it was sent.
            Unknown(Box<str>),
        }

        impl $name {
            /// Every value that is known by name.
            pub const KNOWN: &[Self] = &[$(Self::$value,)*];

            /// The value as it stands on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$value => $wire,)*
                    Self::Unknown(value) => value,
                }
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                match value {
                    $($wire => Self::$value,)*
                    other => Self::Unknown(other.into()),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }
    )*

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn every_value_survives_the_wire() {
            $(
                for value in $name::KNOWN {
                    assert_eq!(&$name::from(value.as_str()), value);
                }
                assert_eq!($name::from("made tomorrow").as_str(), "made tomorrow");
            )*
        }
    }};
}

vocabulary! {
    /// The kind of a blob, fixed when it is made.
    BlobType {
        /// Made of blocks, committed as a whole: files, images, most things.
        Block = "BlockBlob",
        /// Grows at its end only: logs.
        Append = "AppendBlob",
        /// Random access in pages of 512 bytes: disks.
        Page = "PageBlob",
    }

    /// The price class of a blob.
    AccessTier {
        /// Read often.
        Hot = "Hot",
        /// Read rarely, kept 30 days or more.
        Cool = "Cool",
        /// Read very rarely, kept 90 days or more.
        Cold = "Cold",
        /// Offline: must be rehydrated before it can be read.
        Archive = "Archive",
        /// Moved between tiers by the service.
        Smart = "Smart",
        /// On premium storage.
        Premium = "Premium",
        /// Premium page blob, 32 GiB.
        P4 = "P4",
        /// Premium page blob, 64 GiB.
        P6 = "P6",
        /// Premium page blob, 128 GiB.
        P10 = "P10",
        /// Premium page blob, 256 GiB.
        P15 = "P15",
        /// Premium page blob, 512 GiB.
        P20 = "P20",
        /// Premium page blob, 1 TiB.
        P30 = "P30",
        /// Premium page blob, 2 TiB.
        P40 = "P40",
        /// Premium page blob, 4 TiB.
        P50 = "P50",
        /// Premium page blob, 8 TiB.
        P60 = "P60",
        /// Premium page blob, 16 TiB.
        P70 = "P70",
        /// Premium page blob, 32 TiB.
        P80 = "P80",
    }

    /// Where an archived blob is on its way to.
    ArchiveStatus {
        /// On its way to `Hot`.
        RehydratePendingToHot = "rehydrate-pending-to-hot",
        /// On its way to `Cool`.
        RehydratePendingToCool = "rehydrate-pending-to-cool",
        /// On its way to `Cold`.
        RehydratePendingToCold = "rehydrate-pending-to-cold",
        /// On its way to `Smart`.
        RehydratePendingToSmart = "rehydrate-pending-to-smart",
    }

    /// How urgently an archived blob is brought back.
    RehydratePriority {
        /// Within an hour, for small blobs.
        High = "High",
        /// Within fifteen hours.
        Standard = "Standard",
    }

    /// Whether a lease keeps others out.
    LeaseStatus {
        /// Writes and deletes need the lease's id.
        Locked = "locked",
        /// No lease is in force.
        Unlocked = "unlocked",
    }

    /// Where a lease is in its life.
    LeaseState {
        /// There is none.
        Available = "available",
        /// In force.
        Leased = "leased",
        /// Ran out; can be renewed if nobody took or changed the resource.
        Expired = "expired",
        /// Broken, in force until the break period ends.
        Breaking = "breaking",
        /// Broken.
        Broken = "broken",
    }

    /// Whether a lease ends by itself.
    LeaseDuration {
        /// Until it is released or broken.
        Infinite = "infinite",
        /// 15 to 60 seconds.
        Fixed = "fixed",
    }

    /// The state of a copy.
    CopyStatus {
        /// Under way.
        Pending = "pending",
        /// Done.
        Success = "success",
        /// Given up on request.
        Aborted = "aborted",
        /// Gone wrong; the status description says why.
        Failed = "failed",
    }

    /// Which blocks of a block blob a list names.
    BlockListKind {
        /// Those that make up the blob.
        Committed = "committed",
        /// Those that were put and not yet committed.
        Uncommitted = "uncommitted",
        /// Both.
        All = "all",
    }

    /// What anybody may read of a container without a key. Absent: nothing.
    PublicAccess {
        /// Blobs, and the list of them.
        Container = "container",
        /// Blobs, when their names are known.
        Blob = "blob",
    }

    /// What becomes of a source's tags in a copy.
    CopySourceTags {
        /// The copy has the tags that the request gives it, or none.
        Replace = "REPLACE",
        /// The copy has the tags of the source.
        Copy = "COPY",
    }

    /// How the time of an expiry is meant.
    ExpiryOption {
        /// There is none.
        NeverExpire = "NeverExpire",
        /// This long after the blob was made.
        RelativeToCreation = "RelativeToCreation",
        /// This long after the request.
        RelativeToNow = "RelativeToNow",
        /// At this time.
        Absolute = "Absolute",
    }

    /// How firm an immutability policy is.
    ImmutabilityPolicyMode {
        /// Only ever answered: the policy of the container, which can be changed.
        Mutable = "Mutable",
        /// It can be prolonged, shortened and taken away.
        Unlocked = "Unlocked",
        /// It can be prolonged, and nothing else.
        Locked = "Locked",
    }

    /// What to do with the sequence number of a page blob.
    SequenceNumberAction {
        /// Sets it to the larger of the one given and the one that is there.
        Max = "max",
        /// Sets it to the one given.
        Update = "update",
        /// Adds one to it.
        Increment = "increment",
    }

    /// The redundancy and performance of an account.
    SkuName {
        /// Three copies in one data centre.
        StandardLrs = "Standard_LRS",
        /// Copies in a second region.
        StandardGrs = "Standard_GRS",
        /// Copies in a second region that can be read.
        StandardRagrs = "Standard_RAGRS",
        /// Copies in three zones of a region.
        StandardZrs = "Standard_ZRS",
        /// Copies in three zones and in a second region.
        StandardGzrs = "Standard_GZRS",
        /// Copies in three zones and in a second region that can be read.
        StandardRagzrs = "Standard_RAGZRS",
        /// On solid state, three copies in one data centre.
        PremiumLrs = "Premium_LRS",
        /// On solid state, copies in three zones of a region.
        PremiumZrs = "Premium_ZRS",
    }

    /// The kind of an account.
    AccountKind {
        /// General purpose, first generation.
        Storage = "Storage",
        /// Blobs alone.
        BlobStorage = "BlobStorage",
        /// General purpose, second generation: what most are.
        StorageV2 = "StorageV2",
        /// Premium file shares.
        FileStorage = "FileStorage",
        /// Premium block blobs.
        BlockBlobStorage = "BlockBlobStorage",
    }

    /// How the copy in the second region stands.
    GeoReplicationStatus {
        /// Kept up.
        Live = "live",
        /// Being made.
        Bootstrap = "bootstrap",
        /// Out of reach.
        Unavailable = "unavailable",
    }

    /// What an event of the change feed tells of.
    ChangeFeedEventType {
        /// A blob was made, or its content replaced.
        BlobCreated = "BlobCreated",
        /// A blob was deleted.
        BlobDeleted = "BlobDeleted",
        /// Properties, metadata or tags of a blob were changed.
        BlobPropertiesUpdated = "BlobPropertiesUpdated",
        /// A snapshot was taken of a blob.
        BlobSnapshotCreated = "BlobSnapshotCreated",
        /// A blob was put in another tier.
        BlobTierChanged = "BlobTierChanged",
        /// Work on a blob has begun that the service does by and by: a copy, a rehydration.
        BlobAsyncOperationInitiated = "BlobAsyncOperationInitiated",
        /// A point was marked that containers can be restored to.
        RestorePointMarkerCreated = "RestorePointMarkerCreated",
        /// Something was appended to an append blob.
        AppendBlobDataUpdated = "AppendBlobDataUpdated",
        /// A blob was read, for the first time in a day.
        BlobLastAccessTimeUpdated = "BlobLastAccessTimeUpdated",
        /// The service's own; no blob was changed.
        Control = "Control",
    }

    /// The type of a column of Apache Arrow that a query answers with.
    ArrowFieldType {
        /// Whole numbers of 64 bits.
        Int64 = "int64",
        /// True or false.
        Bool = "bool",
        /// Times, in milliseconds.
        TimestampMs = "timestamp[ms]",
        /// Text.
        String = "string",
        /// Floating point of 64 bits.
        Double = "double",
        /// Decimal numbers of a given precision and scale.
        Decimal = "decimal",
    }
}
