//! Every source of tokens gets one that the blob service takes.

use std::sync::Arc;

use lazuli_identity::{
    AssertionAlgorithm, ClientAssertionCredential, ClientCertificate, ClientCertificateCredential,
    ClientSecretCredential, DefaultCredential, ManagedIdentity, ManagedIdentityCredential, TokenCredential,
    WorkloadIdentityCredential,
};
use lazuli_simulation::entra::{
    App, CLIENT_ID, CLIENT_SECRET, Endpoint, IDENTITY_HEADER, TENANT, USER_ASSIGNED, USER_ASSIGNED_RESOURCE,
};

use crate::desk::{Desk, read};

const KEY_PEM: &[u8] = include_bytes!("../../../crates/identity/tests/keys/pkcs8.pem");
const CERTIFICATE_PEM: &[u8] = include_bytes!("../../../crates/identity/tests/keys/certificate.pem");
const ISSUER: &str = "https://cluster.example";
const SUBJECT: &str = "system:serviceaccount:apps:reader";
const AUDIENCE: &str = "api://AzureADTokenExchange";

/// Asserts that this source opens the account, by one request to this endpoint.
async fn opens(desk: &Desk, source: impl TokenCredential, endpoint: Endpoint) {
    desk.container().await;
    let before = desk.entra.requests(endpoint);
    let blobs = desk.signed_in(source);
    for _ in 0..3 {
        assert_eq!(read(&blobs).await.unwrap(), "hello");
    }
    // Arc is asked twice: for the challenge, and with the key.
    let expected = if endpoint == Endpoint::AzureArc { 2 } else { 1 };
    assert_eq!(desk.entra.requests(endpoint) - before, expected);
}

#[tokio::test]
async fn a_client_secret() {
    let desk = Desk::new();
    let source = ClientSecretCredential::new(TENANT, CLIENT_ID, CLIENT_SECRET, &desk.settings(&[])).unwrap();
    opens(&desk, source, Endpoint::Token).await;
}

#[tokio::test]
async fn a_client_certificate_by_either_algorithm() {
    for algorithm in [AssertionAlgorithm::Ps256, AssertionAlgorithm::Rs256] {
        let desk =
            Desk::with(|builder| builder.app(App::new(CLIENT_ID).certificate(CERTIFICATE_PEM).unwrap()));
        let certificate = ClientCertificate::from_key_and_certificates(KEY_PEM, CERTIFICATE_PEM).unwrap();
        let source = ClientCertificateCredential::new(TENANT, CLIENT_ID, certificate, &desk.settings(&[]));
        opens(&desk, source.unwrap().algorithm(algorithm), Endpoint::Token).await;
    }
}

fn federated(desk: impl FnOnce(App) -> Desk) -> (Desk, String) {
    let desk = desk(App::new(CLIENT_ID).federated(ISSUER, SUBJECT, AUDIENCE));
    let token = desk.entra.federated_token(ISSUER, SUBJECT, AUDIENCE).unwrap();
    (desk, token)
}

#[tokio::test]
async fn a_client_assertion() {
    let (desk, token) = federated(|app| Desk::with(|builder| builder.app(app)));
    let assertion = move |_| {
        let token = token.clone();
        async move { Ok(token.into()) }
    };
    let source = ClientAssertionCredential::new(TENANT, CLIENT_ID, assertion, &desk.settings(&[])).unwrap();
    opens(&desk, source, Endpoint::Token).await;
}

#[tokio::test]
async fn a_workload_whose_token_file_changes() {
    let (desk, token) = federated(|app| Desk::with(|builder| builder.app(app)));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, "not yet").unwrap();
    let variables = [
        ("AZURE_TENANT_ID", TENANT),
        ("AZURE_CLIENT_ID", CLIENT_ID),
        ("AZURE_FEDERATED_TOKEN_FILE", file.to_str().unwrap()),
    ];
    let source = WorkloadIdentityCredential::from_environment(&desk.settings(&variables)).unwrap();
    let source = Arc::new(source);
    let early = desk.signed_in(Arc::clone(&source));
    assert!(read(&early).await.is_err());
    std::fs::write(&file, token).unwrap();
    opens(&desk, source, Endpoint::Token).await;
}

#[tokio::test]
async fn a_machine_in_azure_by_each_of_its_names() {
    for identity in [
        ManagedIdentity::SystemAssigned,
        ManagedIdentity::ClientId(USER_ASSIGNED.to_owned()),
        ManagedIdentity::ResourceId(USER_ASSIGNED_RESOURCE.to_owned()),
    ] {
        let desk = Desk::new();
        let source = ManagedIdentityCredential::new(identity, &desk.settings(&[])).unwrap();
        opens(&desk, source, Endpoint::Imds).await;
    }
}

#[tokio::test]
async fn app_service_and_cloud_shell() {
    for (variables, endpoint) in [
        (
            vec![
                ("IDENTITY_ENDPOINT", "http://127.0.0.1:4141/msi/token"),
                ("IDENTITY_HEADER", IDENTITY_HEADER),
            ],
            Endpoint::AppService,
        ),
        (
            vec![("MSI_ENDPOINT", "http://127.0.0.1:4141/oauth2/token")],
            Endpoint::CloudShell,
        ),
    ] {
        let desk = Desk::new();
        let settings = desk.settings(&variables);
        let source = ManagedIdentityCredential::new(ManagedIdentity::SystemAssigned, &settings).unwrap();
        opens(&desk, source, endpoint).await;
    }
}

#[tokio::test]
async fn a_machine_of_azure_arc() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::with(|builder| builder.arc_keys(folder.path()));
    let settings = desk.settings(&[
        (
            "IDENTITY_ENDPOINT",
            "http://127.0.0.1:40342/metadata/identity/oauth2/token",
        ),
        ("IMDS_ENDPOINT", "http://127.0.0.1:40342"),
    ]);
    let source = ManagedIdentityCredential::new(ManagedIdentity::SystemAssigned, &settings).unwrap();
    opens(&desk, source.arc_key_folder(folder.path()), Endpoint::AzureArc).await;
}

#[tokio::test]
async fn whatever_the_environment_has() {
    for (variables, endpoint) in [
        (
            vec![
                ("AZURE_TENANT_ID", TENANT),
                ("AZURE_CLIENT_ID", CLIENT_ID),
                ("AZURE_CLIENT_SECRET", CLIENT_SECRET),
            ],
            Endpoint::Token,
        ),
        (
            vec![
                ("IDENTITY_ENDPOINT", "http://127.0.0.1:4141/msi/token"),
                ("IDENTITY_HEADER", IDENTITY_HEADER),
            ],
            Endpoint::AppService,
        ),
    ] {
        let desk = Desk::new();
        let source = DefaultCredential::new(&desk.settings(&variables)).unwrap();
        opens(&desk, source, endpoint).await;
    }
}
