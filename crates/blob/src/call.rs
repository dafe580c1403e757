//! A call in the making: an operation, its options, and the service that it goes to.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;

use lazuli_protocol::{
    AccessTier, BlobName, Checksum, Conditions, ContainerName, EtagMatch, Metadata, Operation,
};
use time::OffsetDateTime;

use crate::operations::{
    DeleteBlob, DeleteSnapshots, GetBlob, GetBlobProperties, PutBlob, PutBlock, PutBlockList, RangeChecksum,
    SetBlobMetadata,
};
use crate::options::CallOptions;
use crate::{BlobServiceClient, ContentHeaders, Error};

/// A call that is sent when it is awaited. Its methods set options; which ones there are depends on the operation `O`.
///
/// A value that could never be sent, a metadata name with a space in it say, is kept and becomes the error of the call. Nothing is
/// sent then.
///
/// Dropping the future cancels the call; whether the service still carries it out is not known then.
#[must_use = "a call is sent when it is awaited"]
pub struct Call<O> {
    service: BlobServiceClient,
    operation: Result<O, Error>,
    pub(crate) options: CallOptions,
}

impl<O: Operation> Call<O> {
    pub(crate) fn new(service: BlobServiceClient, operation: Result<O, Error>) -> Self {
        Self {
            service,
            operation,
            options: CallOptions::default(),
        }
    }

    fn with(mut self, edit: impl FnOnce(&mut O)) -> Self {
        if let Ok(operation) = &mut self.operation {
            edit(operation);
        }
        self
    }

    fn try_with(mut self, edit: impl FnOnce(&mut O) -> Result<(), Error>) -> Self {
        self.operation = self
            .operation
            .and_then(|mut operation| edit(&mut operation).map(|()| operation));
        self
    }
}

impl<O: Operation + 'static> IntoFuture for Call<O> {
    type Output = Result<O::Output, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.service.send_with(&self.operation?, &self.options).await })
    }
}

impl<O: fmt::Debug> fmt::Debug for Call<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}

// === What several operations share ===

mod sealed {
    #[expect(
        unnameable_types,
        reason = "a bound that only this crate can meet, so that the traits below can grow"
    )]
    pub trait Sealed {}
}

/// Operations that take conditions.
pub trait Conditional: Operation + sealed::Sealed {
    #[doc(hidden)]
    fn conditions(&mut self) -> &mut Conditions;
}

/// Operations that write what a blob keeps beside its content.
pub trait Describes: Operation + sealed::Sealed {
    #[doc(hidden)]
    fn describe(&mut self) -> (&mut ContentHeaders, &mut Option<AccessTier>);
}

/// Operations that write metadata.
pub trait WritesMetadata: Operation + sealed::Sealed {
    #[doc(hidden)]
    fn metadata(&mut self) -> &mut Metadata;
}

/// Operations that send content.
pub trait SendsContent: Operation + sealed::Sealed {
    #[doc(hidden)]
    fn checksum(&mut self) -> &mut Option<Checksum>;
}

/// Operations that can read an older state of a blob.
pub trait ReadsBlob: Operation + sealed::Sealed {
    #[doc(hidden)]
    fn state(&mut self) -> (&mut Option<String>, &mut Option<String>);
}

macro_rules! shared {
    ($($operation:ty: $($trait:ident)*;)*) => {
        $(impl sealed::Sealed for $operation {} $(shared!(@ $trait $operation);)*)*
    };
    (@ Conditional $operation:ty) => {
        impl Conditional for $operation {
            fn conditions(&mut self) -> &mut Conditions {
                &mut self.conditions
            }
        }
    };
    (@ Describes $operation:ty) => {
        impl Describes for $operation {
            fn describe(&mut self) -> (&mut ContentHeaders, &mut Option<AccessTier>) {
                (&mut self.headers, &mut self.access_tier)
            }
        }
    };
    (@ WritesMetadata $operation:ty) => {
        impl WritesMetadata for $operation {
            fn metadata(&mut self) -> &mut Metadata {
                &mut self.metadata
            }
        }
    };
    (@ SendsContent $operation:ty) => {
        impl SendsContent for $operation {
            fn checksum(&mut self) -> &mut Option<Checksum> {
                &mut self.checksum
            }
        }
    };
    (@ ReadsBlob $operation:ty) => {
        impl ReadsBlob for $operation {
            fn state(&mut self) -> (&mut Option<String>, &mut Option<String>) {
                (&mut self.snapshot, &mut self.version_id)
            }
        }
    };
}

shared! {
    PutBlob: Conditional Describes WritesMetadata SendsContent;
    PutBlock: SendsContent;
    PutBlockList: Conditional Describes WritesMetadata;
    GetBlob: Conditional ReadsBlob;
    GetBlobProperties: Conditional ReadsBlob;
    SetBlobMetadata: Conditional WritesMetadata;
    DeleteBlob: Conditional ReadsBlob;
}

impl<O: Conditional> Call<O> {
    /// Only if the blob is in this state.
    pub fn if_match(self, tag: impl Into<EtagMatch>) -> Self {
        self.condition(|conditions| conditions.if_match(tag))
    }

    /// Only if the blob is not in this state; with [`EtagMatch::Any`], only if there is no such blob.
    pub fn if_none_match(self, tag: impl Into<EtagMatch>) -> Self {
        self.condition(|conditions| conditions.if_none_match(tag))
    }

    /// Only if the blob changed after `at`, to the second.
    pub fn if_modified_since(self, at: OffsetDateTime) -> Self {
        self.condition(|conditions| conditions.if_modified_since(at))
    }

    /// Only if the blob did not change after `at`, to the second.
    pub fn if_unmodified_since(self, at: OffsetDateTime) -> Self {
        self.condition(|conditions| conditions.if_unmodified_since(at))
    }

    fn condition(self, edit: impl FnOnce(Conditions) -> Conditions) -> Self {
        self.with(|operation| {
            let conditions = operation.conditions();
            *conditions = edit(std::mem::take(conditions));
        })
    }
}

impl<O: Describes> Call<O> {
    /// Keeps a `Content-Type` with the blob.
    pub fn content_type(self, value: impl Into<String>) -> Self {
        self.with(|operation| operation.describe().0.content_type = Some(value.into()))
    }

    /// Keeps a `Content-Encoding` with the blob.
    pub fn content_encoding(self, value: impl Into<String>) -> Self {
        self.with(|operation| operation.describe().0.content_encoding = Some(value.into()))
    }

    /// Keeps a `Cache-Control` with the blob.
    pub fn cache_control(self, value: impl Into<String>) -> Self {
        self.with(|operation| operation.describe().0.cache_control = Some(value.into()))
    }

    /// Keeps all these headers with the blob.
    pub fn headers(self, headers: ContentHeaders) -> Self {
        self.with(|operation| *operation.describe().0 = headers)
    }

    /// Puts the blob in a price class.
    pub fn access_tier(self, tier: AccessTier) -> Self {
        self.with(|operation| *operation.describe().1 = Some(tier))
    }
}

impl<O: WritesMetadata> Call<O> {
    /// Keeps a pair with the blob, beside those that were named before.
    pub fn metadata(self, name: &str, value: impl Into<String>) -> Self {
        self.try_with(|operation| Ok(operation.metadata().insert(name, value)?))
    }
}

impl<O: SendsContent> Call<O> {
    /// Has the service refuse the content if it does not arrive with this checksum.
    ///
    /// Content in memory is sent with its CRC64 anyway.
    pub fn checksum(self, checksum: Checksum) -> Self {
        self.with(|operation| *operation.checksum() = Some(checksum))
    }
}

impl<O: ReadsBlob> Call<O> {
    /// Takes a snapshot of the blob, by its id.
    pub fn snapshot(self, id: impl Into<String>) -> Self {
        self.with(|operation| *operation.state().0 = Some(id.into()))
    }

    /// Takes a version of the blob, by its id.
    pub fn version(self, id: impl Into<String>) -> Self {
        self.with(|operation| *operation.state().1 = Some(id.into()))
    }
}

// === What single operations take ===

impl Call<GetBlob> {
    /// Reads only these bytes: `0..1024`, `512..`.
    pub fn range(self, range: impl Into<lazuli_protocol::ByteRange>) -> Self {
        self.with(|operation| operation.range = Some(range.into()))
    }

    /// Has the service compute a checksum of the range, of at most 4 MiB, which the [`Download`](crate::Download) is held against.
    pub fn range_checksum(self, checksum: RangeChecksum) -> Self {
        self.with(|operation| operation.range_checksum = Some(checksum))
    }
}

impl Call<DeleteBlob> {
    /// Says what to do with the blob's snapshots.
    pub fn snapshots(self, snapshots: DeleteSnapshots) -> Self {
        self.with(|operation| operation.snapshots = Some(snapshots))
    }
}

#[cfg(feature = "provisioning")]
mod provisioning {
    //! What calls take that set containers up.

    use lazuli_protocol::PublicAccess;
    use time::OffsetDateTime;

    use super::Call;
    use crate::operations::{CreateContainer, DeleteContainer, SetContainerAcl};

    impl Call<CreateContainer> {
        /// Keeps a pair with the container.
        pub fn metadata(self, name: &str, value: impl Into<String>) -> Self {
            self.try_with(|operation| Ok(operation.metadata.insert(name, value)?))
        }
    }

    macro_rules! opens {
        ($($operation:ty)*) => {$(
            impl Call<$operation> {
                /// Lets anybody read without a key.
                pub fn public_access(self, access: PublicAccess) -> Self {
                    self.with(|operation| operation.public_access = Some(access))
                }
            }
        )*};
    }

    macro_rules! conditional_by_date {
        ($($operation:ty)*) => {$(
            impl Call<$operation> {
                /// Only if the container changed after `at`, to the second. Of a container the service compares dates only.
                pub fn if_modified_since(self, at: OffsetDateTime) -> Self {
                    self.with(|operation| {
                        operation.conditions = std::mem::take(&mut operation.conditions).if_modified_since(at);
                    })
                }

                /// Only if the container did not change after `at`, to the second.
                pub fn if_unmodified_since(self, at: OffsetDateTime) -> Self {
                    self.with(|operation| {
                        operation.conditions = std::mem::take(&mut operation.conditions).if_unmodified_since(at);
                    })
                }
            }
        )*};
    }

    opens! { CreateContainer SetContainerAcl }
    conditional_by_date! { DeleteContainer SetContainerAcl }
}

/// The names of a blob, checked.
pub(crate) fn names(container: &str, blob: &str) -> Result<(ContainerName, BlobName), Error> {
    Ok((ContainerName::new(container)?, BlobName::new(blob)?))
}
