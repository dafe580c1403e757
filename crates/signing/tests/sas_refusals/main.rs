//! What a server refuses of a SAS, how it tells the reasons apart, and in which order it looks for them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what it expects, in its helpers too"
)]

mod lines;
mod sent;

use std::net::{IpAddr, Ipv4Addr};

use lazuli_signing::{
    AccessPolicy, ResourceType, Sas, SasLevel, SasProtocol, SasRefusal, SasResource, SasService, SasToken,
};
use sent::{BLOB, CONTAINER, FILE, NOW, SHARE, Sent, T, blob, key, mismatched, signed, user_key};
use time::Duration;

#[test]
fn times_are_looked_at() {
    let sas = Sas::blob("logs", "d/a.txt").read().starts(NOW).expires(T);
    let token = sas.sign(&key()).unwrap();
    let at = |now| {
        Sent {
            now,
            ..Sent::to(BLOB)
        }
        .with_token(&token)
    };
    assert!(at(NOW).is_ok() && at(T - Duration::NANOSECOND).is_ok());
    let (start, expiry) = (NOW, T);
    let now = NOW - Duration::NANOSECOND;
    assert_eq!(at(now), Err(SasRefusal::NotYetValid { start, expiry, now }));
    // It is good until then, and not then any more.
    let now = T;
    let start = Some(start);
    let refusal = at(now).unwrap_err();
    assert_eq!(refusal, SasRefusal::Expired { start, expiry, now });
    assert!(refusal.is_expired());
    assert_eq!(
        refusal.to_string(),
        "the SAS has expired: start Fri, 26 Jun 2026 23:39:12 GMT, expiry Sat, 27 Jun 2026 20:00:00 GMT, \
         now Sat, 27 Jun 2026 20:00:00 GMT"
    );
}

#[test]
fn the_times_of_a_delegation_key_are_looked_at() {
    let user = user_key(NOW, T);
    let token = Sas::blob("logs", "d/a.txt")
        .read()
        .expires(T)
        .sign(&user)
        .unwrap();
    let at = |now, query: &str| {
        Sent {
            now,
            ..Sent::to(BLOB)
        }
        .with(query)
    };
    assert!(at(NOW, token.expose()).is_ok());
    let (start, expiry, now) = (NOW, T, NOW - Duration::SECOND);
    let refusal = SasRefusal::DelegationKeyNotYetValid { start, expiry, now };
    assert_eq!(at(now, token.expose()), Err(refusal));

    // The builder makes no SAS that outlives its key, but others do.
    let earlier = token.expose().replace("ske=2026-06-27", "ske=2026-06-26");
    let earlier = earlier.replace("skt=2026-06-26", "skt=2026-06-25");
    let (unsigned, _) = earlier.split_once("&sig=").unwrap();
    let (start, expiry, now) = (NOW - Duration::DAY, T - Duration::DAY, NOW);
    let refusal = SasRefusal::DelegationKeyExpired { start, expiry, now };
    assert!(refusal.is_expired());
    assert_eq!(at(NOW, &signed(&Sent::to(BLOB), unsigned)), Err(refusal));
}

#[test]
fn origins_are_looked_at() {
    let sas = Sas::blob("logs", "d/a.txt").read().expires(T);
    let sas = sas.ip(Ipv4Addr::new(10, 0, 0, 1)..=Ipv4Addr::new(10, 0, 0, 9));
    let token = sas.protocol(SasProtocol::Https).sign(&key()).unwrap();
    assert!(Sent::to(BLOB).with_token(&token).is_ok());
    for client in [
        None,
        Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        Some("::1".parse().unwrap()),
    ] {
        // The address is looked at before the protocol.
        let sent = Sent {
            client,
            secure: false,
            ..Sent::to(BLOB)
        };
        assert_eq!(sent.with_token(&token), Err(SasRefusal::IpMismatch { client }));
    }
    let sent = Sent {
        secure: false,
        ..Sent::to(BLOB)
    };
    assert_eq!(sent.with_token(&token), Err(SasRefusal::ProtocolMismatch));
    assert!(sent.with_token(&blob()).is_ok());
}

#[test]
fn policies_are_looked_at() {
    let under = |policy: Option<AccessPolicy>, token: &SasToken| {
        Sent {
            policy,
            ..Sent::to(CONTAINER)
        }
        .with_token(token)
    };
    let policy = || AccessPolicy {
        start: Some(NOW),
        expiry: Some(T),
        permissions: Some("rl".to_owned()),
    };
    let bare = Sas::container("logs").policy("id").sign(&key()).unwrap();
    let grant = under(Some(policy()), &bare).unwrap();
    assert_eq!(grant.permissions().to_string(), "rl");
    assert_eq!(grant.policy(), Some("id"));
    let id = "id".to_owned();
    assert_eq!(under(None, &bare), Err(SasRefusal::UnknownPolicy { id }));
    for (field, lacking) in [
        (
            "sp",
            AccessPolicy {
                permissions: None,
                ..policy()
            },
        ),
        (
            "sp",
            AccessPolicy {
                permissions: Some(String::new()),
                ..policy()
            },
        ),
        (
            "se",
            AccessPolicy {
                expiry: None,
                ..policy()
            },
        ),
    ] {
        assert_eq!(
            under(Some(lacking), &bare),
            Err(SasRefusal::MissingField { field })
        );
    }
    let sas = || Sas::container("logs").policy("id");
    for (field, token) in [
        ("sp", sas().read().sign(&key())),
        ("st", sas().starts(NOW).sign(&key())),
        ("se", sas().expires(T).sign(&key())),
    ] {
        let refusal = SasRefusal::FieldInTokenAndPolicy { field };
        assert_eq!(under(Some(policy()), &token.unwrap()), Err(refusal));
    }
    let over = AccessPolicy {
        expiry: Some(NOW - Duration::SECOND),
        start: None,
        ..policy()
    };
    assert!(matches!(
        under(Some(over), &bare),
        Err(SasRefusal::Expired { start: None, .. })
    ));
    // A SAS that names no policy is not bound by one.
    let free = Sas::container("logs").read().expires(T).sign(&key()).unwrap();
    assert!(under(Some(policy()), &free).is_ok());
}

#[test]
fn a_sas_holds_for_its_resource_only() {
    let other = |blob| SasResource::Blob {
        container: "logs",
        blob,
        snapshot: None,
        version: None,
    };
    let elsewhere = SasResource::Blob {
        container: "other",
        blob: "d/a.txt",
        snapshot: None,
        version: None,
    };
    let container = Sas::container("logs").read().expires(T).sign(&key()).unwrap();
    assert!(Sent::to(CONTAINER).with_token(&container).is_ok());
    assert!(Sent::to(BLOB).with_token(&container).is_ok());
    assert!(mismatched(&Sent::to(elsewhere).with_token(&container)));
    let wrong = |resource, token: &SasToken| match Sent::to(resource).with_token(token) {
        Err(SasRefusal::ResourceMismatch { resource }) => resource,
        result => panic!("{result:?}"),
    };
    assert_eq!(wrong(SasResource::Service, &container), "a container");
    assert_eq!(wrong(SHARE, &container), "a container");
    assert_eq!(wrong(CONTAINER, &blob()), "a blob");
    assert!(mismatched(&Sent::to(other("d/b.txt")).with_token(&blob())));

    let directory = Sas::directory("logs", "d/e")
        .read()
        .expires(T)
        .sign(&key())
        .unwrap();
    for path in ["", "/"] {
        let root = Sas::directory("logs", path)
            .read()
            .expires(T)
            .sign(&key())
            .unwrap();
        assert!(root.expose().contains("&sdd=0&"));
        assert!(Sent::to(BLOB).with_token(&root).is_ok() && Sent::to(other("a")).with_token(&root).is_ok());
        assert!(mismatched(&Sent::to(elsewhere).with_token(&root)));
        // No other depth reads the same.
        assert!(mismatched(
            &Sent::to(BLOB).with(&root.expose().replace("sdd=0", "sdd=1"))
        ));
    }
    for inside in ["d/e", "d/e/", "d/e/f", "d/e/f/g"] {
        assert!(Sent::to(other(inside)).with_token(&directory).is_ok(), "{inside}");
    }
    for outside in ["d/ef", "d/x/e", "x/e"] {
        assert!(
            mismatched(&Sent::to(other(outside)).with_token(&directory)),
            "{outside}"
        );
    }
    assert_eq!(wrong(other("d"), &directory), "a directory of blobs");
    assert_eq!(wrong(CONTAINER, &directory), "a directory of blobs");

    let snapshot = Sas::snapshot("logs", "d/a.txt", "then")
        .read()
        .expires(T)
        .sign(&key())
        .unwrap();
    let of = |snapshot, version| SasResource::Blob {
        container: "logs",
        blob: "d/a.txt",
        snapshot,
        version,
    };
    assert!(Sent::to(of(Some("then"), None)).with_token(&snapshot).is_ok());
    assert!(mismatched(&Sent::to(of(Some("now"), None)).with_token(&snapshot)));
    assert_eq!(wrong(BLOB, &snapshot), "a snapshot of a blob");
    let version = Sas::version("logs", "d/a.txt", "id")
        .read()
        .expires(T)
        .sign(&key())
        .unwrap();
    assert!(Sent::to(of(None, Some("id"))).with_token(&version).is_ok());
    assert_eq!(wrong(of(Some("id"), None), &version), "a version of a blob");

    let share = Sas::share("s").read().expires(T).sign(&key()).unwrap();
    assert!(Sent::to(SHARE).with_token(&share).is_ok() && Sent::to(FILE).with_token(&share).is_ok());
    let file = Sas::file("s", "d/f").read().expires(T).sign(&key()).unwrap();
    assert!(Sent::to(FILE).with_token(&file).is_ok());
    assert_eq!(wrong(SHARE, &file), "a file");
    assert_eq!(wrong(BLOB, &file), "a file");
}

#[test]
fn an_account_sas_reaches_its_services_and_levels_only() {
    let sas = Sas::account()
        .blob()
        .object()
        .read()
        .expires(T)
        .sign(&key())
        .unwrap();
    let grant = Sent::to(BLOB).with_token(&sas).unwrap();
    let types = grant.resource_types().unwrap();
    assert!(types.contains(ResourceType::Object) && !types.contains(ResourceType::Service));
    let level = ResourceType::Container;
    assert_eq!(
        Sent::to(CONTAINER).with_token(&sas),
        Err(SasRefusal::ResourceTypeMismatch { level })
    );
    let level = ResourceType::Service;
    let root = Sent::to(SasResource::Service);
    assert_eq!(
        root.with_token(&sas),
        Err(SasRefusal::ResourceTypeMismatch { level })
    );
    let asked = Sent {
        level: SasLevel::Any,
        ..Sent::to(SasResource::Service)
    };
    assert!(asked.with_token(&sas).is_ok());
    // Nothing in the query moves a request to another level.
    for uri in [
        "/?restype=account&comp=properties",
        "/?comp=list&restype=account",
        "/?RESTYPE=account",
    ] {
        let sent = Sent {
            uri,
            ..Sent::to(SasResource::Service)
        };
        let refusal = SasRefusal::ResourceTypeMismatch { level };
        assert_eq!(sent.with_token(&sas), Err(refusal), "{uri}");
    }
    let service = SasService::File;
    assert_eq!(
        Sent::to(FILE).with_token(&sas),
        Err(SasRefusal::ServiceMismatch { service })
    );

    let sas = Sas::account()
        .file()
        .container()
        .list()
        .expires(T)
        .sign(&key())
        .unwrap();
    let list = Sent {
        level: ResourceType::Container.into(),
        ..Sent::to(FILE)
    };
    assert!(list.with_token(&sas).is_ok());
    let level = ResourceType::Object;
    let object = Sent {
        uri: "/s/d?restype=directory&comp=list",
        ..Sent::to(FILE)
    };
    for sent in [Sent::to(FILE), object] {
        let refusal = SasRefusal::ResourceTypeMismatch { level };
        assert_eq!(sent.with_token(&sas), Err(refusal));
    }
}

#[test]
fn the_signature_comes_before_what_it_signs() {
    let sas = Sas::account()
        .queue()
        .service()
        .read()
        .protocol(SasProtocol::Https);
    let token = sas
        .ip(Ipv4Addr::LOCALHOST)
        .expires(NOW - Duration::DAY)
        .sign(&key())
        .unwrap();
    let forged = token.expose().replace("sp=r", "sp=w");
    let sent = Sent {
        secure: false,
        ..Sent::to(BLOB)
    };
    assert!(mismatched(&sent.with(&forged)));
    assert!(sent.with_token(&token).unwrap_err().is_expired());
    let sent = Sent {
        now: NOW - Duration::DAY - Duration::SECOND,
        ..sent
    };
    assert!(matches!(
        sent.with_token(&token),
        Err(SasRefusal::IpMismatch { .. })
    ));
    let sent = Sent {
        client: Some(Ipv4Addr::LOCALHOST.into()),
        ..sent
    };
    assert_eq!(sent.with_token(&token), Err(SasRefusal::ProtocolMismatch));
    let sent = Sent { secure: true, ..sent };
    assert!(matches!(
        sent.with_token(&token),
        Err(SasRefusal::ServiceMismatch { .. })
    ));
}

#[test]
fn what_a_version_does_not_sign_binds_nobody() {
    let version = "2018-11-09".parse().unwrap();
    let sas = Sas::blob("logs", "d/a.txt").read().expires(T).version(version);
    let token = sas.sign(&key()).unwrap();
    let grant = Sent::to(BLOB)
        .with(&format!("{}&ses=scope&sduoid=uid", token.expose()))
        .unwrap();
    assert_eq!(
        (grant.encryption_scope(), grant.delegated_user_id()),
        (None, None)
    );
}
