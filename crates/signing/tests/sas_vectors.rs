//! SAS that the official SDKs have made: the same text, the same signature; they verify, and with one byte changed they
//! do not; and the builder here makes the same.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects, in its helpers too"
)]

use std::collections::BTreeMap;

use http::Request;
use http::request::Parts;
use lazuli_signing::sas::marker::{BlobResource, Resource};
use lazuli_signing::{
    AccessPolicy, AccountKey, AccountName, AccountSas, Agent, Error, ReceivedSas, ResourceSas, Sas, SasGrant,
    SasKey, SasProtocol, SasRefusal, SasRequest, SasResource, SasService, SasToken, SharedKey,
    UserDelegationKey, UserDelegationKeyFields,
};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::datetime;

/// Between the start and the expiry of every vector.
const NOW: OffsetDateTime = datetime!(2026-06-26 23:39:12 UTC);

type Params = BTreeMap<String, String>;

#[derive(Deserialize)]
struct File {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    id: String,
    input: Input,
    string_to_sign: String,
    token: String,
    token_params: Params,
    signature: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Input {
    account: String,
    key: Option<String>,
    user_delegation_key: Option<DelegationKey>,
    version: String,
    services: String,
    resource_types: String,
    container: Option<String>,
    blob: Option<String>,
    snapshot: Option<String>,
    version_id: Option<String>,
    is_directory: bool,
    share: Option<String>,
    path: Option<String>,
    permissions: Option<String>,
    start: Option<String>,
    expiry: Option<String>,
    ip: Option<String>,
    protocol: Option<String>,
    identifier: Option<String>,
    encryption_scope: String,
    cache_control: String,
    content_disposition: String,
    content_encoding: String,
    content_language: String,
    content_type: String,
    preauthorized_agent_object_id: Option<String>,
    agent_object_id: Option<String>,
    correlation_id: Option<String>,
    delegated_user_object_id: Option<String>,
    request_headers: Params,
    request_query_params: Params,
    /// The order in which the headers are signed, which the map does not keep.
    #[serde(skip)]
    header_names: Vec<String>,
}

#[derive(Deserialize)]
struct DelegationKey {
    oid: String,
    tid: String,
    start: String,
    expiry: String,
    service: String,
    version: String,
    value: String,
    delegated_user_tid: Option<String>,
}

fn vectors() -> Vec<Vector> {
    let files = [
        (include_str!("vectors/account_sas.json"), 6),
        (include_str!("vectors/service_sas.json"), 12),
        (include_str!("vectors/user_delegation_sas.json"), 11),
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

fn time(text: &str) -> OffsetDateTime {
    OffsetDateTime::parse(text, &Rfc3339).unwrap()
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn decoded(token: &str) -> Params {
    let decode = |text| percent_decode_str(text).decode_utf8().unwrap().into_owned();
    let pair = |(name, value)| (decode(name), decode(value));
    token
        .split('&')
        .map(|parameter| pair(parameter.split_once('=').unwrap()))
        .collect()
}

fn query(params: &Params) -> String {
    let pair = |(name, value): (&String, &String)| format!("{name}={}", encode(value));
    params.iter().map(pair).collect::<Vec<_>>().join("&")
}

impl Input {
    fn account(&self) -> AccountName {
        self.account.parse().unwrap()
    }

    fn key(&self) -> AccountKey {
        let delegated = self.user_delegation_key.as_ref().map(|key| &key.value);
        AccountKey::from_base64(self.key.as_ref().or(delegated).unwrap()).unwrap()
    }

    fn shared_key(&self) -> SharedKey {
        SharedKey::new(self.account(), self.key())
    }

    fn delegation_key(&self) -> Option<UserDelegationKey> {
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
    fn parts(&self, token: &str) -> Parts {
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

    fn resource(&self) -> (SasService, SasResource<'_>) {
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

    fn resource_of_account(&self) -> (SasService, SasResource<'_>) {
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

    fn policy(&self) -> Option<AccessPolicy> {
        self.identifier.as_ref()?;
        let given = self.permissions.is_some();
        Some(AccessPolicy {
            start: None,
            expiry: (!given).then_some(NOW),
            permissions: (!given).then(|| "r".to_owned()),
        })
    }

    fn verify(&self, token: &str) -> Result<SasGrant, SasRefusal> {
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
            parts: &parts,
            secure: true,
            client: first_address,
            now: NOW,
        };
        received.verify(&request, &self.key(), self.policy().as_ref())
    }
}

#[test]
fn the_text_is_the_same() {
    for vector in vectors() {
        let mut params = vector.token_params.clone();
        params.insert("sig".to_owned(), "AAAA".to_owned());
        match vector.input.verify(&query(&params)) {
            Err(SasRefusal::SignatureMismatch { string_to_sign }) => {
                assert_eq!(string_to_sign.as_str(), vector.string_to_sign, "{}", vector.id);
            }
            result => panic!("{}: {result:?}", vector.id),
        }
    }
}

#[test]
fn the_signature_verifies() {
    for vector in vectors() {
        let grant = vector
            .input
            .verify(&vector.token)
            .unwrap_or_else(|refusal| panic!("{}: {refusal}", vector.id));
        let permitted = vector.input.permissions.as_deref().unwrap_or("r");
        assert!(
            permitted
                .chars()
                .all(|letter| grant.permissions().contains(letter))
        );
        let header = &grant.overrides().content_disposition;
        assert_eq!(
            header.as_deref().unwrap_or_default(),
            vector.input.content_disposition
        );
        let scope = grant.encryption_scope().unwrap_or_default();
        assert_eq!(scope, vector.input.encryption_scope, "{}", vector.id);
        let user = vector.input.delegated_user_object_id.as_deref();
        assert_eq!(grant.delegated_user_id(), user, "{}", vector.id);
    }
}

/// Every byte of every parameter of every token, replaced by some others.
#[test]
fn with_one_byte_changed_it_does_not_verify() {
    let mut changes = 0;
    for vector in vectors() {
        for (name, value) in &vector.token_params {
            for (at, old) in value.char_indices() {
                for new in ['0', 'a', 'Z', '-', 'ü'].into_iter().filter(|new| *new != old) {
                    let mut changed = value.clone();
                    changed.replace_range(at..at + old.len_utf8(), new.encode_utf8(&mut [0; 4]));
                    let mut params = vector.token_params.clone();
                    params.insert(name.clone(), changed);
                    let result = vector.input.verify(&query(&params));
                    assert!(result.is_err(), "{}: {params:?}", vector.id);
                    changes += 1;
                }
            }
        }
    }
    assert!(changes > 5_000, "{changes}");
}

#[test]
fn with_a_parameter_less_it_does_not_verify() {
    for vector in vectors() {
        for name in vector.token_params.keys().filter(|name| *name != "sig") {
            let mut params = vector.token_params.clone();
            params.remove(name);
            assert!(
                vector.input.verify(&query(&params)).is_err(),
                "{} without {name}",
                vector.id
            );
        }
    }
}

#[test]
fn the_signed_parts_of_a_request_are_signed() {
    for mut vector in vectors() {
        let names: Vec<String> = vector.input.request_headers.keys().cloned().collect();
        for name in names {
            let old = vector
                .input
                .request_headers
                .insert(name.clone(), "other".to_owned());
            let refusal = vector.input.verify(&vector.token).unwrap_err();
            assert!(matches!(refusal, SasRefusal::SignatureMismatch { .. }));
            vector.input.request_headers.remove(&name);
            let refusal = vector.input.verify(&vector.token).unwrap_err();
            assert!(matches!(refusal, SasRefusal::SignedHeaderMissing { .. }));
            vector.input.request_headers.insert(name, old.unwrap());
        }
        let names: Vec<String> = vector.input.request_query_params.keys().cloned().collect();
        for name in names {
            let old = vector
                .input
                .request_query_params
                .insert(name.clone(), "other".to_owned());
            let refusal = vector.input.verify(&vector.token).unwrap_err();
            assert!(matches!(refusal, SasRefusal::SignatureMismatch { .. }));
            vector.input.request_query_params.remove(&name);
            let refusal = vector.input.verify(&vector.token).unwrap_err();
            assert!(matches!(refusal, SasRefusal::SignedQueryMissing { .. }));
            vector.input.request_query_params.insert(name, old.unwrap());
        }
        assert!(vector.input.verify(&vector.token).is_ok());
    }
}

// The same SAS, made here.

#[test]
fn the_builder_makes_the_same() {
    let mut same = 0;
    for vector in vectors() {
        let token = vector
            .input
            .make()
            .unwrap_or_else(|error| panic!("{}: {error}", vector.id));
        assert!(vector.input.verify(token.expose()).is_ok(), "{}", vector.id);
        let mut made = decoded(token.expose());
        if made["sig"] == vector.signature {
            assert_eq!(made, vector.token_params, "{}", vector.id);
            same += 1;
            continue;
        }
        // The JavaScript SDK has orders of letters of its own, so its text is another one.
        let mut theirs = vector.token_params.clone();
        for params in [&mut made, &mut theirs] {
            params.remove("sig");
            for name in ["sp", "ss"] {
                if let Some(value) = params.get_mut(name) {
                    let mut letters: Vec<char> = value.chars().collect();
                    letters.sort_unstable();
                    *value = letters.into_iter().collect();
                }
            }
        }
        assert_eq!(made, theirs, "{}", vector.id);
        let input = &vector.input;
        let reordered = input.services == "btqf" || input.permissions.as_deref() == Some("racwdxltmeiyf");
        assert!(reordered, "{}", vector.id);
    }
    assert_eq!(same, 27);
}

impl Input {
    fn make(&self) -> Result<SasToken, Error> {
        match (&self.container, &self.blob, &self.share, &self.path) {
            (Some(container), Some(blob), ..) => {
                if let Some(snapshot) = &self.snapshot {
                    self.make_blob(Sas::snapshot(container, blob, snapshot))
                } else if let Some(version) = &self.version_id {
                    self.make_blob(Sas::version(container, blob, version))
                } else if self.is_directory {
                    self.make_blob(Sas::directory(container, blob))
                } else {
                    self.make_blob(Sas::blob(container, blob))
                }
            }
            (Some(container), None, ..) => self.make_blob(Sas::container(container)),
            (None, _, Some(share), Some(path)) => self.make_resource(Sas::file(share, path)),
            (None, _, Some(share), None) => self.make_resource(Sas::share(share)),
            _ => self.make_account(),
        }
    }

    fn make_blob<'a, R: BlobResource>(&'a self, sas: ResourceSas<'a, R>) -> Result<SasToken, Error> {
        let mut sas = sas;
        if !self.encryption_scope.is_empty() {
            sas = sas.encryption_scope(&self.encryption_scope);
        }
        let agent = self.preauthorized_agent_object_id.as_ref().map(Agent::authorized);
        let agent = agent.or(self.agent_object_id.as_ref().map(Agent::unauthorized));
        let delegated = agent.is_some() || !self.request_headers.is_empty();
        if !delegated {
            return self.make_resource(sas);
        }
        // A term that changes nothing, to get to the state in which all of these can be given.
        let mut sas = self
            .terms(sas)
            .correlation_id(self.correlation_id.as_deref().unwrap_or_default());
        if let Some(agent) = agent {
            sas = sas.agent(agent);
        }
        if let Some(user) = &self.delegated_user_object_id {
            sas = sas.delegated_user(user);
        }
        for name in &self.header_names {
            sas = sas.request_header(name, &self.request_headers[name]);
        }
        for (name, value) in &self.request_query_params {
            sas = sas.request_query(name, value);
        }
        sas.permissions(self.permissions())
            .expires(self.expiry())
            .sign(&self.delegation_key().unwrap())
    }

    fn make_resource<'a, R: Resource>(&'a self, sas: ResourceSas<'a, R>) -> Result<SasToken, Error> {
        let sas = self.terms(sas);
        if let Some(user) = &self.delegated_user_object_id {
            let sas = sas.delegated_user(user).permissions(self.permissions());
            return sas.expires(self.expiry()).sign(&self.delegation_key().unwrap());
        }
        if let Some(id) = &self.identifier {
            let sas = sas.policy(id);
            return if self.permissions.is_none() {
                sas.sign(&self.shared_key())
            } else {
                let sas = sas.permissions(self.permissions()).expires(self.expiry());
                sas.sign(&self.shared_key())
            };
        }
        let key: Box<dyn SasKey> = match self.delegation_key() {
            Some(key) => Box::new(key),
            None => Box::new(self.shared_key()),
        };
        sas.permissions(self.permissions())
            .expires(self.expiry())
            .sign(&*key)
    }

    fn terms<'a, R>(&'a self, sas: ResourceSas<'a, R>) -> ResourceSas<'a, R> {
        let mut sas = sas.version(self.version.parse().unwrap());
        if let Some(start) = &self.start {
            sas = sas.starts(time(start));
        }
        if let Some(ip) = &self.ip {
            sas = sas.ip(ip.parse::<lazuli_signing::IpRange>().unwrap());
        }
        if let Some(protocol) = self.protocol() {
            sas = sas.protocol(protocol);
        }
        sas.cache_control(&self.cache_control)
            .content_disposition(&self.content_disposition)
            .content_encoding(&self.content_encoding)
            .content_language(&self.content_language)
            .content_type(&self.content_type)
    }

    fn make_account(&self) -> Result<SasToken, Error> {
        let each = |sas: AccountSas<'static>| sas.version(self.version.parse().unwrap());
        let mut sas = each(Sas::account())
            .encryption_scope(self.encryption_scope.clone())
            .permissions(self.permissions())
            .expires(self.expiry());
        if let Some(start) = &self.start {
            sas = sas.starts(time(start));
        }
        if let Some(ip) = &self.ip {
            sas = sas.ip(ip.parse::<lazuli_signing::IpRange>().unwrap());
        }
        if let Some(protocol) = self.protocol() {
            sas = sas.protocol(protocol);
        }
        let key = &self.shared_key();
        match (&*self.services, &*self.resource_types) {
            ("b", "sco") => sas.blob().service().container().object().sign(key),
            ("b", "c") => sas.blob().container().sign(key),
            ("f", "sco") => sas.file().service().container().object().sign(key),
            ("f", "so") => sas.file().object().service().sign(key),
            ("bqf", "o") => sas.file().queue().blob().object().sign(key),
            ("btqf", "sco") => sas
                .blob()
                .queue()
                .table()
                .file()
                .service()
                .container()
                .object()
                .sign(key),
            other => panic!("{other:?}"),
        }
    }

    fn permissions(&self) -> lazuli_signing::Permissions {
        self.permissions.as_ref().unwrap().parse().unwrap()
    }

    fn expiry(&self) -> OffsetDateTime {
        time(self.expiry.as_ref().unwrap())
    }

    fn protocol(&self) -> Option<SasProtocol> {
        self.protocol.as_ref().map(|protocol| match protocol.as_str() {
            "https" => SasProtocol::Https,
            "https,http" => SasProtocol::HttpsOrHttp,
            other => panic!("{other}"),
        })
    }
}

// Signatures that are known from an old SDK's own tests.

#[test]
fn signatures_of_old_versions_are_the_same() {
    let key = SharedKey::new("foo".parse().unwrap(), AccountKey::from_base64("YmFy").unwrap());
    let expiry = datetime!(0001-01-01 00:00 UTC);
    let blob = || Sas::blob("container", "name").read().expires(expiry);
    let old = || "2013-08-15".parse().unwrap();
    let tokens = [
        (
            blob().version(old()).sign(&key),
            "/OXG7rWh08jYwtU03GzJM0DHZtidRGpC6g69rSGm3I0=",
        ),
        (
            blob()
                .version("2015-04-05".parse().unwrap())
                .ip(std::net::Ipv4Addr::LOCALHOST)
                .protocol(SasProtocol::Https)
                .sign(&key),
            "VBOYJmt89UuBRXrxNzmsCMoC+8PXX2yklV71QcL1BfM=",
        ),
        (
            Sas::container("container")
                .read()
                .expires(expiry)
                .version(old())
                .sign(&key),
            "KMjYyQODKp6uK9EKR3yGhO2M84e1LfoztypU32kHj4s=",
        ),
    ];
    for (token, signature) in tokens {
        assert_eq!(decoded(token.unwrap().expose())["sig"], signature);
    }
}
