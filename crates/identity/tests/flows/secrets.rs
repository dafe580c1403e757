//! Nothing that is secret shows: everything that has a `Debug` or a `Display`, and every span and event, is searched for planted secrets.

use std::io;
use std::sync::{Arc, Mutex};

use lazuli_identity::{
    ChainedTokenCredential, ClientAssertionCredential, ClientSecretCredential, DefaultCredential,
    EnvironmentCredential, ManagedIdentity, ManagedIdentityCredential, STORAGE_SCOPE, TokenCredential,
    TokenIssuer, TokenRequest, WorkloadIdentityCredential, storage_credential,
};
use lazuli_transport::CredentialSource as _;
use tracing_subscriber::fmt::MakeWriter;

use crate::script::{CLIENT, Script, Step, TENANT, answer};

/// All that is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

const TOKEN: &str = r#"{"token_type":"Bearer","expires_in":3600,"access_token":"planted-token"}"#;

/// An authority that echoes what it was sent, as a proxy's error page may.
fn echo(secret: &str) -> Step {
    let body = serde_json::json!({
        "error": format!("invalid {secret}"), "error_description": format!("AADSTS1: cannot take {secret} here"),
        "correlation_id": secret, "claims": secret,
    });
    answer(400, &body.to_string())
}

/// Refuses once, and gives tokens from then on.
fn authority(secret: &str) -> Script {
    Script::of([echo(secret), answer(200, TOKEN), answer(200, TOKEN)])
}

/// Asks a source, and shows it with all that it gives.
async fn collect(shown: &mut Vec<String>, source: impl TokenCredential + Clone, times: usize) {
    shown.push(format!("{source:?} {source:#?} {}", source.name()));
    for _ in 0..times {
        match source.get_token(TokenRequest::new(STORAGE_SCOPE)).await {
            Ok(token) => shown.push(format!("{token:?}")),
            Err(error) => {
                shown.push(format!("{error} {error:?} {error:#?}"));
                let mut below = std::error::Error::source(&error);
                while let Some(cause) = below {
                    shown.push(format!("{cause} {cause:?}"));
                    below = cause.source();
                }
            }
        }
    }
    let issuer = TokenIssuer::new(source.clone());
    let renewing = storage_credential(source);
    shown.push(format!("{issuer:?} {renewing:?}"));
    if let Ok(credential) = renewing.credential().await {
        shown.push(format!("{credential:?} {renewing:?}"));
    }
}

#[tokio::test]
async fn no_secret_shows_anywhere() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("federated");
    std::fs::write(&file, "planted-federated").unwrap();
    let key = folder.path().join("arc.key");
    std::fs::write(&key, "planted-key").unwrap();
    let mut shown = Vec::new();

    let variables = [
        ("AZURE_TENANT_ID", TENANT),
        ("AZURE_CLIENT_ID", CLIENT),
        ("AZURE_CLIENT_SECRET", "planted-secret"),
        ("AZURE_FEDERATED_TOKEN_FILE", file.to_str().unwrap()),
        ("IDENTITY_ENDPOINT", "http://localhost:1/msi/token"),
        ("IDENTITY_HEADER", "planted-header"),
        ("AZURE_TOKEN_CREDENTIALS", "prod"),
    ];
    shown.push(format!("{:?}", Script::of([]).settings_in(variables)));

    let own = authority("planted-secret");
    let source = ClientSecretCredential::new(TENANT, CLIENT, "planted-secret", &own.settings()).unwrap();
    collect(&mut shown, source.clone(), 2).await;
    collect(&mut shown, ChainedTokenCredential::new().then(source), 1).await;
    let own = authority("planted-secret");
    collect(
        &mut shown,
        EnvironmentCredential::new(&own.settings_in(variables)).unwrap(),
        2,
    )
    .await;
    let own = authority("planted-secret");
    collect(
        &mut shown,
        DefaultCredential::new(&own.settings_in(variables)).unwrap(),
        2,
    )
    .await;
    let own = authority("planted-assertion");
    let make = |_| async { Ok("planted-assertion".into()) };
    collect(
        &mut shown,
        ClientAssertionCredential::new(TENANT, CLIENT, make, &own.settings()).unwrap(),
        2,
    )
    .await;
    let own = authority("planted-federated");
    let workload = WorkloadIdentityCredential::from_environment(&own.settings_in(variables)).unwrap();
    collect(&mut shown, workload, 2).await;
    let own = authority("planted-header");
    let app =
        ManagedIdentityCredential::new(ManagedIdentity::SystemAssigned, &own.settings_in(variables)).unwrap();
    collect(&mut shown, app, 2).await;

    let challenge = || {
        Step::Answer(
            401,
            vec![("www-authenticate", format!("Basic realm={}", key.display()))],
            String::new(),
        )
    };
    let own = Script::of([
        challenge(),
        echo("planted-key"),
        challenge(),
        answer(200, TOKEN),
        answer(200, TOKEN),
    ]);
    let settings = own.settings_in([
        ("IDENTITY_ENDPOINT", "http://localhost:1/t"),
        ("IMDS_ENDPOINT", "http://localhost:1"),
    ]);
    let arc = ManagedIdentityCredential::new(ManagedIdentity::SystemAssigned, &settings).unwrap();
    collect(&mut shown, arc.arc_key_folder(folder.path()), 2).await;

    // Answers that hold a token and cannot be used.
    for body in [
        r#"{"access_token":"planted-token"}"#,
        r#"{"access_token":{"planted":1},"expires_in":1}"#,
        r#"{"access_token":"planted-token","expires_in":1,"token_type":"planted"}"#,
        "planted-token",
    ] {
        let own = Script::of([answer(200, body), answer(200, body)]);
        let source = ClientSecretCredential::new(TENANT, CLIENT, "planted-secret", &own.settings()).unwrap();
        collect(&mut shown, source, 1).await;
    }

    // All of the endpoints were asked, or there would be nothing to find.
    assert!(shown.len() > 40, "{}", shown.len());
    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("RequestToken"), "{logged}");
    for text in shown.iter().chain([&logged]) {
        assert!(!text.contains("planted"), "{text}");
    }
}
