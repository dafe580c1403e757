//! An account SAS in the making.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use time::OffsetDateTime;

use super::super::ip_range::IpRange;
use super::super::layout;
use super::super::permissions::Permissions;
use super::super::terms::{ResourceType, SasProtocol, SasService};
use super::super::token::SasToken;
use super::super::version::SasVersion;
use super::draft::Draft;
use super::marker::{Given, Missing};
use super::permit::ACCOUNT_PERMISSIONS;
use super::signer::SasKey;
use super::terms::common_terms;
use crate::error::Error;
use crate::shared_key::SharedKey;

/// An account SAS in the making: services, levels, permissions and an expiry, in any order, and then it can be signed.
///
/// The types that follow the lifetime tell which of these are given already.
pub struct AccountSas<'a, S = Missing, T = Missing, P = Missing, E = Missing> {
    pub(super) draft: Draft<'a>,
    given: PhantomData<(S, T, P, E)>,
}

impl AccountSas<'_> {
    pub(super) fn new() -> Self {
        Self {
            draft: Draft::default(),
            given: PhantomData,
        }
    }
}

impl<'a, S, T, P, E> AccountSas<'a, S, T, P, E> {
    /// Reaches the blob service.
    #[must_use]
    pub fn blob(self) -> AccountSas<'a, Given, T, P, E> {
        self.reaches(SasService::Blob)
    }

    /// Reaches the queue service.
    #[must_use]
    pub fn queue(self) -> AccountSas<'a, Given, T, P, E> {
        self.reaches(SasService::Queue)
    }

    /// Reaches the table service.
    #[must_use]
    pub fn table(self) -> AccountSas<'a, Given, T, P, E> {
        self.reaches(SasService::Table)
    }

    /// Reaches the file service.
    #[must_use]
    pub fn file(self) -> AccountSas<'a, Given, T, P, E> {
        self.reaches(SasService::File)
    }

    /// Reaches the services themselves: their properties, the lists of their containers and shares.
    #[must_use]
    pub fn service(self) -> AccountSas<'a, S, Given, P, E> {
        self.descends(ResourceType::Service)
    }

    /// Reaches containers and shares, and the lists of what is in them.
    #[must_use]
    pub fn container(self) -> AccountSas<'a, S, Given, P, E> {
        self.descends(ResourceType::Container)
    }

    /// Reaches blobs, files and directories.
    #[must_use]
    pub fn object(self) -> AccountSas<'a, S, Given, P, E> {
        self.descends(ResourceType::Object)
    }

    /// Permissions that are known at run time only, in place of those that were given before. Letters that an account
    /// SAS does not have are an error of `sign`, and so are none.
    #[must_use]
    pub fn permissions(mut self, permissions: Permissions) -> AccountSas<'a, S, T, Given, E> {
        self.draft.permissions = permissions;
        self.becomes()
    }

    /// The encryption scope that what is written must have. Since 2020-12-06.
    #[must_use]
    pub fn encryption_scope(mut self, scope: impl Into<Cow<'a, str>>) -> Self {
        self.draft.encryption_scope = scope.into();
        self
    }

    fn reaches(mut self, service: SasService) -> AccountSas<'a, Given, T, P, E> {
        self.draft.services.insert(service.letter());
        self.becomes()
    }

    fn descends(mut self, level: ResourceType) -> AccountSas<'a, S, Given, P, E> {
        self.draft.types.insert(level.letter());
        self.becomes()
    }

    pub(super) fn permits(mut self, letters: &str) -> AccountSas<'a, S, T, Given, E> {
        letters
            .chars()
            .for_each(|letter| self.draft.permissions.insert(letter));
        self.becomes()
    }

    fn becomes<S2, T2, P2, E2>(self) -> AccountSas<'a, S2, T2, P2, E2> {
        AccountSas {
            draft: self.draft,
            given: PhantomData,
        }
    }
}

common_terms!(impl['a, S, T, P, E] AccountSas<'a, S, T, P, E> => AccountSas<'a, S, T, P, Given>);

impl AccountSas<'_, Given, Given, Given, Given> {
    /// Signs it with a key of the account.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidSas`](crate::ErrorKind::InvalidSas) when it expires before it starts, or its version does
    /// not know a term of it.
    pub fn sign(&self, key: &SharedKey) -> Result<SasToken, Error> {
        self.draft
            .sign(&layout::ACCOUNT, ACCOUNT_PERMISSIONS, key.signer())
    }
}

impl<S, T, P, E> Clone for AccountSas<'_, S, T, P, E> {
    fn clone(&self) -> Self {
        Self {
            draft: self.draft.clone(),
            given: PhantomData,
        }
    }
}

impl<S, T, P, E> fmt::Debug for AccountSas<'_, S, T, P, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AccountSas").field(&self.draft).finish()
    }
}
