//! Which typed operation serves which row: the one table to add to. A row that is not here is missing, and the report says so.

use std::fmt::Debug;

use bytes::Bytes;
use futures_util::{FutureExt as _, StreamExt as _};
use http::{HeaderMap, Request, response};
use lazuli_blob::operations as ops;
use lazuli_blob::{BlobProperties, CopiedFrom, Download, QueryResult, WithHead};
use lazuli_protocol::{Body, Error, Operation, ResponseBody, xml};
use secrecy::ExposeSecret as _;

use crate::builders::{
    access, append, batch, blobs, blocks, containers, copies, keeping, leases, listing, pages, query,
    service, tags,
};
use crate::exchange::Exchange;
use crate::wanted::Wanted;

/// A row that the client has.
pub(crate) struct Served {
    pub(crate) row: &'static str,
    /// The operation's name.
    pub(crate) operation: &'static str,
    /// Reads a recorded answer.
    pub(crate) read: fn(response::Parts, Bytes) -> Result<Shown, Error>,
    /// Makes a recorded request again.
    pub(crate) build: fn(&Wanted) -> Result<Request<Body>, Error>,
}

/// What an output tells.
#[derive(Debug)]
pub(crate) struct Shown {
    /// All that it holds, as text.
    pub(crate) text: String,
    /// The content of a download, if it came whole.
    pub(crate) content: Option<Result<Bytes, lazuli_blob::Error>>,
    /// The headers that the answer came with.
    pub(crate) headers: HeaderMap,
}

macro_rules! served {
    ($($row:literal: $operation:ty, $build:path $(, $show:path)?;)*) => {
        const SERVED: &[Served] = &[$(Served {
            row: $row,
            operation: <$operation>::INFO.name,
            read: |parts, body| served!(@read $operation, parts, body $(, $show)?),
            build: |wanted| {
                let operation: $operation = $build(wanted)?;
                operation.request(&wanted.endpoint)
            },
        },)*];
    };
    (@read $operation:ty, $parts:ident, $body:ident) => { read::<$operation>($parts, $body, plain) };
    (@read $operation:ty, $parts:ident, $body:ident, $show:path) => { read::<$operation>($parts, $body, $show) };
}

// The row, its operation, who builds it from a recorded request, and who shows its output where `Debug` does not show all.
served! {
    "service.set_properties": ops::SetServiceProperties, service::set_service_properties;
    "service.get_properties": ops::GetServiceProperties, service::get_service_properties;
    "service.get_statistics": ops::GetServiceStats, service::get_service_stats;
    "service.list_containers_segment": ops::ListContainers, listing::list_containers;
    "service.get_user_delegation_key": ops::GetUserDelegationKey, service::get_user_delegation_key, key;
    "service.get_account_info": ops::GetAccountInformation, service::account_of_service;
    "service.filter_blobs": ops::FindBlobsByTags, tags::find_in_account;

    "service.submit_batch": ops::SubmitBatch<ops::DeleteBlob>, batch::deletes;
    "service.submit_batch": ops::SubmitBatch<ops::SetBlobTier>, batch::tiers;

    "container.create": ops::CreateContainer, containers::create_container;
    "container.get_properties": ops::GetContainerProperties, containers::get_container_properties;
    "container.delete": ops::DeleteContainer, containers::delete_container;
    "container.set_metadata": ops::SetContainerMetadata, containers::set_container_metadata;
    "container.get_access_policy": ops::GetContainerAcl, access::get_container_acl;
    "container.set_access_policy": ops::SetContainerAcl, access::set_container_acl;
    "container.restore": ops::RestoreContainer, containers::restore_container;
    "container.rename": ops::RenameContainer, containers::rename_container;
    "container.filter_blobs": ops::FindBlobsByTags, tags::find_in_container;
    "container.submit_batch": ops::SubmitBatch<ops::DeleteBlob>, batch::deletes_in_container;
    "container.submit_batch": ops::SubmitBatch<ops::SetBlobTier>, batch::tiers_in_container;
    "container.acquire_lease": ops::AcquireLease<ops::LeasedContainer>, leases::acquire, held;
    "container.release_lease": ops::ReleaseLease<ops::LeasedContainer>, leases::release;
    "container.renew_lease": ops::RenewLease<ops::LeasedContainer>, leases::renew, held;
    "container.break_lease": ops::BreakLease<ops::LeasedContainer>, leases::broken;
    "container.change_lease": ops::ChangeLease<ops::LeasedContainer>, leases::change, held;
    "container.list_blob_flat_segment": ops::ListBlobs, listing::list_blobs;
    "container.list_blob_flat_segment_apache_arrow": ops::ListBlobs, listing::list_blobs_arrow;
    "container.list_blob_hierarchy_segment": ops::ListBlobs, listing::list_blobs;
    "container.list_blob_hierarchy_segment_apache_arrow": ops::ListBlobs, listing::list_blobs_arrow;
    "container.get_account_info": ops::GetAccountInformation, service::account_of_container;

    "blob.download": ops::GetBlob, blobs::get_blob, download;
    "blob.get_properties": ops::GetBlobProperties, blobs::get_blob_properties, properties;
    "blob.delete": ops::DeleteBlob, blobs::delete_blob;
    "blob.undelete": ops::UndeleteBlob, blobs::undelete_blob;
    "blob.set_expiry": ops::SetBlobExpiry, keeping::set_blob_expiry;
    "blob.set_http_headers": ops::SetBlobProperties, blobs::set_blob_properties;
    "blob.set_immutability_policy": ops::SetImmutabilityPolicy, keeping::set_immutability_policy;
    "blob.delete_immutability_policy": ops::DeleteImmutabilityPolicy, keeping::delete_immutability_policy;
    "blob.set_legal_hold": ops::SetLegalHold, keeping::set_legal_hold;
    "blob.set_metadata": ops::SetBlobMetadata, blobs::set_blob_metadata;
    "blob.acquire_lease": ops::AcquireLease<ops::LeasedBlob>, leases::acquire, held;
    "blob.release_lease": ops::ReleaseLease<ops::LeasedBlob>, leases::release;
    "blob.renew_lease": ops::RenewLease<ops::LeasedBlob>, leases::renew, held;
    "blob.change_lease": ops::ChangeLease<ops::LeasedBlob>, leases::change, held;
    "blob.break_lease": ops::BreakLease<ops::LeasedBlob>, leases::broken;
    "blob.create_snapshot": ops::SnapshotBlob, blobs::snapshot_blob;
    "blob.start_copy_from_url": ops::CopyBlob, copies::copy_blob;
    "blob.copy_from_url": ops::CopyBlobFromUrl, copies::copy_blob_from_url;
    "blob.abort_copy_from_url": ops::AbortCopyBlob, copies::abort_copy_blob;
    "blob.set_tier": ops::SetBlobTier, blobs::set_blob_tier;
    "blob.get_account_info": ops::GetAccountInformation, service::account_of_blob;
    "blob.query": ops::QueryBlobContents, query::query_blob_contents, result;
    "blob.get_tags": ops::GetBlobTags, tags::get_blob_tags;
    "blob.set_tags": ops::SetBlobTags, tags::set_blob_tags;

    "blockblob.upload": ops::PutBlob, blocks::put_blob;
    "blockblob.put_blob_from_url": ops::PutBlobFromUrl, copies::put_blob_from_url;
    "blockblob.stage_block": ops::PutBlock, blocks::put_block;
    "blockblob.stage_block_from_url": ops::PutBlockFromUrl, copies::put_block_from_url;
    "blockblob.commit_block_list": ops::PutBlockList, blocks::put_block_list;
    "blockblob.get_block_list": ops::GetBlockList, blocks::get_block_list;

    "appendblob.create": ops::PutAppendBlob, append::put_append_blob;
    "appendblob.append_block": ops::AppendBlock, append::append_block;
    "appendblob.append_block_from_url": ops::AppendBlockFromUrl, append::append_block_from_url;
    "appendblob.seal": ops::SealAppendBlob, append::seal_append_blob;

    "pageblob.create": ops::PutPageBlob, pages::put_page_blob;
    "pageblob.upload_pages": ops::PutPages, pages::put_pages;
    "pageblob.clear_pages": ops::ClearPages, pages::clear_pages;
    "pageblob.upload_pages_from_url": ops::PutPagesFromUrl, pages::put_pages_from_url;
    "pageblob.get_page_ranges": ops::GetPageRanges, pages::get_page_ranges;
    "pageblob.get_page_ranges_diff": ops::GetPageRangesDiff, pages::get_page_ranges_diff;
    "pageblob.resize": ops::ResizePageBlob, pages::resize;
    "pageblob.update_sequence_number": ops::SetSequenceNumber, pages::set_sequence_number;
    "pageblob.copy_incremental": ops::IncrementalCopyBlob, copies::incremental_copy_blob;
}

/// Who serves a row.
pub(crate) fn of(row: &str) -> Option<&'static Served> {
    SERVED.iter().find(|served| served.row == row)
}

/// Who serves an exchange. A batch is of one kind or another: tiers come after deletes in the table.
pub(crate) fn by(row: &str, exchange: &Exchange) -> Option<&'static Served> {
    let mut serving = SERVED.iter().filter(|served| served.row == row);
    let of_tiers = row.ends_with(".submit_batch") && changes_tiers(exchange);
    serving.nth(usize::from(of_tiers))
}

/// Whether a batch changes tiers: where its body was lost, the answers tell.
fn changes_tiers(exchange: &Exchange) -> bool {
    let holds = |body: Option<Bytes>, word: &str| {
        body.is_some_and(|body| String::from_utf8_lossy(&body).contains(word))
    };
    holds(exchange.request.body(), "comp=tier") || holds(exchange.response.body(), "HTTP/1.1 200")
}

/// An output as text, and its content if it has any.
type Told = (String, Option<Result<Bytes, lazuli_blob::Error>>);
type Show<T> = fn(T) -> Told;

fn read<O: Operation>(parts: response::Parts, body: Bytes, show: Show<O::Output>) -> Result<Shown, Error> {
    let answered = now(WithHead::<O>::response(parts, ResponseBody::from(body)))?;
    let (text, content) = show(answered.output);
    Ok(Shown {
        text,
        content,
        headers: answered.headers,
    })
}

fn plain<T: Debug>(output: T) -> Told {
    (format!("{output:?}"), None)
}

/// The ids of leases are secrets, and so are URLs that may be signed: `Debug` shows neither.
fn held(held: ops::LeaseHeld) -> Told {
    let id = held.lease_id.map(|id| id.expose());
    (format!("{held:?} {id:?}"), None)
}

fn properties(properties: BlobProperties) -> Told {
    (of_a_blob(&properties), None)
}

fn of_a_blob(properties: &BlobProperties) -> String {
    let source = properties.copy_source.as_ref().map(CopiedFrom::expose);
    format!("{properties:?} {source:?}")
}

fn download(download: Download) -> Told {
    let text = format!("{download:?} {}", of_a_blob(download.properties()));
    (text, Some(now(download.bytes())))
}

fn result(result: QueryResult) -> Told {
    let text = of_a_blob(result.properties());
    // The frames are decoded to their end; what they hold is for the tests of the client.
    let events = now(result.into_events().collect::<Vec<_>>());
    (format!("{text} {events:?}"), None)
}

fn key(key: xml::UserDelegationKey) -> Told {
    (format!("{key:?} {}", key.value.expose_secret()), None)
}

/// What a future gives that waits for nothing: these bodies are all there.
fn now<F: Future>(future: F) -> F::Output {
    future.now_or_never().expect("it waits, and nothing will come")
}
