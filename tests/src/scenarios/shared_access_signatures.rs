//! Shared access signatures made here: they open what they name, and nothing else.

use futures_util::TryStreamExt as _;
use lazuli_blob::{BlobClient, ContainerClient, Error};
use lazuli_protocol::xml::{AccessPolicy, SignedIdentifier, SignedIdentifiers};
use lazuli_protocol::{Clock as _, SystemClock};
use lazuli_signing::{Sas, SasToken};
use time::{Duration, OffsetDateTime};

use crate::Backend;
use crate::expect::holds;

fn in_an_hour() -> OffsetDateTime {
    SystemClock.now() + Duration::HOUR
}

/// What the holder of a token can do with a blob, in the letters of its permissions. What is refused must be refused for want of
/// permission, and not for anything else.
async fn can(backend: &Backend, container: &ContainerClient, token: &SasToken) -> String {
    let theirs = backend.blobs_as(token.clone()).container(container.name());
    let blob = theirs.blob("a");
    let attempts = [
        ('r', blob.download().await.map(drop)),
        ('w', blob.upload("hello").await.map(drop)),
        ('l', theirs.list().pages().try_next().await.map(drop)),
        ('d', gone_and_back(container, &blob).await),
    ];
    let allowed = |(letter, outcome): (char, Result<(), Error>)| match outcome {
        Ok(()) => Some(letter),
        Err(error) => {
            assert_eq!(
                error.status().map(|status| status.as_u16()),
                Some(403),
                "{letter}: {error:?}"
            );
            None
        }
    };
    attempts.into_iter().filter_map(allowed).collect()
}

async fn gone_and_back(container: &ContainerClient, blob: &BlobClient) -> Result<(), Error> {
    let outcome = blob.delete().await.map(drop);
    container.blob("a").upload("hello").await.unwrap();
    outcome
}

async fn container_with_a_blob(backend: &Backend) -> ContainerClient {
    let container = backend.container("signed").await;
    container.blob("a").upload("hello").await.unwrap();
    container
}

pub(super) async fn an_account_signature_opens_what_it_names(backend: &Backend) {
    let container = container_with_a_blob(backend).await;
    let (key, until) = (backend.shared_key(), in_an_hour());
    let all = Sas::account().blob().service().container().object();
    let all = all
        .read()
        .write()
        .list()
        .delete()
        .expires(until)
        .sign(&key)
        .unwrap();
    assert_eq!(can(backend, &container, &all).await, "rwld");
    let objects = Sas::account().blob().object().read().write().list().delete();
    let objects = objects.expires(until).sign(&key).unwrap();
    assert_eq!(can(backend, &container, &objects).await, "rwd");
    let lists = Sas::account()
        .blob()
        .container()
        .list()
        .read()
        .expires(until)
        .sign(&key)
        .unwrap();
    assert_eq!(can(backend, &container, &lists).await, "l");
    let files = Sas::account().file().service().container().object();
    let files = files.read().list().expires(until).sign(&key).unwrap();
    assert_eq!(can(backend, &container, &files).await, "");

    let account = backend.blobs_as(all);
    assert!(account.list_containers().pages().try_next().await.is_ok());
    let account = backend.blobs_as(lists);
    assert!(account.list_containers().pages().try_next().await.is_err());
}

pub(super) async fn a_container_signature_opens_one_container(backend: &Backend) {
    let (container, other) = (
        container_with_a_blob(backend).await,
        container_with_a_blob(backend).await,
    );
    let (key, until) = (backend.shared_key(), in_an_hour());
    let of = || Sas::container(container.name());
    let all = of()
        .read()
        .write()
        .delete()
        .list()
        .expires(until)
        .sign(&key)
        .unwrap();
    assert_eq!(can(backend, &container, &all).await, "rwld");
    assert_eq!(can(backend, &other, &all).await, "");
    let reads = of().read().expires(until).sign(&key).unwrap();
    assert_eq!(can(backend, &container, &reads).await, "r");
    let lists = of().list().expires(until).sign(&key).unwrap();
    assert_eq!(can(backend, &container, &lists).await, "l");
}

pub(super) async fn a_blob_signature_opens_one_blob(backend: &Backend) {
    let container = container_with_a_blob(backend).await;
    let odd = "folder/ü 100%+&=?#.txt";
    container.blob(odd).upload("odd").await.unwrap();
    let (key, until) = (backend.shared_key(), in_an_hour());
    let of = |blob| Sas::blob(container.name(), blob);
    let token = of("a").read().write().delete().expires(until).sign(&key).unwrap();
    assert_eq!(can(backend, &container, &token).await, "rwd");
    let theirs = backend.blobs_as(token).container(container.name());
    assert!(theirs.blob(odd).download().await.is_err());

    let token = of(odd).read().expires(until).sign(&key).unwrap();
    let theirs = backend.blobs_as(token).container(container.name());
    holds(&theirs.blob(odd), b"odd").await;

    let creates = of("new").create().expires(until).sign(&key).unwrap();
    let new = backend.blobs_as(creates).container(container.name()).blob("new");
    new.upload("first").await.unwrap();
    assert!(new.upload("second").await.is_err());
    holds(&container.blob("new"), b"first").await;
}

pub(super) async fn a_policy_can_be_taken_back(backend: &Backend) {
    let container = container_with_a_blob(backend).await;
    let policy = |permission: &str| {
        let policy = AccessPolicy {
            start: None,
            expiry: Some(in_an_hour()),
            permission: Some(permission.to_owned()),
        };
        let identifier = SignedIdentifier {
            id: "guests of 2026".to_owned(),
            policy,
        };
        SignedIdentifiers::new(vec![identifier]).unwrap()
    };
    let token = Sas::container(container.name()).policy("guests of 2026");
    let token = token.sign(&backend.shared_key()).unwrap();
    assert_eq!(can(backend, &container, &token).await, "");
    container.set_acl(policy("rl")).await.unwrap();
    assert_eq!(can(backend, &container, &token).await, "rl");
    container.set_acl(policy("l")).await.unwrap();
    assert_eq!(can(backend, &container, &token).await, "l");
    container.set_acl(SignedIdentifiers::default()).await.unwrap();
    assert_eq!(can(backend, &container, &token).await, "");
}

pub(super) async fn a_signature_has_its_time(backend: &Backend) {
    let container = container_with_a_blob(backend).await;
    let (key, now) = (backend.shared_key(), SystemClock.now());
    let of = || Sas::blob(container.name(), "a").read();
    for (start, expiry, allowed) in [
        (now - Duration::HOUR, now + Duration::HOUR, "r"),
        (now - Duration::HOUR, now - Duration::MINUTE, ""),
        (now + Duration::HOUR, now + Duration::HOUR * 2, ""),
    ] {
        let token = of().starts(start).expires(expiry).sign(&key).unwrap();
        assert_eq!(can(backend, &container, &token).await, allowed);
    }
}

pub(super) async fn a_changed_signature_opens_nothing(backend: &Backend) {
    let container = container_with_a_blob(backend).await;
    let token = Sas::blob(container.name(), "a").read().expires(in_an_hour());
    let token = token.sign(&backend.shared_key()).unwrap();
    assert_eq!(can(backend, &container, &token).await, "r");
    for (from, to) in [
        ("sp=r", "sp=rw"),
        ("sr=b", "sr=c"),
        ("se=2", "se=3"),
        ("sv=2026-06-06", "sv=2025-11-05"),
    ] {
        let text = token.expose().replacen(from, to, 1);
        assert_ne!(text, token.expose());
        assert_eq!(
            can(backend, &container, &SasToken::parse(&text).unwrap()).await,
            "",
            "{to}"
        );
    }
}
