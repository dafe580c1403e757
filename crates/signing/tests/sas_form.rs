//! What a server reads of a SAS before it verifies it, and what it refuses for its form alone.

#![allow(
    clippy::unwrap_used,
    reason = "a test says what it expects, in its helpers too"
)]

use lazuli_signing::{
    AccountKey, ReceivedSas, Sas, SasKind, SasRefusal, SasToken, SharedKey, UserDelegationKey,
    UserDelegationKeyFields,
};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

const NOW: OffsetDateTime = datetime!(2026-06-26 23:39:12 UTC);
const T: OffsetDateTime = datetime!(2026-06-27 20:00 UTC);
const KEY: &str = "c2VjcmV0";

fn key() -> SharedKey {
    SharedKey::new("acct".parse().unwrap(), AccountKey::from_base64(KEY).unwrap())
}

fn user_key(start: OffsetDateTime, expiry: OffsetDateTime) -> UserDelegationKey {
    let fields = UserDelegationKeyFields {
        object_id: "oid",
        tenant_id: "tid",
        start,
        expiry,
        service: "b",
        version: "2026-06-06",
        delegated_tenant_id: None,
        value: KEY,
    };
    UserDelegationKey::new("acct".parse().unwrap(), fields).unwrap()
}

fn blob() -> SasToken {
    Sas::blob("logs", "d/a.txt")
        .read()
        .expires(T)
        .sign(&key())
        .unwrap()
}

fn account() -> SasToken {
    let sas = Sas::account().blob().object().read().expires(T);
    sas.sign(&key()).unwrap()
}

#[test]
fn a_query_without_a_signature_has_no_sas() {
    for query in ["", "comp=list", "sv=2026-06-06&sr=b", "design=x", "&&=&", "%ff=1"] {
        assert!(ReceivedSas::from_query(query).unwrap().is_none(), "{query}");
    }
}

#[test]
fn malformed_tokens_are_told_apart() {
    use SasRefusal::{DuplicateField, FieldNotAllowed, MalformedField, MissingField};
    let (blob, account) = (blob(), account());
    let user = user_key(NOW - Duration::DAY, T);
    let user = Sas::blob("logs", "d/a.txt")
        .read()
        .expires(T)
        .sign(&user)
        .unwrap();
    let directory = Sas::directory("logs", "d")
        .read()
        .expires(T)
        .sign(&key())
        .unwrap();
    let without = |token: &SasToken, name: &str| {
        let start = format!("{name}=");
        let kept = token
            .expose()
            .split('&')
            .filter(|parameter| !parameter.starts_with(&start));
        kept.collect::<Vec<_>>().join("&")
    };
    let with = |token: &SasToken, name: &str, value: &str| format!("{}&{name}={value}", without(token, name));
    let more = |token: &SasToken, parameter: &str| format!("{}&{parameter}", token.expose());
    for (token, required) in [
        (&blob, &["sv", "sr", "sp", "se"][..]),
        (&account, &["sv", "ss", "srt", "sp", "se"]),
        (
            &user,
            &[
                "sv", "sr", "sp", "se", "skoid", "sktid", "skt", "ske", "sks", "skv",
            ],
        ),
        (&directory, &["sdd"]),
    ] {
        for field in required {
            let missing = Err(MissingField { field });
            assert_eq!(
                ReceivedSas::from_query(&without(token, field)).map(|_| ()),
                missing
            );
            assert_eq!(
                ReceivedSas::from_query(&with(token, field, "")).map(|_| ()),
                missing
            );
        }
    }
    for (token, field, value) in [
        (&blob, "sv", "latest"),
        (&blob, "sv", "2026-06-06 "),
        (&blob, "sr", "x"),
        (&blob, "sp", "r%20w"),
        (&blob, "sp", "R"),
        (&blob, "se", "tomorrow"),
        (&blob, "st", "2026-06-26T20:00:00+00:00"),
        (&blob, "st", "%ff"),
        (&blob, "sip", "10.0.0.0/8"),
        (&blob, "spr", "http"),
        (&blob, "sig", "*"),
        (&blob, "sig", "AAA"),
        (&account, "ss", "bx"),
        (&account, "srt", "so%2Cc"),
        (&user, "ske", "never"),
        (&user, "sks", "B"),
        (&user, "skv", "1"),
        (&directory, "sdd", "-1"),
        (&directory, "sdd", "+1"),
        (&directory, "sdd", "99999999999999999999999"),
    ] {
        let result = ReceivedSas::from_query(&with(token, field, value)).map(|_| ());
        assert_eq!(result, Err(MalformedField { field }), "{value}");
    }
    for parameter in ["sp=r", "SP=w", "s%70=", "sig=AAAA"] {
        let field = if parameter.starts_with("sig") { "sig" } else { "sp" };
        let result = ReceivedSas::from_query(&more(&blob, parameter)).map(|_| ());
        assert_eq!(result, Err(DuplicateField { field }));
    }
    let result = ReceivedSas::from_query(&more(&user, "si=id")).map(|_| ());
    assert_eq!(result, Err(FieldNotAllowed { field: "si" }));
    let result = ReceivedSas::from_query(&more(&user, "saoid=a&suoid=b")).map(|_| ());
    assert_eq!(result, Err(FieldNotAllowed { field: "suoid" }));
    let result = ReceivedSas::from_query(&with(&blob, "sig", "")).map(|_| ());
    assert_eq!(result, Err(MissingField { field: "sig" }));
    let result = ReceivedSas::from_query(&with(&account, "sv", "2014-02-14")).map(|_| ());
    let version = "2014-02-14".to_owned();
    assert_eq!(result, Err(SasRefusal::UnknownVersion { version }));
    let result = ReceivedSas::from_query(&with(&directory, "sv", "2019-12-12")).map(|_| ());
    assert_eq!(result, Err(MalformedField { field: "sr" }));
    let result = ReceivedSas::from_query(&with(&blob, "st", "2026-06-27T20:00:00Z")).map(|_| ());
    assert_eq!(result, Err(SasRefusal::ExpiryBeforeStart { start: T, expiry: T }));
}

#[test]
fn what_a_token_says_of_itself_can_be_read() {
    let (start, expiry) = (NOW - Duration::DAY, T);
    let sas = Sas::blob("logs", "a").delegated_user("uid").read().expires(T);
    let token = sas.sign(&user_key(start, expiry)).unwrap();
    let received = ReceivedSas::from_query(token.expose()).unwrap().unwrap();
    assert_eq!(received.kind(), SasKind::UserDelegation);
    assert_eq!(received.version(), "2026-06-06");
    assert_eq!(received.delegated_user_id(), Some("uid"));
    let fields = received.delegation().unwrap();
    assert_eq!((fields.object_id(), fields.tenant_id()), ("oid", "tid"));
    assert_eq!((fields.starts(), fields.expires()), (start, expiry));
    assert_eq!((fields.service(), fields.version()), ("b", "2026-06-06"));
    assert_eq!(fields.delegated_tenant_id(), None);

    let token = Sas::container("logs").policy("a b").sign(&key()).unwrap();
    let received = ReceivedSas::from_query(token.expose()).unwrap().unwrap();
    assert_eq!(
        (received.kind(), received.policy()),
        (SasKind::Service, Some("a b"))
    );
    assert_eq!(received.to_string(), "sv=2026-06-06&sr=c&si=a b&sig=REDACTED");

    let received = ReceivedSas::from_query(account().expose()).unwrap().unwrap();
    assert_eq!((received.kind(), received.delegation()), (SasKind::Account, None));
}

#[test]
fn no_value_has_more_than_one_line() {
    for field in [
        "sv", "ss", "srt", "sr", "sdd", "sp", "st", "se", "sip", "spr", "si", "ses", "skoid", "sktid", "skt",
        "ske", "sks", "skv", "skdutid", "saoid", "suoid", "scid", "sduoid", "srh", "srq", "rscc", "rscd",
        "rsce", "rscl", "rsct", "sig",
    ] {
        for end in ["%0A", "%0D", "%00", "%0d%0a"] {
            let query = format!("{field}=a{end}b&sig=AAAA");
            let query = if field == "sig" {
                format!("sig=AAAA{end}")
            } else {
                query
            };
            let refusal = ReceivedSas::from_query(&query).unwrap_err();
            assert_eq!(refusal, SasRefusal::MalformedField { field }, "{query}");
        }
    }
}

#[test]
fn names_of_what_is_signed_end_where_their_values_begin() {
    let user = user_key(NOW - Duration::DAY, T);
    let sas = Sas::blob("logs", "d/a.txt").read().expires(T);
    let token = sas.request_query("a", "b").sign(&user).unwrap();
    for (from, to, field) in [
        ("srq=a", "srq=a%3A", "srq"),
        ("srq=a", "srq=a%2C", "srq"),
        ("srq=a", "srh=a%3Ab&srq=a", "srh"),
    ] {
        let refusal = ReceivedSas::from_query(&token.expose().replace(from, to)).unwrap_err();
        assert_eq!(refusal, SasRefusal::MalformedField { field }, "{to}");
    }
}

#[test]
fn a_directory_is_told_by_a_sas_that_can_be_for_one() {
    let is_directory = |query: &str| ReceivedSas::from_query(query).unwrap().unwrap().is_directory();
    let directory = Sas::directory("logs", "d")
        .read()
        .expires(T)
        .sign(&key())
        .unwrap();
    assert!(is_directory(directory.expose()));
    assert!(!is_directory(blob().expose()));
    assert!(!is_directory(&format!("{}&sr=d&sdd=1", account().expose())));
}
