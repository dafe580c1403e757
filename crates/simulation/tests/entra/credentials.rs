//! The token endpoint, with a secret.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lazuli_simulation::entra::{CLIENT_ID, CLIENT_SECRET, Endpoint, TENANT};
use serde_json::json;

use crate::bench::{Bench, STORAGE, claims, post, with};

#[tokio::test]
async fn version_2_answers_in_numbers() {
    let bench = Bench::new();
    let answer = bench.ask(&[]).await.expect(200);
    assert_eq!(answer.header("content-type"), "application/json; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "no-store, no-cache");
    let mut body = answer.json();
    let token = body.as_object_mut().unwrap().remove("access_token").unwrap();
    assert_eq!(
        body,
        json!({ "token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599 })
    );
    let mut claims = claims(token.as_str().unwrap());
    let id = claims.as_object_mut().unwrap().remove("uti").unwrap();
    assert_eq!(id.as_str().unwrap().len(), 22);
    let now = bench.now();
    let issuer = format!("https://sts.windows.net/{TENANT}/");
    let object = "6c617a75-6c69-4000-8000-fffffffffffd";
    assert_eq!(
        claims,
        json!({
            "aud": STORAGE, "iss": issuer, "idp": issuer, "iat": now - 300, "nbf": now - 300, "exp": now + 3599,
            "appid": CLIENT_ID, "appidacr": "1", "idtyp": "app", "oid": object, "sub": object, "tid": TENANT, "ver": "1.0",
        })
    );
    assert_eq!(bench.requests(Endpoint::Token), 1);
}

#[tokio::test]
async fn version_1_answers_in_texts() {
    let bench = Bench::new();
    let form = with(&[("scope", ""), ("resource", "https://storage.azure.com/")]);
    let answer = bench
        .post(&format!("/{TENANT}/oauth2/token"), &form)
        .await
        .expect(200);
    let now = bench.now();
    let mut body = answer.json();
    body.as_object_mut().unwrap().remove("access_token");
    assert_eq!(
        body,
        json!({
            "token_type": "Bearer", "expires_in": "3599", "ext_expires_in": "3599",
            "expires_on": (now + 3599).to_string(), "not_before": (now - 300).to_string(),
            "resource": "https://storage.azure.com/",
        })
    );
    let token = answer.token();
    assert_eq!(claims(&token)["aud"], "https://storage.azure.com/");
    bench.list(&token).await.expect(200);
}

#[tokio::test]
async fn a_secret_can_come_in_a_header() {
    let bench = Bench::new();
    let mut request = post(
        &format!("/{TENANT}/oauth2/v2.0/token"),
        &with(&[("client_id", ""), ("client_secret", "")]),
    );
    let pair = STANDARD.encode(format!("{CLIENT_ID}:{CLIENT_SECRET}"));
    request
        .headers_mut()
        .insert("authorization", format!("Basic {pair}").parse().unwrap());
    bench.send(request).await.expect(200);
}

#[tokio::test]
async fn capabilities_are_in_the_token() {
    let bench = Bench::new();
    let answer = bench
        .ask(&[("claims", r#"{"access_token":{"xms_cc":{"values":["CP1"]}}}"#)])
        .await;
    let answer = answer.expect(200);
    assert_eq!(answer.json()["expires_in"], 86_399);
    assert_eq!(claims(&answer.token())["xms_cc"], json!(["cp1"]));
    let other = bench
        .ask(&[("claims", r#"{"access_token":{"nbf":{"essential":true}}}"#)])
        .await
        .expect(200);
    assert!(claims(&other.token()).get("xms_cc").is_none());
    bench
        .ask(&[("claims", "cp1")])
        .await
        .refuses(400, "invalid_request", 9_002_313);
}

#[tokio::test]
async fn each_mistake_has_its_number() {
    let bench = Bench::new();
    for (otherwise, status, error, code) in [
        (("grant_type", ""), 400, "invalid_request", 900_144),
        (("grant_type", "password"), 400, "unsupported_grant_type", 70_003),
        (("client_id", ""), 400, "invalid_request", 900_144),
        (("client_id", "nobody"), 400, "unauthorized_client", 700_016),
        (("client_id", TENANT), 400, "unauthorized_client", 700_016),
        (("client_secret", ""), 401, "invalid_client", 7_000_218),
        (("client_secret", "wrong"), 401, "invalid_client", 7_000_215),
        (("scope", ""), 400, "invalid_request", 900_144),
        (("scope", "/.default"), 400, "invalid_scope", 70_011),
        (("scope", "a b://c/.default"), 400, "invalid_scope", 70_011),
        (("scope", STORAGE), 400, "invalid_scope", 1_002_012),
    ] {
        bench.ask(&[otherwise]).await.refuses(status, error, code);
    }
    for tenant in ["common", "00000000-0000-0000-0000-000000000000", "%ff"] {
        let answer = bench
            .post(&format!("/{tenant}/oauth2/v2.0/token"), &with(&[]))
            .await;
        answer.refuses(400, "invalid_request", 90_002);
    }
    let form = with(&[("resource", "storage")]);
    let answer = bench.post(&format!("/{TENANT}/oauth2/token"), &form).await;
    answer.refuses(400, "invalid_resource", 500_011);
    let body = vec![b'a'; 100_000];
    let mut request = post(&format!("/{TENANT}/oauth2/v2.0/token"), &[]);
    *request.body_mut() = body.into();
    bench.send(request).await.refuses(400, "invalid_request", 900_144);
}

#[tokio::test]
async fn a_correlation_id_comes_back() {
    let bench = Bench::new();
    let id = "11111111-2222-3333-4444-555555555555";
    let mut request = post(&format!("/{TENANT}/oauth2/v2.0/token"), &[]);
    request
        .headers_mut()
        .insert("client-request-id", id.parse().unwrap());
    assert_eq!(bench.send(request).await.json()["correlation_id"], id);
}

#[tokio::test]
async fn elsewhere_nothing_answers() {
    let bench = Bench::new();
    for path in ["/", "/msi", "/a/b/c/d/e", "/metadata/instance"] {
        bench.get(path, &[]).await.expect(404);
    }
    bench
        .get(&format!("/{TENANT}/oauth2/v2.0/token"), &[])
        .await
        .expect(404);
    bench.post("/msi/token", &[]).await.expect(404);
}
