//! Whether a received SAS lets a request in.

use subtle::ConstantTimeEq;
use time::OffsetDateTime;

use super::super::field::Field;
use super::super::permissions::Permissions;
use super::super::terms::SasProtocol;
use super::parse::missing;
use super::{AccessPolicy, HeaderOverrides, ReceivedSas, SasGrant, SasLevel, SasRefusal, SasRequest};
use crate::account_key::AccountKey;
use crate::string_to_sign::StringToSign;

/// What a SAS says by itself or through its stored access policy.
struct Terms {
    permissions: Permissions,
    starts: Option<OffsetDateTime>,
    expires: OffsetDateTime,
}

impl ReceivedSas {
    /// Checks the SAS for a request.
    ///
    /// `key` is a key of the account; for a user delegation SAS it is the value of the user delegation key that
    /// [`delegation`](Self::delegation) names. A server tries the account's second key when the first gives
    /// [`SasRefusal::SignatureMismatch`]. `policy` is the stored access policy that [`policy`](Self::policy) names,
    /// of the container or share that is addressed, or `None` where there is no such policy.
    ///
    /// Whether the grant's permissions are enough for the operation is left to the server, and so is the access token
    /// of the user that a SAS may be bound to. The signatures are compared in constant time.
    ///
    /// # Errors
    /// The first [`SasRefusal`] that applies, in the order of its variants.
    pub fn verify(
        &self,
        request: &SasRequest<'_>,
        key: &AccountKey,
        policy: Option<&AccessPolicy>,
    ) -> Result<SasGrant, SasRefusal> {
        let text = self.text(request)?;
        if !bool::from(key.mac(&text).as_slice().ct_eq(&self.mac)) {
            let string_to_sign = StringToSign::new(text);
            return Err(SasRefusal::SignatureMismatch { string_to_sign });
        }
        let terms = self.terms(policy)?;
        self.check_times(&terms, request.now)?;
        self.check_origin(request)?;
        self.check_scope(request)?;
        Ok(self.grant(terms.permissions))
    }

    fn terms(&self, policy: Option<&AccessPolicy>) -> Result<Terms, SasRefusal> {
        let none = AccessPolicy::default();
        let policy = match (self.policy(), policy) {
            (None, _) => &none,
            (Some(_), Some(policy)) => policy,
            (Some(id), None) => return Err(SasRefusal::UnknownPolicy { id: id.to_owned() }),
        };
        let permissions = policy.permissions.as_deref().filter(|text| !text.is_empty());
        let permissions = permissions.map(|text| {
            let mut set = Permissions::default();
            text.chars().for_each(|letter| set.insert(letter));
            set
        });
        Ok(Terms {
            permissions: either(Field::Sp, self.permissions, permissions)?
                .ok_or_else(|| missing(Field::Sp))?,
            starts: either(Field::St, self.starts, policy.start)?,
            expires: either(Field::Se, self.expires, policy.expiry)?.ok_or_else(|| missing(Field::Se))?,
        })
    }

    fn check_times(&self, terms: &Terms, now: OffsetDateTime) -> Result<(), SasRefusal> {
        let (start, expiry) = (terms.starts, terms.expires);
        if let Some(start) = start.filter(|start| now < *start) {
            return Err(SasRefusal::NotYetValid { start, expiry, now });
        }
        if now >= expiry {
            return Err(SasRefusal::Expired { start, expiry, now });
        }
        let Some(key) = &self.delegation else {
            return Ok(());
        };
        let (start, expiry) = (key.starts(), key.expires());
        if now < start {
            return Err(SasRefusal::DelegationKeyNotYetValid { start, expiry, now });
        }
        if now >= expiry {
            return Err(SasRefusal::DelegationKeyExpired { start, expiry, now });
        }
        Ok(())
    }

    fn check_origin(&self, request: &SasRequest<'_>) -> Result<(), SasRefusal> {
        let client = request.client;
        if self
            .addresses
            .is_some_and(|range| !client.is_some_and(|client| range.contains(client)))
        {
            return Err(SasRefusal::IpMismatch { client });
        }
        if self.protocol == Some(SasProtocol::Https) && !request.secure {
            return Err(SasRefusal::ProtocolMismatch);
        }
        Ok(())
    }

    fn check_scope(&self, request: &SasRequest<'_>) -> Result<(), SasRefusal> {
        let service = request.service;
        let key_services = self.delegation.as_ref().map(|key| key.service());
        let of_resource = self.resource.map(|resource| resource.service());
        let letters = self.get(Field::Ss).or(key_services);
        if letters.is_some_and(|letters| !letters.contains(service.letter()))
            || of_resource.is_some_and(|signed| signed != service)
        {
            return Err(SasRefusal::ServiceMismatch { service });
        }
        let reached = |level| self.types.is_none_or(|types| types.contains(level));
        match request.level {
            SasLevel::Of(level) if !reached(level) => Err(SasRefusal::ResourceTypeMismatch { level }),
            _ => Ok(()),
        }
    }

    fn grant(&self, permissions: Permissions) -> SasGrant {
        let owned = |field| self.get(field).map(str::to_owned);
        SasGrant {
            kind: self.kind,
            permissions,
            types: self.types,
            overrides: HeaderOverrides {
                cache_control: owned(Field::Rscc),
                content_disposition: owned(Field::Rscd),
                content_encoding: owned(Field::Rsce),
                content_language: owned(Field::Rscl),
                content_type: owned(Field::Rsct),
            },
            encryption_scope: owned(Field::Ses),
            policy: owned(Field::Si),
            delegated_user_id: owned(Field::Sduoid),
            authorized_user_id: owned(Field::Saoid),
            unauthorized_user_id: owned(Field::Suoid),
            correlation_id: owned(Field::Scid),
        }
    }
}

/// What one of the two says. They may not both do so.
fn either<T>(field: Field, token: Option<T>, policy: Option<T>) -> Result<Option<T>, SasRefusal> {
    match (token, policy) {
        (Some(_), Some(_)) => Err(SasRefusal::FieldInTokenAndPolicy { field: field.name() }),
        (token, policy) => Ok(token.or(policy)),
    }
}
