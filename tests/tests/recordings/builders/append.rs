//! Append blobs.

use lazuli_blob::AppendConditions;
use lazuli_blob::operations::{AppendBlock, AppendBlockFromUrl, PutAppendBlob, SealAppendBlob};
use lazuli_protocol::Error;

use super::copies::{part, source};
use super::{attributes, checksum, customer_key, encryption_scope, lease_id};
use crate::wanted::Wanted;

pub(crate) fn put_append_blob(wanted: &Wanted) -> Result<PutAppendBlob, Error> {
    let mut put = PutAppendBlob::new(wanted.container()?, wanted.blob()?);
    put.attributes = attributes(wanted)?;
    put.customer_key = customer_key(wanted)?;
    put.encryption_scope = encryption_scope(wanted);
    put.lease_id = lease_id(wanted)?;
    put.conditions = wanted.conditions()?;
    Ok(put)
}

pub(crate) fn append_block(wanted: &Wanted) -> Result<AppendBlock, Error> {
    let mut append = AppendBlock::new(wanted.container()?, wanted.blob()?, wanted.content()?);
    append.checksum = checksum(wanted)?;
    append.in_segments = wanted.is_in_segments();
    append.append = append_conditions(wanted)?;
    append.customer_key = customer_key(wanted)?;
    append.encryption_scope = encryption_scope(wanted);
    append.lease_id = lease_id(wanted)?;
    append.conditions = wanted.conditions()?;
    Ok(append)
}

pub(crate) fn append_block_from_url(wanted: &Wanted) -> Result<AppendBlockFromUrl, Error> {
    let mut append = AppendBlockFromUrl::new(wanted.container()?, wanted.blob()?, source(wanted)?);
    append.part = part(wanted)?;
    append.content_md5 = wanted.parsed("content-md5")?;
    append.append = append_conditions(wanted)?;
    append.customer_key = customer_key(wanted)?;
    append.encryption_scope = encryption_scope(wanted);
    append.lease_id = lease_id(wanted)?;
    append.conditions = wanted.conditions()?;
    Ok(append)
}

pub(crate) fn seal_append_blob(wanted: &Wanted) -> Result<SealAppendBlob, Error> {
    let mut seal = SealAppendBlob::new(wanted.container()?, wanted.blob()?);
    seal.position = wanted.parsed("x-ms-blob-condition-appendpos")?;
    seal.lease_id = lease_id(wanted)?;
    seal.conditions = wanted.conditions()?;
    Ok(seal)
}

pub(super) fn append_conditions(wanted: &Wanted) -> Result<AppendConditions, Error> {
    let mut conditions = AppendConditions::default();
    conditions.position = wanted.parsed("x-ms-blob-condition-appendpos")?;
    conditions.max_size = wanted.parsed("x-ms-blob-condition-maxsize")?;
    Ok(conditions)
}
