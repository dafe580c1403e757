//! Block blobs.

use lazuli_blob::operations::{GetBlockList, PutBlob, PutBlock, PutBlockList};
use lazuli_protocol::xml::{BlockId, BlockLookup, BlockLookupList};
use lazuli_protocol::{BlockListKind, Error};

use super::{attributes, block_id, checksum, customer_key, encryption_scope, lease_id};
use crate::document;
use crate::wanted::{Wanted, unusable};

pub(crate) fn put_blob(wanted: &Wanted) -> Result<PutBlob, Error> {
    let mut put = PutBlob::new(wanted.container()?, wanted.blob()?, wanted.content()?);
    put.checksum = checksum(wanted)?;
    put.in_segments = wanted.is_in_segments();
    put.attributes = attributes(wanted)?;
    put.customer_key = customer_key(wanted)?;
    put.encryption_scope = encryption_scope(wanted);
    put.lease_id = lease_id(wanted)?;
    put.conditions = wanted.conditions()?;
    Ok(put)
}

pub(crate) fn put_block(wanted: &Wanted) -> Result<PutBlock, Error> {
    let id = block_id(wanted)?;
    let mut put = PutBlock::new(wanted.container()?, wanted.blob()?, id, wanted.content()?);
    put.checksum = checksum(wanted)?;
    put.in_segments = wanted.is_in_segments();
    put.customer_key = customer_key(wanted)?;
    put.encryption_scope = encryption_scope(wanted);
    put.lease_id = lease_id(wanted)?;
    Ok(put)
}

pub(crate) fn put_block_list(wanted: &Wanted) -> Result<PutBlockList, Error> {
    let unreadable = || unusable("body", "not a list of blocks");
    let xml = document::text(wanted.document("<BlockList/>")).ok_or_else(unreadable)?;
    let mut blocks = Vec::new();
    for (path, id) in document::outline(xml).ok_or_else(unreadable)? {
        let id = BlockId::from_base64(id.trim());
        blocks.push(match path.as_str() {
            "BlockList/Latest" => (BlockLookup::Latest, id?),
            "BlockList/Committed" => (BlockLookup::Committed, id?),
            "BlockList/Uncommitted" => (BlockLookup::Uncommitted, id?),
            "BlockList" => continue,
            _ => return Err(unreadable()),
        });
    }
    let mut put = PutBlockList::new(wanted.container()?, wanted.blob()?, BlockLookupList(blocks));
    put.checksum = checksum(wanted)?;
    put.attributes = attributes(wanted)?;
    put.customer_key = customer_key(wanted)?;
    put.encryption_scope = encryption_scope(wanted);
    put.lease_id = lease_id(wanted)?;
    put.conditions = wanted.conditions()?;
    Ok(put)
}

pub(crate) fn get_block_list(wanted: &Wanted) -> Result<GetBlockList, Error> {
    let kind = BlockListKind::from(wanted.asks("blocklisttype").unwrap_or("committed"));
    let mut get = GetBlockList::new(wanted.container()?, wanted.blob()?, kind);
    get.snapshot = wanted.asked("snapshot");
    get.lease_id = lease_id(wanted)?;
    get.conditions = wanted.conditions()?;
    Ok(get)
}
