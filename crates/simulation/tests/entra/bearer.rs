//! What the Blob service makes of tokens.

use std::time::Duration;

use lazuli_simulation::entra::{TENANT, TokenTrust};
use serde_json::json;

use crate::bench::{Answer, Bench};

const ISSUER: &str = "Issuer validation failed. Issuer did not match.";
const AUDIENCE: &str = "Audience validation failed. Audience did not match.";
const EARLY: &str = "Lifetime validation failed. The token is not yet valid.";
const LATE: &str = "Lifetime validation failed. The token is expired.";
const SIGNATURE: &str = "Signature validation failed. Signature verification failed.";
const MALFORMED: &str = "Authentication scheme Bearer is not supported. The token is malformed.";
const OTHERS: &str = "https://sts.windows.net/0f0f0f0f-0000-4000-8000-000000000000/";

/// Checks a refusal as the service writes it.
#[track_caller]
fn refused(answer: &Answer, detail: &str) {
    let text = answer.text();
    assert_eq!(answer.status, 401, "{text}");
    assert_eq!(answer.header("x-ms-error-code"), "InvalidAuthenticationInfo");
    assert_eq!(
        answer.header("www-authenticate"),
        format!(
            "Bearer authorization_uri=https://login.microsoftonline.com/{TENANT}/oauth2/authorize resource_id=https://storage.azure.com"
        )
    );
    assert!(
        text.contains(&format!(
            "<AuthenticationErrorDetail>{detail}</AuthenticationErrorDetail>"
        )),
        "{text}"
    );
    assert!(
        text.contains("Please refer to the information in the www-authenticate header."),
        "{text}"
    );
}

#[tokio::test]
async fn a_token_of_the_simulation_opens_the_door() {
    for trust in [TokenTrust::Claims, TokenTrust::Signed] {
        let bench = Bench::with(|builder| builder.token_trust(trust));
        bench.list(&bench.token().await).await.expect(200);
    }
}

#[tokio::test]
async fn each_claim_of_our_tokens_is_checked() {
    for trust in [TokenTrust::Claims, TokenTrust::Signed] {
        let bench = Bench::with(|builder| builder.token_trust(trust));
        let now = bench.now();
        for (otherwise, detail) in [
            (json!({}), None),
            (json!({ "aud": "https://storage.azure.com/" }), None),
            (
                json!({ "aud": "https://devstoreaccount1.blob.core.windows.net" }),
                None,
            ),
            (
                json!({ "aud": ["https://else.example", "https://storage.azure.com"] }),
                None,
            ),
            (
                json!({ "iss": format!("https://login.microsoftonline.com/{TENANT}/v2.0") }),
                None,
            ),
            (json!({ "nbf": null }), None),
            (json!({ "exp": now - 299 }), None),
            (json!({ "nbf": now + 300 }), None),
            (json!({ "oid": null, "sub": "somebody" }), None),
            // It is our key, so another issuer is not one that we know nothing of.
            (json!({ "iss": OTHERS }), Some(ISSUER)),
            (json!({ "iss": null }), Some(ISSUER)),
            (json!({ "iss": "https://accounts.example.com" }), Some(ISSUER)),
            (
                json!({ "aud": "https://other.blob.core.windows.net" }),
                Some(AUDIENCE),
            ),
            (json!({ "aud": "https://management.azure.com" }), Some(AUDIENCE)),
            (json!({ "aud": null }), Some(AUDIENCE)),
            (json!({ "nbf": now + 301 }), Some(EARLY)),
            (json!({ "exp": now - 300 }), Some(LATE)),
            (json!({ "exp": i64::MIN }), Some(LATE)),
            (
                json!({ "exp": null }),
                Some("Lifetime validation failed. The token is missing an expiration time."),
            ),
            (
                json!({ "exp": "never" }),
                Some("Lifetime validation failed. The token is missing an expiration time."),
            ),
            (
                json!({ "oid": null }),
                Some("Authentication scheme Bearer is not supported. The token has no object id."),
            ),
        ] {
            let answer = bench.list(&bench.sign(otherwise.clone())).await;
            match detail {
                None => assert_eq!(answer.status, 200, "{otherwise}: {}", answer.text()),
                Some(detail) => refused(&answer, detail),
            }
        }
    }
}

#[tokio::test]
async fn a_token_ends() {
    let bench = Bench::new();
    bench.entra.token_lifetime(Duration::from_secs(60));
    let answer = bench.ask(&[]).await.expect(200);
    assert_eq!(answer.json()["expires_in"], 60);
    let token = answer.token();
    bench.clock.advance(Duration::from_secs(60 + 299));
    bench.list(&token).await.expect(200);
    bench.clock.advance(Duration::from_secs(1));
    refused(&bench.list(&token).await, LATE);
    bench.list(&bench.token().await).await.expect(200);
}

#[tokio::test]
async fn no_byte_of_a_token_can_be_another() {
    for trust in [TokenTrust::Claims, TokenTrust::Signed] {
        let bench = Bench::with(|builder| builder.token_trust(trust));
        let token = bench.token().await;
        for at in 0..token.len() {
            let mut other = token.clone().into_bytes();
            other[at] = match other[at] {
                b'A' => b'B',
                b'.' => b'A',
                _ => b'A',
            };
            let answer = bench.list(std::str::from_utf8(&other).unwrap()).await;
            assert_eq!(answer.status, 401, "byte {at}: {}", answer.text());
        }
        // The last byte of a signature has bits that mean nothing: they have to be zero all the same.
        let last = token.len() - 1;
        let alphabet = (b'a'..=b'z')
            .chain(b'A'..=b'Z')
            .chain(b'0'..=b'9')
            .chain([b'-', b'_']);
        for byte in alphabet.filter(|byte| *byte != token.as_bytes()[last]) {
            let other = format!("{}{}", &token[..last], char::from(byte));
            assert_eq!(bench.list(&other).await.status, 401);
        }
        bench.list(&token).await.expect(200);
    }
}

#[tokio::test]
async fn the_key_of_another_simulation_does_not_count() {
    let (ours, theirs) = (Bench::new(), Bench::new());
    let token = theirs.token().await;
    // Before and after there is a key of our own.
    refused(&ours.list(&token).await, SIGNATURE);
    ours.token().await;
    refused(&ours.list(&token).await, SIGNATURE);
    refused(&ours.list(&ours.forge(json!({}))).await, SIGNATURE);
}

#[tokio::test]
async fn tokens_of_others_are_believed_or_not() {
    let believing = Bench::new();
    let strict = Bench::with(|builder| builder.token_trust(TokenTrust::Signed));
    let theirs = |bench: &Bench, otherwise: serde_json::Value| {
        let mut claims = json!({ "iss": OTHERS, "tid": "0f0f0f0f-0000-4000-8000-000000000000" });
        claims
            .as_object_mut()
            .unwrap()
            .extend(otherwise.as_object().unwrap().clone());
        bench.forge(claims)
    };
    let now = believing.now();
    for (otherwise, detail) in [
        (json!({}), None),
        (
            json!({ "iss": "https://sts.windows-ppe.net/ab1f708d-50f6-404c-a006-d71b2ac7a606/" }),
            None,
        ),
        (json!({ "tid": null }), None),
        (json!({ "iss": "https://accounts.example.com/" }), Some(ISSUER)),
        (
            json!({ "aud": "https://other.blob.core.windows.net" }),
            Some(AUDIENCE),
        ),
        (json!({ "nbf": now + 301 }), Some(EARLY)),
        (json!({ "exp": now - 300 }), Some(LATE)),
    ] {
        let answer = believing.list(&theirs(&believing, otherwise.clone())).await;
        match detail {
            None => assert_eq!(answer.status, 200, "{otherwise}: {}", answer.text()),
            Some(detail) => refused(&answer, detail),
        }
        refused(&strict.list(&theirs(&strict, otherwise)).await, ISSUER);
    }
    // Without any signature at all, as some libraries make them.
    let token = theirs(&believing, json!({}));
    let (bare, _) = token.rsplit_once('.').unwrap();
    believing.list(&format!("{bare}.")).await.expect(200);
}

#[tokio::test]
async fn what_is_no_token_is_refused() {
    let bench = Bench::new();
    let long = "x".repeat(100_000);
    for token in [
        "abc",
        "a.b.c",
        "..",
        ".",
        "e30.e30.",
        &format!("e30.{long}.e30"),
        &long,
    ] {
        let answer = bench.list(token).await;
        assert_eq!(answer.status, 401, "{}", answer.text());
    }
    refused(&bench.list("a.b.c").await, MALFORMED);
    refused(&bench.list("").await, MALFORMED);
    refused(&bench.list_as("Bearer", "2026-06-06").await, MALFORMED);
}

#[tokio::test]
async fn old_versions_know_less() {
    let bench = Bench::new();
    let late = format!("Bearer {}", bench.sign(json!({ "exp": 0 })));
    let answer = bench.list_as(&late, "2019-07-07").await.expect(403);
    assert_eq!(answer.header("x-ms-error-code"), "AuthenticationFailed");
    assert_eq!(answer.header("www-authenticate"), "");
    assert!(answer.text().contains(LATE), "{}", answer.text());
    refused(&bench.list_as(&late, "2019-12-12").await, LATE);
}

#[tokio::test]
async fn who_says_nothing_is_told_where_to_get_a_token() {
    let bench = Bench::new();
    let request = http::Request::get("http://127.0.0.1:10000/devstoreaccount1/?comp=list")
        .header("x-ms-version", "2026-06-06")
        .body(String::new())
        .unwrap();
    let answer = tower::ServiceExt::oneshot(bench.simulation.blob_service(), request)
        .await
        .unwrap();
    assert_eq!(answer.status(), 401);
    assert!(
        answer.headers()["www-authenticate"]
            .to_str()
            .unwrap()
            .contains(TENANT)
    );
}

#[test]
fn nothing_that_is_sent_as_a_token_gets_in_or_breaks_the_service() {
    use proptest::prelude::*;

    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let bench = runtime.block_on(async { Bench::new() });
    let token = bench.sign(json!({}));
    proptest!(|(at in 0..token.len(), bytes in prop::collection::vec(0x20_u8..0x7f, 0..40))| {
        // Some of the token's bytes are replaced by others, as many or not.
        let end = (at + bytes.len() / 2).min(token.len());
        let mut other = token.clone().into_bytes();
        other.splice(at..end, bytes);
        let other = String::from_utf8(other).unwrap();
        let status = runtime.block_on(bench.list(&other)).status;
        prop_assert_eq!(status.as_u16(), if other.trim() == token { 200 } else { 401 });
    });
}
