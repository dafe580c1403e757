//! A key that the service has given to a user, to sign SAS with in the place of the account's key.

use std::fmt;

use time::OffsetDateTime;

use super::super::instant::{self, InstantText};
use super::super::letters::Letters;
use super::super::version::SasVersion;
use crate::account_key::AccountKey;
use crate::account_name::AccountName;
use crate::error::{Error, ErrorKind};

/// What Get User Delegation Key answered. `Debug` does not show the value.
#[derive(Clone, Copy)]
pub struct UserDelegationKeyFields<'a> {
    /// `SignedOid`: the object id of the user who asked for the key.
    pub object_id: &'a str,
    /// `SignedTid`: the tenant of that user.
    pub tenant_id: &'a str,
    /// `SignedStart`, to the second.
    pub start: OffsetDateTime,
    /// `SignedExpiry`, to the second.
    pub expiry: OffsetDateTime,
    /// `SignedService`: the letters of the services that the key is for, such as `b`.
    pub service: &'a str,
    /// `SignedVersion`.
    pub version: &'a str,
    /// `SignedDelegatedUserTid`: the tenant of the users to whom the key may be delegated, if it was asked for.
    pub delegated_tenant_id: Option<&'a str>,
    /// `Value`: the key itself, in base64.
    pub value: &'a str,
}

impl fmt::Debug for UserDelegationKeyFields<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserDelegationKeyFields")
            .field("object_id", &self.object_id)
            .field("tenant_id", &self.tenant_id)
            .field("start", &self.start)
            .field("expiry", &self.expiry)
            .field("service", &self.service)
            .field("version", &self.version)
            .field("delegated_tenant_id", &self.delegated_tenant_id)
            .finish_non_exhaustive()
    }
}

/// A user delegation key of an account, from Get User Delegation Key. It is wiped from memory when its last clone is
/// dropped, and `Debug` does not show its value.
///
/// ```
/// use lazuli_signing::{Sas, UserDelegationKey, UserDelegationKeyFields};
/// use time::macros::datetime;
///
/// let key = UserDelegationKey::new("example".parse()?, UserDelegationKeyFields {
///     object_id: "00000000-1111-2222-3333-444444444444",
///     tenant_id: "55555555-6666-7777-8888-999999999999",
///     start: datetime!(2026-06-26 00:00 UTC),
///     expiry: datetime!(2026-07-02 00:00 UTC),
///     service: "b",
///     version: "2026-06-06",
///     delegated_tenant_id: None,
///     value: "XMa6Gtu5FceBqRhpZo+yaujP5d/tGvmEjnd/v5lCX3U=",
/// })?;
/// let token = Sas::blob("logs", "a.txt").read().expires(datetime!(2026-06-27 20:00 UTC)).sign(&key)?;
/// assert!(token.to_string().contains("&skoid=00000000-1111-2222-3333-444444444444&"));
/// # Ok::<(), lazuli_signing::Error>(())
/// ```
#[derive(Clone)]
pub struct UserDelegationKey {
    account: AccountName,
    key: AccountKey,
    pub(super) object_id: String,
    pub(super) tenant_id: String,
    pub(super) starts: OffsetDateTime,
    pub(super) expires: OffsetDateTime,
    pub(super) window: [InstantText; 2],
    pub(super) service: String,
    pub(super) version: SasVersion,
    pub(super) delegated_tenant_id: String,
}

impl UserDelegationKey {
    /// Puts the key of an account together from what the service answered.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidUserDelegationKey`] when a field is empty, has a control character or does not have its
    /// form, or the key expires before it starts; [`ErrorKind::InvalidAccountKey`] when the value is not base64. The
    /// messages do not quote the value.
    pub fn new(account: AccountName, fields: UserDelegationKeyFields<'_>) -> Result<Self, Error> {
        let refuse = |why: &str| {
            Error::new(
                ErrorKind::InvalidUserDelegationKey,
                format!("invalid user delegation key: {why}"),
            )
        };
        let text = |name: &str, value: &str| {
            if value.is_empty() || value.contains(char::is_control) {
                return Err(refuse(&format!("the {name} is empty or has a control character")));
            }
            Ok(value.to_owned())
        };
        let time = |name: &str, at| {
            let known = instant::whole_seconds(at).zip(InstantText::of(at));
            known.ok_or_else(|| refuse(&format!("the {name} is not in the years 0 to 9999")))
        };
        let (starts, start) = time("start", fields.start)?;
        let (expires, expiry) = time("expiry", fields.expiry)?;
        if expires <= starts {
            return Err(refuse("its expiry is not after its start"));
        }
        let delegated_tenant_id = fields.delegated_tenant_id;
        Ok(Self {
            account,
            key: AccountKey::from_base64(fields.value)?,
            object_id: text("object id", fields.object_id)?,
            tenant_id: text("tenant id", fields.tenant_id)?,
            starts,
            expires,
            window: [start, expiry],
            service: Letters::read(fields.service)
                .filter(|letters| !letters.is_empty())
                .map(|_| fields.service.to_owned())
                .ok_or_else(|| refuse("the service is not a letter, such as `b`"))?,
            version: SasVersion::read(fields.version)
                .ok_or_else(|| refuse("the version is not a date, such as 2026-06-06"))?,
            delegated_tenant_id: delegated_tenant_id
                .map(|id| text("delegated tenant id", id))
                .transpose()?
                .unwrap_or_default(),
        })
    }

    /// The account that the key is for.
    #[must_use]
    pub fn account(&self) -> &AccountName {
        &self.account
    }

    /// The object id of the user who asked for the key.
    #[must_use]
    pub fn object_id(&self) -> &str {
        &self.object_id
    }

    /// The tenant of that user.
    #[must_use]
    pub fn tenant_id(&self) -> &str {
        &self.tenant_id
    }

    /// When the key begins to be valid.
    #[must_use]
    pub fn starts(&self) -> OffsetDateTime {
        self.starts
    }

    /// When the key ceases to be valid, and with it every SAS that it has signed.
    #[must_use]
    pub fn expires(&self) -> OffsetDateTime {
        self.expires
    }

    pub(super) fn key(&self) -> &AccountKey {
        &self.key
    }
}

impl fmt::Debug for UserDelegationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserDelegationKey")
            .field("account", &self.account)
            .field("object_id", &self.object_id)
            .field("tenant_id", &self.tenant_id)
            .field("starts", &self.starts)
            .field("expires", &self.expires)
            .field("service", &self.service)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}
