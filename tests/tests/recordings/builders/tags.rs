//! Tags, and what is found by them.

use lazuli_blob::operations::{FindBlobsByTags, GetBlobTags, SetBlobTags};
use lazuli_protocol::{BlobTags, Error};

use super::{checksum, lease_id};
use crate::wanted::Wanted;

pub(crate) fn get_blob_tags(wanted: &Wanted) -> Result<GetBlobTags, Error> {
    let mut get = GetBlobTags::new(wanted.container()?, wanted.blob()?);
    get.snapshot = wanted.asked("snapshot");
    get.version_id = wanted.asked("versionid");
    get.lease_id = lease_id(wanted)?;
    get.conditions = wanted.conditions()?;
    Ok(get)
}

pub(crate) fn set_blob_tags(wanted: &Wanted) -> Result<SetBlobTags, Error> {
    let tags = BlobTags::parse_xml(wanted.document("<Tags><TagSet/></Tags>"))?;
    let mut set = SetBlobTags::new(wanted.container()?, wanted.blob()?, tags);
    set.version_id = wanted.asked("versionid");
    set.checksum = checksum(wanted)?;
    set.lease_id = lease_id(wanted)?;
    set.conditions = wanted.conditions()?;
    Ok(set)
}

pub(crate) fn find_in_account(wanted: &Wanted) -> Result<FindBlobsByTags, Error> {
    pages(FindBlobsByTags::new(query(wanted)), wanted)
}

pub(crate) fn find_in_container(wanted: &Wanted) -> Result<FindBlobsByTags, Error> {
    pages(
        FindBlobsByTags::in_container(wanted.container()?, query(wanted)),
        wanted,
    )
}

fn query(wanted: &Wanted) -> &str {
    wanted.asks("where").unwrap_or_default()
}

fn pages(mut find: FindBlobsByTags, wanted: &Wanted) -> Result<FindBlobsByTags, Error> {
    find.versions = wanted.asked_list("include").iter().any(|word| word == "versions");
    find.marker = wanted.asked("marker");
    find.max_results = wanted.asked_as("maxresults")?;
    Ok(find)
}
