//! A connection string, whatever is in it: what is shown of it does not depend on its secret, and what was taken apart
//! can be put together and taken apart again.
#![no_main]

use lazuli_signing::{ConnectionString, Credential, Error};
use libfuzzer_sys::fuzz_target;

/// Two secrets of one form: each is base64, and each can stand in a query.
const SECRETS: [&str; 2] = ["cGxhbnRlZC1rZXktb25l", "cGxhbnRlZC1rZXktdHdv"];

fuzz_target!(|text: &str| {
    // Without a secret of ours in it, this is about what it says by itself.
    let plain = ConnectionString::parse(text);
    shown(&plain);

    let [one, two] = SECRETS.map(|secret| ConnectionString::parse(&plant(text, secret)));
    assert_eq!(
        shown(&one),
        shown(&two),
        "the secret can be told from what is shown"
    );
    assert_eq!(one.is_ok(), two.is_ok());

    match one {
        Ok(parsed) => again(&parsed),
        Err(error) => assert!(error.is_credential()),
    }
});

/// The text with the secret in the place of every key and of every token.
fn plant(text: &str, secret: &str) -> String {
    let parts = text.split(';').map(|part| {
        let name = part.split_once('=').map_or("", |(name, _)| name);
        match name.trim().to_ascii_lowercase().as_str() {
            "accountkey" => format!("{name}={secret}"),
            "sharedaccesssignature" => format!("{part}&sig={secret}"),
            _ => part.to_owned(),
        }
    });
    parts.collect::<Vec<_>>().join(";")
}

fn shown(result: &Result<ConnectionString, Error>) -> String {
    match result {
        Ok(parsed) => format!("{parsed:?} {parsed:#?}"),
        Err(error) => format!("{error} {error:?}"),
    }
}

/// What was read, written down as a string with everything in it, is read as the same.
fn again(parsed: &ConnectionString) {
    let mut text = String::new();
    let endpoints = [
        ("BlobEndpoint", parsed.blob_endpoint()),
        ("BlobSecondaryEndpoint", parsed.blob_secondary_endpoint()),
        ("FileEndpoint", parsed.file_endpoint()),
        ("FileSecondaryEndpoint", parsed.file_secondary_endpoint()),
    ];
    for (name, endpoint) in endpoints {
        let Some(endpoint) = endpoint else { continue };
        // The scheme is in the case in which it was given.
        let (scheme, rest) = endpoint.split_once("://").expect("it is a URL");
        assert!(
            ["http", "https"]
                .iter()
                .any(|known| scheme.eq_ignore_ascii_case(known))
        );
        let host = rest.split('/').next().unwrap_or_default();
        assert!(!host.is_empty() && !host.contains('@'));
        assert!(!endpoint.ends_with('/') && !endpoint.contains(['?', '#', ';', ' ']));
        text.push_str(&format!("{name}={endpoint};"));
    }
    if let Some(account) = parsed.account_name() {
        text.push_str(&format!("AccountName={account};"));
    }
    match parsed.credential() {
        Credential::SharedKey(key) => {
            assert_eq!(Some(key.account()), parsed.account_name());
            text.push_str(&format!("AccountKey={};", SECRETS[0]));
        }
        Credential::Sas(token) => text.push_str(&format!("SharedAccessSignature={};", token.expose())),
        other => panic!("a connection string has no such credential: {other:?}"),
    }
    let second = ConnectionString::parse(&text).expect("what was read can be read again");
    assert_eq!(second.account_name(), parsed.account_name());
    assert_eq!(second.blob_endpoint(), parsed.blob_endpoint());
    assert_eq!(second.blob_secondary_endpoint(), parsed.blob_secondary_endpoint());
    // Without one of its own, a service gets the endpoint that its account's name tells.
    if parsed.file_endpoint().is_some() {
        assert_eq!(second.file_endpoint(), parsed.file_endpoint());
        assert_eq!(second.file_secondary_endpoint(), parsed.file_secondary_endpoint());
    }
}
