//! Get User Delegation Key.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects, in its helpers too"
)]

mod rig;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rig::{Call, Reply, Rig};
use secrecy::ExposeSecret as _;

const PATH: &str = "/?restype=service&comp=userdelegationkey";
const OID: &str = "0f0f0f0f-0000-4000-8000-00000000000a";
const TID: &str = "0f0f0f0f-0000-4000-8000-00000000000b";

fn ask<'a>(rig: &'a Rig, body: &str) -> Call<'a> {
    rig.request("POST", PATH)
        .body(body.to_owned())
        .header("authorization", rig::bearer(OID, TID))
}

fn info(start: &str, expiry: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><KeyInfo><Start>{start}</Start><Expiry>{expiry}</Expiry></KeyInfo>"
    )
}

async fn lend(rig: &Rig, start: &str, expiry: &str) -> Reply {
    ask(rig, &info(start, expiry)).send_unsigned().await.expect(200)
}

#[tokio::test]
async fn a_key_is_lent_to_whoever_has_a_token() {
    let rig = Rig::new();
    let reply = lend(&rig, "2026-03-01T11:00:00Z", "2026-03-02T12:00:00.9999999Z").await;
    assert_eq!(reply.header("content-type"), "application/xml");
    let shape: String = reply.text().replace(&reply.element("Value"), "VALUE");
    assert_eq!(
        shape,
        format!(
            "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><UserDelegationKey><SignedOid>{OID}</SignedOid>\
             <SignedTid>{TID}</SignedTid><SignedStart>2026-03-01T11:00:00Z</SignedStart>\
             <SignedExpiry>2026-03-02T12:00:00Z</SignedExpiry><SignedService>b</SignedService>\
             <SignedVersion>2026-06-06</SignedVersion><Value>VALUE</Value></UserDelegationKey>"
        )
    );
    // Clients read it.
    let key = lazuli_protocol::xml::UserDelegationKey::parse(&reply.body).unwrap();
    assert_eq!(key.value.expose_secret().len(), 44);
}

#[tokio::test]
async fn a_key_follows_from_what_it_is_lent_for_and_survives_the_process() {
    let value =
        async |rig: &Rig, start: &str| lend(rig, start, "2026-03-02T12:00:00Z").await.element("Value");
    let first = value(&Rig::new(), "2026-03-01T11:00:00Z").await;
    assert_eq!(value(&Rig::new(), "2026-03-01T11:00Z").await, first);
    assert_ne!(value(&Rig::new(), "2026-03-01T11:00:01Z").await, first);
    let other = "c2VjcmV0IG9mIHNvbWVib2R5IGVsc2U=";
    let rig = Rig::with(|builder| builder.account(rig::ACCOUNT, other));
    assert_ne!(value(&rig, "2026-03-01T11:00:00Z").await, first);
}

#[tokio::test]
async fn what_is_optional_may_be_left_out() {
    let rig = Rig::new();
    let expiry = "<Expiry>2026-03-02</Expiry>";
    let reply = ask(&rig, &format!("<KeyInfo>{expiry}</KeyInfo>"))
        .send_unsigned()
        .await;
    let reply = reply.expect(200);
    assert_eq!(reply.element("SignedStart"), "2026-03-01T12:00:00Z");
    let tenant = format!(
        "<KeyInfo><Start/>{expiry}<DelegatedUserTid>{TID}</DelegatedUserTid><Newer>1</Newer></KeyInfo>"
    );
    let delegated = ask(&rig, &tenant).send_unsigned().await.expect(200);
    assert_eq!(delegated.element("SignedDelegatedUserTid"), TID);
    assert_ne!(delegated.element("Value"), reply.element("Value"));
}

#[tokio::test]
async fn a_key_is_not_a_token_and_gets_none() {
    let rig = Rig::new();
    let body = info("2026-03-01T12:00:00Z", "2026-03-02T12:00:00Z");
    let signed = rig.request("POST", PATH).body(body.clone()).send().await;
    let signed = signed.expect_error(403, "AuthenticationFailed");
    assert_eq!(
        signed.element("AuthenticationErrorDetail"),
        "Only authentication scheme Bearer is supported"
    );
    let unsigned = rig.request("POST", PATH).body(body).send_unsigned().await;
    unsigned.expect_error(401, "NoAuthenticationInformation");
}

#[tokio::test]
async fn times_are_checked() {
    let rig = Rig::new();
    for (start, expiry, name) in [
        // The clock stands at noon of the first of March.
        ("2026-03-01T12:00:00Z", "2026-03-08T12:00:01Z", "Expiry"),
        ("2026-02-22T11:59:59Z", "2026-03-02T12:00:00Z", "Start"),
        ("2026-03-03T12:00:00Z", "2026-03-03T12:00:00Z", "Expiry"),
        ("2026-03-03T12:00:00Z", "2026-03-02T12:00:00Z", "Expiry"),
        ("2026-02-28T12:00:00Z", "2026-03-01T12:00:00Z", "Expiry"),
        ("soon", "2026-03-02T12:00:00Z", "Start"),
        ("2026-03-01T12:00:00Z", "later", "Expiry"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z", "Expiry"),
        ("0000-01-01T00:00:00Z", "2026-03-02T12:00:00Z", "Start"),
    ] {
        let reply = ask(&rig, &info(start, expiry)).send_unsigned().await;
        let reply = reply.expect_error(400, "InvalidXmlNodeValue");
        assert_eq!(reply.element("XmlNodeName"), name, "{start} {expiry}");
    }
    // Just so.
    lend(&rig, "2026-02-22T12:00:00Z", "2026-03-08T12:00:00Z").await;
}

#[tokio::test]
async fn documents_that_cannot_be_used_are_refused() {
    let rig = Rig::new();
    for (body, code) in [
        ("", "InvalidXmlDocument"),
        ("<KeyInfo>", "InvalidXmlDocument"),
        ("<Other/>", "InvalidXmlDocument"),
        ("<KeyInfo><Start><X/></Start></KeyInfo>", "InvalidXmlDocument"),
        ("<KeyInfo/><More/>", "InvalidXmlDocument"),
        ("<KeyInfo/>", "MissingRequiredXmlNode"),
    ] {
        ask(&rig, body).send_unsigned().await.expect_error(400, code);
    }
    let deep = format!("<KeyInfo>{}", "<a>".repeat(1000));
    ask(&rig, &deep)
        .send_unsigned()
        .await
        .expect_error(400, "InvalidXmlDocument");
    ask(&rig, &" ".repeat(17 * 1024))
        .send_unsigned()
        .await
        .expect_error(413, "RequestBodyTooLarge");
}

#[test]
fn the_token_of_these_tests_is_one() {
    let token = rig::bearer(OID, TID);
    let claims = token.split('.').nth(1).unwrap();
    assert!(
        String::from_utf8(URL_SAFE_NO_PAD.decode(claims).unwrap())
            .unwrap()
            .contains(OID)
    );
}
