//! Managed identities: what each endpoint is asked, and what happens when it is busy, away, or not what it seems.

use std::path::Path;
use std::time::Duration;

use lazuli_identity::{
    AccessToken, ChainedTokenCredential, ClientSecretCredential, Environment, Error, ErrorKind,
    ManagedIdentity, ManagedIdentityCredential, STORAGE_SCOPE, Settings, TokenCredential, TokenRequest,
};
use tokio::time::Instant;

use crate::script::{CLIENT, NOW, Script, Step, TENANT, answer, map};

const ENDPOINT: &str = "http://127.0.0.1:41709/msi/token";
const RESOURCE: (&str, &str) = ("resource", "https://storage.azure.com");

async fn get(settings: &Settings, identity: ManagedIdentity) -> Result<AccessToken, Error> {
    let source = ManagedIdentityCredential::new(identity, settings)?;
    source.get_token(TokenRequest::new(STORAGE_SCOPE)).await
}

async fn system(settings: &Settings) -> Result<AccessToken, Error> {
    get(settings, ManagedIdentity::SystemAssigned).await
}

#[tokio::test]
async fn a_virtual_machine_asks_its_metadata_service() {
    let body = r#"{"access_token":"the-token","client_id":"c","expires_in":"86400","expires_on":"1782518400","ext_expires_in":"86400","not_before":"0","resource":"https://storage.azure.com/","token_type":"Bearer"}"#;
    let script = Script::of([answer(200, body)]);
    let token = system(&script.settings()).await.unwrap();
    assert_eq!(token.expires_on(), NOW + Duration::from_secs(86400));
    // A token that lives long is renewed at half of its life.
    assert_eq!(token.refreshes_on(), Some(NOW + Duration::from_secs(43200)));
    let seen = script.only();
    assert_eq!(seen.method, "GET");
    assert_eq!(seen.uri.host(), Some("169.254.169.254"));
    assert_eq!(seen.uri.path(), "/metadata/identity/oauth2/token");
    assert_eq!(seen.query(), map([("api-version", "2018-02-01"), RESOURCE]));
    assert_eq!(seen.header("metadata"), Some("true"));
}

#[tokio::test]
async fn the_metadata_service_is_not_asked_on_the_way_to_the_authority() {
    let (direct, proxied) = (Script::of([]), Script::of([]));
    let settings = direct.settings().authority_transport(proxied.transport());
    system(&settings).await.unwrap();
    assert_eq!((direct.seen().len(), proxied.seen().len()), (1, 0));
    let source = ClientSecretCredential::new(TENANT, CLIENT, "its secret", &settings).unwrap();
    source.get_token(TokenRequest::new(STORAGE_SCOPE)).await.unwrap();
    assert_eq!((direct.seen().len(), proxied.seen().len()), (1, 1));
}

#[tokio::test]
async fn a_user_assigned_identity_is_named_as_the_endpoint_knows_it() {
    let id = "/subscriptions/s/resourceGroups/g/x y";
    for (variables, names) in [
        (vec![], ["client_id", "object_id", "msi_res_id"]),
        (
            vec![("IDENTITY_ENDPOINT", ENDPOINT), ("IDENTITY_HEADER", "h")],
            ["client_id", "object_id", "mi_res_id"],
        ),
    ] {
        let id = id.replace(' ', "-");
        let identities = [
            ManagedIdentity::ClientId(id.clone()),
            ManagedIdentity::ObjectId(id.clone()),
            ManagedIdentity::ResourceId(id.clone()),
        ];
        for (identity, name) in identities.into_iter().zip(names) {
            let script = Script::of([]);
            let settings = script.settings().environment(Environment::of(variables.clone()));
            get(&settings, identity).await.unwrap();
            assert_eq!(script.only().query()[name], id);
        }
    }
    let error = get(
        &Script::of([]).settings(),
        ManagedIdentity::ResourceId(id.to_owned()),
    )
    .await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::InvalidInput);
}

#[tokio::test]
async fn an_app_shows_its_header() {
    let script = Script::of([answer(
        200,
        r#"{"access_token":"the-token","expires_on":"1782435600","resource":"x","token_type":"Bearer","client_id":"c"}"#,
    )]);
    let settings = script.settings_in([("IDENTITY_ENDPOINT", ENDPOINT), ("IDENTITY_HEADER", "planted")]);
    let token = system(&settings).await.unwrap();
    assert_eq!(token.expires_on().unix_timestamp(), 1_782_435_600);
    let seen = script.only();
    assert_eq!(
        (seen.uri.port_u16(), seen.uri.path()),
        (Some(41709), "/msi/token")
    );
    assert_eq!(seen.query(), map([("api-version", "2019-08-01"), RESOURCE]));
    assert_eq!(
        (seen.header("x-identity-header"), seen.header("metadata")),
        (Some("planted"), None)
    );
    assert!(seen.headers["x-identity-header"].is_sensitive());
}

#[tokio::test]
async fn cloud_shell_is_posted_to() {
    let script = Script::of([]);
    let settings = script.settings_in([("MSI_ENDPOINT", "http://localhost:50342/oauth2/token")]);
    system(&settings).await.unwrap();
    let seen = script.only();
    assert_eq!(
        (seen.method.as_str(), seen.uri.to_string()),
        ("POST", "http://localhost:50342/oauth2/token".to_owned())
    );
    assert_eq!(seen.form(), map([RESOURCE]));
    assert_eq!(seen.header("metadata"), Some("true"));
    let error = get(&settings, ManagedIdentity::ClientId("c".to_owned()))
        .await
        .unwrap_err();
    assert!(error.is_unavailable());
}

#[tokio::test(start_paused = true)]
async fn the_metadata_service_is_asked_again_while_it_is_busy_or_updated() {
    let doubling = [800, 1600, 3200, 6400, 12800].map(Duration::from_millis);
    for status in [404, 429, 500, 503] {
        let script = Script::statuses(&[status]);
        system(&script.settings()).await.unwrap();
        assert_eq!(script.waits(), doubling[..1]);
        // It has five more chances.
        let script = Script::statuses(&[status; 6]);
        let error = system(&script.settings()).await.unwrap_err();
        assert_eq!(script.waits(), doubling);
        assert_eq!(
            (error.kind(), error.status().unwrap().as_u16()),
            (ErrorKind::Refused, status)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_restart_of_the_metadata_service_is_waited_for_over_70_seconds() {
    let script = Script::statuses(&[410; 20]);
    let error = system(&script.settings()).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 410);
    let total: Duration = script.waits().iter().sum();
    assert_eq!(total, Duration::from_secs(70));
    assert_eq!(script.seen().len(), 8);
    // The patience is that of the last answer, and what was waited counts.
    let script = Script::statuses(&[410, 410, 410, 410, 410, 410, 404]);
    system(&script.settings()).await.unwrap_err();
    assert_eq!(script.seen().len(), 7);
}

#[tokio::test]
async fn a_machine_without_an_identity_is_unavailable() {
    let none = r#"{"error":"invalid_request","error_description":"Identity not found"}"#;
    let unreachable = "A socket operation was attempted to an unreachable network";
    for (status, body, unavailable) in [
        (400, none, true),
        (403, unreachable, true),
        (403, "", false),
        (200, "<html>", false),
    ] {
        let script = Script::of([answer(status, body)]);
        let error = system(&script.settings()).await.unwrap_err();
        assert_eq!(error.is_unavailable(), unavailable, "{status} {body}");
    }
}

#[tokio::test(start_paused = true)]
async fn in_a_chain_a_silent_service_is_given_up_within_a_second() {
    let script = Script::of([Step::Hang, Step::Hang]);
    let source = ManagedIdentityCredential::new(ManagedIdentity::SystemAssigned, &script.settings()).unwrap();
    let chain = ChainedTokenCredential::new().then(source.clone()).then(source);
    let begun = Instant::now();
    let error = chain
        .get_token(TokenRequest::new(STORAGE_SCOPE))
        .await
        .unwrap_err();
    assert!(error.is_unavailable());
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    assert_eq!(script.seen().len(), 2);
    assert_eq!(script.seen()[0].header("metadata"), None);
}

#[tokio::test]
async fn in_a_chain_a_service_that_answers_is_looked_for_once() {
    let script = Script::of([answer(400, ""), answer(400, r#"{"error":"invalid_request"}"#)]);
    let source = ManagedIdentityCredential::new(ManagedIdentity::SystemAssigned, &script.settings()).unwrap();
    let chain = ChainedTokenCredential::new().then(source.clone()).then(source);
    chain.get_token(TokenRequest::new(STORAGE_SCOPE)).await.unwrap();
    let with_header: Vec<_> = script
        .seen()
        .iter()
        .map(|seen| seen.header("metadata").is_some())
        .collect();
    // The clones share what they know.
    assert_eq!(with_header, [false, true, true]);
}

#[tokio::test]
async fn in_a_chain_something_else_that_listens_is_no_metadata_service() {
    let script = Script::of([answer(200, "<html>"), answer(200, "<html>")]);
    let source = ManagedIdentityCredential::new(ManagedIdentity::SystemAssigned, &script.settings()).unwrap();
    let chain = ChainedTokenCredential::new().then(source.clone()).then(source);
    let token = chain.get_token(TokenRequest::new(STORAGE_SCOPE)).await;
    assert_eq!(token.unwrap().secret(), "the-token");
    let with_header = script
        .seen()
        .into_iter()
        .map(|seen| seen.header("metadata").is_some());
    // Nothing was found at first, and so it is looked for again.
    assert_eq!(with_header.collect::<Vec<_>>(), [false, true, false, true]);
}

#[tokio::test(start_paused = true)]
async fn in_a_chain_an_answer_without_json_is_no_metadata_service_whatever_its_status() {
    let long = format!("<html>{}", " ".repeat(300_000));
    for (status, body) in [
        (200, "<html>"),
        (200, &long),
        (301, ""),
        (401, "<html>"),
        (403, "Forbidden"),
        (404, "404"),
        (405, ""),
        (410, "[]"),
        (429, "{"),
        (500, ""),
        (502, "Bad Gateway"),
    ] {
        let elsewhere = Script::of([]);
        let app = elsewhere.settings_in([("IDENTITY_ENDPOINT", ENDPOINT), ("IDENTITY_HEADER", "h")]);
        let app = ManagedIdentityCredential::new(ManagedIdentity::SystemAssigned, &app).unwrap();
        let script = Script::of([answer(status, body), answer(status, body)]);
        let source =
            ManagedIdentityCredential::new(ManagedIdentity::SystemAssigned, &script.settings()).unwrap();
        let chain = ChainedTokenCredential::new().then(source).then(app);
        let begun = Instant::now();
        let token = chain.get_token(TokenRequest::new(STORAGE_SCOPE)).await;
        assert_eq!(token.unwrap().secret(), "the-token", "{status}");
        assert_eq!(begun.elapsed(), Duration::ZERO, "{status}");
        assert_eq!((script.seen().len(), elsewhere.seen().len()), (2, 1), "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn in_a_chain_a_metadata_service_that_is_busy_and_says_so_is_asked_again() {
    let busy = r#"{"error":"busy"}"#;
    for status in [404, 410, 429, 500] {
        let script = Script::of([answer(400, ""), answer(status, busy)]);
        let source =
            ManagedIdentityCredential::new(ManagedIdentity::SystemAssigned, &script.settings()).unwrap();
        let chain = ChainedTokenCredential::new().then(source.clone()).then(source);
        chain.get_token(TokenRequest::new(STORAGE_SCOPE)).await.unwrap();
        assert_eq!(script.waits(), [Duration::ZERO, Duration::from_millis(800)]);
    }
    // What says no in its own words ends the search.
    let script = Script::of([answer(400, ""), answer(401, r#"{"error":"unauthorized"}"#)]);
    let source = ManagedIdentityCredential::new(ManagedIdentity::SystemAssigned, &script.settings()).unwrap();
    let chain = ChainedTokenCredential::new().then(source.clone()).then(source);
    let error = chain
        .get_token(TokenRequest::new(STORAGE_SCOPE))
        .await
        .unwrap_err();
    assert!(error.is_refused(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn the_metadata_service_may_ask_for_a_longer_wait() {
    let busy = |seconds: &str| Step::Answer(429, vec![("retry-after", seconds.to_owned())], String::new());
    let script = Script::of([busy("5"), busy("0"), busy("3600")]);
    system(&script.settings()).await.unwrap();
    let waits = [5_000, 1_600, 18_200].map(Duration::from_millis);
    assert_eq!(script.waits(), waits);
}

/// Nobody listens there.
fn dead_end() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[tokio::test]
async fn a_metadata_service_that_cannot_be_reached_is_unavailable() {
    let environment = Environment::of([("AZURE_POD_IDENTITY_AUTHORITY_HOST", dead_end())]);
    let settings = Settings::new().unwrap().environment(environment);
    let error = system(&settings).await.unwrap_err();
    assert!(error.is_unavailable() && error.is_connect(), "{error}");
    assert!(error.to_string().contains("GET 127.0.0.1:"), "{error}");
}

#[tokio::test]
async fn an_endpoint_that_the_environment_names_is_there() {
    let host = dead_end();
    let environment = Environment::of([("IDENTITY_ENDPOINT", &*host), ("IDENTITY_HEADER", "h")]);
    let settings = Settings::new().unwrap().environment(environment);
    let error = system(&settings).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport, "{error}");
    assert!(error.is_connect());
}

// === Azure Arc ===

fn arc(script: &Script, folder: &Path) -> ManagedIdentityCredential {
    let settings = script.settings_in([
        (
            "IDENTITY_ENDPOINT",
            "http://localhost:40342/metadata/identity/oauth2/token",
        ),
        ("IMDS_ENDPOINT", "http://localhost:40342"),
    ]);
    ManagedIdentityCredential::new(ManagedIdentity::SystemAssigned, &settings)
        .unwrap()
        .arc_key_folder(folder)
}

fn challenge(value: String) -> Step {
    Step::Answer(401, vec![("www-authenticate", value)], String::new())
}

#[tokio::test]
async fn arc_is_shown_the_key_that_it_names() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("agent.key");
    std::fs::write(&key, "planted-key\n").unwrap();
    for realm in [
        format!("Basic realm={}", key.display()),
        format!("basic realm=\"{}\"", key.display()),
        format!("Basic realm=\"{}\", charset=utf-8", key.display()),
    ] {
        let script = Script::of([challenge(realm)]);
        let token = arc(&script, folder.path())
            .get_token(TokenRequest::new(STORAGE_SCOPE))
            .await;
        assert_eq!(token.unwrap().secret(), "the-token");
        let seen = script.seen();
        for seen in &seen {
            assert_eq!(seen.query(), map([("api-version", "2020-06-01"), RESOURCE]));
            assert_eq!(seen.header("metadata"), Some("true"));
        }
        assert_eq!(seen[0].header("authorization"), None);
        assert_eq!(seen[1].header("authorization"), Some("Basic planted-key"));
        assert!(seen[1].headers["authorization"].is_sensitive());
    }
}

#[tokio::test]
async fn arc_has_no_other_file_sent_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let inside = folder.path();
    std::fs::create_dir(inside.join("deeper")).unwrap();
    std::fs::write(elsewhere.path().join("a.key"), "planted").unwrap();
    std::fs::write(inside.join("deeper/a.key"), "planted").unwrap();
    std::fs::write(inside.join("a.txt"), "planted").unwrap();
    std::fs::write(inside.join("long.key"), "p".repeat(4097)).unwrap();
    std::fs::write(inside.join("odd.key"), "plan ted\r\nX: y").unwrap();
    std::fs::write(inside.join("empty.key"), "").unwrap();
    std::fs::create_dir(inside.join("folder.key")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(elsewhere.path().join("a.key"), inside.join("link.key")).unwrap();
    let out = inside
        .join("..")
        .join(elsewhere.path().file_name().unwrap())
        .join("a.key");
    for path in [
        elsewhere.path().join("a.key"),
        inside.join("deeper/a.key"),
        inside.join("a.txt"),
        inside.join("long.key"),
        inside.join("odd.key"),
        inside.join("empty.key"),
        inside.join("folder.key"),
        inside.join("missing.key"),
        inside.join("link.key"),
        out,
        "a.key".into(),
    ] {
        let script = Script::of([challenge(format!("Basic realm={}", path.display()))]);
        let error = arc(&script, inside)
            .get_token(TokenRequest::new(STORAGE_SCOPE))
            .await
            .unwrap_err();
        assert!(!error.is_unavailable(), "{error}");
        assert!(!format!("{error} {error:?}").contains("planted"), "{error:?}");
        assert_eq!(script.seen().len(), 1, "{}", path.display());
    }
    for odd in ["", "Basic", "Basic realm=", "Bearer realm=x", "Basic user=x"] {
        let script = Script::of([challenge(odd.to_owned())]);
        let error = arc(&script, inside)
            .get_token(TokenRequest::new(STORAGE_SCOPE))
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind(), script.seen().len()),
            (ErrorKind::InvalidResponse, 1),
            "{odd}"
        );
    }
}

#[tokio::test]
async fn arc_keys_of_4096_bytes_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("a.key");
    std::fs::write(&key, "k".repeat(4096)).unwrap();
    let script = Script::of([
        challenge(format!("Basic realm={}", key.display())),
        answer(401, ""),
    ]);
    let error = arc(&script, folder.path())
        .get_token(TokenRequest::new(STORAGE_SCOPE))
        .await
        .unwrap_err();
    // A second refusal is final.
    assert_eq!((error.kind(), script.seen().len()), (ErrorKind::Refused, 2));
    assert!(!format!("{error:?}").contains("kkkk"));
}
