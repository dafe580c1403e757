//! Plants secrets in everything that this crate makes, and looks for them in everything that it prints.

#![allow(
    clippy::unwrap_used,
    reason = "a test says what it expects, in its helpers too"
)]

use std::error::Error as StdError;
use std::fmt::{Debug, Display};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderValue, Request};
use lazuli_signing::{
    AccountKey, AccountName, CLOCK_SKEW, ConnectionString, Credential, Refusal, SasToken, SharedKey,
    parse_authorization, string_to_sign,
};
use time::macros::datetime;

const PLANTED: &str = "UExBTlRFRA";

/// An account key, a SAS signature, a lease id and the like all contain [`PLANTED`] here.
fn key() -> String {
    format!("{PLANTED}AA{PLANTED}AA")
}

fn shared_key() -> SharedKey {
    SharedKey::new("acct".parse().unwrap(), AccountKey::from_base64(&key()).unwrap())
}

#[track_caller]
fn hides(secrets: &[&str], shown: &str) {
    for secret in secrets.iter().chain(&[PLANTED]) {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[track_caller]
fn error_hides(error: &dyn StdError) {
    let mut next = Some(error);
    while let Some(error) = next {
        hides(&[], &format!("{error} {error:?} {error:#?}"));
        next = error.source();
    }
}

fn debug(value: &impl Debug) -> String {
    format!("{value:?} {value:#?}")
}

fn both(value: &(impl Debug + Display)) -> String {
    format!("{value} {value:?} {value:#?}")
}

#[test]
fn credentials_show_no_secret() {
    let bytes = STANDARD.decode(key()).unwrap();
    let (bytes, text) = (format!("{bytes:?}"), String::from_utf8_lossy(&bytes).into_owned());
    let sas = SasToken::parse(&format!("?sv=1&sig={PLANTED}")).unwrap();
    hides(
        &[&bytes, &text],
        &debug(&AccountKey::from_base64(&key()).unwrap()),
    );
    hides(&[&bytes, &text], &debug(&shared_key()));
    hides(&[&bytes, &text], &debug(&Credential::from(shared_key())));
    hides(&[], &both(&sas));
    hides(&[], &debug(&Credential::from(sas)));
    for text in [
        format!("AccountName=acct;AccountKey={}", key()),
        format!("AccountName=acct;SharedAccessSignature=sv=1&sig={PLANTED}"),
    ] {
        hides(&[&bytes], &debug(&ConnectionString::parse(&text).unwrap()));
    }
}

#[test]
fn errors_show_no_secret() {
    error_hides(&AccountName::new(&key()).unwrap_err());
    error_hides(&AccountName::new(&format!("{PLANTED}-secondary")).unwrap_err());
    for text in [
        format!("{}!", key()),
        format!("\"{}\"", key()),
        PLANTED.to_owned(),
    ] {
        error_hides(&AccountKey::from_base64(&text).unwrap_err());
    }
    for text in [
        PLANTED.to_owned(),
        format!("sg={PLANTED}"),
        format!("sig={PLANTED} "),
        format!("sig={PLANTED}%"),
        format!("sig=é{PLANTED}"),
    ] {
        error_hides(&SasToken::parse(&text).unwrap_err());
    }
    let key = key();
    for text in [
        key.clone(),
        format!("={key}"),
        format!("AccountName={key};AccountKey={key}"),
        format!("AccountName=acct;AccountKey={key}!"),
        format!("AccountName=acct;{key}={key}"),
        format!("AccountName=acct;AccountKey={key};AccountKey={key}"),
        format!("AccountName=acct;AccountKey={key};SharedAccessSignature=sig={PLANTED}"),
        format!("AccountName=acct;SharedAccessSignature=sg={PLANTED}"),
        format!("AccountName=acct;AccountKey={key};BlobEndpoint=https://b.example/?sig={PLANTED}"),
        format!("AccountName=acct;AccountKey={key};BlobEndpoint=https://me:{PLANTED}@b.example"),
        format!("AccountName=acct;AccountKey={key};DefaultEndpointsProtocol={PLANTED}"),
        format!("AccountName=acct;AccountKey={key};EndpointSuffix={PLANTED}/x"),
        format!("UseDevelopmentStorage={PLANTED}"),
        format!("UseDevelopmentStorage=true;AccountKey={key}"),
    ] {
        error_hides(&ConnectionString::parse(&text).unwrap_err());
    }
    for (uri, value) in [
        ("/", format!("{PLANTED}é")),
        (&*format!("/?sig={PLANTED}%FF"), String::new()),
    ] {
        let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
        let (mut parts, ()) = Request::get(uri)
            .header("x-ms-lease-id", value)
            .body(())
            .unwrap()
            .into_parts();
        error_hides(
            &shared_key()
                .sign(&mut parts, datetime!(2026-06-26 23:39:12 UTC))
                .unwrap_err(),
        );
    }
    let token = SasToken::parse(&format!("sig={}", PLANTED.repeat(10_000))).unwrap();
    let (mut parts, ()) = Request::get("/").body(()).unwrap().into_parts();
    error_hides(&token.append_to(&mut parts).unwrap_err());
}

#[test]
fn signed_requests_and_refusals_show_no_secret() {
    let now = datetime!(2026-06-26 23:39:12 UTC);
    let (mut parts, ()) = Request::put(format!("https://acct.blob.example/c/b?sig={PLANTED}"))
        .header("x-ms-lease-id", PLANTED)
        .header("x-ms-source-lease-id", PLANTED)
        .header("x-ms-encryption-key", PLANTED)
        .header(
            "x-ms-copy-source",
            format!("https://b.example/c/b?sv=1&sig={PLANTED}&se=2"),
        )
        .header("x-ms-copy-source-authorization", format!("Bearer {PLANTED}"))
        .body(())
        .unwrap()
        .into_parts();
    let key = shared_key();
    key.sign(&mut parts, now).unwrap();
    let signature = key.signature(&parts).unwrap();
    let authorization = parts.headers["authorization"].clone();
    hides(&[&signature], &debug(&authorization));
    hides(
        &[&signature],
        &debug(&parse_authorization(&authorization).unwrap()),
    );
    hides(&[], &both(&string_to_sign(key.account(), &parts).unwrap()));

    parts.method = http::Method::GET;
    let computed = key.signature(&parts).unwrap();
    let refusal = key.verify(&parts, now, CLOCK_SKEW).unwrap_err();
    assert!(matches!(refusal, Refusal::SignatureMismatch { .. }));
    hides(&[&signature, &computed], &both(&refusal));

    for value in [
        format!("Bearer {PLANTED}"),
        PLANTED.to_owned(),
        format!("SharedKey acct {PLANTED}"),
        format!("SharedKey acct:{PLANTED}!"),
    ] {
        let value = HeaderValue::from_str(&value).unwrap();
        error_hides(&parse_authorization(&value).unwrap_err());
        parts.headers.insert("authorization", value);
        error_hides(&key.verify(&parts, now, CLOCK_SKEW).unwrap_err());
    }
}
