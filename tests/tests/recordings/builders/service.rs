//! The service as a whole.

use lazuli_blob::operations::{
    AccountScope, GetAccountInformation, GetServiceProperties, GetServiceStats, GetUserDelegationKey,
    SetServiceProperties,
};
use lazuli_protocol::Error;
use lazuli_protocol::xml::{BlobServiceProperties, KeyInfo, parse_iso8601};

use crate::document;
use crate::wanted::{Wanted, unusable};

/// Stands where a recording has no body.
const LOST: &str =
    "<KeyInfo><Start>2020-01-01T00:00:00Z</Start><Expiry>2020-01-02T00:00:00Z</Expiry></KeyInfo>";

pub(crate) fn get_user_delegation_key(wanted: &Wanted) -> Result<GetUserDelegationKey, Error> {
    let missing = || unusable("body", "not a key's life");
    let xml = document::text(wanted.document(LOST)).ok_or_else(missing)?;
    let outline = document::outline(xml).ok_or_else(missing)?;
    let date = |path: &str| {
        let (_, text) = outline
            .iter()
            .find(|(each, _)| each == path)
            .ok_or_else(missing)?;
        parse_iso8601(text)
    };
    Ok(GetUserDelegationKey::new(KeyInfo::new(
        date("KeyInfo/Start")?,
        date("KeyInfo/Expiry")?,
    )))
}

pub(crate) fn get_service_properties(_: &Wanted) -> Result<GetServiceProperties, Error> {
    Ok(GetServiceProperties::default())
}

pub(crate) fn set_service_properties(wanted: &Wanted) -> Result<SetServiceProperties, Error> {
    let xml = wanted.document("<StorageServiceProperties/>");
    Ok(SetServiceProperties::new(BlobServiceProperties::parse(xml)?))
}

pub(crate) fn get_service_stats(_: &Wanted) -> Result<GetServiceStats, Error> {
    Ok(GetServiceStats::default())
}

pub(crate) fn account_of_service(_: &Wanted) -> Result<GetAccountInformation, Error> {
    Ok(GetAccountInformation::new(AccountScope::Service))
}

pub(crate) fn account_of_container(wanted: &Wanted) -> Result<GetAccountInformation, Error> {
    Ok(GetAccountInformation::new(AccountScope::Container(
        wanted.container()?,
    )))
}

pub(crate) fn account_of_blob(wanted: &Wanted) -> Result<GetAccountInformation, Error> {
    let (container, blob) = (wanted.container()?, wanted.blob()?);
    Ok(GetAccountInformation::new(AccountScope::Blob(container, blob)))
}
