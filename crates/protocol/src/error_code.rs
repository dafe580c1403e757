//! The service's error codes: an open set, so that a code made after this crate is kept, not lost.

use std::fmt;

macro_rules! error_codes {
    ($($(#[$attribute:meta])* $code:ident = $status:literal,)*) => {
        /// The `x-ms-error-code` of an answer, with the codes of the Blob and Files services by name.
        ///
        /// ```
        /// use lazuli_protocol::ErrorCode;
        ///
        /// assert_eq!(ErrorCode::from("BlobNotFound"), ErrorCode::BlobNotFound);
        /// assert_eq!(ErrorCode::from("MadeTomorrow").as_str(), "MadeTomorrow");
        /// ```
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[allow(missing_docs, reason = "the names are the service's own; its reference pages describe them")]
        pub enum ErrorCode {
            $($code,)*
            /// A code that this version of the crate does not know, as it was sent.
            Unknown(Box<str>),
        }

        impl ErrorCode {
            /// Every code that is known by name.
            pub const KNOWN: &[Self] = &[$(Self::$code,)*];

            /// The code as it stands on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$code => stringify!($code),)*
                    Self::Unknown(code) => code,
                }
            }

            /// The HTTP status that the service usually sends with this code; `None` for an unknown one.
            ///
            /// `ConditionNotMet` is 412 here, and 304 when a read failed its `If-None-Match` or `If-Modified-Since`.
            #[must_use]
            pub const fn usual_status(&self) -> Option<u16> {
                match self {
                    $(Self::$code => Some($status),)*
                    Self::Unknown(_) => None,
                }
            }
        }

        impl From<&str> for ErrorCode {
            fn from(code: &str) -> Self {
                match code {
                    $(stringify!($code) => Self::$code,)*
                    other => Self::Unknown(other.into()),
                }
            }
        }
    };
}

error_codes! {
    // Common to the Blob and Files services.
    AccountAlreadyExists = 409,
    AccountBeingCreated = 409,
    AccountIsDisabled = 403,
    AuthenticationFailed = 403,
    AuthorizationFailure = 403,
    ConditionHeadersNotSupported = 400,
    ConditionNotMet = 412,
    EmptyMetadataKey = 400,
    InsufficientAccountPermissions = 403,
    InternalError = 500,
    InvalidAuthenticationInfo = 400,
    InvalidHeaderValue = 400,
    InvalidHttpVerb = 400,
    InvalidInput = 400,
    InvalidMd5 = 400,
    InvalidMetadata = 400,
    InvalidQueryParameterValue = 400,
    InvalidRange = 416,
    InvalidResourceName = 400,
    InvalidUri = 400,
    InvalidXmlDocument = 400,
    InvalidXmlNodeValue = 400,
    Md5Mismatch = 400,
    MetadataTooLarge = 400,
    MissingContentLengthHeader = 411,
    MissingRequiredQueryParameter = 400,
    MissingRequiredHeader = 400,
    MissingRequiredXmlNode = 400,
    MultipleConditionHeadersNotSupported = 400,
    OperationTimedOut = 500,
    OutOfRangeInput = 400,
    OutOfRangeQueryParameterValue = 400,
    RequestBodyTooLarge = 413,
    ResourceTypeMismatch = 409,
    RequestUrlFailedToParse = 400,
    ResourceAlreadyExists = 409,
    ResourceNotFound = 404,
    ServerBusy = 503,
    UnsupportedHeader = 400,
    UnsupportedXmlNode = 400,
    UnsupportedQueryParameter = 400,
    UnsupportedHttpVerb = 405,
    FeatureVersionMismatch = 409,
    PreviousSnapshotNotFound = 409,
    AuthorizationSourceIPMismatch = 403,
    AuthorizationProtocolMismatch = 403,
    AuthorizationPermissionMismatch = 403,
    AuthorizationServiceMismatch = 403,
    AuthorizationResourceTypeMismatch = 403,
    // Blob.
    AppendPositionConditionNotMet = 412,
    BlobAlreadyExists = 409,
    BlobImmutableDueToPolicy = 409,
    BlobNotFound = 404,
    BlobOverwritten = 409,
    BlobTierInadequateForContentLength = 409,
    BlobUsesCustomerSpecifiedEncryption = 409,
    BlockCountExceedsLimit = 409,
    BlockListTooLong = 400,
    CannotChangeToLowerTier = 409,
    CannotVerifyCopySource = 500,
    ContainerAlreadyExists = 409,
    ContainerBeingDeleted = 409,
    ContainerDisabled = 409,
    ContainerNotFound = 404,
    ContentLengthLargerThanTierLimit = 409,
    CopyAcrossAccountsNotSupported = 400,
    CopyIdMismatch = 409,
    IncrementalCopyBlobMismatch = 409,
    IncrementalCopyOfEarlierSnapshotNotAllowed = 409,
    IncrementalCopySourceMustBeSnapshot = 409,
    InfiniteLeaseDurationRequired = 412,
    InvalidBlobOrBlock = 400,
    InvalidBlobTier = 400,
    InvalidBlobType = 409,
    InvalidBlockId = 400,
    InvalidBlockList = 400,
    InvalidOperation = 400,
    InvalidPageRange = 416,
    InvalidSourceBlobType = 409,
    InvalidSourceBlobUrl = 409,
    InvalidVersionForPageBlobOperation = 400,
    LeaseAlreadyPresent = 409,
    LeaseAlreadyBroken = 409,
    LeaseIdMismatchWithBlobOperation = 412,
    LeaseIdMismatchWithContainerOperation = 412,
    LeaseIdMismatchWithLeaseOperation = 409,
    LeaseIdMissing = 412,
    LeaseIsBreakingAndCannotBeAcquired = 409,
    LeaseIsBreakingAndCannotBeChanged = 409,
    LeaseIsBrokenAndCannotBeRenewed = 409,
    LeaseLost = 412,
    LeaseNotPresentWithBlobOperation = 412,
    LeaseNotPresentWithContainerOperation = 412,
    LeaseNotPresentWithLeaseOperation = 409,
    MaxBlobSizeConditionNotMet = 412,
    NoAuthenticationInformation = 401,
    NoPendingCopyOperation = 409,
    OperationNotAllowedOnIncrementalCopyBlob = 409,
    PendingCopyOperation = 409,
    PreviousSnapshotCannotBeNewer = 400,
    PreviousSnapshotOperationNotSupported = 409,
    SequenceNumberConditionNotMet = 412,
    SequenceNumberIncrementTooLarge = 409,
    SnapshotCountExceeded = 409,
    SnapshotOperationRateExceeded = 409,
    SnapshotsPresent = 409,
    SourceConditionNotMet = 412,
    SystemInUse = 409,
    TargetConditionNotMet = 412,
    UnauthorizedBlobOverwrite = 403,
    BlobBeingRehydrated = 409,
    BlobArchived = 409,
    BlobNotArchived = 409,
    BlobAccessTierNotSupportedForAccountType = 400,
    // Files.
    FileShareProvisionedBandwidthDowngradeNotAllowed = 409,
    FileShareProvisionedIopsDowngradeNotAllowed = 409,
    CannotDeleteFileOrDirectory = 409,
    ClientCacheFlushDelay = 500,
    DeletePending = 409,
    DirectoryNotEmpty = 409,
    FileLockConflict = 409,
    InvalidFileOrDirectoryPathName = 400,
    ParentNotFound = 404,
    ReadOnlyAttribute = 409,
    ShareAlreadyExists = 409,
    ShareBeingDeleted = 409,
    ShareDisabled = 403,
    ShareNotFound = 404,
    SharingViolation = 409,
    ShareSnapshotInProgress = 409,
    ShareSnapshotCountExceeded = 409,
    ShareSnapshotOperationNotSupported = 400,
    ShareHasSnapshots = 409,
    ContainerQuotaDowngradeNotAllowed = 409,
    ShareSnapshotNotFound = 404,
    FileShareProvisionedIopsInvalid = 400,
    FileShareProvisionedBandwidthInvalid = 400,
    FileShareProvisionedStorageInvalid = 400,
    TotalSharesProvisionedCapacityExceedsAccountLimit = 400,
    TotalSharesProvisionedIopsExceedsAccountLimit = 400,
    TotalSharesProvisionedBandwidthExceedsAccountLimit = 400,
    TotalSharesCountExceedsAccountLimit = 400,
    // Documented by the service, in no SDK.
    AccountProtectedFromDeletion = 409,
    BlobImmutableDueToLegalHold = 409,
    BlobOperationNotSupported = 409,
    CannotConvertToSddlDueToCustomAce = 400,
    CannotVerifyFileSnapshotSource = 500,
    ContainerHasLegalHold = 409,
    ContainerImmutabilityPolicyLocked = 409,
    DeleteShareWhenSnapshotLeased = 409,
    FileGenerationMismatch = 409,
    FileInvalidPermission = 400,
    FileInvalidPermissionKey = 400,
    FileOpenBySmbClient = 409,
    FileShareAccessTierTransitionNotAllowed = 409,
    FileSnapshotCountExceeded = 409,
    FileSnapshotSourceSignedAccessNotSupported = 400,
    HandleLimitExceeded = 400,
    InvalidContinuationToken = 400,
    KeyBasedAuthenticationNotPermitted = 403,
    PublicAccessNotPermitted = 409,
    // Sent by emulators and by recorded traffic of the service.
    AccessTierNotSupportedForBlobType = 400,
    BlobIsSealed = 409,
    BothCrc64AndMd5HeaderPresent = 400,
    BothUserTagsAndSourceTagsCopyPresentException = 400,
    CorsPreflightFailure = 403,
    Crc64Mismatch = 400,
    DuplicateTagNames = 400,
    EmptyTagName = 400,
    RequestEntityTooLarge = 413,
    TagsTooLarge = 400,
    UnexpectedSyncCopyStatus = 409,
    UnsatisfiableCondition = 400,
    // Seen in recorded traffic only.
    BlobCustomerSpecifiedEncryptionMismatch = 409,
    BlobDoesNotUseCustomerSpecifiedEncryption = 409,
    BothCrc64AndMd5RangeHeaderPresent = 400,
    HierarchicalNamespaceNotEnabled = 400,
    EncryptionScopeNotAvailable = 409,
    PermanentDeleteIsOff = 409,
    OperationNotAllowedOnRootBlob = 403,
    RequestForbiddenByContainerEncryptionPolicy = 403,
    Crc64ConditionNotMet = 412,
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_code_survives_the_wire() {
        for code in ErrorCode::KNOWN {
            assert_eq!(&ErrorCode::from(code.as_str()), code);
            assert!(
                code.usual_status()
                    .is_some_and(|status| (300..600).contains(&status))
            );
        }
    }

    #[test]
    fn an_unknown_code_is_kept() {
        let code = ErrorCode::from("TeapotShort");
        assert_eq!(code.to_string(), "TeapotShort");
        assert_eq!(code.usual_status(), None);
    }
}
