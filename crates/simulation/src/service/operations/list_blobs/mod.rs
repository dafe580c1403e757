//! List Blobs, flat and by delimiter, in XML or as an Apache Arrow table.

mod document;
mod facts;
mod table;

use super::marker;
use crate::service::call::Call;
use crate::service::refusal::Refusal;
use crate::service::router::{Needs, Outcome};
use crate::state::{BlobPage, BlobQuery, Position, Shown, Timestamp};

/// What can be included. Nobody has permissions of their own here: they are included as they are, not at all.
const INCLUDE: [&str; 11] = [
    "metadata",
    "uncommittedblobs",
    "snapshots",
    "copy",
    "deleted",
    "tags",
    "versions",
    "deletedwithversions",
    "immutabilitypolicy",
    "legalhold",
    "permissions",
];

/// What a signature must allow for tags to be told of.
const TELLS_TAGS: Needs = Needs {
    account: "t",
    service: "t",
};

/// What of each blob is told, besides what always is.
#[derive(Clone, Copy)]
struct Told {
    metadata: bool,
    copy: bool,
    tags: bool,
    immutability: bool,
    legal_hold: bool,
    last_access: bool,
    /// Whether the account keeps page blobs on solid state.
    premium: bool,
    /// When the list is made.
    now: Timestamp,
}

/// A page, and what of it is told.
struct Found {
    page: BlobPage,
    /// Where the next page starts, if there is one.
    marker: Option<String>,
    told: Told,
}

/// List Blobs.
pub(in crate::service) fn list_blobs(call: &Call) -> Outcome {
    let include = call.include(&INCLUDE)?;
    let asked = |what| include.contains(&what);
    if asked("tags") {
        call.caller.check(TELLS_TAGS)?;
    }
    let marker = call.query.some("marker");
    let (from, from_time) = match marker {
        Some(marker) => {
            let Position { name, time } =
                marker::blob(marker).ok_or_else(|| Refusal::bad_query("marker", marker, ""))?;
            (name, Some(time))
        }
        None => {
            let start = call.query.some("startfrom").filter(|_| call.since(b"2026-02-06"));
            (start.unwrap_or_default().to_owned(), None)
        }
    };
    let as_table = table::is_welcome(call);
    let delimiter = call.query.some("delimiter");
    // Before 2021-06-08 snapshots were not listed with a delimiter.
    if delimiter.is_some() && asked("snapshots") && !call.since(b"2021-06-08") {
        return Err(Refusal::bad_query(
            "include",
            call.query.get("include").unwrap_or_default(),
            "",
        ));
    }
    let query = BlobQuery {
        prefix: call.query.some("prefix").unwrap_or_default().to_owned(),
        delimiter: delimiter.map(str::to_owned),
        from,
        from_time,
        // Documents have no such end.
        before: call
            .query
            .some("endbefore")
            .filter(|_| as_table)
            .map(str::to_owned),
        limit: call.page_size()?,
        shown: Shown {
            uncommitted: asked("uncommittedblobs"),
            snapshots: asked("snapshots"),
            versions: asked("versions"),
            deleted: asked("deleted") || asked("deletedwithversions"),
            versions_only: asked("deletedwithversions"),
        },
    };
    let (at, now) = (call.container(), call.engine.now());
    let page = call.engine.read(|state| state.list_blobs(now, &at, &query))?;
    let found = Found {
        marker: page.next.as_ref().map(marker::of_blob),
        page,
        told: Told {
            metadata: asked("metadata"),
            copy: asked("copy"),
            tags: asked("tags"),
            immutability: asked("immutabilitypolicy"),
            legal_hold: asked("legalhold"),
            last_access: call.tells_access(),
            premium: call.is_premium(),
            now,
        },
    };
    Ok(match as_table {
        true => table::answer(&found),
        false => document::answer(call, &found),
    })
}
