//! Shared Key and Shared Key Lite: an account's name with one of its keys, as the one who signs and as the one who
//! verifies.

mod sign;
mod string_to_sign;
mod verify;

pub use string_to_sign::{string_to_sign, string_to_sign_lite};
pub use verify::CLOCK_SKEW;

use crate::account_key::AccountKey;
use crate::account_name::AccountName;

/// An account and its key, to sign requests to Blob and Files with, or to verify them. A clone is cheap.
#[derive(Clone, Debug)]
pub struct SharedKey {
    account: AccountName,
    key: AccountKey,
}

impl SharedKey {
    /// Puts an account and its key together.
    #[must_use]
    pub fn new(account: AccountName, key: AccountKey) -> Self {
        Self { account, key }
    }

    /// The account that is signed for.
    #[must_use]
    pub fn account(&self) -> &AccountName {
        &self.account
    }

    /// The key that is signed with.
    pub(crate) fn key(&self) -> &AccountKey {
        &self.key
    }
}
