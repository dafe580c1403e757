//! How long a blob is kept: expiry, immutability, legal holds.

use std::time::Duration;

use lazuli_blob::ImmutabilityPolicy;
use lazuli_blob::operations::{
    DeleteImmutabilityPolicy, Expiry, SetBlobExpiry, SetImmutabilityPolicy, SetLegalHold,
};
use lazuli_protocol::{Error, parse_rfc1123};
use time::OffsetDateTime;

use super::immutability_policy;
use crate::wanted::{Wanted, unusable};

pub(crate) fn set_blob_expiry(wanted: &Wanted) -> Result<SetBlobExpiry, Error> {
    let time = wanted.header("x-ms-expiry-time").unwrap_or_default();
    let millis = || {
        let millis = time.parse().map(Duration::from_millis);
        millis.map_err(|_| unusable("x-ms-expiry-time", time))
    };
    let expiry = match wanted.header("x-ms-expiry-option").unwrap_or("NeverExpire") {
        "NeverExpire" => Expiry::Never,
        "RelativeToCreation" => Expiry::AfterCreation(millis()?),
        "RelativeToNow" => Expiry::AfterNow(millis()?),
        "Absolute" => Expiry::At(parse_rfc1123(time)?),
        other => return Err(unusable("x-ms-expiry-option", other)),
    };
    Ok(SetBlobExpiry::new(wanted.container()?, wanted.blob()?, expiry))
}

pub(crate) fn set_immutability_policy(wanted: &Wanted) -> Result<SetImmutabilityPolicy, Error> {
    let policy = immutability_policy(wanted)?;
    let policy = match policy {
        Some(policy) => policy,
        None if wanted.has_headers => return Err(unusable("an immutability policy", "")),
        None => ImmutabilityPolicy::unlocked(OffsetDateTime::UNIX_EPOCH),
    };
    let mut set = SetImmutabilityPolicy::new(wanted.container()?, wanted.blob()?, policy);
    set.snapshot = wanted.asked("snapshot");
    set.version_id = wanted.asked("versionid");
    set.if_unmodified_since = wanted
        .header("if-unmodified-since")
        .map(parse_rfc1123)
        .transpose()?;
    Ok(set)
}

pub(crate) fn delete_immutability_policy(wanted: &Wanted) -> Result<DeleteImmutabilityPolicy, Error> {
    let mut delete = DeleteImmutabilityPolicy::new(wanted.container()?, wanted.blob()?);
    delete.snapshot = wanted.asked("snapshot");
    delete.version_id = wanted.asked("versionid");
    Ok(delete)
}

pub(crate) fn set_legal_hold(wanted: &Wanted) -> Result<SetLegalHold, Error> {
    let held = wanted.flag("x-ms-legal-hold").unwrap_or_default();
    let mut set = SetLegalHold::new(wanted.container()?, wanted.blob()?, held);
    set.snapshot = wanted.asked("snapshot");
    set.version_id = wanted.asked("versionid");
    Ok(set)
}
