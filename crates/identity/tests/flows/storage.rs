//! A token source under a transport: what a storage service's challenge does.

use std::sync::{Arc, Mutex};

use http::{Request, Response};
use lazuli_identity::{ClientSecretCredential, TokenIssuer, storage_credential};
use lazuli_protocol::{Body, ManualClock, ResponseBody};
use lazuli_transport::{OutgoingBody, Renewing, Transport};
use tower::ServiceExt as _;

use crate::script::{CLIENT, Script, TENANT, answer};

fn token(name: &str) -> crate::script::Step {
    answer(
        200,
        &format!(r#"{{"token_type":"Bearer","expires_in":3600,"access_token":"{name}"}}"#),
    )
}

/// What a storage service was shown, try by try.
type Shown = Arc<Mutex<Vec<String>>>;

/// A transport to a service that takes only one token, and challenges every other.
fn to_service(source: Renewing, taken: &'static str, challenge: &'static str, shown: &Shown) -> Transport {
    let seen = Arc::clone(shown);
    let service = tower::service_fn(move |request: Request<OutgoingBody>| {
        let shown = request.headers()["authorization"].to_str().unwrap().to_owned();
        let status = if shown == format!("Bearer {taken}") {
            200
        } else {
            401
        };
        seen.lock().unwrap().push(shown);
        let response = Response::builder()
            .status(status)
            .header("www-authenticate", challenge);
        std::future::ready(response.body(ResponseBody::empty()))
    });
    Transport::builder()
        .credential_source(source)
        .build_on(service)
        .unwrap()
}

async fn get(transport: &Transport) -> Result<u16, String> {
    let request = Request::get("https://example.blob.core.windows.net/c/b")
        .body(Body::empty())
        .unwrap();
    let response = transport.clone().oneshot(request).await;
    response
        .map(|response| response.status().as_u16())
        .map_err(|error| format!("{error}: {}", std::error::Error::source(&error).unwrap()))
}

fn renewing(script: &Script, allowed: &[&str]) -> Renewing {
    let source = ClientSecretCredential::new(TENANT, CLIENT, "s", &script.settings()).unwrap();
    let source = source.additionally_allowed_tenants(allowed.iter().copied());
    storage_credential(source).clock(Arc::<ManualClock>::clone(&script.clock))
}

const CLAIMS: &str =
    "Bearer realm=\"\", error=\"insufficient_claims\", claims=\"eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7fX19\"";

#[tokio::test]
async fn a_claims_challenge_brings_another_token() {
    let script = Script::of([token("first"), token("second")]);
    let seen = Shown::default();
    let transport = to_service(renewing(&script, &[]), "second", CLAIMS, &seen);
    assert_eq!(get(&transport).await, Ok(200));
    assert_eq!(get(&transport).await, Ok(200));
    assert_eq!(
        *seen.lock().unwrap(),
        ["Bearer first", "Bearer second", "Bearer second"]
    );
    let claims: Vec<_> = script
        .seen()
        .iter()
        .map(|seen| seen.form()["claims"].clone())
        .collect();
    assert_eq!(
        claims,
        [
            r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#,
            r#"{"access_token":{"nbf":{},"xms_cc":{"values":["cp1"]}}}"#
        ]
    );
}

const OTHER_TENANT: &str = "Bearer authorization_uri=https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/oauth2/authorize resource_id=https://evil.example";

#[tokio::test]
async fn a_challenges_tenant_is_asked_where_it_is_allowed_and_its_resource_never() {
    let script = Script::of([token("first"), token("second"), token("third")]);
    let seen = Shown::default();
    let source = renewing(&script, &["11111111-2222-3333-4444-555555555555"]);
    let transport = to_service(source, "second", OTHER_TENANT, &seen);
    // The token is a moment old, but it was not made with this tenant.
    assert_eq!(get(&transport).await, Ok(200));
    // Renewals stay with it.
    script.clock.advance(std::time::Duration::from_secs(3600));
    assert_eq!(get(&transport).await, Ok(401));
    let asked = script.seen();
    assert_eq!(asked.len(), 3);
    assert!(asked[0].uri.path().starts_with(&format!("/{TENANT}/")));
    for asked in &asked[1..] {
        assert!(asked.uri.path().starts_with("/11111111-"), "{}", asked.uri);
        assert!(!asked.form()["claims"].contains("nbf"));
    }
    for asked in asked {
        assert_eq!(asked.form()["scope"], "https://storage.azure.com/.default");
    }

    let script = Script::of([token("first")]);
    let transport = to_service(renewing(&script, &[]), "second", OTHER_TENANT, &seen);
    // Nobody else was asked, and the caller is told why.
    let refused = get(&transport).await.unwrap_err();
    assert!(
        refused.contains("11111111-2222-3333-4444-555555555555"),
        "{refused}"
    );
    assert_eq!(script.seen().len(), 1);
}

#[tokio::test]
async fn a_young_token_of_the_challenges_tenant_is_made_only_once() {
    let script = Script::of([token("first"), token("second"), token("third")]);
    let seen = Shown::default();
    let source = renewing(&script, &["11111111-2222-3333-4444-555555555555"]);
    let transport = to_service(source, "third", OTHER_TENANT, &seen);
    assert_eq!(get(&transport).await, Ok(401));
    assert_eq!(get(&transport).await, Ok(401));
    assert_eq!(script.seen().len(), 2);
    assert_eq!(
        *seen.lock().unwrap(),
        ["Bearer first", "Bearer second", "Bearer second"]
    );
}

#[tokio::test]
async fn a_thousand_requests_ask_for_one_token() {
    let script = Script::of([token("first")]);
    let seen = Shown::default();
    let source = ClientSecretCredential::new(TENANT, CLIENT, "s", &script.settings()).unwrap();
    let issuer = TokenIssuer::new(source).scope("https://example.blob.core.windows.net/.default");
    let source = Renewing::new(issuer).clock(Arc::<ManualClock>::clone(&script.clock));
    let transport = to_service(source, "first", "Bearer", &seen);
    let calls: Vec<_> = (0..1000)
        .map(|_| {
            let transport = transport.clone();
            tokio::spawn(async move { get(&transport).await })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap(), Ok(200));
    }
    assert_eq!(
        script.only().form()["scope"],
        "https://example.blob.core.windows.net/.default"
    );
}
