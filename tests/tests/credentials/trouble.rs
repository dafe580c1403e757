//! Herds, outages, revocations, and tokens that are not what they should be.

use std::time::Duration;

use http::StatusCode;
use lazuli_blob::ErrorKind;
use lazuli_identity::ClientSecretCredential;
use lazuli_protocol::ErrorCode;
use lazuli_signing::BearerToken;

use lazuli_simulation::entra::{CLIENT_ID, CLIENT_SECRET, Endpoint, Fault, TENANT, TokenTrust};

use crate::desk::{Desk, read, settle};

fn secret(desk: &Desk) -> ClientSecretCredential {
    ClientSecretCredential::new(TENANT, CLIENT_ID, CLIENT_SECRET, &desk.settings(&[])).unwrap()
}

#[tokio::test]
async fn a_thousand_calls_ask_for_one_token() {
    let desk = Desk::new();
    desk.container().await;
    let blobs = desk.signed_in(secret(&desk));
    let calls: Vec<_> = (0..1000)
        .map(|_| {
            let blobs = blobs.clone();
            tokio::spawn(async move { read(&blobs).await.unwrap() })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap(), "hello");
    }
    assert_eq!(desk.entra.requests(Endpoint::Token), 1);
}

#[tokio::test]
async fn an_outage_of_the_authority_is_not_noticed_while_a_token_is_good() {
    let desk = Desk::new();
    desk.container().await;
    desk.entra.token_lifetime(Duration::from_secs(3600));
    let blobs = desk.signed_in(secret(&desk));
    assert_eq!(read(&blobs).await.unwrap(), "hello");
    desk.entra.fail(
        Endpoint::Token,
        Fault::status(StatusCode::SERVICE_UNAVAILABLE).times(3),
    );
    for _ in 0..3 {
        desk.advance(3);
        assert_eq!(read(&blobs).await.unwrap(), "hello");
        settle().await;
    }
    assert_eq!(
        desk.entra.requests(Endpoint::Token),
        1,
        "it is 9 minutes old, and good for 48"
    );
    desk.advance(40);
    for _ in 0..3 {
        assert_eq!(read(&blobs).await.unwrap(), "hello");
        settle().await;
        desk.advance(1);
    }
    assert_eq!(desk.entra.requests(Endpoint::Token), 4);
    assert_eq!(read(&blobs).await.unwrap(), "hello");
    settle().await;
    assert_eq!(desk.entra.requests(Endpoint::Token), 5);
    desk.advance(30);
    assert_eq!(read(&blobs).await.unwrap(), "hello");
    assert_eq!(desk.entra.requests(Endpoint::Token), 5, "the new one is in use");
}

#[tokio::test]
async fn a_challenge_for_other_claims_is_answered_once() {
    let desk = Desk::new();
    desk.container().await;
    let blobs = desk.signed_in(secret(&desk));
    assert_eq!(read(&blobs).await.unwrap(), "hello");
    desk.entra
        .challenge(r#"{"access_token":{"nbf":{"essential":true,"value":"1782432000"}}}"#);
    assert_eq!(read(&blobs).await.unwrap(), "hello");
    assert_eq!(desk.entra.requests(Endpoint::Token), 2);
}

#[tokio::test]
async fn a_token_that_the_service_takes_no_more_is_made_anew() {
    let desk = Desk::new();
    desk.container().await;
    // The client believes in an hour, and the service in what the token says.
    desk.entra.token_lifetime(Duration::from_secs(3600));
    let blobs = desk.signed_in(secret(&desk));
    assert_eq!(read(&blobs).await.unwrap(), "hello");
    // Two challenges in a row: the second try of the same call is refused as well, and that is the end of it.
    for _ in 0..2 {
        desk.entra.challenge(r#"{"access_token":{}}"#);
    }
    let error = read(&blobs).await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::UNAUTHORIZED));
    assert_eq!(read(&blobs).await.unwrap(), "hello");
}

#[tokio::test]
async fn a_wrong_secret_is_told_with_the_authoritys_words_and_without_the_secret() {
    let desk = Desk::new();
    desk.container().await;
    let source =
        ClientSecretCredential::new(TENANT, CLIENT_ID, "planted-secret", &desk.settings(&[])).unwrap();
    let blobs = desk.signed_in(source);
    let error = read(&blobs).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credential);
    let mut words = format!("{error} {error:?}");
    let mut cause = std::error::Error::source(&error);
    while let Some(next) = cause {
        words.push_str(&format!(" {next} {next:?}"));
        cause = next.source();
    }
    assert!(words.contains("AADSTS7000215"), "{words}");
    assert!(!words.contains("planted-secret"), "{words}");
}

#[tokio::test]
async fn each_part_of_a_token_counts() {
    let desk = Desk::with(|builder| builder.token_trust(TokenTrust::Signed));
    desk.container().await;
    let claims = |key: &str, value: serde_json::Value| {
        let now = crate::desk::START.unix_timestamp();
        let mut claims = serde_json::json!({
            "aud": "https://storage.azure.com",
            "iss": format!("https://sts.windows.net/{TENANT}/"),
            "tid": TENANT, "oid": CLIENT_ID, "sub": CLIENT_ID,
            "iat": now, "nbf": now, "exp": now + 3600,
        });
        claims[key] = value;
        desk.entra.sign(&claims.to_string()).unwrap()
    };
    let answer = async |token: &str| {
        let blobs = desk.blobs_as(BearerToken::new(token).unwrap());
        match read(&blobs).await {
            Ok(content) => {
                assert_eq!(content, "hello");
                200
            }
            Err(error) => {
                assert_eq!(
                    error.code(),
                    Some(&ErrorCode::InvalidAuthenticationInfo),
                    "{error:?}"
                );
                error.status().unwrap().as_u16()
            }
        }
    };
    let good = claims("idtyp", "app".into());
    assert_eq!(answer(&good).await, 200);
    let late = crate::desk::START.unix_timestamp() - 3600;
    for (key, value) in [
        ("aud", "https://management.azure.com".into()),
        (
            "iss",
            "https://sts.windows.net/00000000-0000-0000-0000-000000000000/".into(),
        ),
        ("exp", late.into()),
        ("nbf", (crate::desk::START.unix_timestamp() + 3600).into()),
    ] {
        assert_eq!(answer(&claims(key, value)).await, 401, "{key}");
    }
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let other = claims("oid", "somebody-else".into());
    let (_, foreign) = other.rsplit_once('.').unwrap();
    assert_ne!(signature, foreign);
    assert_eq!(answer(&format!("{signed}.{foreign}")).await, 401);
    assert_eq!(answer(signed).await, 401);
}
