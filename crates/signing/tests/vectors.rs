//! Requests that the official SDKs have signed: the same text, the same signature, and it verifies.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects, in its helpers too"
)]

use http::Request;
use http::request::Parts;
use lazuli_signing::{AccountKey, CLOCK_SKEW, Refusal, SharedKey, string_to_sign};
use serde::Deserialize;
use std::collections::BTreeMap;
use time::macros::datetime;

#[derive(Deserialize)]
struct File {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    id: String,
    input: Input,
    string_to_sign: String,
    signature: String,
}

#[derive(Deserialize)]
struct Input {
    account: String,
    key: String,
    method: String,
    url: String,
    headers: BTreeMap<String, String>,
}

fn vectors() -> Vec<Vector> {
    let file: File = serde_json::from_str(include_str!("vectors/shared_key.json")).unwrap();
    assert_eq!(file.vectors.len(), 14);
    file.vectors
}

impl Input {
    fn shared_key(&self) -> SharedKey {
        SharedKey::new(
            self.account.parse().unwrap(),
            AccountKey::from_base64(&self.key).unwrap(),
        )
    }

    fn parts(&self) -> Parts {
        let mut request = Request::builder().method(self.method.as_str()).uri(&self.url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request.body(()).unwrap().into_parts().0
    }
}

const NOW: time::OffsetDateTime = datetime!(2026-06-26 23:39:12 UTC);

#[test]
fn the_text_is_the_same() {
    for Vector {
        id,
        input,
        string_to_sign: expected,
        ..
    } in vectors()
    {
        let text = string_to_sign(&input.account.parse().unwrap(), &input.parts()).unwrap();
        assert_eq!(text.as_str(), expected, "{id}");
    }
}

#[test]
fn the_signature_is_the_same() {
    for Vector {
        id, input, signature, ..
    } in vectors()
    {
        let (key, mut parts) = (input.shared_key(), input.parts());
        assert_eq!(key.signature(&parts).unwrap(), signature, "{id}");
        key.sign(&mut parts, NOW).unwrap();
        assert_eq!(
            parts.headers["authorization"],
            format!("SharedKey {}:{signature}", input.account),
            "{id}"
        );
    }
}

#[test]
fn the_signature_verifies_and_another_one_does_not() {
    let vectors = vectors();
    for (
        at,
        Vector {
            id,
            input,
            signature,
            string_to_sign,
            ..
        },
    ) in vectors.iter().enumerate()
    {
        let mut parts = input.parts();
        let authorization = format!("SharedKey {}:{signature}", input.account);
        parts
            .headers
            .insert("authorization", authorization.parse().unwrap());
        input
            .shared_key()
            .verify(&parts, NOW, CLOCK_SKEW)
            .unwrap_or_else(|refusal| panic!("{id}: {refusal}"));

        let other = &vectors[(at + 1) % vectors.len()].signature;
        let authorization = format!("SharedKey {}:{other}", input.account);
        parts
            .headers
            .insert("authorization", authorization.parse().unwrap());
        match input.shared_key().verify(&parts, NOW, CLOCK_SKEW) {
            Err(Refusal::SignatureMismatch { string_to_sign: text }) => {
                assert_eq!(&text, string_to_sign.as_str(), "{id}")
            }
            result => panic!("{id}: {result:?}"),
        }
    }
}
