//! Where back ends differ. The book's page of differences gives the evidence for each.

use super::Kind;

/// Something that the real service does, and not every back end. What is not listed here, all do alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Feature {
    /// A wrong key is refused as `AuthenticationFailed`, not as `AuthorizationFailure`.
    AuthenticationFailed,
    /// Lists can hold names that XML cannot: they come percent-encoded.
    EncodedNames,
    /// A delimiter of several characters stays whole in the prefixes that it makes.
    LongDelimiters,
    /// A range that starts right at the end is refused, as one that starts beyond it.
    NothingAtTheEnd,
    /// Reads tell the MD5 that is kept with a blob, and none where none is kept.
    OnlyKeptMd5,
    /// A delimited list has its prefixes among the blobs, in the order of names.
    PrefixesInOrder,
    /// A read may ask for the CRC64 of its range.
    RangeCrc64,
    /// The CRC64 of what arrived is told.
    TellsCrc64,
    /// A blob that has only uncommitted blocks has no ETag yet.
    UncommittedWithoutEtag,
}

impl Feature {
    // What Azurite lacks, the simulation has: it follows the recordings.
    pub(super) fn is_known_by(self, kind: Kind) -> bool {
        kind != Kind::Azurite
    }
}
