//! Delete Blob and Undelete Blob.

use http::StatusCode;
use lazuli_protocol::header as names;

use crate::service::answer::Answer;
use crate::service::body::Incoming;
use crate::service::call::Call;
use crate::service::refusal::Refusal;
use crate::service::router::Outcome;
use crate::state::{Delete, Snapshots};

const DELETE_TYPE: &str = "deletetype";
const PERMANENT: &str = "permanent";

/// Delete Blob: the blob, or one of its snapshots or versions.
pub(in crate::service) async fn delete_blob(call: &Call, _: Incoming) -> Outcome {
    let access = call.write_access()?;
    let snapshots = match call.header(&names::DELETE_SNAPSHOTS)? {
        None => None,
        Some("include") => Some(Snapshots::Include),
        Some("only") => Some(Snapshots::Only),
        Some(other) => return Err(Refusal::bad_header(names::DELETE_SNAPSHOTS.as_str(), other)),
    };
    let permanent = match call.query.some(DELETE_TYPE) {
        None => false,
        Some(kind) if kind.eq_ignore_ascii_case(PERMANENT) => true,
        Some(other) => return Err(Refusal::bad_query(DELETE_TYPE, other, "")),
    };
    let which = call.which()?;
    if snapshots.is_some() {
        call.check_root()?;
    }
    let delete = Delete {
        which,
        snapshots,
        permanent,
        tier_modified: call.date(
            &names::ACCESS_TIER_IF_MODIFIED_SINCE,
            "x-ms-access-tier-if-modified-since",
        )?,
        tier_unmodified: call.date(
            &names::ACCESS_TIER_IF_UNMODIFIED_SINCE,
            "x-ms-access-tier-if-unmodified-since",
        )?,
    };
    let kept = call
        .engine
        .change(|state, now| state.delete_blob(now, call.blob(), delete, &access))
        .await?;
    Ok(Answer::new(StatusCode::ACCEPTED).header(names::DELETE_TYPE_PERMANENT, (!kept).to_string()))
}

impl Call {
    /// Whether the request is about the blob itself, as one that says what becomes of its snapshots has to be.
    fn check_root(&self) -> Result<(), Box<Refusal>> {
        const ROOT: &str = "This operation is only allowed on the root blob.";
        for (name, what) in [("versionid", "Version id"), ("snapshot", "Snapshot")] {
            if let Some(value) = self.query.some(name) {
                let reason = format!("{ROOT} {what} should not be provided.");
                return Err(Refusal::bad_query(name, value, &reason));
            }
        }
        Ok(())
    }
}

/// Undelete Blob.
pub(in crate::service) async fn undelete_blob(call: &Call, _: Incoming) -> Outcome {
    call.engine
        .change(|state, now| Ok((state.undelete_blob(now, call.blob())?, ())))
        .await?;
    Ok(Answer::new(StatusCode::OK))
}
