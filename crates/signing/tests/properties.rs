//! What is signed verifies, and what is changed after that does not.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test says what it expects, in its helpers too"
)]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::request::Parts;
use http::{HeaderName, HeaderValue, Request, Uri};
use lazuli_signing::{AccountKey, CLOCK_SKEW, Refusal, SharedKey, string_to_sign, string_to_sign_lite};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use time::OffsetDateTime;
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-06-26 23:39:12 UTC);
const METHODS: [&str; 6] = ["GET", "HEAD", "PUT", "POST", "DELETE", "MERGE"];
const STANDARD_HEADERS: [&str; 10] = [
    "content-encoding",
    "content-language",
    "content-length",
    "content-md5",
    "content-type",
    "if-modified-since",
    "if-match",
    "if-none-match",
    "if-unmodified-since",
    "range",
];

fn shared_key(key: &[u8; 64]) -> SharedKey {
    SharedKey::new(
        "acct".parse().unwrap(),
        AccountKey::from_base64(&STANDARD.encode(key)).unwrap(),
    )
}

prop_compose! {
    /// Hosts and paths of both styles, queries with repeated and blank parameters, headers of every signed sort.
    fn requests()(
        method in select(&METHODS[..]),
        host in select(&["https://acct.blob.example", "https://acct-secondary.file.example", "http://127.0.0.1:10000/acct",
            "http://127.0.0.1:10000/acct-secondary"][..]),
        path in "(/([a-zA-Z0-9._~!$&'()*+,;=:@-]|%[2-7][0-9A-F]|%C3%BC){0,6}){0,4}",
        query in "([a-zA-Z0-9_$-]{1,6}(=([a-zA-Z0-9=/+:._-]|%[2-7][0-9A-F]|%C3%BC){0,8})?&){0,5}",
        standard in proptest::collection::btree_map(select(&STANDARD_HEADERS[..]), "[!-~]{0,3}([ -~]{0,8}[!-~])?", 0..5),
        own in proptest::collection::vec(("x-ms-(meta-)?[a-z0-9_'-]{1,8}", "[\t -~]{0,12}"), 0..8),
        version in select(&["2009-09-19", "2015-02-21", "2026-06-06"][..]),
    ) -> Parts {
        let mut request = Request::builder().method(method).uri(format!("{host}{path}?{query}"));
        for (name, value) in standard {
            request = request.header(name, value);
        }
        for (name, value) in own {
            request = request.header(name, value);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        parts.headers.insert("x-ms-version", HeaderValue::from_static(version));
        parts
    }
}

fn with_target(parts: &mut Parts, path: &str, query: &str) {
    let mut uri = parts.uri.clone().into_parts();
    uri.path_and_query = Some(format!("{path}?{query}").parse().unwrap());
    parts.uri = Uri::from_parts(uri).unwrap();
}

/// The headers of a request that are signed and whose values the mutations may touch.
fn signed_headers(parts: &Parts) -> Vec<HeaderName> {
    let signed =
        |name: &&HeaderName| name.as_str().starts_with("x-ms-") || STANDARD_HEADERS.contains(&name.as_str());
    // Dates and versions have rules of their own: a changed one is refused or read differently, which other tests see.
    let free = |name: &&HeaderName| !matches!(name.as_str(), "x-ms-date" | "x-ms-version");
    parts
        .headers
        .keys()
        .filter(signed)
        .filter(free)
        .cloned()
        .collect()
}

fn mismatch(result: Result<(), Refusal>) -> bool {
    matches!(result, Err(Refusal::SignatureMismatch { .. }))
}

proptest! {
    // A failure prints its input; there is no file to keep seeds in beside an integration test.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_signed_verifies(mut parts in requests(), key in any::<[u8; 64]>()) {
        let key = shared_key(&key);
        key.sign(&mut parts, NOW).unwrap();
        prop_assert!(key.verify(&parts, NOW, CLOCK_SKEW).is_ok());
        // Signing again, as a retry does, changes nothing while the date is the same.
        let once = parts.headers.clone();
        key.sign(&mut parts, NOW).unwrap();
        prop_assert_eq!(once, parts.headers);
    }

    #[test]
    fn what_is_signed_with_lite_verifies_and_with_another_key_does_not(mut parts in requests(), key in any::<[u8; 64]>(), other in any::<[u8; 64]>()) {
        prop_assume!(key != other);
        shared_key(&key).sign_lite(&mut parts, NOW).unwrap();
        prop_assert!(shared_key(&key).verify(&parts, NOW, CLOCK_SKEW).is_ok());
        prop_assert!(mismatch(shared_key(&other).verify(&parts, NOW, CLOCK_SKEW)));
        // The text of Lite begins as the long one does and ends with less of the query.
        let (lite, full) = (string_to_sign_lite(&"acct".parse().unwrap(), &parts).unwrap(), string_to_sign(&"acct".parse().unwrap(), &parts).unwrap());
        prop_assert!(lite.as_str().len() < full.as_str().len());
    }

    #[test]
    fn another_key_does_not_verify(mut parts in requests(), key in any::<[u8; 64]>(), at in any::<Index>(), flip in 1..=u8::MAX) {
        shared_key(&key).sign(&mut parts, NOW).unwrap();
        let mut other = key;
        other[at.index(64)] ^= flip;
        prop_assert!(mismatch(shared_key(&other).verify(&parts, NOW, CLOCK_SKEW)));
    }

    #[test]
    fn another_method_does_not_verify(mut parts in requests(), key in any::<[u8; 64]>(), other in select(&METHODS[..])) {
        prop_assume!(parts.method != other);
        let key = shared_key(&key);
        key.sign(&mut parts, NOW).unwrap();
        parts.method = other.parse().unwrap();
        prop_assert!(mismatch(key.verify(&parts, NOW, CLOCK_SKEW)));
    }

    #[test]
    fn another_path_does_not_verify(mut parts in requests(), key in any::<[u8; 64]>(), at in any::<Index>(), new in "[a-zA-Z0-9/]") {
        let key = shared_key(&key);
        key.sign(&mut parts, NOW).unwrap();
        // A character more in some place of the path, but not in front of its first slash.
        let mut path = parts.uri.path().to_owned();
        path.insert_str(1 + at.index(path.len()), &new);
        prop_assume!(path != parts.uri.path());
        let query = parts.uri.query().unwrap_or_default().to_owned();
        with_target(&mut parts, &path, &query);
        prop_assert!(mismatch(key.verify(&parts, NOW, CLOCK_SKEW)));
    }

    #[test]
    fn another_query_does_not_verify(mut parts in requests(), key in any::<[u8; 64]>(), at in any::<Index>(), new in "[a-z0-9]") {
        let key = shared_key(&key);
        key.sign(&mut parts, NOW).unwrap();
        let path = parts.uri.path().to_owned();
        let query = parts.uri.query().unwrap_or_default().to_owned();

        // A parameter more, with a name that no generated query can have.
        let mut more = parts.clone();
        with_target(&mut more, &path, &format!("{query}&new.parameter={new}"));
        prop_assert!(mismatch(key.verify(&more, NOW, CLOCK_SKEW)));

        // A parameter less, or one with a longer value.
        let parameters: Vec<&str> = query.split('&').filter(|parameter| !parameter.is_empty()).collect();
        prop_assume!(!parameters.is_empty());
        let at = at.index(parameters.len());
        let mut less = parameters.clone();
        less.remove(at);
        with_target(&mut parts, &path, &less.join("&"));
        prop_assert!(mismatch(key.verify(&parts, NOW, CLOCK_SKEW)));

        let longer = if parameters[at].contains('=') { format!("{}{new}", parameters[at]) } else { format!("{}={new}", parameters[at]) };
        let mut changed = parameters;
        changed[at] = &longer;
        with_target(&mut parts, &path, &changed.join("&"));
        prop_assert!(mismatch(key.verify(&parts, NOW, CLOCK_SKEW)));
    }

    #[test]
    fn the_order_of_parameters_does_not_matter(mut parts in requests(), key in any::<[u8; 64]>()) {
        let key = shared_key(&key);
        key.sign(&mut parts, NOW).unwrap();
        let path = parts.uri.path().to_owned();
        let query = parts.uri.query().unwrap_or_default().to_owned();
        let reversed: Vec<&str> = query.split('&').rev().collect();
        with_target(&mut parts, &path, &reversed.join("&"));
        prop_assert!(key.verify(&parts, NOW, CLOCK_SKEW).is_ok());
    }

    #[test]
    fn another_header_does_not_verify(mut parts in requests(), key in any::<[u8; 64]>(), at in any::<Index>(), new in "[a-z1-9]") {
        let key = shared_key(&key);
        key.sign(&mut parts, NOW).unwrap();

        let mut more = parts.clone();
        more.headers.insert("x-ms-meta-new.header", HeaderValue::from_str(&new).unwrap());
        prop_assert!(mismatch(key.verify(&more, NOW, CLOCK_SKEW)));

        let names = signed_headers(&parts);
        prop_assume!(!names.is_empty());
        let name = &names[at.index(names.len())];
        let mut longer = parts.clone();
        let value = format!("{}{new}", longer.headers[name].to_str().unwrap());
        longer.headers.insert(name, HeaderValue::from_str(&value).unwrap());
        prop_assert!(mismatch(key.verify(&longer, NOW, CLOCK_SKEW)));

        // Without the header there may be nothing to tell it by: an empty value has no slot and, once, had no line.
        let mut less = parts.clone();
        less.headers.remove(name);
        let text = |parts: &Parts| string_to_sign(key.account(), parts).unwrap();
        prop_assert_eq!(key.verify(&less, NOW, CLOCK_SKEW).is_ok(), text(&less) == text(&parts));
    }

    #[test]
    fn another_date_does_not_verify(mut parts in requests(), key in any::<[u8; 64]>()) {
        let key = shared_key(&key);
        key.sign(&mut parts, NOW).unwrap();
        parts.headers.insert("x-ms-date", HeaderValue::from_static("Fri, 26 Jun 2026 23:39:13 GMT"));
        prop_assert!(mismatch(key.verify(&parts, NOW, CLOCK_SKEW)));
    }
}
