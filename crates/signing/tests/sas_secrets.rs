//! Plants secrets in every kind of SAS, made and received, and looks for them in everything that it prints.

#![allow(
    clippy::unwrap_used,
    reason = "a test says what it expects, in its helpers too"
)]

use std::error::Error as StdError;
use std::fmt::{Debug, Display};

use http::Request;
use lazuli_signing::{
    AccountKey, Permissions, ReceivedSas, ResourceType, Sas, SasRequest, SasResource, SasService, SasVersion,
    SharedKey, UserDelegationKey, UserDelegationKeyFields,
};
use percent_encoding::percent_decode_str;
use time::OffsetDateTime;
use time::macros::datetime;

const PLANTED: &str = "UExBTlRFRA";
const T: OffsetDateTime = datetime!(2026-06-27 20:00 UTC);

/// A key that contains [`PLANTED`].
fn key() -> String {
    format!("{PLANTED}AA{PLANTED}AA")
}

fn fields(value: &str) -> UserDelegationKeyFields<'_> {
    UserDelegationKeyFields {
        object_id: "oid",
        tenant_id: "tid",
        start: datetime!(2026-06-26 00:00 UTC),
        expiry: datetime!(2026-07-02 00:00 UTC),
        service: "b",
        version: "2026-06-06",
        delegated_tenant_id: None,
        value,
    }
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

/// The signature of a token, as it is sent and decoded.
fn signature(token: &str) -> [String; 2] {
    let (_, sent) = token.split_once("&sig=").unwrap();
    let decoded = percent_decode_str(sent).decode_utf8().unwrap().into_owned();
    [sent.to_owned(), decoded]
}

#[test]
fn keys_and_tokens_show_no_secret() {
    let shared_key = SharedKey::new("acct".parse().unwrap(), AccountKey::from_base64(&key()).unwrap());
    let user_key = UserDelegationKey::new("acct".parse().unwrap(), fields(&key())).unwrap();
    hides(&[], &debug(&fields(&key())));
    hides(&[], &debug(&user_key));

    let account = Sas::account().blob().object().read().expires(T);
    let service = Sas::blob("c", "b").read().expires(T);
    // The value of a header that a request must have may be a lease id.
    let delegated = service.clone().expires(T);
    let delegated = delegated
        .correlation_id("id")
        .request_header("x-ms-lease-id", PLANTED);
    let delegated = delegated.request_header("Authorization", PLANTED);
    let delegated = delegated.request_header("X-Ms-Encryption-Key", PLANTED);
    hides(
        &[],
        &format!("{} {} {}", debug(&account), debug(&service), debug(&delegated)),
    );

    let (parts, ()) = Request::get(format!("/c/b?sig={PLANTED}"))
        .header("x-ms-lease-id", PLANTED)
        .header("x-ms-encryption-key", PLANTED)
        .header("authorization", PLANTED)
        .body(())
        .unwrap()
        .into_parts();
    for token in [
        account.sign(&shared_key).unwrap(),
        service.sign(&shared_key).unwrap(),
        service.sign(&user_key).unwrap(),
        delegated.sign(&user_key).unwrap(),
    ] {
        let [sent, decoded] = signature(token.expose());
        hides(&[&sent, &decoded], &both(&token));
        let received = ReceivedSas::from_query(token.expose()).unwrap().unwrap();
        hides(&[&sent, &decoded], &both(&received));

        let request = SasRequest {
            account: &"acct".parse().unwrap(),
            service: SasService::Blob,
            resource: SasResource::Blob {
                container: "c",
                blob: "b",
                snapshot: None,
                version: None,
            },
            level: ResourceType::Object.into(),
            parts: &parts,
            secure: true,
            client: None,
            now: T - time::Duration::HOUR,
        };
        hides(&[&sent, &decoded], &format!("{request:?} {request:#?}"));
        let grant = received
            .verify(&request, &AccountKey::from_base64(&key()).unwrap(), None)
            .unwrap();
        hides(&[&sent, &decoded], &debug(&grant));
        let other = AccountKey::from_base64("c2VjcmV0").unwrap();
        let refusal = received.verify(&request, &other, None).unwrap_err();
        hides(&[&sent, &decoded], &both(&refusal));
        let late = SasRequest {
            now: T + time::Duration::DAY,
            ..request
        };
        let refusal = received.verify(&late, &AccountKey::from_base64(&key()).unwrap(), None);
        hides(&[&sent, &decoded], &both(&refusal.unwrap_err()));
    }
}

#[test]
fn errors_and_refusals_show_no_secret() {
    let account = || "acct".parse().unwrap();
    error_hides(&UserDelegationKey::new(account(), fields(&format!("{}!", key()))).unwrap_err());
    let whole = &key();
    for wrong in [
        UserDelegationKeyFields {
            service: whole,
            ..fields(whole)
        },
        UserDelegationKeyFields {
            version: whole,
            ..fields(whole)
        },
        UserDelegationKeyFields {
            object_id: "",
            ..fields(whole)
        },
    ] {
        error_hides(&UserDelegationKey::new(account(), wrong).unwrap_err());
    }
    error_hides(&PLANTED.parse::<SasVersion>().unwrap_err());
    error_hides(&PLANTED.parse::<Permissions>().unwrap_err());
    let user_key = UserDelegationKey::new(account(), fields(whole)).unwrap();
    let sas = Sas::blob("c", "b").read().expires(T);
    for wrong in [
        sas.clone()
            .request_header("x-ms-lease-id", format!("{PLANTED}\n")),
        sas.clone().request_query("", PLANTED),
    ] {
        error_hides(&wrong.sign(&user_key).unwrap_err());
    }
    for query in [
        format!("sig={PLANTED}"),
        format!("sig={PLANTED}&sig={PLANTED}"),
        format!("sv={PLANTED}&sig={PLANTED}%3D%3D"),
        format!("sv=2026-06-06&sr={PLANTED}&sig={PLANTED}%3D%3D"),
        format!("sv=2026-06-06&sr=b&sp={PLANTED}&sig={PLANTED}%3D%3D"),
        format!("sv=2026-06-06&sr=b&sp=r&se={PLANTED}&sig={PLANTED}%3D%3D"),
    ] {
        error_hides(&ReceivedSas::from_query(&query).unwrap_err());
    }
}
