//! What a server refuses, and how it tells the reasons apart.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects, in its helpers too"
)]

use http::request::Parts;
use http::{HeaderValue, Request};
use lazuli_signing::{AccountKey, AuthorizationFault, CLOCK_SKEW, Refusal, SharedKey};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

const NOW: OffsetDateTime = datetime!(2026-06-26 23:39:12 UTC);

fn shared_key() -> SharedKey {
    SharedKey::new(
        "acct".parse().unwrap(),
        AccountKey::from_base64("c2VjcmV0").unwrap(),
    )
}

fn request(uri: &str) -> Parts {
    Request::get(uri)
        .header("x-ms-version", "2026-06-06")
        .body(())
        .unwrap()
        .into_parts()
        .0
}

fn signed(uri: &str) -> Parts {
    let mut parts = request(uri);
    shared_key().sign(&mut parts, NOW).unwrap();
    parts
}

fn verify(parts: &Parts) -> Result<(), Refusal> {
    shared_key().verify(parts, NOW, CLOCK_SKEW)
}

/// Signs the date that is in the request already.
fn authorize(parts: &mut Parts) {
    let authorization = shared_key().authorization(parts).unwrap();
    parts.headers.insert("authorization", authorization);
}

/// Makes a good request bad.
type Spoil = fn(&mut Parts);

fn set(parts: &mut Parts, name: &'static str, value: &[u8]) {
    parts
        .headers
        .insert(name, HeaderValue::from_bytes(value).unwrap());
}

#[test]
fn reasons_are_told_apart() {
    let refusals: [(&str, Spoil); 10] = [
        ("the request has no Authorization header", |parts| {
            parts.headers.remove("authorization");
        }),
        (
            "the Authorization header cannot be used: it is given more than once",
            |parts| {
                parts
                    .headers
                    .append("authorization", HeaderValue::from_static("SharedKey acct:AAAA"));
            },
        ),
        (
            "the Authorization header cannot be used: its scheme is neither `SharedKey` nor `SharedKeyLite`",
            |parts| {
                set(parts, "authorization", b"Basic acct:AAAA");
            },
        ),
        (
            "the Authorization header cannot be used: it has no colon between account and signature",
            |parts| {
                set(parts, "authorization", b"SharedKey acct");
            },
        ),
        (
            "the Authorization header cannot be used: its signature is not base64",
            |parts| {
                set(parts, "authorization", b"SharedKey acct:*");
            },
        ),
        (
            "the Authorization header cannot be used: it is for another account than the one that is addressed",
            |parts| set(parts, "authorization", b"SharedKey tcca:AAAA"),
        ),
        ("the request has neither x-ms-date nor Date", |parts| {
            parts.headers.remove("x-ms-date");
        }),
        (
            "the header x-ms-date is not one date like 'Fri, 26 Jun 2026 23:39:12 GMT'",
            |parts| {
                set(parts, "x-ms-date", b"today");
            },
        ),
        (
            "the request cannot be verified: the header x-ms-meta-city has characters other than printable ASCII, \
             which cannot be signed; encode them",
            |parts| set(parts, "x-ms-meta-city", b"Z\xfcrich"),
        ),
        (
            "the signature of the request is not the one computed from the string to sign \
             'DELETE\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:Fri, 26 Jun 2026 23:39:12 GMT\nx-ms-version:2026-06-06\n/acct/c'",
            |parts| parts.method = http::Method::DELETE,
        ),
    ];
    for (message, spoil) in refusals {
        let mut parts = signed("https://acct.blob.example/c");
        verify(&parts).unwrap();
        spoil(&mut parts);
        assert_eq!(verify(&parts).unwrap_err().to_string(), message);
    }
}

#[test]
fn the_header_says_which_scheme_is_verified() {
    let key = shared_key();
    let mut parts = request("https://acct.blob.example/c?comp=acl&timeout=5");
    key.sign_lite(&mut parts, NOW).unwrap();
    let lite = parts.headers["authorization"].to_str().unwrap().to_owned();
    verify(&parts).unwrap();

    // The signature of one scheme is none of the other.
    let full = lite.replace("SharedKeyLite", "SharedKey");
    set(&mut parts, "authorization", full.as_bytes());
    assert!(matches!(verify(&parts), Err(Refusal::SignatureMismatch { .. })));
    key.sign(&mut parts, NOW).unwrap();
    let full = parts.headers["authorization"].to_str().unwrap().to_owned();
    verify(&parts).unwrap();
    set(
        &mut parts,
        "authorization",
        full.replace("SharedKey", "SharedKeyLite").as_bytes(),
    );
    assert!(matches!(verify(&parts), Err(Refusal::SignatureMismatch { .. })));
}

#[test]
fn lite_signs_less_and_what_it_signs_counts() {
    let lite = |uri: &str| {
        let mut parts = request(uri);
        set(&mut parts, "content-type", b"text/plain");
        shared_key().sign_lite(&mut parts, NOW).unwrap();
        parts
    };
    let unsigned: [Spoil; 3] = [
        |parts| parts.uri = "https://acct.blob.example/c?comp=acl&timeout=6".parse().unwrap(),
        |parts| set(parts, "range", b"bytes=0-1"),
        |parts| set(parts, "content-length", b"7"),
    ];
    for change in unsigned {
        let mut parts = lite("https://acct.blob.example/c?comp=acl&timeout=5");
        change(&mut parts);
        verify(&parts).unwrap();
    }
    let signed: [Spoil; 6] = [
        |parts| parts.method = http::Method::PUT,
        |parts| parts.uri = "https://acct.blob.example/c?comp=list".parse().unwrap(),
        |parts| parts.uri = "https://acct.blob.example/d?comp=acl".parse().unwrap(),
        |parts| set(parts, "content-type", b"text/html"),
        |parts| set(parts, "content-md5", b"AAAA"),
        |parts| set(parts, "x-ms-lease-id", b"1"),
    ];
    for change in signed {
        let mut parts = lite("https://acct.blob.example/c?comp=acl");
        change(&mut parts);
        let refusal = verify(&parts).unwrap_err();
        assert!(matches!(refusal, Refusal::SignatureMismatch { .. }), "{refusal}");
    }
}

#[test]
fn lite_is_read_with_the_same_tolerance() {
    let key = shared_key();
    let mut parts = signed("/c");
    key.sign_lite(&mut parts, NOW).unwrap();
    key.verify(&parts, NOW + CLOCK_SKEW, CLOCK_SKEW).unwrap();
    let late = NOW + CLOCK_SKEW + Duration::SECOND;
    assert!(matches!(
        key.verify(&parts, late, CLOCK_SKEW),
        Err(Refusal::DateOutOfWindow { .. })
    ));

    // A secondary path in either form, and white space as sent or folded.
    let secondary = "http://127.0.0.1:10000/acct-secondary/c";
    let mut parts = request("https://acct.blob.example/acct-secondary/c");
    set(&mut parts, "x-ms-meta-a", b"a b");
    key.sign_lite(&mut parts, NOW).unwrap();
    parts.uri = secondary.parse().unwrap();
    set(&mut parts, "x-ms-meta-a", b"a  b");
    verify(&parts).unwrap();

    // `Date` stands in, and is signed then.
    let mut parts = request("/c");
    set(&mut parts, "date", b"Fri, 26 Jun 2026 23:39:12 GMT");
    let authorization = key.authorization_lite(&parts).unwrap();
    assert!(authorization.is_sensitive());
    parts.headers.insert("authorization", authorization);
    verify(&parts).unwrap();
    set(&mut parts, "date", b"Fri, 26 Jun 2026 23:39:13 GMT");
    assert!(matches!(verify(&parts), Err(Refusal::SignatureMismatch { .. })));
}

#[test]
fn the_window_is_as_wide_as_it_says_on_both_sides() {
    let key = shared_key();
    let parts = signed("/c");
    for sign in [-1, 1] {
        key.verify(&parts, NOW + CLOCK_SKEW * sign, CLOCK_SKEW).unwrap();
        let now = NOW + (CLOCK_SKEW + Duration::SECOND) * sign;
        let refusal = key.verify(&parts, now, CLOCK_SKEW).unwrap_err();
        let said = match refusal {
            Refusal::DateOutOfWindow { date, now, tolerance } => (date, now, tolerance),
            other => panic!("{other:?}"),
        };
        assert_eq!(said, (NOW, now, CLOCK_SKEW));
    }
    assert_eq!(
        key.verify(&parts, NOW + Duration::HOUR, CLOCK_SKEW)
            .unwrap_err()
            .to_string(),
        "the date of the request, Fri, 26 Jun 2026 23:39:12 GMT, is more than 900 seconds from the server's, \
         Sat, 27 Jun 2026 00:39:12 GMT"
    );
}

#[test]
fn two_dates_are_no_date() {
    let mut parts = request("/c");
    parts.headers.append(
        "x-ms-date",
        HeaderValue::from_static("Fri, 26 Jun 2026 23:39:12 GMT"),
    );
    parts.headers.append(
        "x-ms-date",
        HeaderValue::from_static("Fri, 26 Jun 2026 23:39:12 GMT"),
    );
    authorize(&mut parts);
    assert!(matches!(verify(&parts), Err(Refusal::UnreadableDate { header }) if header == "x-ms-date"));
}

#[test]
fn the_date_header_stands_in_and_is_signed_then() {
    let mut parts = request("/c");
    set(&mut parts, "date", b"Fri, 26 Jun 2026 23:39:12 GMT");
    authorize(&mut parts);
    verify(&parts).unwrap();
    set(&mut parts, "date", b"Fri, 26 Jun 2026 23:39:13 GMT");
    assert!(matches!(verify(&parts), Err(Refusal::SignatureMismatch { .. })));
    set(&mut parts, "date", b"26 Jun 2026");
    assert!(matches!(verify(&parts), Err(Refusal::UnreadableDate { header }) if header == "date"));
}

#[test]
fn a_secondary_path_may_be_signed_in_either_form() {
    // The primary's form is what this crate signs; the other one is made here by a host that names the account, where
    // the path is a container's and stays as it is.
    let secondary = "http://127.0.0.1:10000/acct-secondary/c";
    verify(&signed(secondary)).unwrap();

    let mut parts = signed("https://acct.blob.example/acct-secondary/c");
    parts.uri = secondary.parse().unwrap();
    verify(&parts).unwrap();

    let mut parts = signed("http://127.0.0.1:10000/acct-secondary/c");
    parts.uri = "http://127.0.0.1:10000/acct-secondary/d".parse().unwrap();
    assert!(matches!(verify(&parts), Err(Refusal::SignatureMismatch { .. })));
}

#[test]
fn inner_whitespace_may_be_signed_as_sent_or_folded() {
    let mut sent = request("/c");
    set(&mut sent, "x-ms-meta-a", b"a  \t b");
    shared_key().sign(&mut sent, NOW).unwrap();
    verify(&sent).unwrap();

    let mut folded = request("/c");
    set(&mut folded, "x-ms-meta-a", b"a b");
    shared_key().sign(&mut folded, NOW).unwrap();
    set(&mut folded, "x-ms-meta-a", b"a  \t b");
    verify(&folded).unwrap();

    set(&mut folded, "x-ms-meta-a", b"ab");
    assert!(matches!(verify(&folded), Err(Refusal::SignatureMismatch { .. })));
}

#[test]
fn a_plus_in_the_query_may_be_signed_as_it_is_or_as_a_space() {
    let sent = "https://acct.blob.example/c?prefix=a+b&prefix=a%21&a+b=1&restype=container";
    // A space and an exclamation mark sort before a plus sign, and so the order is another one.
    let spaced = "https://acct.blob.example/c?prefix=a%20b&prefix=a%21&a%20b=1&restype=container";
    verify(&signed(sent)).unwrap();
    let mut parts = request(sent);
    let other = signed(spaced);
    set(&mut parts, "x-ms-date", other.headers["x-ms-date"].as_bytes());
    set(
        &mut parts,
        "authorization",
        other.headers["authorization"].as_bytes(),
    );
    verify(&parts).unwrap();

    // The other way about, nothing is read: `%2B` is a plus sign for everybody.
    let mut parts = request(&sent.replace('+', "%2B"));
    set(&mut parts, "x-ms-date", other.headers["x-ms-date"].as_bytes());
    set(
        &mut parts,
        "authorization",
        other.headers["authorization"].as_bytes(),
    );
    assert!(matches!(verify(&parts), Err(Refusal::SignatureMismatch { .. })));
}

#[test]
fn language_and_encoding_in_each_others_slots_do_not_verify() {
    let mut parts = request("/c");
    set(&mut parts, "content-encoding", b"gzip");
    shared_key().sign(&mut parts, NOW).unwrap();
    let value = parts.headers.remove("content-encoding").unwrap();
    parts.headers.insert("content-language", value);
    assert!(matches!(verify(&parts), Err(Refusal::SignatureMismatch { .. })));
}

#[test]
fn a_signature_of_another_length_does_not_verify() {
    let mut parts = signed("/c");
    let whole = parts.headers["authorization"].to_str().unwrap().to_owned();
    for cut in [4, 40] {
        let value = HeaderValue::from_str(whole.get(..whole.len() - cut).unwrap()).unwrap();
        parts.headers.insert("authorization", value);
        assert!(
            matches!(verify(&parts), Err(Refusal::SignatureMismatch { .. })),
            "{cut}"
        );
    }
    parts.headers.insert(
        "authorization",
        HeaderValue::from_str(whole.get(..whole.len() - 1).unwrap()).unwrap(),
    );
    assert!(matches!(
        verify(&parts),
        Err(Refusal::MalformedAuthorization(
            AuthorizationFault::SignatureNotBase64
        ))
    ));
}
