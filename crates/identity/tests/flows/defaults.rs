//! The default chain: which sources it has, and which of them answers in which environment.

use lazuli_identity::{
    DefaultCredential, Environment, EnvironmentCredential, ErrorKind, STORAGE_SCOPE, TokenCredential,
    TokenRequest,
};

use crate::script::{CLIENT, Script, TENANT, answer};

fn storage() -> TokenRequest {
    TokenRequest::new(STORAGE_SCOPE)
}

#[test]
fn the_selector_narrows_the_chain() {
    let all = [
        "EnvironmentCredential",
        "WorkloadIdentityCredential",
        "ManagedIdentityCredential",
        "AzureCliCredential",
        "AzureDeveloperCliCredential",
    ];
    for (value, expected) in [
        ("", &all[..]),
        ("prod", &all[..3]),
        ("dev", &all[3..]),
        ("ManagedIdentityCredential", &all[2..3]),
    ] {
        let settings = Script::of([]).settings_in([("AZURE_TOKEN_CREDENTIALS", value)]);
        let chain = DefaultCredential::new(&settings).unwrap();
        assert_eq!(chain.sources().collect::<Vec<_>>(), expected);
    }
    let settings = Script::of([]).settings_in([("AZURE_TOKEN_CREDENTIALS", "nobody")]);
    assert_eq!(
        DefaultCredential::new(&settings).unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
}

#[tokio::test]
async fn the_environment_decides_who_answers() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, "federated").unwrap();
    let file = file.to_str().unwrap();
    let application = [("AZURE_TENANT_ID", TENANT), ("AZURE_CLIENT_ID", CLIENT)];
    for (more, expected) in [
        (
            vec![("AZURE_CLIENT_SECRET", "s"), ("AZURE_FEDERATED_TOKEN_FILE", file)],
            "login.microsoftonline.com client_secret",
        ),
        (
            vec![("AZURE_FEDERATED_TOKEN_FILE", file)],
            "login.microsoftonline.com client_assertion",
        ),
        (
            vec![
                ("IDENTITY_ENDPOINT", "http://localhost:1/msi/token"),
                ("IDENTITY_HEADER", "h"),
            ],
            "localhost",
        ),
    ] {
        let script = Script::of([]);
        let variables = application
            .iter()
            .copied()
            .chain(more)
            .chain([("AZURE_TOKEN_CREDENTIALS", "prod")]);
        let settings = script.settings().environment(Environment::of(variables));
        DefaultCredential::new(&settings)
            .unwrap()
            .get_token(storage())
            .await
            .unwrap();
        let seen = script.only();
        let (host, field) = expected.split_once(' ').unwrap_or((expected, ""));
        assert_eq!(seen.uri.host(), Some(host));
        assert!(field.is_empty() || seen.form().contains_key(field), "{expected}");
        if host == "localhost" {
            assert_eq!(seen.query()["client_id"], CLIENT);
        }
    }
}

#[tokio::test]
async fn a_virtual_machine_is_looked_for_unless_it_is_the_only_choice() {
    for (value, probes) in [("prod", 1), ("ManagedIdentityCredential", 0)] {
        let script = Script::of([]);
        let settings = script.settings_in([("AZURE_TOKEN_CREDENTIALS", value)]);
        DefaultCredential::new(&settings)
            .unwrap()
            .get_token(storage())
            .await
            .unwrap();
        let without_header = script
            .seen()
            .iter()
            .filter(|seen| seen.header("metadata").is_none())
            .count();
        assert_eq!(without_header, probes, "{value}");
    }
}

#[tokio::test]
async fn a_wrong_secret_is_not_papered_over() {
    let script = Script::of([answer(
        401,
        r#"{"error":"invalid_client","error_codes":[7000215]}"#,
    )]);
    let settings = script.settings_in([
        ("AZURE_TENANT_ID", TENANT),
        ("AZURE_CLIENT_ID", CLIENT),
        ("AZURE_CLIENT_SECRET", "s"),
    ]);
    let error = DefaultCredential::new(&settings)
        .unwrap()
        .get_token(storage())
        .await
        .unwrap_err();
    assert_eq!((error.aadsts(), script.seen().len()), (Some(7_000_215), 1));
    assert!(
        error.to_string().starts_with("EnvironmentCredential: "),
        "{error}"
    );
}

#[tokio::test]
async fn the_error_of_an_empty_environment_lists_what_is_missing() {
    let script = Script::of([answer(400, ""), answer(400, "")]);
    let settings = script.settings_in([("AZURE_TOKEN_CREDENTIALS", "prod")]);
    let error = DefaultCredential::new(&settings)
        .unwrap()
        .get_token(storage())
        .await
        .unwrap_err();
    assert!(error.is_unavailable());
    let message = error.to_string();
    for part in [
        "EnvironmentCredential (AZURE_TENANT_ID, AZURE_CLIENT_ID not set)",
        "AZURE_FEDERATED_TOKEN_FILE not set",
        "ManagedIdentityCredential (",
    ] {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn an_application_without_a_proof_is_unavailable() {
    let settings = Script::of([]).settings_in([("AZURE_TENANT_ID", TENANT), ("AZURE_CLIENT_ID", CLIENT)]);
    assert!(
        EnvironmentCredential::new(&settings)
            .unwrap_err()
            .is_unavailable()
    );
    let settings = Script::of([]).settings_in([
        ("AZURE_TENANT_ID", "a/b"),
        ("AZURE_CLIENT_ID", CLIENT),
        ("AZURE_CLIENT_SECRET", "s"),
    ]);
    assert_eq!(
        EnvironmentCredential::new(&settings).unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
}
