//! From the key that the service gives to the key that signs.

use lazuli_protocol::{self as protocol, xml};
use lazuli_signing::{AccountName, UserDelegationKey, UserDelegationKeyFields};
use secrecy::ExposeSecret as _;

use crate::Error;

/// Makes what [Get User Delegation Key](crate::BlobServiceClient::user_delegation_key) answers ready to sign with.
///
/// ```no_run
/// use lazuli_blob::{BlobServiceClient, delegation_key};
/// use lazuli_protocol::xml::KeyInfo;
/// use lazuli_signing::Sas;
/// use time::{Duration, OffsetDateTime};
///
/// # async fn example(blobs: BlobServiceClient, now: OffsetDateTime) -> Result<(), Box<dyn std::error::Error>> {
/// let answer = blobs.user_delegation_key(KeyInfo::new(now, now + Duration::DAY)).await?;
/// let key = delegation_key("example".parse()?, &answer)?;
/// let token = Sas::blob("logs", "a.txt").read().expires(now + Duration::HOUR).sign(&key)?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::InvalidResponse`](crate::ErrorKind::InvalidResponse) when the answer holds what no signature can be made of.
pub fn delegation_key(
    account: AccountName,
    answer: &xml::UserDelegationKey,
) -> Result<UserDelegationKey, Error> {
    let fields = UserDelegationKeyFields {
        object_id: &answer.signed_oid,
        tenant_id: &answer.signed_tid,
        start: answer.signed_start,
        expiry: answer.signed_expiry,
        service: &answer.signed_service,
        version: &answer.signed_version,
        delegated_tenant_id: answer.signed_delegated_user_tid.as_deref(),
        value: answer.value.expose_secret(),
    };
    let unusable = |source: lazuli_signing::Error| {
        let message = format!("the service answered with a key that cannot sign: {source}");
        protocol::Error::new(protocol::ErrorKind::InvalidResponse, message)
    };
    Ok(UserDelegationKey::new(account, fields).map_err(unusable)?)
}
