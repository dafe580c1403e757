//! SAS that the official SDKs have made: the same text, the same signature; they verify, and with one byte changed they
//! do not; and the builder here makes the same.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects, in its helpers too"
)]

mod make;
mod vector;

use lazuli_signing::{AccountKey, Sas, SasProtocol, SasRefusal, SharedKey};
use time::macros::datetime;

use vector::{decoded, query, vectors};

#[test]
fn the_text_is_the_same() {
    for vector in vectors() {
        let mut params = vector.token_params.clone();
        params.insert("sig".to_owned(), "AAAA".to_owned());
        match vector.input.verify(&query(&params)) {
            Err(SasRefusal::SignatureMismatch { string_to_sign }) => {
                assert_eq!(string_to_sign.as_str(), vector.string_to_sign, "{}", vector.id);
            }
            result => panic!("{}: {result:?}", vector.id),
        }
    }
}

#[test]
fn the_signature_verifies() {
    for vector in vectors() {
        let grant = vector
            .input
            .verify(&vector.token)
            .unwrap_or_else(|refusal| panic!("{}: {refusal}", vector.id));
        let permitted = vector.input.permissions.as_deref().unwrap_or("r");
        assert!(
            permitted
                .chars()
                .all(|letter| grant.permissions().contains(letter))
        );
        let header = &grant.overrides().content_disposition;
        assert_eq!(
            header.as_deref().unwrap_or_default(),
            vector.input.content_disposition
        );
        let scope = grant.encryption_scope().unwrap_or_default();
        assert_eq!(scope, vector.input.encryption_scope, "{}", vector.id);
        let user = vector.input.delegated_user_object_id.as_deref();
        assert_eq!(grant.delegated_user_id(), user, "{}", vector.id);
    }
}

/// Every byte of every parameter of every token, replaced by some others.
#[test]
fn with_one_byte_changed_it_does_not_verify() {
    let mut changes = 0;
    for vector in vectors() {
        for (name, value) in &vector.token_params {
            for (at, old) in value.char_indices() {
                for new in ['0', 'a', 'Z', '-', 'ü'].into_iter().filter(|new| *new != old) {
                    let mut changed = value.clone();
                    changed.replace_range(at..at + old.len_utf8(), new.encode_utf8(&mut [0; 4]));
                    let mut params = vector.token_params.clone();
                    params.insert(name.clone(), changed);
                    let result = vector.input.verify(&query(&params));
                    assert!(result.is_err(), "{}: {params:?}", vector.id);
                    changes += 1;
                }
            }
        }
    }
    assert!(changes > 5_000, "{changes}");
}

#[test]
fn with_a_parameter_less_it_does_not_verify() {
    for vector in vectors() {
        for name in vector.token_params.keys().filter(|name| *name != "sig") {
            let mut params = vector.token_params.clone();
            params.remove(name);
            assert!(
                vector.input.verify(&query(&params)).is_err(),
                "{} without {name}",
                vector.id
            );
        }
    }
}

#[test]
fn the_signed_parts_of_a_request_are_signed() {
    for mut vector in vectors() {
        let names: Vec<String> = vector.input.request_headers.keys().cloned().collect();
        for name in names {
            let old = vector
                .input
                .request_headers
                .insert(name.clone(), "other".to_owned());
            let refusal = vector.input.verify(&vector.token).unwrap_err();
            assert!(matches!(refusal, SasRefusal::SignatureMismatch { .. }));
            vector.input.request_headers.remove(&name);
            let refusal = vector.input.verify(&vector.token).unwrap_err();
            assert!(matches!(refusal, SasRefusal::SignedHeaderMissing { .. }));
            vector.input.request_headers.insert(name, old.unwrap());
        }
        let names: Vec<String> = vector.input.request_query_params.keys().cloned().collect();
        for name in names {
            let old = vector
                .input
                .request_query_params
                .insert(name.clone(), "other".to_owned());
            let refusal = vector.input.verify(&vector.token).unwrap_err();
            assert!(matches!(refusal, SasRefusal::SignatureMismatch { .. }));
            vector.input.request_query_params.remove(&name);
            let refusal = vector.input.verify(&vector.token).unwrap_err();
            assert!(matches!(refusal, SasRefusal::SignedQueryMissing { .. }));
            vector.input.request_query_params.insert(name, old.unwrap());
        }
        assert!(vector.input.verify(&vector.token).is_ok());
    }
}

#[test]
fn the_builder_makes_the_same() {
    let mut same = 0;
    for vector in vectors() {
        let token = vector
            .input
            .make()
            .unwrap_or_else(|error| panic!("{}: {error}", vector.id));
        assert!(vector.input.verify(token.expose()).is_ok(), "{}", vector.id);
        let mut made = decoded(token.expose());
        if made["sig"] == vector.signature {
            assert_eq!(made, vector.token_params, "{}", vector.id);
            same += 1;
            continue;
        }
        // The JavaScript SDK has orders of letters of its own, so its text is another one.
        let mut theirs = vector.token_params.clone();
        for params in [&mut made, &mut theirs] {
            params.remove("sig");
            for name in ["sp", "ss"] {
                if let Some(value) = params.get_mut(name) {
                    let mut letters: Vec<char> = value.chars().collect();
                    letters.sort_unstable();
                    *value = letters.into_iter().collect();
                }
            }
        }
        assert_eq!(made, theirs, "{}", vector.id);
        let input = &vector.input;
        let reordered = input.services == "btqf" || input.permissions.as_deref() == Some("racwdxltmeiyf");
        assert!(reordered, "{}", vector.id);
    }
    assert_eq!(same, 27);
}

#[test]
fn signatures_of_old_versions_are_the_same() {
    let key = SharedKey::new("foo".parse().unwrap(), AccountKey::from_base64("YmFy").unwrap());
    let expiry = datetime!(0001-01-01 00:00 UTC);
    let blob = || Sas::blob("container", "name").read().expires(expiry);
    let old = || "2013-08-15".parse().unwrap();
    let tokens = [
        (
            blob().version(old()).sign(&key),
            "/OXG7rWh08jYwtU03GzJM0DHZtidRGpC6g69rSGm3I0=",
        ),
        (
            blob()
                .version("2015-04-05".parse().unwrap())
                .ip(std::net::Ipv4Addr::LOCALHOST)
                .protocol(SasProtocol::Https)
                .sign(&key),
            "VBOYJmt89UuBRXrxNzmsCMoC+8PXX2yklV71QcL1BfM=",
        ),
        (
            Sas::container("container")
                .read()
                .expires(expiry)
                .version(old())
                .sign(&key),
            "KMjYyQODKp6uK9EKR3yGhO2M84e1LfoztypU32kHj4s=",
        ),
    ];
    for (token, signature) in tokens {
        assert_eq!(decoded(token.unwrap().expose())["sig"], signature);
    }
}
