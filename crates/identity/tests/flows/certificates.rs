//! Client certificates: the assertion that is sent, checked with the public key, and the PEM that is not taken.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lazuli_identity::{
    AssertionAlgorithm, ClientCertificate, ClientCertificateCredential, EnvironmentCredential, ErrorKind,
    STORAGE_SCOPE, TokenCredential, TokenRequest,
};
use rustls::SignatureScheme;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::{Value, json};

use crate::script::{CLIENT, NOW, Script, TENANT};

const PKCS8: &[u8] = include_bytes!("../keys/pkcs8.pem");
const PKCS1: &[u8] = include_bytes!("../keys/pkcs1.pem");
const CERTIFICATE: &[u8] = include_bytes!("../keys/certificate.pem");
const OTHER: &[u8] = include_bytes!("../keys/other-certificate.pem");

/// The certificate's thumbprints, as `openssl x509 -fingerprint` tells them.
const SHA256: &str = "4nrZ7oPGtUE-4CpW16_od6k-Hs3gqTmqXNcgsqyqGuw";
const SHA1: &str = "wBVaoTxieJaZrvkezRDd0dwFiTg";

fn provider() -> CryptoProvider {
    #[cfg(feature = "aws-lc-rs")]
    return rustls::crypto::aws_lc_rs::default_provider();
    #[cfg(not(feature = "aws-lc-rs"))]
    return rustls::crypto::ring::default_provider();
}

fn both(first: &[u8], second: &[u8]) -> Vec<u8> {
    [first, second].concat()
}

/// The parts of an assertion, once its signature is found to be good.
fn verified(assertion: &str, scheme: SignatureScheme) -> (Value, Value) {
    let (signed, signature) = assertion.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    let key = PrivateKeyDer::from_pem_slice(PKCS8).unwrap();
    let key = provider().key_provider.load_private_key(key).unwrap();
    let public = key.public_key().unwrap();
    // What stands before the RSA key itself, in the public key of a certificate with 2,048 bits.
    let public = &public.as_ref()[24..];
    let algorithms = provider().signature_verification_algorithms.mapping;
    let (_, algorithms) = algorithms.iter().find(|(known, _)| *known == scheme).unwrap();
    assert!(algorithms.iter().any(|algorithm| {
        algorithm
            .verify_signature(public, signed.as_bytes(), &signature)
            .is_ok()
    }));
    let part = |text: &str| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap();
    let (header, claims) = signed.split_once('.').unwrap();
    (part(header), part(claims))
}

async fn sent(script: &Script, source: &ClientCertificateCredential) -> BTreeMap<String, String> {
    source.get_token(TokenRequest::new(STORAGE_SCOPE)).await.unwrap();
    script.only().form()
}

#[tokio::test]
async fn an_assertion_is_signed_and_says_who_asks() {
    let endpoint = format!("https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token");
    for (algorithm, scheme, header) in [
        (
            AssertionAlgorithm::Ps256,
            SignatureScheme::RSA_PSS_SHA256,
            json!({"alg": "PS256", "typ": "JWT", "x5t#S256": SHA256}),
        ),
        (
            AssertionAlgorithm::Rs256,
            SignatureScheme::RSA_PKCS1_SHA256,
            json!({"alg": "RS256", "typ": "JWT", "x5t": SHA1}),
        ),
    ] {
        for pem in [
            both(PKCS8, CERTIFICATE),
            both(CERTIFICATE, PKCS1),
            both(&both(PKCS1, OTHER), CERTIFICATE),
        ] {
            let script = Script::of([]);
            let certificate = ClientCertificate::from_pem(&pem).unwrap();
            let source =
                ClientCertificateCredential::new(TENANT, CLIENT, certificate, &script.settings()).unwrap();
            let form = sent(&script, &source.algorithm(algorithm)).await;
            assert_eq!(
                form["client_assertion_type"],
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
            );
            assert_eq!(form["client_id"], CLIENT);
            assert!(!form.contains_key("client_secret"));
            let (found, claims) = verified(&form["client_assertion"], scheme);
            assert_eq!(found, header);
            let now = NOW.unix_timestamp();
            assert_eq!(
                claims,
                json!({
                    "aud": endpoint, "iss": CLIENT, "sub": CLIENT, "jti": "00000000-0000-0000-0000-000000000007",
                    "nbf": now, "iat": now, "exp": now + 600,
                })
            );
        }
    }
}

#[tokio::test]
async fn the_chain_is_sent_where_it_is_wanted_and_begins_with_the_keys_own() {
    let script = Script::of([]);
    let certificate = ClientCertificate::from_key_and_certificates(PKCS8, &both(OTHER, CERTIFICATE)).unwrap();
    let source = ClientCertificateCredential::new(TENANT, CLIENT, certificate, &script.settings()).unwrap();
    let form = sent(&script, &source.send_certificate_chain(true)).await;
    let (header, _) = verified(&form["client_assertion"], SignatureScheme::RSA_PSS_SHA256);
    let plain = |pem: &[u8]| {
        let text = str::from_utf8(pem).unwrap().lines();
        text.skip(2)
            .take_while(|line| !line.starts_with('-'))
            .collect::<String>()
    };
    assert_eq!(header["x5c"], json!([plain(CERTIFICATE), plain(OTHER)]));
}

#[tokio::test]
async fn a_file_is_read_again_at_each_exchange() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("client.pem");
    let script = Script::of([]);
    let settings = script.settings_in([
        ("AZURE_TENANT_ID", TENANT),
        ("AZURE_CLIENT_ID", CLIENT),
        ("AZURE_CLIENT_CERTIFICATE_PATH", file.to_str().unwrap()),
        ("AZURE_CLIENT_SEND_CERTIFICATE_CHAIN", "true"),
    ]);
    let source = EnvironmentCredential::new(&settings).unwrap();
    let get = || source.get_token(TokenRequest::new(STORAGE_SCOPE));
    assert_eq!(get().await.unwrap_err().kind(), ErrorKind::InvalidInput);
    std::fs::write(&file, PKCS8).unwrap();
    let error = get().await.unwrap_err();
    assert!(error.to_string().contains("client.pem"), "{error}");
    std::fs::write(&file, both(PKCS8, CERTIFICATE)).unwrap();
    get().await.unwrap();
    let (header, _) = verified(
        &script.only().form()["client_assertion"],
        SignatureScheme::RSA_PSS_SHA256,
    );
    assert_eq!(header["x5c"].as_array().unwrap().len(), 1);
}

#[test]
fn what_cannot_sign_is_refused_with_the_reason() {
    let encrypted8 = include_bytes!("../keys/encrypted-pkcs8.pem");
    let encrypted1 = include_bytes!("../keys/encrypted-pkcs1.pem");
    let elliptic = include_bytes!("../keys/elliptic.pem");
    let broken = both(
        CERTIFICATE,
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    );
    let cut = &PKCS8[..PKCS8.len() / 2];
    for (pem, reason) in [
        (CERTIFICATE.to_vec(), "no private key"),
        (PKCS8.to_vec(), "no certificate"),
        (both(PKCS8, OTHER), "belongs to its private key"),
        (both(encrypted8, CERTIFICATE), "encrypted"),
        (both(encrypted1, CERTIFICATE), "encrypted"),
        (elliptic.to_vec(), "no RSA key"),
        (broken, "cannot be read"),
        (both(CERTIFICATE, cut), "no private key"),
        (b"\x30\x82\x01".to_vec(), "pkcs12"),
        (Vec::new(), "not PEM"),
    ] {
        let error = ClientCertificate::from_pem(&pem).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[test]
fn a_certificate_shows_no_key() {
    let certificate = ClientCertificate::from_pem(&both(PKCS8, CERTIFICATE)).unwrap();
    assert_eq!(
        format!("{certificate:?}"),
        "ClientCertificate { certificates: 1, .. }"
    );
}

#[test]
fn a_password_is_refused_with_the_way_out() {
    let settings = Script::of([]).settings_in([
        ("AZURE_TENANT_ID", TENANT),
        ("AZURE_CLIENT_ID", CLIENT),
        ("AZURE_CLIENT_CERTIFICATE_PATH", "client.pem"),
        ("AZURE_CLIENT_CERTIFICATE_PASSWORD", "planted"),
    ]);
    let error = EnvironmentCredential::new(&settings).unwrap_err();
    assert!(!error.is_unavailable());
    assert!(
        error.to_string().contains("encrypted keys are not read"),
        "{error}"
    );
    assert!(!error.to_string().contains("planted"));
}
