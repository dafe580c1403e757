//! What the service says beside an error's code, as recorded from it.

use lazuli_protocol::ErrorCode;

/// The text of a code. Codes that the simulation never answers have none of their own.
pub(super) fn message(code: &ErrorCode) -> &'static str {
    match code {
        ErrorCode::AccessTierNotSupportedForBlobType => {
            "The access tier is not supported for this blob type."
        }
        ErrorCode::AppendPositionConditionNotMet => "The append position condition specified was not met.",
        ErrorCode::AuthenticationFailed => {
            "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature."
        }
        ErrorCode::AuthorizationFailure => "This request is not authorized to perform this operation.",
        ErrorCode::AuthorizationPermissionMismatch => {
            "This request is not authorized to perform this operation using this permission."
        }
        ErrorCode::AuthorizationProtocolMismatch => {
            "This request is not authorized to perform this operation using this protocol."
        }
        ErrorCode::AuthorizationResourceTypeMismatch => {
            "This request is not authorized to perform this operation using this resource type."
        }
        ErrorCode::AuthorizationServiceMismatch => {
            "This request is not authorized to perform this operation using this service."
        }
        ErrorCode::AuthorizationSourceIPMismatch => {
            "This request is not authorized to perform this operation using this source IP."
        }
        ErrorCode::BlobAlreadyExists => "The specified blob already exists.",
        ErrorCode::BlobArchived => "This operation is not permitted on an archived blob.",
        ErrorCode::BlobBeingRehydrated => {
            "This operation is not permitted because the blob is being rehydrated."
        }
        ErrorCode::BlobCustomerSpecifiedEncryptionMismatch => {
            "The given customer specified encryption does not match the encryption used to encrypt the blob."
        }
        ErrorCode::BlobDoesNotUseCustomerSpecifiedEncryption => {
            "The blob is not encrypted with customer specified encryption, but one was provided in the request."
        }
        ErrorCode::BlobImmutableDueToLegalHold => {
            "This operation is not permitted as the blob is immutable due to one or more legal holds."
        }
        ErrorCode::BlobImmutableDueToPolicy => {
            "This operation is not permitted as the blob is immutable due to a policy."
        }
        ErrorCode::BlobIsSealed => "The blob is sealed and its contents cannot be modified.",
        ErrorCode::BlobNotFound => "The specified blob does not exist.",
        ErrorCode::BlobOperationNotSupported => "Blob operation is not supported.",
        ErrorCode::BlobOverwritten => "The blob has been recreated since the previous snapshot was taken.",
        ErrorCode::BlobUsesCustomerSpecifiedEncryption => {
            "The blob is encrypted with customer specified encryption, but it was not provided in the request."
        }
        ErrorCode::BlobTierInadequateForContentLength => {
            "The specified blob tier size limit cannot be less than content length."
        }
        ErrorCode::BlockCountExceedsLimit => {
            "The uncommitted block count cannot exceed the maximum limit of 100,000 blocks."
        }
        ErrorCode::BlockListTooLong => "The block list may not contain more than 50,000 blocks.",
        ErrorCode::BothUserTagsAndSourceTagsCopyPresentException => {
            "x-ms-tags cannot be given where x-ms-copy-source-tag-option is COPY."
        }
        ErrorCode::BothCrc64AndMd5HeaderPresent => {
            "Both x-ms-content-crc64 header and Content-MD5 header are present."
        }
        ErrorCode::BothCrc64AndMd5RangeHeaderPresent => {
            "Both x-ms-range-get-content-crc64 header and x-ms-range-get-content-md5 header are present."
        }
        ErrorCode::CannotChangeToLowerTier => "A higher blob tier has already been explicitly set.",
        ErrorCode::CannotVerifyCopySource => "Could not verify the copy source within the specified time.",
        ErrorCode::ConditionHeadersNotSupported => "Condition headers are not supported.",
        ErrorCode::ConditionNotMet => "The condition specified using HTTP conditional header(s) is not met.",
        ErrorCode::ContainerAlreadyExists => "The specified container already exists.",
        ErrorCode::ContainerNotFound => "The specified container does not exist.",
        ErrorCode::CopyIdMismatch => {
            "The specified copy ID did not match the copy ID for the pending copy operation."
        }
        ErrorCode::Crc64Mismatch => {
            "The CRC64 value specified in the request did not match with the CRC64 value calculated by the server."
        }
        ErrorCode::EmptyMetadataKey => "The key for one of the metadata key-value pairs is empty.",
        ErrorCode::EncryptionScopeNotAvailable => "The given encryption scope is not available.",
        ErrorCode::HierarchicalNamespaceNotEnabled => {
            "This operation is only supported on a hierarchical namespace account."
        }
        ErrorCode::IncrementalCopyBlobMismatch => {
            "The specified source blob is different than the copy source of the existing incremental copy blob."
        }
        ErrorCode::IncrementalCopyOfEarlierSnapshotNotAllowed => {
            "The specified snapshot is earlier than the last snapshot copied into the incremental copy blob."
        }
        ErrorCode::IncrementalCopySourceMustBeSnapshot => {
            "The source for incremental copy request must be a snapshot."
        }
        ErrorCode::InsufficientAccountPermissions => {
            "The account being accessed does not have sufficient permissions to execute this operation."
        }
        ErrorCode::InternalError => "Server encountered an internal error. Please try again after some time.",
        ErrorCode::InvalidAuthenticationInfo => {
            "Authentication information is not given in the correct format. Check the value of Authorization header."
        }
        ErrorCode::InfiniteLeaseDurationRequired => {
            "The lease ID matched, but the specified lease must be an infinite-duration lease."
        }
        ErrorCode::InvalidBlobOrBlock => "The specified blob or block content is invalid.",
        ErrorCode::InvalidBlobTier => "The specified blob tier is invalid.",
        ErrorCode::InvalidBlobType => "The blob type is invalid for this operation.",
        ErrorCode::InvalidBlockList => "The specified block list is invalid.",
        ErrorCode::InvalidHeaderValue => {
            "The value for one of the HTTP headers is not in the correct format."
        }
        ErrorCode::InvalidInput => "One of the request inputs is not valid.",
        ErrorCode::InvalidMd5 => {
            "The MD5 value specified in the request is invalid. MD5 value must be 128 bits and base64 encoded."
        }
        ErrorCode::InvalidMetadata => {
            "The metadata specified is invalid. It has characters that are not permitted."
        }
        ErrorCode::InvalidPageRange => "The page range specified is invalid.",
        ErrorCode::InvalidQueryParameterValue => {
            "Value for one of the query parameters specified in the request URI is invalid."
        }
        ErrorCode::InvalidRange => "The range specified is invalid for the current size of the resource.",
        // The spelling is the service's.
        ErrorCode::InvalidResourceName => "The specifed resource name contains invalid characters.",
        ErrorCode::InvalidUri => "The requested URI does not represent any resource on the server.",
        ErrorCode::InvalidXmlDocument => "XML specified is not syntactically valid.",
        ErrorCode::InvalidXmlNodeValue => "The value for one of the XML nodes is not in the correct format.",
        ErrorCode::LeaseAlreadyPresent => "There is already a lease present.",
        ErrorCode::LeaseIdMismatchWithBlobOperation | ErrorCode::LeaseIdMismatchWithLeaseOperation => {
            "The lease ID specified did not match the lease ID for the blob."
        }
        ErrorCode::LeaseIdMismatchWithContainerOperation => {
            "The lease ID specified did not match the lease ID for the container."
        }
        ErrorCode::LeaseIdMissing => {
            "There is currently a lease on the blob and no lease ID was specified in the request."
        }
        ErrorCode::LeaseIsBreakingAndCannotBeAcquired => {
            "The lease ID matched, but the lease is currently in breaking state and cannot be acquired until it is broken."
        }
        ErrorCode::LeaseIsBreakingAndCannotBeChanged => {
            "The lease ID matched, but the lease is currently in breaking state and cannot be changed."
        }
        ErrorCode::LeaseIsBrokenAndCannotBeRenewed => {
            "The lease ID matched, but the lease has been broken explicitly and cannot be renewed."
        }
        ErrorCode::LeaseLost => "A lease ID was specified, but the lease for the blob has expired.",
        ErrorCode::LeaseNotPresentWithBlobOperation | ErrorCode::LeaseNotPresentWithLeaseOperation => {
            "There is currently no lease on the blob."
        }
        ErrorCode::LeaseNotPresentWithContainerOperation => "There is currently no lease on the container.",
        ErrorCode::MaxBlobSizeConditionNotMet => "The max blob size condition specified was not met.",
        ErrorCode::Md5Mismatch => {
            "The MD5 value specified in the request did not match with the MD5 value calculated by the server."
        }
        ErrorCode::MetadataTooLarge => {
            "The size of the specified metadata exceeds the maximum size permitted."
        }
        ErrorCode::MissingContentLengthHeader => "The Content-Length header was not specified.",
        ErrorCode::MissingRequiredHeader => {
            "An HTTP header that's mandatory for this request is not specified."
        }
        ErrorCode::MissingRequiredQueryParameter => {
            "A query parameter that's mandatory for this request is not specified."
        }
        ErrorCode::MissingRequiredXmlNode => "A required XML node was not specified in the request body.",
        ErrorCode::MultipleConditionHeadersNotSupported => "Multiple condition headers are not supported.",
        ErrorCode::NoAuthenticationInformation => {
            "Server failed to authenticate the request. Please refer to the information in the www-authenticate header."
        }
        ErrorCode::NoPendingCopyOperation => "There is currently no pending copy operation.",
        ErrorCode::OperationNotAllowedOnIncrementalCopyBlob => {
            "The specified operation is not allowed on an incremental copy blob."
        }
        ErrorCode::OperationNotAllowedOnRootBlob => "The specified operation is not allowed on root blob.",
        ErrorCode::OutOfRangeInput => "One of the request inputs is out of range.",
        ErrorCode::OutOfRangeQueryParameterValue => {
            "One of the query parameters specified in the request URI is outside the permissible range."
        }
        ErrorCode::PendingCopyOperation => "There is currently a pending copy operation.",
        ErrorCode::PermanentDeleteIsOff => "Permanent delete is off on the storage account.",
        ErrorCode::PreviousSnapshotCannotBeNewer => {
            "The prevsnapshot query parameter value cannot be newer than snapshot query parameter value."
        }
        ErrorCode::PreviousSnapshotNotFound => "The previous snapshot is not found.",
        ErrorCode::RequestBodyTooLarge => {
            "The request body is too large and exceeds the maximum permissible limit."
        }
        ErrorCode::RequestForbiddenByContainerEncryptionPolicy => {
            "The request is forbidden by the container encryption policy."
        }
        ErrorCode::ResourceNotFound => "The specified resource does not exist.",
        ErrorCode::SequenceNumberConditionNotMet => "The sequence number condition specified was not met.",
        ErrorCode::SequenceNumberIncrementTooLarge => {
            "The sequence number increment cannot be performed because it would result in overflow of the sequence number."
        }
        ErrorCode::SnapshotsPresent => "This operation is not permitted because the blob has snapshots.",
        ErrorCode::SourceConditionNotMet => {
            "The source condition specified using HTTP conditional header(s) is not met."
        }
        ErrorCode::TargetConditionNotMet => {
            "The target condition specified using HTTP conditional header(s) is not met."
        }
        ErrorCode::UnauthorizedBlobOverwrite => "This request is not authorized to perform blob overwrites.",
        ErrorCode::UnsatisfiableCondition => {
            "The request includes an unsatisfiable condition for this operation."
        }
        ErrorCode::UnsupportedHeader => "One of the HTTP headers specified in the request is not supported.",
        ErrorCode::UnsupportedHttpVerb => "The resource doesn't support specified Http Verb.",
        _ => "The request cannot be served.",
    }
}
