//! Requests that others have signed (the official SDKs with Shared Key, an emulator's code with Shared Key Lite): the
//! same text, the same signature, and it verifies.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects, in its helpers too"
)]

use http::Request;
use http::request::Parts;
use lazuli_signing::{
    AccountKey, CLOCK_SKEW, Refusal, Scheme, SharedKey, string_to_sign, string_to_sign_lite,
};
use serde::Deserialize;
use std::collections::BTreeMap;
use time::OffsetDateTime;
use time::macros::datetime;

#[derive(Deserialize)]
struct File {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    #[serde(skip)]
    lite: bool,
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
    let read = |text| serde_json::from_str::<File>(text).unwrap().vectors;
    let mut vectors = read(include_str!("vectors/shared_key.json"));
    let mut lite = read(include_str!("vectors/shared_key_lite.json"));
    assert_eq!((vectors.len(), lite.len()), (14, 2));
    lite.iter_mut().for_each(|vector| vector.lite = true);
    vectors.append(&mut lite);
    vectors
}

impl Vector {
    fn scheme(&self) -> Scheme {
        if self.lite {
            Scheme::SharedKeyLite
        } else {
            Scheme::SharedKey
        }
    }

    fn authorization(&self, signature: &str) -> String {
        format!("{} {}:{signature}", self.scheme().as_str(), self.input.account)
    }
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

const NOW: OffsetDateTime = datetime!(2026-06-26 23:39:12 UTC);

#[test]
fn the_text_is_the_same() {
    for vector in vectors() {
        let account = vector.input.account.parse().unwrap();
        let text = match vector.scheme() {
            Scheme::SharedKeyLite => string_to_sign_lite(&account, &vector.input.parts()),
            _ => string_to_sign(&account, &vector.input.parts()),
        };
        assert_eq!(text.unwrap().as_str(), vector.string_to_sign, "{}", vector.id);
    }
}

#[test]
fn the_signature_is_the_same() {
    for vector in vectors() {
        let (key, parts) = (vector.input.shared_key(), vector.input.parts());
        let authorization = match vector.scheme() {
            Scheme::SharedKeyLite => key.authorization_lite(&parts),
            _ => key.authorization(&parts),
        };
        let expected = vector.authorization(&vector.signature);
        assert_eq!(authorization.unwrap(), expected, "{}", vector.id);
    }
}

#[test]
fn signing_at_the_same_moment_gives_the_same_signature() {
    let dated = |vector: &Vector| vector.input.headers.contains_key("x-ms-date");
    for vector in vectors().iter().filter(|vector| dated(vector)) {
        let (key, mut parts) = (vector.input.shared_key(), vector.input.parts());
        match vector.scheme() {
            Scheme::SharedKeyLite => key.sign_lite(&mut parts, NOW),
            _ => key.sign(&mut parts, NOW),
        }
        .unwrap();
        let expected = vector.authorization(&vector.signature);
        assert_eq!(parts.headers["authorization"], expected, "{}", vector.id);
        if !vector.lite {
            assert_eq!(key.signature(&parts).unwrap(), vector.signature, "{}", vector.id);
        }
    }
}

#[test]
fn the_signature_verifies_and_another_one_does_not() {
    let vectors = vectors();
    for (at, vector) in vectors.iter().enumerate() {
        let id = &vector.id;
        let verified = |signature: &str| {
            let mut parts = vector.input.parts();
            let authorization = vector.authorization(signature).parse().unwrap();
            parts.headers.insert("authorization", authorization);
            vector.input.shared_key().verify(&parts, NOW, CLOCK_SKEW)
        };
        verified(&vector.signature).unwrap_or_else(|refusal| panic!("{id}: {refusal}"));

        match verified(&vectors[(at + 1) % vectors.len()].signature) {
            Err(Refusal::SignatureMismatch { string_to_sign }) => {
                assert_eq!(&string_to_sign, vector.string_to_sign.as_str(), "{id}");
            }
            result => panic!("{id}: {result:?}"),
        }
    }
}
