//! The two kinds of keys that sign a SAS.

use super::super::field::Field;
use super::super::layout::{self, Layout};
use super::super::terms::SasService;
use super::UserDelegationKey;
use super::marker::sealed::Sealed;
use crate::account_key::MAC_LENGTH;
use crate::account_name::AccountName;
use crate::shared_key::SharedKey;

/// A key that can sign a SAS for one container, blob, share or file: a [`SharedKey`] or a [`UserDelegationKey`].
/// Nothing outside this crate can be one.
pub trait SasKey: Sealed {
    /// Which of the two it is.
    #[doc(hidden)]
    fn signer(&self) -> Signer<'_>;
}

impl Sealed for SharedKey {}

impl SasKey for SharedKey {
    fn signer(&self) -> Signer<'_> {
        Signer(Kind::Account(self))
    }
}

impl Sealed for UserDelegationKey {}

impl SasKey for UserDelegationKey {
    fn signer(&self) -> Signer<'_> {
        Signer(Kind::Delegation(self))
    }
}

/// A key of one of the two kinds.
#[derive(Clone, Copy, Debug)]
#[expect(
    unnameable_types,
    reason = "only the sealed trait above hands it on, to this crate"
)]
pub struct Signer<'k>(Kind<'k>);

#[derive(Clone, Copy, Debug)]
enum Kind<'k> {
    Account(&'k SharedKey),
    Delegation(&'k UserDelegationKey),
}

impl<'k> Signer<'k> {
    pub(super) fn account(self) -> &'k AccountName {
        match self.0 {
            Kind::Account(key) => key.account(),
            Kind::Delegation(key) => key.account(),
        }
    }

    pub(super) fn delegation(self) -> Option<&'k UserDelegationKey> {
        match self.0 {
            Kind::Account(_) => None,
            Kind::Delegation(key) => Some(key),
        }
    }

    pub(super) fn mac(self, text: &str) -> [u8; MAC_LENGTH] {
        match self.0 {
            Kind::Account(key) => key.key().mac(text),
            Kind::Delegation(key) => key.key().mac(text),
        }
    }

    /// The text that it signs for a resource of a service.
    pub(super) fn layout(self, service: SasService) -> &'static Layout {
        match (self.0, service) {
            (Kind::Account(_), SasService::File) => &layout::FILE,
            (Kind::Account(_), _) => &layout::BLOB,
            (Kind::Delegation(_), SasService::File) => &layout::DELEGATED_FILE,
            (Kind::Delegation(_), _) => &layout::DELEGATED_BLOB,
        }
    }

    /// What a parameter says of the key.
    pub(super) fn get(self, field: Field) -> &'k str {
        let Kind::Delegation(key) = self.0 else {
            return "";
        };
        let [start, expiry] = &key.window;
        match field {
            Field::Skoid => &key.object_id,
            Field::Sktid => &key.tenant_id,
            Field::Skt => start.as_str(),
            Field::Ske => expiry.as_str(),
            Field::Sks => &key.service,
            Field::Skv => key.version.as_str(),
            Field::Skdutid => &key.delegated_tenant_id,
            _ => "",
        }
    }
}
