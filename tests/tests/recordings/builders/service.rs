//! The service as a whole.

use lazuli_blob::operations::GetUserDelegationKey;
use lazuli_protocol::Error;
use lazuli_protocol::xml::{KeyInfo, parse_iso8601};

use crate::document;
use crate::wanted::{Wanted, unusable};

pub(crate) fn get_user_delegation_key(wanted: &Wanted) -> Result<GetUserDelegationKey, Error> {
    let missing = || unusable("body", "not a key's life");
    let xml = document::text(wanted.document()).ok_or_else(missing)?;
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
