//! Applications at the token endpoint: what they send, and what they make of its answers.

use lazuli_identity::{
    ClientAssertionCredential, ClientSecretCredential, Cloud, ErrorKind, STORAGE_SCOPE, Settings,
    TokenCredential, TokenRequest, WorkloadIdentityCredential,
};
use std::time::Duration;

use crate::script::{CLIENT, NOW, Script, TENANT, answer, map};

const OTHER: &str = "11111111-2222-3333-4444-555555555555";

fn secret(settings: &Settings) -> ClientSecretCredential {
    ClientSecretCredential::new(TENANT, CLIENT, "s~+&= 1", settings).unwrap()
}

fn storage() -> TokenRequest {
    TokenRequest::new(STORAGE_SCOPE)
}

#[tokio::test]
async fn a_secret_goes_into_a_form() {
    let script = Script::of([answer(
        200,
        r#"{"token_type":"Bearer","expires_in":3599,"ext_expires_in":3599,"refresh_in":1800,"access_token":"the-token"}"#,
    )]);
    let token = secret(&script.settings()).get_token(storage()).await.unwrap();
    assert_eq!(token.secret(), "the-token");
    assert_eq!(token.expires_on(), NOW + Duration::from_secs(3599));
    assert_eq!(token.refreshes_on(), Some(NOW + Duration::from_secs(1800)));

    let seen = script.only();
    assert_eq!(seen.method, "POST");
    assert_eq!(
        seen.uri.to_string(),
        format!("https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token")
    );
    assert_eq!(
        seen.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(seen.header("accept"), Some("application/json"));
    assert_eq!(seen.header("authorization"), None);
    assert_eq!(
        seen.header("client-request-id"),
        Some("00000000-0000-0000-0000-000000000007")
    );
    assert_eq!(
        seen.form(),
        map([
            ("client_id", CLIENT),
            ("scope", STORAGE_SCOPE),
            ("grant_type", "client_credentials"),
            ("client_secret", "s~+&= 1"),
        ])
    );
}

#[tokio::test]
async fn every_cloud_is_asked_at_its_authority() {
    for (cloud, host) in [
        (Cloud::Public, "login.microsoftonline.com"),
        (Cloud::China, "login.chinacloudapi.cn"),
        (Cloud::UsGovernment, "login.microsoftonline.us"),
        ("https://login.example.net".parse().unwrap(), "login.example.net"),
    ] {
        let script = Script::of([]);
        secret(&script.settings().cloud(cloud))
            .get_token(storage())
            .await
            .unwrap();
        assert_eq!(script.only().uri.host(), Some(host));
    }
    let script = Script::of([]);
    let settings = script.settings_in([("AZURE_AUTHORITY_HOST", "login.chinacloudapi.cn/")]);
    secret(&settings).get_token(storage()).await.unwrap();
    assert_eq!(script.only().uri.host(), Some("login.chinacloudapi.cn"));
}

#[tokio::test]
async fn no_secret_is_sent_without_tls() {
    let cloud = "http://login.example.net".parse().unwrap();
    let error = secret(&Settings::new().unwrap().cloud(cloud))
        .get_token(storage())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(error.to_string().contains("plain http"), "{error}");
}

#[tokio::test]
async fn claims_of_a_challenge_are_sent_with_what_the_client_can_do() {
    let challenge = r#"{"access_token":{"nbf":{"essential":true,"value":"1781"}}}"#;
    for (request, expected) in [
        (storage(), None),
        (
            storage().answering_challenges(),
            Some(r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#),
        ),
        (
            storage().claims(challenge),
            Some(r#"{"access_token":{"nbf":{"essential":true,"value":"1781"},"xms_cc":{"values":["cp1"]}}}"#),
        ),
    ] {
        let script = Script::of([]);
        secret(&script.settings()).get_token(request).await.unwrap();
        assert_eq!(script.only().form().get("claims").map(String::as_str), expected);
    }
    let script = Script::of([]);
    let error = secret(&script.settings())
        .get_token(storage().claims("no json"))
        .await
        .unwrap_err();
    assert_eq!((error.kind(), script.seen().len()), (ErrorKind::InvalidInput, 0));
}

#[tokio::test]
async fn another_tenant_is_asked_only_where_it_is_allowed() {
    let script = Script::of([]);
    let strict = secret(&script.settings());
    let error = strict.get_token(storage().tenant(OTHER)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(
        error.to_string().contains("additionally_allowed_tenants"),
        "{error}"
    );
    assert_eq!(script.seen().len(), 0);
    for allowed in [OTHER, "*"] {
        let script = Script::of([]);
        let source = secret(&script.settings()).additionally_allowed_tenants([allowed]);
        source.get_token(storage().tenant(OTHER)).await.unwrap();
        assert_eq!(script.only().uri.path(), format!("/{OTHER}/oauth2/v2.0/token"));
    }
}

#[tokio::test]
async fn a_refusal_is_typed() {
    let body = r#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided. Trace ID: a","error_codes":[7000215],"timestamp":"x","trace_id":"a","correlation_id":"c-1","error_uri":"https://login.microsoftonline.com/error?code=7000215"}"#;
    let script = Script::of([answer(401, body)]);
    let error = secret(&script.settings()).get_token(storage()).await.unwrap_err();
    assert!(error.is_refused() && !error.is_unavailable());
    assert_eq!(
        (error.aadsts(), error.code()),
        (Some(7_000_215), Some("invalid_client"))
    );
    assert_eq!(
        (error.status().unwrap().as_u16(), error.correlation_id()),
        (401, Some("c-1"))
    );
    assert_eq!(
        error.to_string(),
        "https://login.microsoftonline.com refused: AADSTS7000215: Invalid client secret provided (status 401, invalid_client, correlation id c-1)"
    );
    // It is final.
    assert_eq!(script.seen().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_busy_authority_is_asked_again() {
    for status in [429, 500, 502, 503, 504] {
        let script = Script::statuses(&[status]);
        let token = secret(&script.settings()).get_token(storage()).await.unwrap();
        assert_eq!(token.secret(), "the-token");
        let seen = script.seen();
        assert_eq!((seen.len(), seen[0].form()), (2, seen[1].form()), "{status}");
    }
    let script = Script::of([crate::script::Step::Answer(
        429,
        vec![("retry-after", "7".to_owned())],
        String::new(),
    )]);
    secret(&script.settings()).get_token(storage()).await.unwrap();
    // As long as it says, and up to a quarter more.
    let waits = script.waits();
    assert!(
        waits.len() == 1 && (7.0..8.8).contains(&waits[0].as_secs_f64()),
        "{waits:?}"
    );
}

#[tokio::test]
async fn an_answer_that_is_no_token_is_told_apart() {
    let huge = format!(r#"{{"access_token":"{}"}}"#, "x".repeat(300 * 1024));
    for (body, kind) in [
        ("<html>", ErrorKind::InvalidResponse),
        (
            r#"{"access_token":"t","expires_in":1,"token_type":"pop"}"#,
            ErrorKind::InvalidResponse,
        ),
        (&huge, ErrorKind::Transport),
    ] {
        let script = Script::of([answer(200, body)]);
        let error = secret(&script.settings()).get_token(storage()).await.unwrap_err();
        assert_eq!(error.kind(), kind);
    }
}

#[tokio::test]
async fn bad_names_are_refused_before_anything_is_sent() {
    let script = Script::of([]);
    let settings = script.settings();
    for (tenant, client, value) in [
        ("a/b", CLIENT, "s"),
        ("..", CLIENT, "s"),
        (TENANT, "", "s"),
        (TENANT, CLIENT, ""),
    ] {
        let error = ClientSecretCredential::new(tenant, client, value, &settings).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{tenant} {client}");
    }
    let error = secret(&settings)
        .get_token(TokenRequest::new("a b"))
        .await
        .unwrap_err();
    assert_eq!((error.kind(), script.seen().len()), (ErrorKind::InvalidInput, 0));
}

#[tokio::test]
async fn an_assertion_is_made_for_the_endpoint_at_each_exchange() {
    let script = Script::of([]);
    let calls = std::sync::Arc::new(std::sync::atomic::AtomicU32::new(0));
    let counter = calls.clone();
    let make = move |audience: String| {
        let call = counter.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        async move { Ok(format!("assertion {call} for {audience}").into()) }
    };
    let source = ClientAssertionCredential::new(TENANT, CLIENT, make, &script.settings())
        .unwrap()
        .additionally_allowed_tenants([OTHER]);
    source.get_token(storage()).await.unwrap();
    source.get_token(storage().tenant(OTHER)).await.unwrap();
    let seen = script.seen();
    for (call, (seen, tenant)) in seen.iter().zip([TENANT, OTHER]).enumerate() {
        assert_eq!(
            seen.form(),
            map([
                ("client_id", CLIENT),
                ("scope", STORAGE_SCOPE),
                ("grant_type", "client_credentials"),
                (
                    "client_assertion_type",
                    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
                ),
                (
                    "client_assertion",
                    &format!(
                        "assertion {call} for https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"
                    )
                ),
            ])
        );
    }
}

#[tokio::test]
async fn an_assertion_that_cannot_be_made_is_an_error() {
    let script = Script::of([]);
    let source = |outcome: Result<&'static str, &'static str>| {
        let make = move |_| async move { outcome.map(Into::into).map_err(Into::into) };
        ClientAssertionCredential::new(TENANT, CLIENT, make, &script.settings()).unwrap()
    };
    let error = source(Err("the vault is shut"))
        .get_token(storage())
        .await
        .unwrap_err();
    assert!(error.to_string().ends_with("the vault is shut"), "{error}");
    assert!(source(Ok(" ")).get_token(storage()).await.is_err());
    let make = |_| async { Err(lazuli_identity::Error::new(ErrorKind::Unavailable, "nothing here").into()) };
    let source = ClientAssertionCredential::new(TENANT, CLIENT, make, &script.settings()).unwrap();
    assert!(source.get_token(storage()).await.unwrap_err().is_unavailable());
    assert_eq!(script.seen().len(), 0);
}

#[tokio::test]
async fn the_federated_token_is_read_again_at_each_exchange() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    let script = Script::of([]);
    let settings = script.settings_in([
        ("AZURE_TENANT_ID", TENANT),
        ("AZURE_CLIENT_ID", CLIENT),
        ("AZURE_FEDERATED_TOKEN_FILE", file.to_str().unwrap()),
    ]);
    let source = WorkloadIdentityCredential::from_environment(&settings).unwrap();
    let error = source.get_token(storage()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("federated token file"), "{error}");
    for content in ["first\n", "second"] {
        std::fs::write(&file, content).unwrap();
        source.get_token(storage()).await.unwrap();
    }
    let sent: Vec<_> = script
        .seen()
        .iter()
        .map(|seen| seen.form()["client_assertion"].clone())
        .collect();
    assert_eq!(sent, ["first", "second"]);
    for content in ["", " \n", &"x".repeat(65 * 1024)] {
        std::fs::write(&file, content).unwrap();
        assert_eq!(
            source.get_token(storage()).await.unwrap_err().kind(),
            ErrorKind::InvalidInput
        );
    }
    std::fs::write(&file, b"\xff").unwrap();
    assert!(source.get_token(storage()).await.is_err());
    assert_eq!(script.seen().len(), 2);
}
