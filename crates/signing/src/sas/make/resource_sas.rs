//! A service SAS or user delegation SAS in the making: which of the two it is, the key that signs it decides.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use time::OffsetDateTime;

use super::super::ip_range::IpRange;
use super::super::permissions::Permissions;
use super::super::terms::SasProtocol;
use super::super::token::SasToken;
use super::super::version::SasVersion;
use super::UserDelegationKey;
use super::draft::{Agent, Draft, Place};
use super::marker::{AnyKey, BlobResource, Delegable, DelegationKey, Given, Missing, PolicyKey, Resource};
use super::signer::{SasKey, Signer};
use super::terms::common_terms;
use crate::error::Error;
use crate::shared_key::SharedKey;

/// A SAS for one container, blob, share or file in the making. [`Sas`](super::Sas) begins it.
///
/// `R` is what it is for, `P` and `E` tell whether it has permissions and an expiry, `K` which keys may sign it. There
/// is a `sign` once it has both, or names a stored access policy that can have them.
pub struct ResourceSas<'a, R, P = Missing, E = Missing, K = AnyKey> {
    pub(super) draft: Draft<'a>,
    state: PhantomData<(R, P, E, K)>,
}

impl<'a, R: Resource> ResourceSas<'a, R> {
    pub(super) fn new(place: Place<'a>) -> Self {
        let draft = Draft {
            place: Some(place),
            ..Draft::default()
        };
        Self {
            draft,
            state: PhantomData,
        }
    }
}

impl<'a, R, P, E, K> ResourceSas<'a, R, P, E, K> {
    /// Permissions that are known at run time only, in place of those that were given before. Letters that the
    /// resource does not have are an error of `sign`, and so are none.
    #[must_use]
    pub fn permissions(mut self, permissions: Permissions) -> ResourceSas<'a, R, Given, E, K> {
        self.draft.permissions = permissions;
        self.becomes()
    }

    /// The `Cache-Control` to answer a read with.
    #[must_use]
    pub fn cache_control(mut self, value: impl Into<Cow<'a, str>>) -> Self {
        self.draft.overrides.cache_control = value.into();
        self
    }

    /// The `Content-Disposition` to answer a read with.
    #[must_use]
    pub fn content_disposition(mut self, value: impl Into<Cow<'a, str>>) -> Self {
        self.draft.overrides.content_disposition = value.into();
        self
    }

    /// The `Content-Encoding` to answer a read with.
    #[must_use]
    pub fn content_encoding(mut self, value: impl Into<Cow<'a, str>>) -> Self {
        self.draft.overrides.content_encoding = value.into();
        self
    }

    /// The `Content-Language` to answer a read with.
    #[must_use]
    pub fn content_language(mut self, value: impl Into<Cow<'a, str>>) -> Self {
        self.draft.overrides.content_language = value.into();
        self
    }

    /// The `Content-Type` to answer a read with.
    #[must_use]
    pub fn content_type(mut self, value: impl Into<Cow<'a, str>>) -> Self {
        self.draft.overrides.content_type = value.into();
        self
    }

    pub(super) fn permits(mut self, letters: &str) -> ResourceSas<'a, R, Given, E, K> {
        letters
            .chars()
            .for_each(|letter| self.draft.permissions.insert(letter));
        self.becomes()
    }

    fn becomes<P2, E2, K2>(self) -> ResourceSas<'a, R, P2, E2, K2> {
        ResourceSas {
            draft: self.draft,
            state: PhantomData,
        }
    }
}

common_terms!(impl['a, R, P, E, K] ResourceSas<'a, R, P, E, K> => ResourceSas<'a, R, P, Given, K>);

impl<'a, R: BlobResource, P, E, K> ResourceSas<'a, R, P, E, K> {
    /// The encryption scope that what is written must have. Since 2020-12-06.
    #[must_use]
    pub fn encryption_scope(mut self, scope: impl Into<Cow<'a, str>>) -> Self {
        self.draft.encryption_scope = scope.into();
        self
    }
}

impl<'a, R, P, E> ResourceSas<'a, R, P, E> {
    /// The stored access policy of the container or share that has a say, by its id of at most 64 characters. Each of
    /// permissions, start and expiry is given either here or there. A user delegation key cannot sign it.
    #[must_use]
    pub fn policy(mut self, id: impl Into<Cow<'a, str>>) -> ResourceSas<'a, R, P, E, PolicyKey> {
        self.draft.policy = Some(id.into());
        self.becomes()
    }
}

/// Terms of a user delegation SAS: after one of them the account's key can no longer sign.
impl<'a, R, P, E, K: Delegable> ResourceSas<'a, R, P, E, K> {
    /// The object id of the one user who may use it, who has to send an access token too. Since 2025-07-05.
    #[must_use]
    pub fn delegated_user(
        mut self,
        object_id: impl Into<Cow<'a, str>>,
    ) -> ResourceSas<'a, R, P, E, DelegationKey> {
        self.draft.delegated_user_id = object_id.into();
        self.becomes()
    }
}

/// Terms of a user delegation SAS for blobs: after one of them the account's key can no longer sign.
impl<'a, R: BlobResource, P, E, K: Delegable> ResourceSas<'a, R, P, E, K> {
    /// The user in whose name its holder acts. Since 2020-02-10.
    #[must_use]
    pub fn agent(mut self, agent: Agent<'a>) -> ResourceSas<'a, R, P, E, DelegationKey> {
        self.draft.agent = Some(agent);
        self.becomes()
    }

    /// An id that the service writes into its log beside each request. Since 2020-02-10.
    #[must_use]
    pub fn correlation_id(mut self, id: impl Into<Cow<'a, str>>) -> ResourceSas<'a, R, P, E, DelegationKey> {
        self.draft.correlation_id = id.into();
        self.becomes()
    }

    /// A header that every request must have once, with exactly this value, which has no blanks around it. Since
    /// 2026-04-06.
    #[must_use]
    pub fn request_header(
        mut self,
        name: impl Into<Cow<'a, str>>,
        value: impl Into<Cow<'a, str>>,
    ) -> ResourceSas<'a, R, P, E, DelegationKey> {
        self.draft.headers.0.push((name.into(), value.into()));
        self.becomes()
    }

    /// A query parameter that every request must have once, with exactly this value, neither of them percent-encoded. It
    /// is none of the SAS itself. Since 2026-04-06.
    #[must_use]
    pub fn request_query(
        mut self,
        name: impl Into<Cow<'a, str>>,
        value: impl Into<Cow<'a, str>>,
    ) -> ResourceSas<'a, R, P, E, DelegationKey> {
        self.draft.query.0.push((name.into(), value.into()));
        self.becomes()
    }
}

impl<R: Resource> ResourceSas<'_, R, Given, Given> {
    /// Signs it: with a [`SharedKey`] it is a service SAS, with a [`UserDelegationKey`] a user delegation SAS.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidSas`](crate::ErrorKind::InvalidSas) when a name cannot be one, a text has a line feed, a
    /// carriage return or a NUL, it expires before it starts or after the user delegation key, or its version does not
    /// know a term of it.
    pub fn sign<S: SasKey + ?Sized>(&self, key: &S) -> Result<SasToken, Error> {
        self.sign_by(key.signer())
    }
}

impl<R: Resource, P, E> ResourceSas<'_, R, P, E, PolicyKey> {
    /// Signs it with a key of the account.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidSas`](crate::ErrorKind::InvalidSas) as above, and when the id of the policy is empty or
    /// longer than 64 characters.
    pub fn sign(&self, key: &SharedKey) -> Result<SasToken, Error> {
        self.sign_by(key.signer())
    }
}

impl<R: Resource> ResourceSas<'_, R, Given, Given, DelegationKey> {
    /// Signs it with a user delegation key.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidSas`](crate::ErrorKind::InvalidSas) as above.
    pub fn sign(&self, key: &UserDelegationKey) -> Result<SasToken, Error> {
        self.sign_by(key.signer())
    }
}

impl<R: Resource, P, E, K> ResourceSas<'_, R, P, E, K> {
    fn sign_by(&self, signer: Signer<'_>) -> Result<SasToken, Error> {
        let service = self.draft.service();
        self.draft.sign(signer.layout(service), R::PERMISSIONS, signer)
    }
}

impl<R, P, E, K> Clone for ResourceSas<'_, R, P, E, K> {
    fn clone(&self) -> Self {
        Self {
            draft: self.draft.clone(),
            state: PhantomData,
        }
    }
}

impl<R, P, E, K> fmt::Debug for ResourceSas<'_, R, P, E, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ResourceSas").field(&self.draft).finish()
    }
}
