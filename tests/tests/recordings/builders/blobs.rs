//! Blobs of any kind.

use lazuli_blob::operations::{
    DeleteBlob, DeleteSnapshots, GetBlob, GetBlobProperties, RangeChecksum, Segments, SetBlobMetadata,
    SetBlobProperties, SetBlobTier, SnapshotBlob, UndeleteBlob,
};
use lazuli_protocol::{AccessTier, Error};

use super::{content_headers, customer_key, encryption_scope, lease_id};
use crate::wanted::{Wanted, unusable};

pub(crate) fn get_blob(wanted: &Wanted) -> Result<GetBlob, Error> {
    let mut get = GetBlob::new(wanted.container()?, wanted.blob()?);
    get.snapshot = wanted.asked("snapshot");
    get.version_id = wanted.asked("versionid");
    get.range = wanted.range()?;
    get.range_checksum = match (
        wanted.header("x-ms-range-get-content-crc64"),
        wanted.header("x-ms-range-get-content-md5"),
    ) {
        (None, None) => None,
        (Some(_), None) => Some(RangeChecksum::Crc64),
        (None, Some(_)) => Some(RangeChecksum::Md5),
        (Some(_), Some(_)) => return Err(unusable("a range's checksum", "both")),
    };
    get.segments = match wanted.header("x-ms-structured-body") {
        None => Segments::No,
        Some(_) => Segments::Required,
    };
    get.customer_key = customer_key(wanted)?;
    get.lease_id = lease_id(wanted)?;
    get.conditions = wanted.conditions()?;
    Ok(get)
}

pub(crate) fn get_blob_properties(wanted: &Wanted) -> Result<GetBlobProperties, Error> {
    let mut get = GetBlobProperties::new(wanted.container()?, wanted.blob()?);
    get.snapshot = wanted.asked("snapshot");
    get.version_id = wanted.asked("versionid");
    get.customer_key = customer_key(wanted)?;
    get.lease_id = lease_id(wanted)?;
    get.conditions = wanted.conditions()?;
    Ok(get)
}

pub(crate) fn delete_blob(wanted: &Wanted) -> Result<DeleteBlob, Error> {
    let mut delete = DeleteBlob::new(wanted.container()?, wanted.blob()?);
    delete.snapshot = wanted.asked("snapshot");
    delete.version_id = wanted.asked("versionid");
    delete.snapshots = match wanted.header("x-ms-delete-snapshots") {
        None => None,
        Some("include") => Some(DeleteSnapshots::Include),
        Some("only") => Some(DeleteSnapshots::Only),
        Some(other) => return Err(unusable("x-ms-delete-snapshots", other)),
    };
    delete.permanent = wanted
        .asks("deletetype")
        .is_some_and(|kind| kind.eq_ignore_ascii_case("permanent"));
    delete.lease_id = lease_id(wanted)?;
    delete.conditions = wanted.conditions()?;
    Ok(delete)
}

pub(crate) fn set_blob_metadata(wanted: &Wanted) -> Result<SetBlobMetadata, Error> {
    let mut set = SetBlobMetadata::new(wanted.container()?, wanted.blob()?, wanted.metadata()?);
    set.customer_key = customer_key(wanted)?;
    set.encryption_scope = encryption_scope(wanted);
    set.lease_id = lease_id(wanted)?;
    set.conditions = wanted.conditions()?;
    Ok(set)
}

pub(crate) fn set_blob_properties(wanted: &Wanted) -> Result<SetBlobProperties, Error> {
    let headers = content_headers(wanted)?;
    let mut set = SetBlobProperties::new(wanted.container()?, wanted.blob()?, headers);
    set.lease_id = lease_id(wanted)?;
    set.conditions = wanted.conditions()?;
    Ok(set)
}

pub(crate) fn set_blob_tier(wanted: &Wanted) -> Result<SetBlobTier, Error> {
    let tier = wanted.value("x-ms-access-tier").unwrap_or(AccessTier::Hot);
    let mut set = SetBlobTier::new(wanted.container()?, wanted.blob()?, tier);
    set.snapshot = wanted.asked("snapshot");
    set.version_id = wanted.asked("versionid");
    set.rehydrate_priority = wanted.value("x-ms-rehydrate-priority");
    set.lease_id = lease_id(wanted)?;
    set.conditions = wanted.conditions()?;
    Ok(set)
}

pub(crate) fn snapshot_blob(wanted: &Wanted) -> Result<SnapshotBlob, Error> {
    let mut take = SnapshotBlob::new(wanted.container()?, wanted.blob()?);
    take.metadata = wanted.metadata()?;
    take.customer_key = customer_key(wanted)?;
    take.encryption_scope = encryption_scope(wanted);
    take.lease_id = lease_id(wanted)?;
    take.conditions = wanted.conditions()?;
    Ok(take)
}

pub(crate) fn undelete_blob(wanted: &Wanted) -> Result<UndeleteBlob, Error> {
    Ok(UndeleteBlob::new(wanted.container()?, wanted.blob()?))
}
