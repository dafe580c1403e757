//! Batches: each part is built as if it came alone.

use lazuli_blob::operations::{DeleteBlob, SetBlobTier, SubmitBatch};
use lazuli_protocol::Error;

use super::blobs;
use crate::wanted::Wanted;

pub(crate) fn deletes(wanted: &Wanted) -> Result<SubmitBatch<DeleteBlob>, Error> {
    Ok(SubmitBatch::new(parts(wanted, blobs::delete_blob)?))
}

pub(crate) fn deletes_in_container(wanted: &Wanted) -> Result<SubmitBatch<DeleteBlob>, Error> {
    let parts = parts(wanted, blobs::delete_blob)?;
    Ok(SubmitBatch::in_container(wanted.container()?, parts))
}

pub(crate) fn tiers(wanted: &Wanted) -> Result<SubmitBatch<SetBlobTier>, Error> {
    Ok(SubmitBatch::new(parts(wanted, blobs::set_blob_tier)?))
}

pub(crate) fn tiers_in_container(wanted: &Wanted) -> Result<SubmitBatch<SetBlobTier>, Error> {
    let parts = parts(wanted, blobs::set_blob_tier)?;
    Ok(SubmitBatch::in_container(wanted.container()?, parts))
}

/// One of each part; a blob that is none where the recording lost them.
fn parts<O>(wanted: &Wanted, build: fn(&Wanted) -> Result<O, Error>) -> Result<Vec<O>, Error> {
    let parts = match &wanted.body {
        Some(_) => wanted.parts()?,
        None => vec![wanted.part("PUT", "/lost/lost", http::HeaderMap::new())?],
    };
    parts.iter().map(build).collect()
}
