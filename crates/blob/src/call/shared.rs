//! What several operations take: a trait for each such group, and the methods that a call has of it.

use lazuli_protocol::{
    AccessTier, BlobTags, Body, ByteRange, Checksum, Conditions, ErrorKind, EtagMatch, LeaseId, Md5, Metadata,
};
use time::OffsetDateTime;

use super::Call;
use super::lease::{AcquireBlobLease, BreakBlobLease, ChangeBlobLease, ReleaseBlobLease, RenewBlobLease};
use crate::operations::{
    AbortCopyBlob, AppendBlock, AppendBlockFromUrl, ClearPages, CopyBlob, CopyBlobFromUrl, DeleteBlob,
    DeleteImmutabilityPolicy, GetBlob, GetBlobProperties, GetBlobTags, GetBlockList, GetContainerAcl,
    GetContainerProperties, GetPageRanges, GetPageRangesDiff, IncrementalCopyBlob, PutAppendBlob, PutBlob,
    PutBlobFromUrl, PutBlock, PutBlockFromUrl, PutBlockList, PutPageBlob, PutPages, PutPagesFromUrl,
    ResizePageBlob, SealAppendBlob, SetBlobMetadata, SetBlobProperties, SetBlobTags, SetBlobTier,
    SetImmutabilityPolicy, SetLegalHold, SetSequenceNumber, SnapshotBlob,
};
#[cfg(feature = "provisioning")]
use crate::operations::{DeleteContainer, SetContainerAcl, SetContainerMetadata};
use crate::{
    AppendConditions, ContentHeaders, CustomerKey, Error, ImmutabilityPolicy, SequenceNumberConditions,
    SourcePart, TagCondition,
};

mod sealed {
    use lazuli_protocol::Operation;

    #[expect(
        unnameable_types,
        reason = "a bound that only this crate can meet, so that the traits below can grow"
    )]
    pub trait Sealed: Operation {}
}

/// Declares traits that give a part of an operation, and says which operations have which.
macro_rules! parts {
    ($($(#[$doc:meta])* $trait:ident { $($part:ident: $type:ty,)+ })*) => {$(
        $(#[$doc])*
        pub trait $trait: sealed::Sealed {
            $(
                #[doc(hidden)]
                fn $part(&mut self) -> &mut $type;
            )+
        }
    )*};
}

parts! {
    /// Operations that take conditions.
    Conditional { conditions: Conditions, }
    /// Operations that take a condition on a blob's tags.
    TagConditional { tag_conditions: Conditions, }
    /// Operations on what may be leased.
    Leased { lease_id: Option<LeaseId>, }
    /// Operations that write the headers that a blob is read with.
    Describes { headers: ContentHeaders, }
    /// Operations that write tags.
    Tagged { tags: BlobTags, }
    /// Operations that say how long a blob must stay as it is.
    Retained { immutability_policy: Option<ImmutabilityPolicy>, legal_hold: Option<bool>, }
    /// Operations that put a blob in a tier.
    Tiered { access_tier: Option<AccessTier>, }
    /// Operations that write metadata.
    WritesMetadata { metadata: Metadata, }
    /// Operations that send content.
    SendsContent { checksum: Option<Checksum>, in_segments: bool, body: Body, }
    /// Operations that can read an older state of a blob.
    ReadsBlob { snapshot: Option<String>, version_id: Option<String>, }
    /// Operations on content that may be encrypted with a key of the customer's own.
    CustomerKeyed { customer_key: Option<CustomerKey>, }
    /// Operations that may encrypt what they write with a scope of the account.
    Scoped { encryption_scope: Option<String>, }
    /// Operations that add to an append blob.
    Appends { append: AppendConditions, }
    /// Operations that write pages.
    Sequenced { sequence: SequenceNumberConditions, }
    /// Operations whose content is a part of what is at a URL.
    ReadsByUrl { part: SourcePart, }
}

/// Which operations have which parts. A part is the field of its name, unless `at` says where else it is.
macro_rules! operations {
    ($($operation:ident: $($trait:ident)*;)*) => {
        $(impl sealed::Sealed for $operation {} $(operations!(@ $trait $operation);)*)*
    };
    (@ Conditional $o:ident) => { operations!(@@ Conditional $o { conditions: Conditions = conditions, }); };
    (@ TagConditional $o:ident) => { operations!(@@ TagConditional $o { tag_conditions: Conditions = conditions, }); };
    (@ Leased $o:ident) => { operations!(@@ Leased $o { lease_id: Option<LeaseId> = lease_id, }); };
    // All that a blob keeps beside its content.
    (@ Describes $o:ident) => {
        operations!(@ Described $o);
        operations!(@ Retained $o);
    };
    // The same but for what keeps it from being changed.
    (@ Described $o:ident) => {
        operations!(@@ Describes $o { headers: ContentHeaders = attributes.headers, });
        operations!(@ Annotated $o);
    };
    // The same as all but for the headers.
    (@ Attributed $o:ident) => {
        operations!(@ Annotated $o);
        operations!(@ Retained $o);
    };
    (@ Annotated $o:ident) => {
        operations!(@@ WritesMetadata $o { metadata: Metadata = attributes.metadata, });
        operations!(@@ Tagged $o { tags: BlobTags = attributes.tags, });
    };
    (@ Retained $o:ident) => {
        operations!(@@ Retained $o {
            immutability_policy: Option<ImmutabilityPolicy> = attributes.immutability_policy,
            legal_hold: Option<bool> = attributes.legal_hold,
        });
    };
    (@ Tags $o:ident) => { operations!(@@ Tagged $o { tags: BlobTags = tags, }); };
    (@ SetsHeaders $o:ident) => { operations!(@@ Describes $o { headers: ContentHeaders = headers, }); };
    (@ ReadsByUrl $o:ident) => { operations!(@@ ReadsByUrl $o { part: SourcePart = part, }); };
    (@ Tiered $o:ident) => { operations!(@@ Tiered $o { access_tier: Option<AccessTier> = attributes.access_tier, }); };
    (@ WritesMetadata $o:ident) => { operations!(@@ WritesMetadata $o { metadata: Metadata = metadata, }); };
    (@ SendsContent $o:ident) => {
        operations!(@@ SendsContent $o {
            checksum: Option<Checksum> = checksum,
            in_segments: bool = in_segments,
            body: Body = body,
        });
    };
    (@ ReadsBlob $o:ident) => {
        operations!(@@ ReadsBlob $o { snapshot: Option<String> = snapshot, version_id: Option<String> = version_id, });
    };
    (@ CustomerKeyed $o:ident) => {
        operations!(@@ CustomerKeyed $o { customer_key: Option<CustomerKey> = customer_key, });
    };
    (@ Scoped $o:ident) => { operations!(@@ Scoped $o { encryption_scope: Option<String> = encryption_scope, }); };
    (@ Appends $o:ident) => { operations!(@@ Appends $o { append: AppendConditions = append, }); };
    (@ Sequenced $o:ident) => { operations!(@@ Sequenced $o { sequence: SequenceNumberConditions = sequence, }); };
    (@@ $trait:ident $o:ident { $($part:ident: $type:ty = $($field:ident).+,)+ }) => {
        impl $trait for $o {
            $(fn $part(&mut self) -> &mut $type {
                &mut self.$($field).+
            })+
        }
    };
}

operations! {
    PutBlob: Conditional TagConditional Leased Describes Tiered SendsContent CustomerKeyed Scoped;
    PutBlock: Leased SendsContent CustomerKeyed Scoped;
    PutBlockList: Conditional TagConditional Leased Describes Tiered CustomerKeyed Scoped;
    GetBlockList: TagConditional Leased;
    GetBlob: Conditional TagConditional Leased ReadsBlob CustomerKeyed;
    GetBlobProperties: Conditional TagConditional Leased ReadsBlob CustomerKeyed;
    SetBlobMetadata: Conditional TagConditional Leased WritesMetadata CustomerKeyed Scoped;
    DeleteBlob: Conditional TagConditional Leased ReadsBlob;
    PutAppendBlob: Conditional TagConditional Leased Describes CustomerKeyed Scoped;
    AppendBlock: Conditional TagConditional Leased SendsContent CustomerKeyed Scoped Appends;
    SealAppendBlob: Conditional Leased;
    PutPageBlob: Conditional TagConditional Leased Describes Tiered CustomerKeyed Scoped;
    PutPages: Conditional TagConditional Leased SendsContent CustomerKeyed Scoped Sequenced;
    ClearPages: Conditional TagConditional Leased CustomerKeyed Scoped Sequenced;
    GetPageRanges: Conditional TagConditional Leased;
    ResizePageBlob: Conditional TagConditional Leased CustomerKeyed Scoped;
    SetSequenceNumber: Conditional TagConditional Leased;
    GetBlobTags: Conditional TagConditional Leased ReadsBlob;
    SetBlobTags: Conditional TagConditional Leased Tags;
    SetImmutabilityPolicy: ReadsBlob;
    DeleteImmutabilityPolicy: ReadsBlob;
    SetLegalHold: ReadsBlob;
    GetContainerProperties: Leased;
    GetContainerAcl: Leased;
    CopyBlob: Conditional TagConditional Leased Attributed Tiered;
    CopyBlobFromUrl: Conditional TagConditional Leased Attributed Tiered Scoped;
    AbortCopyBlob: Leased;
    IncrementalCopyBlob: Conditional TagConditional;
    PutBlobFromUrl: Conditional TagConditional Leased Described Tiered CustomerKeyed Scoped;
    PutBlockFromUrl: Leased CustomerKeyed Scoped ReadsByUrl;
    AppendBlockFromUrl: Conditional TagConditional Leased CustomerKeyed Scoped ReadsByUrl Appends;
    PutPagesFromUrl: Conditional TagConditional Leased CustomerKeyed Scoped ReadsByUrl Sequenced;
    SetBlobTier: TagConditional Leased ReadsBlob;
    SnapshotBlob: Conditional TagConditional Leased WritesMetadata CustomerKeyed Scoped;
    SetBlobProperties: Conditional TagConditional Leased SetsHeaders;
    AcquireBlobLease: Conditional TagConditional;
    RenewBlobLease: Conditional TagConditional;
    ChangeBlobLease: Conditional TagConditional;
    ReleaseBlobLease: Conditional TagConditional;
    BreakBlobLease: Conditional TagConditional;
}

#[cfg(feature = "query")]
use crate::operations::QueryBlobContents;
#[cfg(feature = "query")]
operations! {
    QueryBlobContents: Conditional TagConditional Leased CustomerKeyed;
}

#[cfg(feature = "provisioning")]
operations! {
    SetContainerMetadata: Leased WritesMetadata;
    SetContainerAcl: Leased;
    DeleteContainer: Leased;
}

// What is compared with a snapshot is asked for as it is without one.
impl sealed::Sealed for GetPageRangesDiff {}
operations!(@@ Conditional GetPageRangesDiff { conditions: Conditions = ranges.conditions, });
operations!(@@ TagConditional GetPageRangesDiff { tag_conditions: Conditions = ranges.conditions, });
operations!(@@ Leased GetPageRangesDiff { lease_id: Option<LeaseId> = ranges.lease_id, });

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

impl<O: TagConditional> Call<O> {
    /// Only if the blob's tags are so: [`tag("project").eq("apollo")`](crate::tag), or a text such as `"project" = 'apollo' AND "year" >= '1969'`.
    pub fn if_tags(self, condition: impl Into<TagCondition>) -> Self {
        self.try_with(|operation| {
            let expression = condition.into().text()?;
            let conditions = operation.tag_conditions();
            *conditions = std::mem::take(conditions).if_tags(expression);
            Ok(())
        })
    }
}

impl<O: Leased> Call<O> {
    /// Shows that the caller holds the lease. A write to what is leased needs it; a read that shows it fails when the lease is not held.
    pub fn lease(self, id: LeaseId) -> Self {
        self.with(|operation| *operation.lease_id() = Some(id))
    }
}

impl<O: Describes> Call<O> {
    /// Keeps a `Content-Type` with the blob.
    pub fn content_type(self, value: impl Into<String>) -> Self {
        self.with(|operation| operation.headers().content_type = Some(value.into()))
    }

    /// Keeps a `Content-Encoding` with the blob.
    pub fn content_encoding(self, value: impl Into<String>) -> Self {
        self.with(|operation| operation.headers().content_encoding = Some(value.into()))
    }

    /// Keeps a `Content-Language` with the blob.
    pub fn content_language(self, value: impl Into<String>) -> Self {
        self.with(|operation| operation.headers().content_language = Some(value.into()))
    }

    /// Keeps a `Content-Disposition` with the blob.
    pub fn content_disposition(self, value: impl Into<String>) -> Self {
        self.with(|operation| operation.headers().content_disposition = Some(value.into()))
    }

    /// Keeps a `Cache-Control` with the blob.
    pub fn cache_control(self, value: impl Into<String>) -> Self {
        self.with(|operation| operation.headers().cache_control = Some(value.into()))
    }

    /// Keeps all these headers with the blob.
    pub fn headers(self, headers: ContentHeaders) -> Self {
        self.with(|operation| *operation.headers() = headers)
    }
}

impl<O: Tagged> Call<O> {
    /// Gives the blob a tag, beside those that were named before. The credential must allow it.
    pub fn tag(self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.try_with(|operation| Ok(operation.tags().insert(key, value)?))
    }
}

impl<O: Retained> Call<O> {
    /// Keeps the blob from being changed or deleted for a time.
    pub fn immutability_policy(self, policy: ImmutabilityPolicy) -> Self {
        self.with(|operation| *operation.immutability_policy() = Some(policy))
    }

    /// Keeps the blob from being changed or deleted until the hold is taken away.
    pub fn legal_hold(self, held: bool) -> Self {
        self.with(|operation| *operation.legal_hold() = Some(held))
    }
}

impl<O: Tiered> Call<O> {
    /// Puts the blob in a price class.
    pub fn access_tier(self, tier: AccessTier) -> Self {
        self.with(|operation| *operation.access_tier() = Some(tier))
    }
}

impl<O: WritesMetadata> Call<O> {
    /// Keeps a pair with the blob or the container, beside those that were named before.
    pub fn metadata(self, name: &str, value: impl Into<String>) -> Self {
        self.try_with(|operation| Ok(operation.metadata().insert(name, value)?))
    }
}

impl<O: SendsContent> Call<O> {
    /// Has the service refuse the content if it does not arrive with this checksum.
    ///
    /// Content in memory is sent with its CRC64 anyway, and the CRC64 of a stream or a file is held against what the service says to have received.
    pub fn checksum(self, checksum: Checksum) -> Self {
        self.with(|operation| *operation.checksum() = Some(checksum))
    }

    /// Sends the MD5 of the content in place of its CRC64. It is computed here, of content in memory; of other content, it is an error.
    pub fn md5(self) -> Self {
        self.try_with(|operation| {
            let Some(md5) = operation.body().as_bytes().map(Md5::of) else {
                let message =
                    "an MD5 is computed of content in memory; give that of other content as a checksum";
                return Err(Error::from(lazuli_protocol::Error::new(
                    ErrorKind::InvalidInput,
                    message,
                )));
            };
            *operation.checksum() = Some(Checksum::Md5(md5));
            Ok(())
        })
    }

    /// Sends the content in segments of 4 MiB with a CRC64 each, which the service checks before it stores anything. It works for a stream or a file as for content in
    /// memory, and holds none of it. It takes the place of the other checksums: the call fails if it has one of them too.
    ///
    /// Only for services that know of it, as Azure does from version 2025-01-05 on. One that does not stores the segments as if they were the content.
    ///
    /// ```no_run
    /// # async fn example(blob: lazuli_blob::BlobClient, file: std::fs::File) -> Result<(), Box<dyn std::error::Error>> {
    /// use lazuli_protocol::{Body, FilePart};
    ///
    /// let length = file.metadata()?.len();
    /// let body = Body::file(FilePart { file: file.into(), offset: 0, length });
    /// blob.upload(body).in_segments().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::InvalidResponse`](crate::ErrorKind::InvalidResponse) when the service does not say that it took the content out of its segments: what is stored then
    /// may be the segments. A segment that arrived damaged is refused, with nothing stored.
    pub fn in_segments(self) -> Self {
        self.with(|operation| *operation.in_segments() = true)
    }
}

impl<O: ReadsBlob> Call<O> {
    /// Takes a snapshot of the blob, by its id.
    pub fn snapshot(self, id: impl Into<String>) -> Self {
        self.with(|operation| *operation.snapshot() = Some(id.into()))
    }

    /// Takes a version of the blob, by its id.
    pub fn version(self, id: impl Into<String>) -> Self {
        self.with(|operation| *operation.version_id() = Some(id.into()))
    }
}

impl<O: CustomerKeyed> Call<O> {
    /// Encrypts what is written, or decrypts what is read, with a key of the caller's own. Over TLS only.
    pub fn customer_key(self, key: CustomerKey) -> Self {
        self.with(|operation| *operation.customer_key() = Some(key))
    }
}

impl<O: Scoped> Call<O> {
    /// Encrypts what is written with this scope of the account.
    pub fn encryption_scope(self, name: impl Into<String>) -> Self {
        self.with(|operation| *operation.encryption_scope() = Some(name.into()))
    }
}

impl<O: Appends> Call<O> {
    /// Only if the blob has exactly so many bytes. An append that says so can be tried again after trouble.
    pub fn at_position(self, position: u64) -> Self {
        self.with(|operation| operation.append().position = Some(position))
    }

    /// Only if the blob has at most so many bytes afterwards.
    pub fn max_size(self, bytes: u64) -> Self {
        self.with(|operation| operation.append().max_size = Some(bytes))
    }
}

impl<O: Sequenced> Call<O> {
    /// Only if the blob's sequence number is at most this.
    pub fn if_sequence_number_le(self, number: u64) -> Self {
        self.with(|operation| operation.sequence().at_most = Some(number))
    }

    /// Only if the blob's sequence number is less than this.
    pub fn if_sequence_number_lt(self, number: u64) -> Self {
        self.with(|operation| operation.sequence().less_than = Some(number))
    }

    /// Only if the blob's sequence number is this.
    pub fn if_sequence_number_eq(self, number: u64) -> Self {
        self.with(|operation| operation.sequence().equal_to = Some(number))
    }
}

impl<O: ReadsByUrl> Call<O> {
    /// Takes only these bytes of the source: `0..1024`, `512..`.
    pub fn source_range(self, range: impl Into<ByteRange>) -> Self {
        self.with(|operation| operation.part().range = Some(range.into()))
    }

    /// Has the service refuse what it reads if it does not have this checksum.
    pub fn source_checksum(self, checksum: Checksum) -> Self {
        self.with(|operation| operation.part().checksum = Some(checksum))
    }
}
