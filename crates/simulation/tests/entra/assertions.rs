//! The token endpoint, with something signed.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RsaEncoding};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lazuli_simulation::entra::{App, TENANT};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use serde_json::{Value, json};

use crate::bench::{Answer, Bench, ORIGIN, claims};

const CLIENT: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const CERTIFICATE: &[u8] = include_bytes!("fixtures/app.cert.pem");
const KEY: &[u8] = include_bytes!("fixtures/app.key.pem");
const OTHER_CERTIFICATE: &[u8] = include_bytes!("fixtures/other.cert.pem");
const OTHER_KEY: &[u8] = include_bytes!("fixtures/other.key.pem");
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

fn bench() -> Bench {
    Bench::with(|builder| builder.app(App::new(CLIENT).certificate(CERTIFICATE).unwrap()))
}

fn thumbprint(pem: &[u8], algorithm: &'static aws_lc_rs::digest::Algorithm) -> String {
    URL_SAFE_NO_PAD.encode(digest(algorithm, &CertificateDer::from_pem_slice(pem).unwrap()))
}

fn sign(header: &Value, claims: &Value, key: &[u8], padding: &'static dyn RsaEncoding) -> String {
    let key = PrivatePkcs8KeyDer::from_pem_slice(key).unwrap();
    let key = KeyPair::from_pkcs8(key.secret_pkcs8_der()).unwrap();
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", encode(header), encode(claims));
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(padding, &SystemRandom::new(), signed.as_bytes(), &mut signature)
        .unwrap();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// A good header, by the certificate's SHA-256.
fn header() -> Value {
    json!({ "alg": "PS256", "x5t#S256": thumbprint(CERTIFICATE, &SHA256) })
}

/// Good claims, with some of them otherwise.
fn good(bench: &Bench, otherwise: Value) -> Value {
    let now = bench.now();
    let mut claims = json!({
        "iss": CLIENT, "sub": CLIENT, "aud": format!("{ORIGIN}/{TENANT}/oauth2/v2.0/token"), "jti": "1",
        "nbf": now, "exp": now + 600,
    });
    claims
        .as_object_mut()
        .unwrap()
        .extend(otherwise.as_object().unwrap().clone());
    claims
}

async fn present(bench: &Bench, assertion: &str) -> Answer {
    let form = [
        ("client_id", CLIENT),
        ("client_secret", ""),
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", assertion),
    ];
    bench.ask(&form).await
}

#[tokio::test]
async fn a_certificates_key_signs_in_two_ways() {
    let bench = bench();
    let claims_of = |answer: &Answer| claims(&answer.token());
    let sha1 = json!({ "alg": "RS256", "x5t": thumbprint(CERTIFICATE, &SHA1_FOR_LEGACY_USE_ONLY) });
    // As MSAL for Python writes it.
    let padded = json!({ "alg": "PS256", "x5t#S256": format!("{}=", thumbprint(CERTIFICATE, &SHA256)) });
    for (header, padding) in [
        (header(), &RSA_PSS_SHA256 as &'static dyn RsaEncoding),
        (padded, &RSA_PSS_SHA256),
        (sha1, &RSA_PKCS1_SHA256),
    ] {
        let answer = present(&bench, &sign(&header, &good(&bench, json!({})), KEY, padding))
            .await
            .expect(200);
        assert_eq!(claims_of(&answer)["appidacr"], "2");
        bench.list(&answer.token()).await.expect(200);
    }
}

#[tokio::test]
async fn a_certificate_can_be_in_der() {
    let der = include_bytes!("fixtures/app.cert.der");
    let bench = Bench::with(|builder| builder.app(App::new(CLIENT).certificate(der).unwrap()));
    present(
        &bench,
        &sign(&header(), &good(&bench, json!({})), KEY, &RSA_PSS_SHA256),
    )
    .await
    .expect(200);
    for bad in [&b""[..], b"-----BEGIN CERTIFICATE-----", &der[..100], KEY] {
        let error = App::new(CLIENT).certificate(bad).unwrap_err();
        assert_eq!(error.kind(), lazuli_simulation::ErrorKind::InvalidIdentity);
    }
}

#[tokio::test]
async fn a_signature_has_to_be_the_certificates() {
    let bench = bench();
    let claims = good(&bench, json!({}));
    let other = json!({ "alg": "PS256", "x5t#S256": thumbprint(OTHER_CERTIFICATE, &SHA256) });
    let mixed = json!({
        "alg": "PS256", "x5t#S256": thumbprint(CERTIFICATE, &SHA256), "x5t": thumbprint(OTHER_CERTIFICATE, &SHA256),
    });
    for (header, key, padding) in [
        (header(), OTHER_KEY, &RSA_PSS_SHA256 as &'static dyn RsaEncoding),
        (other.clone(), OTHER_KEY, &RSA_PSS_SHA256),
        (other, KEY, &RSA_PSS_SHA256),
        (mixed, KEY, &RSA_PSS_SHA256),
        (header(), KEY, &RSA_PKCS1_SHA256),
        (json!({ "alg": "PS256" }), KEY, &RSA_PSS_SHA256),
        (
            json!({ "alg": "none", "x5t#S256": thumbprint(CERTIFICATE, &SHA256) }),
            KEY,
            &RSA_PSS_SHA256,
        ),
        (
            json!({ "alg": "RS512", "x5t#S256": thumbprint(CERTIFICATE, &SHA256) }),
            KEY,
            &RSA_PKCS1_SHA512,
        ),
    ] {
        let answer = present(&bench, &sign(&header, &claims, key, padding)).await;
        answer.refuses(401, "invalid_client", 700_027);
    }
    let unsigned = sign(&header(), &claims, KEY, &RSA_PSS_SHA256);
    let (unsigned, _) = unsigned.rsplit_once('.').unwrap();
    present(&bench, &format!("{unsigned}."))
        .await
        .refuses(401, "invalid_client", 700_027);
    for text in ["a.b.c", "e30", "..", "e30.e30"] {
        present(&bench, text)
            .await
            .refuses(400, "invalid_request", 50_027);
    }
}

#[tokio::test]
async fn claims_of_an_assertion_are_checked() {
    let bench = bench();
    let now = bench.now();
    let aud = |audience: &str| json!({ "aud": audience });
    for (otherwise, code) in [
        (json!({ "sub": TENANT }), Some(700_021)),
        (aud("https://storage.azure.com"), Some(700_023)),
        (
            aud(&format!("{ORIGIN}/11111111-2222-3333-4444-555555555555/v2.0")),
            Some(700_023),
        ),
        (
            aud(&format!("https://login.example.com/{TENANT}/v2.0")),
            Some(700_023),
        ),
        (
            aud(&format!("{ORIGIN}/{TENANT}/oauth2/v2.0/token/x")),
            Some(700_023),
        ),
        (aud(""), Some(700_023)),
        (json!({ "exp": now - 300 }), Some(700_024)),
        (json!({ "nbf": now + 301 }), Some(700_024)),
        (json!({ "exp": null }), Some(700_024)),
        (json!({ "exp": now - 299, "nbf": now + 300 }), None),
        (aud(&format!("https://127.0.0.1:10001/{TENANT}/v2.0")), None),
        (aud(&format!("{ORIGIN}/{TENANT}/")), None),
        // An id is the same in capitals, and so is a host.
        (
            aud(&format!(
                "{ORIGIN}/{}/oauth2/v2.0/token",
                TENANT.to_ascii_uppercase()
            )),
            None,
        ),
        (
            aud(&format!("https://Login.MicrosoftOnline.com/{TENANT}/v2.0")),
            None,
        ),
        (aud(&format!("{ORIGIN}/{TENANT}x/v2.0")), Some(700_023)),
        (aud(ORIGIN), Some(700_023)),
        (
            aud(&format!(
                "https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token"
            )),
            None,
        ),
    ] {
        let assertion = sign(&header(), &good(&bench, otherwise.clone()), KEY, &RSA_PSS_SHA256);
        let answer = present(&bench, &assertion).await;
        match code {
            None => drop(answer.expect(200)),
            Some(code) => answer.refuses(401, "invalid_client", code),
        }
    }
}

#[tokio::test]
async fn an_assertion_may_come_again_unless_that_is_forbidden() {
    let lax = bench();
    let assertion = sign(&header(), &good(&lax, json!({})), KEY, &RSA_PSS_SHA256);
    present(&lax, &assertion).await.expect(200);
    present(&lax, &assertion).await.expect(200);
    let app = App::new(CLIENT)
        .certificate(CERTIFICATE)
        .unwrap()
        .one_time_assertions();
    let strict = Bench::with(|builder| builder.app(app));
    present(&strict, &assertion).await.expect(200);
    present(&strict, &assertion)
        .await
        .refuses(401, "invalid_client", 700_027);
    let other = sign(
        &header(),
        &good(&strict, json!({ "jti": "2" })),
        KEY,
        &RSA_PSS_SHA256,
    );
    present(&strict, &other).await.expect(200);
    let none = sign(
        &header(),
        &good(&strict, json!({ "jti": null })),
        KEY,
        &RSA_PSS_SHA256,
    );
    present(&strict, &none)
        .await
        .refuses(401, "invalid_client", 700_027);
}

#[tokio::test]
async fn a_type_of_assertion_has_to_be_said() {
    let bench = bench();
    let assertion = sign(&header(), &good(&bench, json!({})), KEY, &RSA_PSS_SHA256);
    let form = [
        ("client_id", CLIENT),
        ("client_secret", ""),
        ("client_assertion", assertion.as_str()),
    ];
    bench.ask(&form).await.refuses(400, "invalid_request", 900_144);
    let form = [form[0], form[1], form[2], ("client_assertion_type", "saml")];
    bench.ask(&form).await.refuses(400, "invalid_request", 9_002_313);
}

#[tokio::test]
async fn workloads_show_tokens_of_their_platform() {
    const ISSUER: &str = "https://issuer.example";
    const SUBJECT: &str = "system:serviceaccount:default:robot";
    const AUDIENCE: &str = "api://AzureADTokenExchange";
    let bench = Bench::with(|builder| {
        let app = App::new(CLIENT).certificate(CERTIFICATE).unwrap();
        builder.app(
            app.federated(ISSUER, "other", AUDIENCE)
                .federated(ISSUER, SUBJECT, AUDIENCE),
        )
    });
    let make = |issuer, subject, audience| bench.entra.federated_token(issuer, subject, audience).unwrap();
    let token = make(ISSUER, SUBJECT, AUDIENCE);
    // The file is read again and again, and its token used again.
    for _ in 0..2 {
        let answer = present(&bench, &token).await.expect(200);
        assert_eq!(claims(&answer.token())["appidacr"], "2");
        bench.list(&answer.token()).await.expect(200);
    }
    for (assertion, code) in [
        (make("https://other.example", SUBJECT, AUDIENCE), 700_211),
        (make(ISSUER, "somebody", AUDIENCE), 700_213),
        (make(ISSUER, SUBJECT, "api://other"), 700_212),
    ] {
        present(&bench, &assertion)
            .await
            .refuses(401, "invalid_client", code);
    }
    let forged = json!({ "iss": ISSUER, "sub": SUBJECT, "aud": AUDIENCE, "exp": bench.now() + 60 });
    let forged = sign(&header(), &forged, KEY, &RSA_PKCS1_SHA256);
    present(&bench, &forged)
        .await
        .refuses(401, "invalid_client", 700_027);
    bench.clock.advance(std::time::Duration::from_secs(3_600 + 300));
    let late = present(&bench, &token).await.expect(401);
    assert_eq!(late.json()["error_codes"], json!([700_024]));
}
