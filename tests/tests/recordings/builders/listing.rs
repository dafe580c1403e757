//! Lists.

use lazuli_blob::operations::{ListBlobs, ListBlobsInclude, ListContainers, ListContainersInclude};
use lazuli_protocol::Error;

use crate::wanted::{Wanted, unusable};

pub(crate) fn list_containers(wanted: &Wanted) -> Result<ListContainers, Error> {
    let mut list = ListContainers::default();
    list.prefix = wanted.asked("prefix");
    list.marker = wanted.asked("marker");
    list.max_results = wanted.asked_as("maxresults")?;
    for word in wanted.asked_list("include") {
        list.include.push(match word.as_str() {
            "metadata" => ListContainersInclude::Metadata,
            "deleted" => ListContainersInclude::Deleted,
            "system" => ListContainersInclude::System,
            other => return Err(unusable("include", other)),
        });
    }
    Ok(list)
}

pub(crate) fn list_blobs(wanted: &Wanted) -> Result<ListBlobs, Error> {
    let mut list = ListBlobs::new(wanted.container()?);
    list.prefix = wanted.asked("prefix");
    list.delimiter = wanted.asked("delimiter");
    list.marker = wanted.asked("marker");
    list.start_from = wanted.asked("startFrom");
    list.max_results = wanted.asked_as("maxresults")?;
    for word in wanted.asked_list("include") {
        list.include.push(match word.as_str() {
            "metadata" => ListBlobsInclude::Metadata,
            "snapshots" => ListBlobsInclude::Snapshots,
            "versions" => ListBlobsInclude::Versions,
            "deleted" => ListBlobsInclude::Deleted,
            "deletedwithversions" => ListBlobsInclude::DeletedWithVersions,
            "uncommittedblobs" => ListBlobsInclude::UncommittedBlobs,
            "copy" => ListBlobsInclude::Copy,
            "tags" => ListBlobsInclude::Tags,
            "immutabilitypolicy" => ListBlobsInclude::ImmutabilityPolicy,
            "legalhold" => ListBlobsInclude::LegalHold,
            "permissions" => ListBlobsInclude::Permissions,
            other => return Err(unusable("include", other)),
        });
    }
    Ok(list)
}

pub(crate) fn list_blobs_arrow(wanted: &Wanted) -> Result<ListBlobs, Error> {
    let mut list = list_blobs(wanted)?;
    list.end_before = wanted.asked("endBefore");
    list.arrow = true;
    Ok(list)
}
