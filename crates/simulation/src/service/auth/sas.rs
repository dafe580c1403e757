//! Requests with a shared access signature.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use http::HeaderValue;
use lazuli_protocol::xml::format_iso8601;
use lazuli_signing::{
    AccessPolicy, AccountKey, DelegationFields, HeaderOverrides, ReceivedSas, ResourceType, SasGrant,
    SasLevel, SasRequest, SasResource, SasService,
};

use super::sas_refusal::{bad_version, refuse};
use super::{Caller, DelegatedKey, Visit, failed};
use crate::entra::Identity;
use crate::service::query::Query;
use crate::service::refusal::Refusal;
use crate::service::router::Route;
use crate::service::target::Level;
use crate::service::version::of_signature;

/// Whether a request comes with a signature.
pub(in crate::service) fn is_sas(query: &Query) -> bool {
    query.get("sig").is_some()
}

/// Lets the holder of a signature in, or says why not.
pub(super) fn admit(visit: &Visit<'_>) -> Result<Caller, Box<Refusal>> {
    let grant = verify(visit)?;
    match grant.delegated_user_id() {
        None => Ok(Caller::Sas(Box::new(grant))),
        Some(_) => Err(failed(
            "The signature is for one user (sduoid), whose access token the request does not bring.",
        )),
    }
}

/// Whether a request comes with a signature that only the user may use whose token comes with it.
pub(super) fn is_for_one_user(visit: &Visit<'_>) -> bool {
    if !is_sas(visit.query) {
        return false;
    }
    let received = ReceivedSas::from_query(visit.parts.uri.query().unwrap_or_default());
    matches!(received, Ok(Some(sas)) if sas.delegated_user_id().is_some())
}

/// Lets a user in who holds a signature that is for nobody else, or says why not.
pub(super) fn admit_user(visit: &Visit<'_>, user: &Identity) -> Result<Caller, Box<Refusal>> {
    let grant = verify(visit)?;
    let same = |signed: Option<&str>, id: &str| signed.is_none_or(|signed| signed.eq_ignore_ascii_case(id));
    if !same(grant.delegated_user_id(), &user.object_id) {
        return Err(failed(
            "The access token is not that of the user whom the signature is for (sduoid).",
        ));
    }
    if !same(visit.query.some("skdutid"), &user.tenant_id) {
        return Err(failed(
            "The access token is not of the tenant that the key is for (skdutid).",
        ));
    }
    Ok(Caller::Sas(Box::new(grant)))
}

fn verify(visit: &Visit<'_>) -> Result<SasGrant, Box<Refusal>> {
    let received = ReceivedSas::from_query(visit.parts.uri.query().unwrap_or_default());
    let received = received.map_err(|refusal| refuse(&refusal, false, visit.now))?;
    let received = received.ok_or_else(|| failed("sig is mandatory. Cannot be empty"))?;
    if of_signature(received.version()).is_none() {
        return Err(bad_version());
    }
    let delegated = received
        .delegation()
        .map(|fields| visit.delegated_key(fields))
        .transpose()?;
    let key = delegated.as_ref().unwrap_or(visit.account.key());
    let policy = received.policy().and_then(|id| visit.policy(id));
    let listed = visit.listed_directory(&received);
    let grant = received.verify(&visit.sas_request(listed.as_deref()), key, policy.as_ref());
    let grant = grant.map_err(|refusal| refuse(&refusal, received.policy().is_some(), visit.now))?;
    check_overrides(grant.overrides())?;
    Ok(grant)
}

impl Visit<'_> {
    fn sas_request<'a>(&'a self, listed: Option<&'a str>) -> SasRequest<'a> {
        // A request of this process comes from this machine.
        let peer = self.parts.extensions.get::<SocketAddr>();
        let client = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), SocketAddr::ip);
        let container = self.target.container.as_deref();
        let resource = match (container, self.target.blob.as_deref().or(listed)) {
            (None, _) => SasResource::Service,
            (Some(container), None) => SasResource::Container { container },
            (Some(container), Some(blob)) => SasResource::Blob {
                container,
                blob,
                snapshot: self.query.some("snapshot"),
                version: self.query.some("versionid"),
            },
        };
        SasRequest {
            account: self.account.shared_key().account(),
            service: SasService::Blob,
            resource,
            level: self.sas_level(),
            parts: self.parts,
            secure: self.target.is_secure(),
            client: Some(client),
            now: self.now,
        }
    }

    /// The level that a signature for the account must reach: that of the operation which the request is routed to.
    fn sas_level(&self) -> SasLevel {
        match self.target.level() {
            _ if self.route.is_some_and(Route::tells_of_account) => SasLevel::Any,
            Level::Account => ResourceType::Service.into(),
            Level::Container => ResourceType::Container.into(),
            Level::Blob => ResourceType::Object.into(),
        }
    }

    /// The directory that a list is of, where the signature is for a directory: all of the prefix up to its last slash, so that no
    /// neighbour with a longer name is listed.
    fn listed_directory(&self, sas: &ReceivedSas) -> Option<String> {
        let lists = self.route.is_some_and(Route::lists_blobs);
        (lists && sas.is_directory()).then(|| {
            let prefix = self.query.get("prefix").unwrap_or_default();
            prefix
                .rsplit_once('/')
                .map_or("", |(directory, _)| directory)
                .to_owned()
        })
    }

    /// The key that a user was lent. It is made again from what the signature says of it: for whatever was never lent, it is a key
    /// that nobody has.
    fn delegated_key(&self, fields: &DelegationFields) -> Result<AccountKey, Box<Refusal>> {
        let (start, expiry) = (format_iso8601(fields.starts()), format_iso8601(fields.expires()));
        let value = self.account.delegated_key(&DelegatedKey {
            oid: fields.object_id(),
            tid: fields.tenant_id(),
            start: &start,
            expiry: &expiry,
            service: fields.service(),
            version: fields.version(),
            delegated_user_tid: fields.delegated_tenant_id().unwrap_or_default(),
        });
        AccountKey::from_base64(&value).map_err(|error| Refusal::internal(&error))
    }

    fn policy(&self, id: &str) -> Option<AccessPolicy> {
        let at = self.container()?;
        self.engine.read(|state| {
            let container = state.container(&at).ok()?;
            let policy = container.properties.access.policy(id)?;
            Some(AccessPolicy {
                start: policy.start.map(Into::into),
                expiry: policy.expiry.map(Into::into),
                permissions: policy.permission.as_deref().map(str::to_owned),
            })
        })
    }
}

/// What no header can hold cannot be answered.
fn check_overrides(overrides: &HeaderOverrides) -> Result<(), Box<Refusal>> {
    for (name, value) in [
        ("rscc", &overrides.cache_control),
        ("rscd", &overrides.content_disposition),
        ("rsce", &overrides.content_encoding),
        ("rscl", &overrides.content_language),
        ("rsct", &overrides.content_type),
    ] {
        if let Some(value) = value
            .as_deref()
            .filter(|value| HeaderValue::from_str(value).is_err())
        {
            return Err(Refusal::bad_query(name, value, ""));
        }
    }
    Ok(())
}
