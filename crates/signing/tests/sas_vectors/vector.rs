//! A vector as its file has it, and the request that it is for.

use std::collections::BTreeMap;

use http::Request;
use http::request::Parts;
use lazuli_signing::{
    AccessPolicy, AccountKey, AccountName, ReceivedSas, ResourceType, SasGrant, SasLevel, SasRefusal,
    SasRequest, SasResource, SasService, SharedKey, UserDelegationKey, UserDelegationKeyFields,
};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::datetime;

/// Between the start and the expiry of every vector.
pub(crate) const NOW: OffsetDateTime = datetime!(2026-06-26 23:39:12 UTC);

pub(crate) type Params = BTreeMap<String, String>;

#[derive(Deserialize)]
pub(crate) struct File {
    pub(crate) vectors: Vec<Vector>,
}

#[derive(Deserialize)]
pub(crate) struct Vector {
    pub(crate) id: String,
    pub(crate) input: Input,
    pub(crate) string_to_sign: String,
    pub(crate) token: String,
    pub(crate) token_params: Params,
    pub(crate) signature: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Input {
    pub(crate) account: String,
    pub(crate) key: Option<String>,
    pub(crate) user_delegation_key: Option<DelegationKey>,
    pub(crate) version: String,
    pub(crate) services: String,
    pub(crate) resource_types: String,
    pub(crate) container: Option<String>,
    pub(crate) blob: Option<String>,
    pub(crate) snapshot: Option<String>,
    pub(crate) version_id: Option<String>,
    pub(crate) is_directory: bool,
    pub(crate) share: Option<String>,
    pub(crate) path: Option<String>,
    pub(crate) permissions: Option<String>,
    pub(crate) start: Option<String>,
    pub(crate) expiry: Option<String>,
    pub(crate) ip: Option<String>,
    pub(crate) protocol: Option<String>,
    pub(crate) identifier: Option<String>,
    pub(crate) encryption_scope: String,
    pub(crate) cache_control: String,
    pub(crate) content_disposition: String,
    pub(crate) content_encoding: String,
    pub(crate) content_language: String,
    pub(crate) content_type: String,
    pub(crate) preauthorized_agent_object_id: Option<String>,
    pub(crate) agent_object_id: Option<String>,
    pub(crate) correlation_id: Option<String>,
    pub(crate) delegated_user_object_id: Option<String>,
    pub(crate) request_headers: Params,
    pub(crate) request_query_params: Params,
    /// The order in which the headers are signed, which the map does not keep.
    #[serde(skip)]
    pub(crate) header_names: Vec<String>,
}

#[derive(Deserialize)]
pub(crate) struct DelegationKey {
    pub(crate) oid: String,
    pub(crate) tid: String,
    pub(crate) start: String,
    pub(crate) expiry: String,
    pub(crate) service: String,
    pub(crate) version: String,
    pub(crate) value: String,
    pub(crate) delegated_user_tid: Option<String>,
}

pub(crate) fn vectors() -> Vec<Vector> {
    let files = [
        (include_str!("../vectors/account_sas.json"), 6),
        (include_str!("../vectors/service_sas.json"), 12),
        (include_str!("../vectors/user_delegation_sas.json"), 11),
    ];
    let read = |(text, count): (&str, usize)| {
        let file: File = serde_json::from_str(text).unwrap();
        assert_eq!(file.vectors.len(), count);
        file.vectors
    };
    let mut vectors: Vec<Vector> = files.into_iter().flat_map(read).collect();
    for vector in &mut vectors {
        let names = vector.token_params.get("srh").map(|names| names.split(','));
        vector.input.header_names = names.into_iter().flatten().map(str::to_owned).collect();
    }
    vectors
}

pub(crate) fn time(text: &str) -> OffsetDateTime {
    OffsetDateTime::parse(text, &Rfc3339).unwrap()
}

pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

pub(crate) fn decoded(token: &str) -> Params {
    let decode = |text| percent_decode_str(text).decode_utf8().unwrap().into_owned();
    let pair = |(name, value)| (decode(name), decode(value));
    token
        .split('&')
        .map(|parameter| pair(parameter.split_once('=').unwrap()))
        .collect()
}

pub(crate) fn query(params: &Params) -> String {
    let pair = |(name, value): (&String, &String)| format!("{name}={}", encode(value));
    params.iter().map(pair).collect::<Vec<_>>().join("&")
}

impl Input {
    pub(crate) fn account(&self) -> AccountName {
        self.account.parse().unwrap()
    }

    pub(crate) fn key(&self) -> AccountKey {
        let delegated = self.user_delegation_key.as_ref().map(|key| &key.value);
        AccountKey::from_base64(self.key.as_ref().or(delegated).unwrap()).unwrap()
    }

    pub(crate) fn shared_key(&self) -> SharedKey {
        SharedKey::new(self.account(), self.key())
    }

    pub(crate) fn delegation_key(&self) -> Option<UserDelegationKey> {
        let key = self.user_delegation_key.as_ref()?;
        let fields = UserDelegationKeyFields {
            object_id: &key.oid,
            tenant_id: &key.tid,
            start: time(&key.start),
            expiry: time(&key.expiry),
            service: &key.service,
            version: &key.version,
            delegated_tenant_id: key.delegated_user_tid.as_deref(),
            value: &key.value,
        };
        Some(UserDelegationKey::new(self.account(), fields).unwrap())
    }

    /// A request that this SAS is for.
    pub(crate) fn parts(&self, token: &str) -> Parts {
        let query: Vec<String> = self
            .request_query_params
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .chain([token.to_owned()])
            .collect();
        let mut request = Request::get(format!("/?{}", query.join("&")));
        for (name, value) in &self.request_headers {
            request = request.header(name, value);
        }
        request.body(()).unwrap().into_parts().0
    }

    pub(crate) fn resource(&self) -> (SasService, SasResource<'_>) {
        match (&self.container, &self.blob, &self.share, &self.path) {
            (Some(container), Some(blob), ..) => (
                SasService::Blob,
                SasResource::Blob {
                    container,
                    blob,
                    snapshot: self.snapshot.as_deref(),
                    version: self.version_id.as_deref(),
                },
            ),
            (Some(container), None, ..) => (SasService::Blob, SasResource::Container { container }),
            (None, _, Some(share), Some(path)) => (SasService::File, SasResource::File { share, path }),
            (None, _, Some(share), None) => (SasService::File, SasResource::Share { share }),
            _ => self.resource_of_account(),
        }
    }

    pub(crate) fn resource_of_account(&self) -> (SasService, SasResource<'_>) {
        let files = self.services.ends_with('f') && self.services.len() == 1;
        let resource = match (files, self.resource_types.contains('o')) {
            (false, true) => SasResource::Blob {
                container: "c",
                blob: "b",
                snapshot: None,
                version: None,
            },
            (false, false) => SasResource::Container { container: "c" },
            (true, _) => SasResource::File {
                share: "s",
                path: "f",
            },
        };
        let service = if files { SasService::File } else { SasService::Blob };
        (service, resource)
    }

    pub(crate) fn policy(&self) -> Option<AccessPolicy> {
        self.identifier.as_ref()?;
        let given = self.permissions.is_some();
        Some(AccessPolicy {
            start: None,
            expiry: (!given).then_some(NOW + time::Duration::HOUR),
            permissions: (!given).then(|| "r".to_owned()),
        })
    }

    pub(crate) fn verify(&self, token: &str) -> Result<SasGrant, SasRefusal> {
        let received = ReceivedSas::from_query(token)?.unwrap();
        let parts = self.parts(token);
        let (service, resource) = self.resource();
        let first_address = self
            .ip
            .as_ref()
            .map(|ip| ip.split('-').next().unwrap().parse().unwrap());
        let request = SasRequest {
            account: &self.account(),
            service,
            resource,
            level: level(resource),
            parts: &parts,
            secure: true,
            client: first_address,
            now: NOW,
        };
        received.verify(&request, &self.key(), self.policy().as_ref())
    }
}

/// The level of a request that does something with the resource itself.
fn level(resource: SasResource<'_>) -> SasLevel {
    let level = match resource {
        SasResource::Service => ResourceType::Service,
        SasResource::Container { .. } | SasResource::Share { .. } => ResourceType::Container,
        _ => ResourceType::Object,
    };
    level.into()
}
