//! An account, and what its requests are verified by.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use lazuli_signing::{AccountKey, AccountName, Error, SharedKey};
use sha2::Sha256;
use zeroize::Zeroizing;

/// What the secret of the lent keys is derived with.
const PURPOSE: &[u8] = b"lazuli simulation: user delegation keys";

/// One account of a simulation.
pub(crate) struct Account {
    shared_key: SharedKey,
    key: AccountKey,
    /// What keys that are lent to users are derived from.
    delegation: Zeroizing<[u8; 32]>,
}

/// What a key that is lent to a user is made for. Whoever shows these again can have no other key than the one that was lent.
#[derive(Clone, Copy, Debug)]
pub(in crate::service) struct DelegatedKey<'a> {
    pub(in crate::service) oid: &'a str,
    pub(in crate::service) tid: &'a str,
    pub(in crate::service) start: &'a str,
    pub(in crate::service) expiry: &'a str,
    pub(in crate::service) service: &'a str,
    pub(in crate::service) version: &'a str,
    /// The tenant of the one user who may use it; empty for anybody.
    pub(in crate::service) delegated_user_tid: &'a str,
}

impl Account {
    /// An account by its name and its key, in base64.
    ///
    /// # Errors
    /// Those of [`AccountName::new`] and [`AccountKey::from_base64`].
    pub(crate) fn new(name: &str, key: &str) -> Result<Self, Error> {
        let name = AccountName::new(name)?;
        // The secret follows from the key, so that what was lent stays good when the simulation is started again.
        let delegation = mac(key.as_bytes(), PURPOSE);
        let key = AccountKey::from_base64(key)?;
        Ok(Self {
            shared_key: SharedKey::new(name, key.clone()),
            key,
            delegation,
        })
    }

    pub(super) fn shared_key(&self) -> &SharedKey {
        &self.shared_key
    }

    pub(super) fn key(&self) -> &AccountKey {
        &self.key
    }

    /// A key that is lent, in base64. Nothing is kept of it: it is the same whenever it is asked for.
    pub(in crate::service) fn delegated_key(&self, key: &DelegatedKey<'_>) -> Zeroizing<String> {
        let parts = [
            // Accounts may share their key, and must not share what is lent with it.
            self.shared_key.account().as_str(),
            key.oid,
            key.tid,
            key.start,
            key.expiry,
            key.service,
            key.version,
            key.delegated_user_tid,
        ];
        // With its length before each, no two keys are made from the same text.
        let text: String = parts.map(|part| format!("{}:{part}", part.len())).concat();
        let value = mac(&*self.delegation, text.as_bytes());
        Zeroizing::new(BASE64_STANDARD.encode(*value))
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("name", self.shared_key.account())
            .finish_non_exhaustive()
    }
}

fn mac(key: &[u8], text: &[u8]) -> Zeroizing<[u8; 32]> {
    // A MAC of this kind takes a key of any length.
    let mac =
        Hmac::<Sha256>::new_from_slice(key).map(|mac| mac.chain_update(text).finalize().into_bytes().into());
    Zeroizing::new(mac.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use lazuli_signing::{EMULATOR_ACCOUNT, EMULATOR_KEY};

    use super::*;

    const KEY: DelegatedKey<'static> = DelegatedKey {
        oid: "oid",
        tid: "tid",
        start: "2026-03-01T12:00:00Z",
        expiry: "2026-03-02T12:00:00Z",
        service: "b",
        version: "2026-06-06",
        delegated_user_tid: "",
    };

    #[test]
    fn a_lent_key_follows_from_what_it_is_lent_for_and_from_the_account() {
        let account = Account::new(EMULATOR_ACCOUNT, EMULATOR_KEY).unwrap();
        let again = Account::new(EMULATOR_ACCOUNT, EMULATOR_KEY).unwrap();
        let other = Account::new(EMULATOR_ACCOUNT, "c2VjcmV0").unwrap();
        let same_key = Account::new("another", EMULATOR_KEY).unwrap();
        let value = account.delegated_key(&KEY);
        assert_eq!(value, again.delegated_key(&KEY));
        assert_ne!(value, other.delegated_key(&KEY));
        assert_ne!(value, same_key.delegated_key(&KEY));
        for different in [
            DelegatedKey {
                oid: "oi",
                tid: "dtid",
                ..KEY
            },
            DelegatedKey {
                expiry: "2026-03-02T12:00:01Z",
                ..KEY
            },
            DelegatedKey {
                delegated_user_tid: "tid",
                ..KEY
            },
        ] {
            assert_ne!(value, account.delegated_key(&different), "{different:?}");
        }
    }

    #[test]
    fn nothing_secret_is_shown() {
        let account = Account::new(EMULATOR_ACCOUNT, EMULATOR_KEY).unwrap();
        assert_eq!(
            format!("{account:?}"),
            "Account { name: \"devstoreaccount1\", .. }"
        );
    }
}
