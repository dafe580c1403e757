//! The operations of the Blob service, each a plain value: what is to be sent, and how the answer is read.
//!
//! The clients build these for you. They are public for those who bring an HTTP client of their own: an operation becomes a
//! [`Request`](http::Request) by [`Operation::request`](lazuli_protocol::Operation::request), and reads the
//! [`Response`](http::Response) back by [`Operation::response`](lazuli_protocol::Operation::response).
//!
//! ```
//! use lazuli_blob::operations::DeleteBlob;
//! use lazuli_protocol::{BlobName, ContainerName, Endpoint, Operation as _};
//!
//! let operation = DeleteBlob::new(ContainerName::new("logs")?, BlobName::new("2025/a.txt")?);
//! let request = operation.request(&Endpoint::parse("https://example.blob.core.windows.net")?)?;
//! assert_eq!(request.method(), "DELETE");
//! assert_eq!(request.uri(), "https://example.blob.core.windows.net/logs/2025/a.txt");
//! # Ok::<(), lazuli_protocol::Error>(())
//! ```

mod abort_copy_blob;
mod acquire_lease;
mod append_block;
mod append_block_from_url;
mod break_lease;
mod change_lease;
mod clear_pages;
mod content;
mod copy_blob;
mod copy_blob_from_url;
#[cfg(feature = "provisioning")]
mod create_container;
mod delete_blob;
#[cfg(feature = "provisioning")]
mod delete_container;
mod delete_immutability_policy;
mod find_blobs_by_tags;
mod get_account_information;
mod get_blob;
mod get_blob_properties;
mod get_blob_tags;
mod get_block_list;
mod get_container_acl;
mod get_container_properties;
mod get_page_ranges;
mod get_page_ranges_diff;
mod get_service_properties;
mod get_service_stats;
mod get_user_delegation_key;
mod incremental_copy_blob;
mod lease_target;
mod list_blobs;
#[cfg(feature = "provisioning")]
mod list_containers;
mod listing;
mod put_append_blob;
mod put_blob;
mod put_blob_from_url;
mod put_block;
mod put_block_from_url;
mod put_block_list;
mod put_page_blob;
mod put_pages;
mod put_pages_from_url;
#[cfg(feature = "query")]
mod query_blob_contents;
mod release_lease;
#[cfg(feature = "provisioning")]
mod rename_container;
mod renew_lease;
mod request;
mod resize_page_blob;
#[cfg(feature = "provisioning")]
mod restore_container;
mod seal_append_blob;
mod set_blob_expiry;
mod set_blob_metadata;
mod set_blob_properties;
mod set_blob_tags;
mod set_blob_tier;
#[cfg(feature = "provisioning")]
mod set_container_acl;
#[cfg(feature = "provisioning")]
mod set_container_metadata;
mod set_immutability_policy;
mod set_legal_hold;
mod set_sequence_number;
#[cfg(feature = "provisioning")]
mod set_service_properties;
mod snapshot_blob;
mod submit_batch;
mod undelete_blob;

pub use abort_copy_blob::{AbortCopyBlob, CopyAborted};
pub use acquire_lease::{AcquireLease, LeaseTime};
pub use append_block::{AppendBlock, BlockAppended};
pub use append_block_from_url::AppendBlockFromUrl;
pub use break_lease::{BreakLease, LeaseBroken};
pub use change_lease::ChangeLease;
pub use clear_pages::ClearPages;
pub use copy_blob::{CopyBlob, CopyStarted};
pub use copy_blob_from_url::{BlobCopied, CopyBlobFromUrl};
#[cfg(feature = "provisioning")]
pub use create_container::{ContainerCreated, CreateContainer};
pub use delete_blob::{BlobDeleted, DeleteBlob, DeleteSnapshots};
#[cfg(feature = "provisioning")]
pub use delete_container::{ContainerDeleted, DeleteContainer};
pub use delete_immutability_policy::{DeleteImmutabilityPolicy, ImmutabilityPolicyDeleted};
pub use find_blobs_by_tags::FindBlobsByTags;
pub use get_account_information::{AccountInformation, AccountScope, GetAccountInformation};
pub use get_blob::{GetBlob, RangeChecksum, Segments};
pub use get_blob_properties::GetBlobProperties;
pub use get_blob_tags::GetBlobTags;
pub use get_block_list::{BlobBlocks, GetBlockList};
pub use get_container_acl::{ContainerAcl, GetContainerAcl};
pub use get_container_properties::{ContainerProperties, GetContainerProperties};
pub use get_page_ranges::{GetPageRanges, PageRanges};
pub use get_page_ranges_diff::{GetPageRangesDiff, PreviousSnapshot};
pub use get_service_properties::GetServiceProperties;
pub use get_service_stats::GetServiceStats;
pub use get_user_delegation_key::GetUserDelegationKey;
pub use incremental_copy_blob::IncrementalCopyBlob;
pub(crate) use lease_target::Leasable;
pub use lease_target::{LeaseHeld, LeaseTarget, LeasedBlob, LeasedContainer};
pub use list_blobs::{ListBlobs, ListBlobsInclude};
#[cfg(feature = "provisioning")]
pub use list_containers::{ListContainers, ListContainersInclude};
pub use put_append_blob::PutAppendBlob;
pub use put_blob::{BlobWritten, PutBlob};
pub use put_blob_from_url::PutBlobFromUrl;
pub use put_block::{BlockPut, PutBlock};
pub use put_block_from_url::PutBlockFromUrl;
pub use put_block_list::PutBlockList;
pub use put_page_blob::PutPageBlob;
pub use put_pages::{PagesWritten, PutPages};
pub use put_pages_from_url::PutPagesFromUrl;
#[cfg(feature = "query")]
pub use query_blob_contents::QueryBlobContents;
pub use release_lease::{LeaseReleased, ReleaseLease};
#[cfg(feature = "provisioning")]
pub use rename_container::{ContainerRenamed, RenameContainer};
pub use renew_lease::RenewLease;
pub(crate) use request::set as set_header;
pub use resize_page_blob::{PageBlobSet, ResizePageBlob};
#[cfg(feature = "provisioning")]
pub use restore_container::{ContainerRestored, RestoreContainer};
pub use seal_append_blob::{BlobSealed, SealAppendBlob};
pub use set_blob_expiry::{Expiry, ExpirySet, SetBlobExpiry};
pub use set_blob_metadata::{MetadataSet, SetBlobMetadata};
pub use set_blob_properties::{PropertiesSet, SetBlobProperties};
pub use set_blob_tags::{SetBlobTags, TagsSet};
pub use set_blob_tier::{SetBlobTier, TierSet};
#[cfg(feature = "provisioning")]
pub use set_container_acl::{ContainerAclSet, SetContainerAcl};
#[cfg(feature = "provisioning")]
pub use set_container_metadata::{ContainerMetadataSet, SetContainerMetadata};
pub use set_immutability_policy::{ImmutabilityPolicySet, SetImmutabilityPolicy};
pub use set_legal_hold::{LegalHoldSet, SetLegalHold};
pub use set_sequence_number::{SequenceNumberChange, SetSequenceNumber};
#[cfg(feature = "provisioning")]
pub use set_service_properties::{ServicePropertiesSet, SetServiceProperties};
pub use snapshot_blob::{SnapshotBlob, SnapshotTaken};
pub use submit_batch::{BatchAnswers, Batched, SubmitBatch};
pub use undelete_blob::{BlobUndeleted, UndeleteBlob};
