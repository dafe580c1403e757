//! User delegation: a key for a token, and signatures made with it.

use lazuli_blob::{BlobServiceClient, ErrorKind, delegation_key};
use lazuli_identity::ClientSecretCredential;
use lazuli_protocol::ErrorCode;
use lazuli_protocol::xml::KeyInfo;
use lazuli_signing::{Sas, UserDelegationKey};
use lazuli_simulation::entra::{CLIENT_ID, CLIENT_SECRET, TENANT};
use time::Duration;

use crate::desk::{Desk, START, read};

fn signed_in(desk: &Desk) -> BlobServiceClient {
    let settings = desk.settings(&[]);
    desk.signed_in(ClientSecretCredential::new(TENANT, CLIENT_ID, CLIENT_SECRET, &settings).unwrap())
}

async fn key(desk: &Desk, life: Duration) -> UserDelegationKey {
    let asked = signed_in(desk).user_delegation_key(KeyInfo::new(START, START + life));
    delegation_key("acct".parse().unwrap(), &asked.await.unwrap()).unwrap()
}

#[tokio::test]
async fn what_it_signs_opens_what_it_names_until_it_ends() {
    let desk = Desk::new();
    desk.container().await;
    let key = key(&desk, Duration::DAY).await;
    assert_eq!(key.tenant_id(), TENANT);
    let token = Sas::blob("box", "a")
        .read()
        .expires(START + Duration::HOUR)
        .sign(&key)
        .unwrap();
    let guest = desk.blobs_as(token);
    assert_eq!(read(&guest).await.unwrap(), "hello");
    let write = guest.container("box").blob("a").upload("mine").await.unwrap_err();
    assert_eq!(
        write.code(),
        Some(&ErrorCode::from("AuthorizationPermissionMismatch"))
    );
    let other = guest.container("box").blob("b").upload("mine").await.unwrap_err();
    assert_eq!(other.status().unwrap(), 403);
    desk.advance(61);
    assert_eq!(
        read(&guest).await.unwrap_err().code(),
        Some(&ErrorCode::AuthenticationFailed)
    );
}

#[tokio::test]
async fn a_signed_header_must_come_with_the_request() {
    let desk = Desk::new();
    desk.container().await;
    let key = key(&desk, Duration::DAY).await;
    let of = |value: &'static str| {
        let sas = Sas::blob("box", "a").read().expires(START + Duration::HOUR);
        desk.blobs_as(sas.request_header("accept", value).sign(&key).unwrap())
    };
    assert_eq!(read(&of("application/xml")).await.unwrap(), "hello");
    assert_eq!(read(&of("text/html")).await.unwrap_err().status().unwrap(), 403);
}

#[tokio::test]
async fn only_a_token_gets_a_key_and_for_a_week_at_most() {
    let desk = Desk::new();
    desk.container().await;
    let with_key = desk.blobs_as(desk.shared_key());
    let info = |days| KeyInfo::new(START, START + Duration::days(days));
    let error = with_key.user_delegation_key(info(1)).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.status().unwrap().as_u16()),
        (ErrorKind::Service, 403)
    );
    let signed_in = signed_in(&desk);
    assert!(signed_in.user_delegation_key(info(7)).await.is_ok());
    let error = signed_in.user_delegation_key(info(8)).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 400);
}
