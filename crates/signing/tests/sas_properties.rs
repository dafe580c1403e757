//! What is made here verifies whatever it is made of, and what is changed after that does not.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test says what it expects, in its helpers too"
)]

use std::net::{IpAddr, Ipv4Addr};

use http::Request;
use http::request::Parts;
use lazuli_signing::sas::marker::{BlobResource, Resource};
use lazuli_signing::{
    AccountKey, Agent, Error, Permissions, ReceivedSas, ResourceSas, ResourceType, Sas, SasGrant, SasLevel,
    SasProtocol, SasRefusal, SasRequest, SasResource, SasService, SasToken, SharedKey, UserDelegationKey,
    UserDelegationKeyFields,
};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use time::OffsetDateTime;
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-06-26 23:39:12 UTC);
const KEY: &str = "c2VjcmV0";

/// Every letter that a token may have.
const LEGAL: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%&=+,:/?";

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Container,
    Blob,
    Snapshot,
    Version,
    Directory,
    Share,
    File,
}

/// All that goes into a SAS for one resource.
#[derive(Clone, Debug)]
struct Terms {
    kind: Kind,
    root: String,
    path: String,
    instant: String,
    letters: usize,
    starts: Option<i64>,
    expires: i64,
    address: Option<u32>,
    protocol: Option<bool>,
    overrides: [String; 5],
    scope: String,
    policy: Option<String>,
    delegated: Option<Delegated>,
    version: &'static str,
}

/// All that goes into a user delegation SAS beside that.
#[derive(Clone, Debug)]
struct Delegated {
    agent: Option<(bool, String)>,
    user: String,
    correlation: String,
    headers: Vec<(String, String)>,
    query: Vec<(String, String)>,
}

/// Any text that can stand on a line.
const TEXT: &str = "[^\\x00\\r\\n]{0,12}";
const ID: &str = "[^\\x00\\r\\n]{1,12}";

prop_compose! {
    fn delegated()(
        agent in option::of((any::<bool>(), ID)),
        user in TEXT,
        correlation in TEXT,
        headers in proptest::collection::btree_map("x-[a-z]{1,8}", "[!-~]([ -~]{0,8}[!-~])?", 0..3),
        query in proptest::collection::btree_map("[^\\x00-\\x20,:A-Z]{1,6}", TEXT, 0..3),
    ) -> Delegated {
        Delegated {
            agent,
            user,
            correlation,
            headers: headers.into_iter().collect(),
            // The parameters of the SAS itself and those of the request have different names.
            query: query.into_iter().map(|(name, value)| (format!("{name}-"), value)).collect(),
        }
    }
}

prop_compose! {
    fn all_terms()(
        kind in select(&[Kind::Container, Kind::Blob, Kind::Snapshot, Kind::Version, Kind::Directory, Kind::Share, Kind::File][..]),
        root in "[$a-z0-9][a-z0-9-]{1,20}",
        path in "[^\\x00\\r\\n/]{1,8}(/[^\\x00\\r\\n/]{1,8}){0,3}",
        instant in ID,
        letters in 1..(1_usize << 13),
        starts in option::of(0..86_400_i64),
        expires in 0..86_400_i64,
        address in option::of(any::<u32>()),
        protocol in option::of(any::<bool>()),
        overrides in [TEXT, TEXT, TEXT, TEXT, TEXT],
        scope in TEXT,
        // At most one of the two.
        by in prop_oneof![
            Just((None, None)),
            ID.prop_map(|id| (Some(id), None)),
            delegated().prop_map(|delegated| (None, Some(delegated))),
        ],
        version in select(&["2012-02-12", "2013-08-15", "2015-04-05", "2018-11-09", "2020-02-10", "2020-12-06", "2021-06-08",
            "2025-07-05", "2026-04-06", "2026-06-06", "2026-06-06", "2026-06-06", "2026-10-06"][..]),
    ) -> Terms {
        let (policy, delegated) = by;
        Terms { kind, root, path, instant, letters, starts, expires, address, protocol, overrides, scope, policy, delegated, version }
    }
}

impl Terms {
    fn service(&self) -> SasService {
        match self.kind {
            Kind::Share | Kind::File => SasService::File,
            _ => SasService::Blob,
        }
    }

    fn account_key() -> SharedKey {
        SharedKey::new("acct".parse().unwrap(), AccountKey::from_base64(KEY).unwrap())
    }

    fn user_key(&self) -> UserDelegationKey {
        let fields = UserDelegationKeyFields {
            object_id: "oid",
            tenant_id: "tid",
            start: NOW - time::Duration::days(2),
            expiry: NOW + time::Duration::days(2),
            service: if self.service() == SasService::File {
                "f"
            } else {
                "b"
            },
            version: "2026-06-06",
            delegated_tenant_id: None,
            value: KEY,
        };
        UserDelegationKey::new("acct".parse().unwrap(), fields).unwrap()
    }

    fn permissions<R: Resource>(&self) -> Permissions {
        let all: Vec<char> = R::PERMISSIONS.chars().collect();
        let chosen = all
            .iter()
            .enumerate()
            .filter(|(at, _)| self.letters >> at & 1 == 1);
        let chosen: String = chosen.map(|(_, letter)| letter).collect();
        // A resource with few letters may have none of the chosen ones.
        if chosen.is_empty() { "r" } else { &chosen }.parse().unwrap()
    }

    fn make(&self) -> Result<SasToken, Error> {
        let (root, path, instant) = (&self.root, &self.path, &self.instant);
        match self.kind {
            Kind::Container => self.make_blob(Sas::container(root)),
            Kind::Blob => self.make_blob(Sas::blob(root, path)),
            Kind::Snapshot => self.make_blob(Sas::snapshot(root, path, instant)),
            Kind::Version => self.make_blob(Sas::version(root, path, instant)),
            Kind::Directory => self.make_blob(Sas::directory(root, path)),
            Kind::Share => self.make_any(Sas::share(root)),
            Kind::File => self.make_any(Sas::file(root, path)),
        }
    }

    fn make_blob<'a, R: BlobResource>(&'a self, sas: ResourceSas<'a, R>) -> Result<SasToken, Error> {
        let sas = sas.encryption_scope(&self.scope);
        let Some(delegated) = &self.delegated else {
            return self.make_any(sas);
        };
        let mut sas = self.terms(sas).correlation_id(&delegated.correlation);
        if let Some((authorized, id)) = &delegated.agent {
            let agent = if *authorized {
                Agent::authorized
            } else {
                Agent::unauthorized
            };
            sas = sas.agent(agent(id.as_str()));
        }
        for (name, value) in &delegated.headers {
            sas = sas.request_header(name, value);
        }
        for (name, value) in &delegated.query {
            sas = sas.request_query(name, value);
        }
        sas.delegated_user(&delegated.user)
            .permissions(self.permissions::<R>())
            .expires(self.expiry())
            .sign(&self.user_key())
    }

    fn make_any<'a, R: Resource>(&'a self, sas: ResourceSas<'a, R>) -> Result<SasToken, Error> {
        let sas = self
            .terms(sas)
            .permissions(self.permissions::<R>())
            .expires(self.expiry());
        match (&self.delegated, &self.policy) {
            (Some(delegated), _) => sas.delegated_user(&delegated.user).sign(&self.user_key()),
            (None, Some(policy)) => sas.policy(policy).sign(&Self::account_key()),
            (None, None) => sas.sign(&Self::account_key()),
        }
    }

    fn terms<'a, R>(&'a self, sas: ResourceSas<'a, R>) -> ResourceSas<'a, R> {
        let [cache, disposition, encoding, language, kind] = &self.overrides;
        let mut sas = sas.version(self.version.parse().unwrap());
        if let Some(starts) = self.starts {
            sas = sas.starts(NOW - time::Duration::seconds(starts));
        }
        if let Some(address) = self.address {
            sas = sas.ip(Ipv4Addr::from_bits(address));
        }
        if let Some(https) = self.protocol {
            sas = sas.protocol(if https {
                SasProtocol::Https
            } else {
                SasProtocol::HttpsOrHttp
            });
        }
        sas.cache_control(cache)
            .content_disposition(disposition)
            .content_encoding(encoding)
            .content_language(language)
            .content_type(kind)
    }

    fn expiry(&self) -> OffsetDateTime {
        NOW + time::Duration::seconds(self.expires + 1)
    }

    fn resource(&self) -> SasResource<'_> {
        let (root, path, instant) = (
            self.root.as_str(),
            self.path.as_str(),
            Some(self.instant.as_str()),
        );
        let blob = |snapshot, version| SasResource::Blob {
            container: root,
            blob: path,
            snapshot,
            version,
        };
        match self.kind {
            Kind::Container => SasResource::Container { container: root },
            Kind::Blob | Kind::Directory => blob(None, None),
            Kind::Snapshot => blob(instant, None),
            Kind::Version => blob(None, instant),
            Kind::Share => SasResource::Share { share: root },
            Kind::File => SasResource::File { share: root, path },
        }
    }

    fn parts(&self, token: &str) -> Parts {
        let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let delegated = self
            .delegated
            .as_ref()
            .filter(|_| self.service() == SasService::Blob);
        let mut uri = String::from("/?");
        for (name, value) in delegated.iter().flat_map(|delegated| &delegated.query) {
            uri.push_str(&format!("{}={}&", encode(name), encode(value)));
        }
        uri.push_str(token);
        let mut request = Request::get(uri);
        for (name, value) in delegated.iter().flat_map(|delegated| &delegated.headers) {
            request = request.header(name, value);
        }
        request.body(()).unwrap().into_parts().0
    }

    fn verify(&self, query: &str, parts: &Parts) -> Result<SasGrant, SasRefusal> {
        let received = ReceivedSas::from_query(query)?.ok_or(SasRefusal::MissingField { field: "sig" })?;
        let request = SasRequest {
            account: &"acct".parse().unwrap(),
            service: self.service(),
            resource: self.resource(),
            level: SasLevel::Any,
            parts,
            secure: true,
            client: self
                .address
                .map(|address| IpAddr::V4(Ipv4Addr::from_bits(address))),
            now: NOW,
        };
        let policy = self
            .policy
            .as_ref()
            .map(|_| lazuli_signing::AccessPolicy::default());
        received.verify(&request, &AccountKey::from_base64(KEY).unwrap(), policy.as_ref())
    }
}

/// The parameters of a query, as a server reads them.
fn read(query: &str) -> Vec<(String, Vec<u8>)> {
    let decode = |text: &str| percent_decode_str(&text.replace('+', " ")).collect::<Vec<u8>>();
    let mut read: Vec<(String, Vec<u8>)> = query
        .split('&')
        .map(|parameter| parameter.split_once('=').unwrap_or((parameter, "")))
        .map(|(name, value)| {
            let name = String::from_utf8_lossy(&decode(name)).to_lowercase();
            (name, decode(value))
        })
        .collect();
    read.sort();
    read
}

proptest! {
    // A failure prints its input; there is no file to keep seeds in beside an integration test.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_made_verifies(terms in all_terms()) {
        // Old versions refuse what they do not know; everything else can be signed.
        let token = match terms.make() {
            Ok(token) => token,
            Err(error) => {
                prop_assert!(error.to_string().contains(" needs version "), "{}", error);
                return Ok(());
            }
        };
        prop_assert!(SasToken::parse(token.expose()).is_ok());
        let grant = terms.verify(token.expose(), &terms.parts(token.expose()));
        let grant = grant.map_err(|refusal| TestCaseError::fail(refusal.to_string()))?;
        let given = |value: &Option<String>| value.clone().unwrap_or_default();
        let overrides = grant.overrides();
        prop_assert_eq!(
            &terms.overrides,
            &[
                given(&overrides.cache_control),
                given(&overrides.content_disposition),
                given(&overrides.content_encoding),
                given(&overrides.content_language),
                given(&overrides.content_type),
            ]
        );
        prop_assert_eq!(grant.policy(), terms.policy.as_deref());
    }

    #[test]
    fn the_newest_version_makes_everything(mut terms in all_terms()) {
        terms.version = "2026-06-06";
        prop_assert!(terms.make().is_ok());
    }

    #[test]
    fn a_changed_token_is_refused(terms in all_terms(), at in any::<Index>(), new in any::<Index>()) {
        let Ok(token) = terms.make() else {
            return Ok(());
        };
        let at = at.index(token.expose().len());
        let mut changed = token.expose().to_owned();
        let new = LEGAL.as_bytes()[new.index(LEGAL.len())];
        changed.replace_range(at..=at, &char::from(new).to_string());
        // Another way to write the same is the same.
        prop_assume!(read(&changed) != read(token.expose()));
        let parts = terms.parts(token.expose());
        prop_assert!(terms.verify(&changed, &parts).is_err(), "{}", changed);
    }

    #[test]
    fn another_resource_is_refused(terms in all_terms(), suffix in "[a-z0-9]{1,3}") {
        let Ok(token) = terms.make() else {
            return Ok(());
        };
        let parts = terms.parts(token.expose());
        let mut other = terms.clone();
        other.root.push_str(&suffix);
        let refusal = other.verify(token.expose(), &parts).unwrap_err();
        let mismatched = matches!(refusal, SasRefusal::SignatureMismatch { .. });
        prop_assert!(mismatched, "{}", refusal);
        if !matches!(terms.kind, Kind::Container | Kind::Share) {
            let mut other = terms.clone();
            other.path.push_str(&suffix);
            prop_assert!(other.verify(token.expose(), &parts).is_err());
        }
    }

    #[test]
    fn account_sas_verify(
        letters in 1..(1_usize << 13),
        services in 1..16_u8,
        levels in 1..8_u8,
        scope in TEXT,
        version in select(&["2015-04-05", "2019-12-12", "2020-12-06", "2026-06-06"][..]),
    ) {
        let all = "rwdxylacupfti".chars().enumerate();
        let chosen: String = all.filter(|(at, _)| letters >> at & 1 == 1).map(|(_, letter)| letter).collect();
        let mut sas = Sas::account().blob().object();
        sas = if services & 1 == 1 { sas.file() } else { sas };
        sas = if services & 2 == 2 { sas.queue() } else { sas };
        sas = if services & 4 == 4 { sas.table() } else { sas };
        sas = if levels & 1 == 1 { sas.service() } else { sas };
        sas = if levels & 2 == 2 { sas.container() } else { sas };
        let sas = sas.permissions(chosen.parse().unwrap()).encryption_scope(&scope);
        let sas = sas.version(version.parse().unwrap()).expires(NOW + time::Duration::SECOND);
        let Ok(token) = sas.sign(&Terms::account_key()) else {
            prop_assert!(version != "2026-06-06");
            return Ok(());
        };
        let (parts, ()) = Request::get("/").body(()).unwrap().into_parts();
        let request = SasRequest {
            account: &"acct".parse().unwrap(),
            service: SasService::Blob,
            resource: SasResource::Blob { container: "c", blob: "b", snapshot: None, version: None },
            level: ResourceType::Object.into(),
            parts: &parts,
            secure: false,
            client: None,
            now: NOW,
        };
        let received = ReceivedSas::from_query(token.expose()).unwrap().unwrap();
        let grant = received.verify(&request, &AccountKey::from_base64(KEY).unwrap(), None).unwrap();
        prop_assert!(chosen.chars().all(|letter| grant.permissions().contains(letter)));
        prop_assert_eq!(grant.encryption_scope().unwrap_or_default(), scope);
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in any::<String>()) {
        let _ = ReceivedSas::from_query(&text);
    }

    #[test]
    fn anything_like_a_token_is_read_without_a_panic(
        parameters in vec((
            select(&["sv", "ss", "srt", "sr", "sdd", "sp", "st", "se", "sip", "spr", "si", "ses", "skoid", "sktid", "skt", "ske",
                "sks", "skv", "skdutid", "saoid", "suoid", "scid", "sduoid", "srh", "srq", "rscc", "rsct", "sig"][..]),
            prop_oneof![
                Just("2026-06-06".to_owned()), Just("2026-06-27T20:00:00Z".to_owned()), Just("d".to_owned()), Just("3".to_owned()),
                Just("AAAA".to_owned()), Just("a,,b".to_owned()), "[ -~]{0,24}", any::<String>(),
            ],
        ), 0..24),
        terms in all_terms(),
    ) {
        let query: Vec<String> = parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let query = query.join("&");
        if let Ok(Some(received)) = ReceivedSas::from_query(&query) {
            let shown = format!("{received} {received:?}");
            prop_assert!(shown.contains("sig=REDACTED"));
            prop_assert!(terms.verify(&query, &terms.parts("")).is_err());
        }
    }
}
