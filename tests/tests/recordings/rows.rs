//! The operations of the Blob service, a row each, and which of them a recorded exchange is.

use crate::exchange::Exchange;

/// Every operation, as `group.name`.
pub(crate) const ROWS: [&str; 71] = [
    "service.set_properties",
    "service.get_properties",
    "service.get_statistics",
    "service.list_containers_segment",
    "service.get_user_delegation_key",
    "service.get_account_info",
    "service.submit_batch",
    "service.filter_blobs",
    "container.create",
    "container.get_properties",
    "container.delete",
    "container.set_metadata",
    "container.get_access_policy",
    "container.set_access_policy",
    "container.restore",
    "container.rename",
    "container.submit_batch",
    "container.filter_blobs",
    "container.acquire_lease",
    "container.release_lease",
    "container.renew_lease",
    "container.break_lease",
    "container.change_lease",
    "container.list_blob_flat_segment",
    "container.list_blob_flat_segment_apache_arrow",
    "container.list_blob_hierarchy_segment",
    "container.list_blob_hierarchy_segment_apache_arrow",
    "container.get_account_info",
    "blob.download",
    "blob.get_properties",
    "blob.delete",
    "blob.undelete",
    "blob.set_expiry",
    "blob.set_http_headers",
    "blob.set_immutability_policy",
    "blob.delete_immutability_policy",
    "blob.set_legal_hold",
    "blob.set_metadata",
    "blob.acquire_lease",
    "blob.release_lease",
    "blob.renew_lease",
    "blob.change_lease",
    "blob.break_lease",
    "blob.create_snapshot",
    "blob.start_copy_from_url",
    "blob.copy_from_url",
    "blob.abort_copy_from_url",
    "blob.set_tier",
    "blob.get_account_info",
    "blob.query",
    "blob.get_tags",
    "blob.set_tags",
    "blockblob.upload",
    "blockblob.put_blob_from_url",
    "blockblob.stage_block",
    "blockblob.stage_block_from_url",
    "blockblob.commit_block_list",
    "blockblob.get_block_list",
    "appendblob.create",
    "appendblob.append_block",
    "appendblob.append_block_from_url",
    "appendblob.seal",
    "pageblob.create",
    "pageblob.upload_pages",
    "pageblob.clear_pages",
    "pageblob.upload_pages_from_url",
    "pageblob.get_page_ranges",
    "pageblob.get_page_ranges_diff",
    "pageblob.resize",
    "pageblob.update_sequence_number",
    "pageblob.copy_incremental",
];

/// What recordings call the operations that are told by their name alone.
const NAMED: &[(&str, &str)] = &[
    ("ListContainers", "service.list_containers_segment"),
    ("SetBlobServiceProperties", "service.set_properties"),
    ("GetBlobServiceProperties", "service.get_properties"),
    ("GetBlobServiceStats", "service.get_statistics"),
    ("GetUserDelegationKey", "service.get_user_delegation_key"),
    ("BlobBatch", "service.submit_batch"),
    ("FindBlobsByTags", "service.filter_blobs"),
    ("CreateContainer", "container.create"),
    ("GetContainerProperties", "container.get_properties"),
    ("SetContainerMetadata", "container.set_metadata"),
    ("GetContainerACL", "container.get_access_policy"),
    ("SetContainerACL", "container.set_access_policy"),
    ("DeleteContainer", "container.delete"),
    ("LeaseContainer.acquire", "container.acquire_lease"),
    ("LeaseContainer.renew", "container.renew_lease"),
    ("LeaseContainer.change", "container.change_lease"),
    ("LeaseContainer.release", "container.release_lease"),
    ("LeaseContainer.break", "container.break_lease"),
    ("RestoreContainer", "container.restore"),
    ("RenameContainer", "container.rename"),
    ("BlobBatch(container)", "container.submit_batch"),
    ("FindBlobsByTagsInContainer", "container.filter_blobs"),
    ("ListBlobs", "container.list_blob_flat_segment"),
    ("ListBlobs(hierarchy)", "container.list_blob_hierarchy_segment"),
    ("PutBlob(Page)", "pageblob.create"),
    ("PutBlob(Append)", "appendblob.create"),
    ("PutBlobFromURL", "blockblob.put_blob_from_url"),
    ("GetBlob", "blob.download"),
    ("GetBlobProperties", "blob.get_properties"),
    ("SetBlobMetadata", "blob.set_metadata"),
    ("GetBlobTags", "blob.get_tags"),
    ("SetBlobTags", "blob.set_tags"),
    ("LeaseBlob.acquire", "blob.acquire_lease"),
    ("LeaseBlob.renew", "blob.renew_lease"),
    ("LeaseBlob.change", "blob.change_lease"),
    ("LeaseBlob.release", "blob.release_lease"),
    ("LeaseBlob.break", "blob.break_lease"),
    ("SnapshotBlob", "blob.create_snapshot"),
    ("CopyBlob", "blob.start_copy_from_url"),
    ("CopyBlobFromURL", "blob.copy_from_url"),
    ("AbortCopyBlob", "blob.abort_copy_from_url"),
    ("DeleteBlob", "blob.delete"),
    ("UndeleteBlob", "blob.undelete"),
    ("SetBlobTier", "blob.set_tier"),
    ("QueryBlobContents", "blob.query"),
    ("SetBlobExpiry", "blob.set_expiry"),
    ("SetImmutabilityPolicy", "blob.set_immutability_policy"),
    ("DeleteImmutabilityPolicy", "blob.delete_immutability_policy"),
    ("SetLegalHold", "blob.set_legal_hold"),
    ("PutBlockFromURL", "blockblob.stage_block_from_url"),
    ("PutBlockList", "blockblob.commit_block_list"),
    ("GetBlockList", "blockblob.get_block_list"),
    ("PutPage.update", "pageblob.upload_pages"),
    ("PutPage.clear", "pageblob.clear_pages"),
    ("PutPageFromURL", "pageblob.upload_pages_from_url"),
    ("GetPageRanges", "pageblob.get_page_ranges"),
    ("GetPageRanges(diff)", "pageblob.get_page_ranges_diff"),
    ("IncrementalCopyBlob", "pageblob.copy_incremental"),
    ("AppendBlock", "appendblob.append_block"),
    ("AppendBlockFromURL", "appendblob.append_block_from_url"),
    ("SealAppendBlob", "appendblob.seal"),
];

/// The operation of an exchange; `None` of the few that have no row: Get Blob Metadata and Get Container Metadata tell what the properties tell
/// too, and a preflight request is a browser's.
pub(crate) fn of(exchange: &Exchange) -> Option<&'static str> {
    let asks = exchange.request.headers();
    let told = exchange.response.parts();
    let head = |name: &str| told.as_ref()?.headers.get(name)?.to_str().ok();
    if head("content-type").is_some_and(|kind| kind.contains("arrow")) {
        let folders = exchange.request.uri.contains("delimiter=");
        return Some(if folders { ARROW_FOLDERS } else { ARROW });
    }
    let named = NAMED.iter().find(|(name, _)| *name == exchange.op);
    if let Some((_, row)) = named {
        return Some(row);
    }
    let has = |name: &str| asks.contains_key(name);
    let tells = |name: &str| head(name).is_some();
    let status = exchange.response.status;
    Some(match exchange.op.as_str() {
        "GetAccountInformation" => match depth(&exchange.request.uri) {
            0 => "service.get_account_info",
            1 => "container.get_account_info",
            _ => "blob.get_account_info",
        },
        // Three operations share what the service calls Set Blob Properties.
        "SetBlobProperties" if has("x-ms-sequence-number-action") => "pageblob.update_sequence_number",
        "SetBlobProperties" if has("x-ms-blob-content-length") => "pageblob.resize",
        "SetBlobProperties" => "blob.set_http_headers",
        // A recorder that drops the source's URL leaves what else is said of it.
        "PutBlob(Block)" if of_a_source(&asks) => "blockblob.put_blob_from_url",
        "PutBlob(Block)" => "blockblob.upload",
        // No block is empty: what has no body is from a URL, in a header that was lost.
        "PutBlock" if exchange.request.body().is_some_and(|body| body.is_empty()) => {
            "blockblob.stage_block_from_url"
        }
        "PutBlock" => "blockblob.stage_block",
        // Where the request's headers were lost, the answer tells as much as the typed outputs need.
        "PutBlob/CopyBlob(?)" if has("x-ms-requires-sync") => "blob.copy_from_url",
        "PutBlob/CopyBlob(?)" if tells("x-ms-copy-id") => "blob.start_copy_from_url",
        "PutBlob/CopyBlob(?)" => "blockblob.upload",
        "PutPage.?" if exchange.request.body().is_some_and(|body| body.is_empty()) => "pageblob.clear_pages",
        "PutPage.?" => "pageblob.upload_pages",
        "LeaseBlob.?" => lease(status, &tells, &BLOB_LEASES),
        "LeaseContainer.?" => lease(status, &tells, &CONTAINER_LEASES),
        _ => return None,
    })
}

const ARROW: &str = "container.list_blob_flat_segment_apache_arrow";
const ARROW_FOLDERS: &str = "container.list_blob_hierarchy_segment_apache_arrow";

const BLOB_LEASES: [&str; 4] = [
    "blob.acquire_lease",
    "blob.break_lease",
    "blob.renew_lease",
    "blob.release_lease",
];
const CONTAINER_LEASES: [&str; 4] = [
    "container.acquire_lease",
    "container.break_lease",
    "container.renew_lease",
    "container.release_lease",
];

fn lease(status: u16, tells: &dyn Fn(&str) -> bool, rows: &[&'static str; 4]) -> &'static str {
    let [acquire, broken, renew, release] = rows;
    match status {
        202 => broken,
        200 if tells("x-ms-lease-id") => renew,
        200 => release,
        _ => acquire,
    }
}

fn of_a_source(headers: &http::HeaderMap) -> bool {
    let mut names = headers.keys().map(http::HeaderName::as_str);
    names.any(|name| name.starts_with("x-ms-source-") || name.starts_with("x-ms-copy-source"))
}

/// How many names a path has: none, a container's, or a blob's with it.
fn depth(uri: &str) -> usize {
    let path = uri.split('?').next().unwrap_or_default();
    path.splitn(4, '/')
        .nth(3)
        .unwrap_or_default()
        .split('/')
        .filter(|name| !name.is_empty())
        .count()
}

/// Whether a row is of an operation on a blob.
pub(crate) fn is_of_a_blob(row: &str) -> bool {
    !row.starts_with("service.") && !row.starts_with("container.")
}
