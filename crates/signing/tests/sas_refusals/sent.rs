//! A request as it comes to the server, and the keys and tokens that it comes with.

use std::net::{IpAddr, Ipv4Addr};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use http::Request;
use lazuli_signing::{
    AccessPolicy, AccountKey, ReceivedSas, ResourceType, Sas, SasGrant, SasLevel, SasRefusal, SasRequest,
    SasResource, SasService, SasToken, SharedKey, UserDelegationKey, UserDelegationKeyFields,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::Sha256;
use time::OffsetDateTime;
use time::macros::datetime;

pub(crate) const NOW: OffsetDateTime = datetime!(2026-06-26 23:39:12 UTC);
pub(crate) const T: OffsetDateTime = datetime!(2026-06-27 20:00 UTC);
const KEY: &str = "c2VjcmV0";
const CLIENT: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 5));
pub(crate) const BLOB: SasResource<'static> = SasResource::Blob {
    container: "logs",
    blob: "d/a.txt",
    snapshot: None,
    version: None,
};
pub(crate) const CONTAINER: SasResource<'static> = SasResource::Container { container: "logs" };
pub(crate) const SHARE: SasResource<'static> = SasResource::Share { share: "s" };
pub(crate) const FILE: SasResource<'static> = SasResource::File {
    share: "s",
    path: "d/f",
};

pub(crate) fn key() -> SharedKey {
    SharedKey::new("acct".parse().unwrap(), AccountKey::from_base64(KEY).unwrap())
}

pub(crate) fn user_key(start: OffsetDateTime, expiry: OffsetDateTime) -> UserDelegationKey {
    let fields = UserDelegationKeyFields {
        object_id: "oid",
        tenant_id: "tid",
        start,
        expiry,
        service: "b",
        version: "2026-06-06",
        delegated_tenant_id: None,
        value: KEY,
    };
    UserDelegationKey::new("acct".parse().unwrap(), fields).unwrap()
}

/// A request over HTTPS from [`CLIENT`] at [`NOW`], in the service of its resource.
pub(crate) struct Sent<'a> {
    pub(crate) uri: &'a str,
    pub(crate) headers: &'a [(&'a str, &'a str)],
    pub(crate) resource: SasResource<'a>,
    pub(crate) level: SasLevel,
    pub(crate) secure: bool,
    pub(crate) client: Option<IpAddr>,
    pub(crate) now: OffsetDateTime,
    pub(crate) policy: Option<AccessPolicy>,
}

impl<'a> Sent<'a> {
    pub(crate) fn to(resource: SasResource<'a>) -> Self {
        Self {
            uri: "/",
            headers: &[],
            level: level(resource),
            resource,
            secure: true,
            client: Some(CLIENT),
            now: NOW,
            policy: None,
        }
    }

    pub(crate) fn with(&self, query: &str) -> Result<SasGrant, SasRefusal> {
        let mut request = Request::get(self.uri);
        for (name, value) in self.headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let files = matches!(
            self.resource,
            SasResource::Share { .. } | SasResource::File { .. }
        );
        let request = SasRequest {
            account: &"acct".parse().unwrap(),
            service: if files { SasService::File } else { SasService::Blob },
            resource: self.resource,
            level: self.level,
            parts: &parts,
            secure: self.secure,
            client: self.client,
            now: self.now,
        };
        let received = ReceivedSas::from_query(query)?.unwrap();
        received.verify(
            &request,
            &AccountKey::from_base64(KEY).unwrap(),
            self.policy.as_ref(),
        )
    }

    pub(crate) fn with_token(&self, token: &SasToken) -> Result<SasGrant, SasRefusal> {
        self.with(token.expose())
    }
}

/// The level of a request that does something with the resource itself.
pub(crate) fn level(resource: SasResource<'_>) -> SasLevel {
    let level = match resource {
        SasResource::Service => ResourceType::Service,
        SasResource::Container { .. } | SasResource::Share { .. } => ResourceType::Container,
        _ => ResourceType::Object,
    };
    level.into()
}

pub(crate) fn blob() -> SasToken {
    Sas::blob("logs", "d/a.txt")
        .read()
        .expires(T)
        .sign(&key())
        .unwrap()
}

/// The query with the right signature, as others than the builder may make it.
pub(crate) fn signed(sent: &Sent<'_>, unsigned: &str) -> String {
    let result = sent.with(&format!("{unsigned}&sig=AAAA"));
    let Err(SasRefusal::SignatureMismatch { string_to_sign }) = result else {
        panic!("{unsigned}: {result:?}");
    };
    let mut mac = Hmac::<Sha256>::new_from_slice(b"secret").unwrap();
    mac.update(string_to_sign.as_str().as_bytes());
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    format!(
        "{unsigned}&sig={}",
        utf8_percent_encode(&signature, NON_ALPHANUMERIC)
    )
}

pub(crate) fn mismatched(result: &Result<SasGrant, SasRefusal>) -> bool {
    matches!(result, Err(SasRefusal::SignatureMismatch { .. }))
}
