//! A signature with one character changed lets nobody in.

use std::net::Ipv4Addr;

use lazuli_signing::{Agent, Sas, SasProtocol, SasToken};

use crate::rig::{Rig, key};
use crate::{LATER, filled, lent, letters};

/// The token with the character at each place changed, one by one, into another that may stand in a query.
fn tampered(token: &str) -> impl Iterator<Item = String> {
    token.char_indices().map(|(at, c)| {
        let other = match c {
            'z' => 'y',
            'Z' => 'Y',
            '9' => '8',
            c if c.is_ascii_alphanumeric() => char::from(u8::try_from(c).unwrap() + 1),
            _ => 'x',
        };
        format!("{}{other}{}", &token[..at], &token[at + 1..])
    })
}

async fn check(rig: &Rig, path: &str, token: &SasToken) {
    let token = token.expose();
    let get = async |token: &str| rig.get(path).sas(token).send_unsigned().await;
    get(token).await.expect(200);
    for bad in tampered(token) {
        let status = get(&bad).await.status.as_u16();
        // Without `sig` there is no signature at all.
        assert!(
            matches!(status, 401 | 403),
            "{status} for {bad}, made from {token}"
        );
    }
}

#[tokio::test]
async fn of_an_account() {
    let rig = filled().await;
    let sas = Sas::account()
        .blob()
        .file()
        .service()
        .container()
        .object()
        .permissions(letters("rwdl"));
    let sas = sas
        .starts(LATER - time::Duration::HOUR)
        .expires(LATER)
        .ip(Ipv4Addr::LOCALHOST);
    let token = sas.protocol(SasProtocol::HttpsOrHttp).sign(&key()).unwrap();
    check(&rig, "/box/a", &token).await;
    check(&rig, "/?comp=list", &token).await;
}

#[tokio::test]
async fn of_a_service() {
    let rig = filled().await;
    let sas = Sas::container("box")
        .read()
        .list()
        .expires(LATER)
        .cache_control("no-store");
    let sas = sas
        .starts(LATER - time::Duration::HOUR)
        .ip(Ipv4Addr::LOCALHOST..=Ipv4Addr::LOCALHOST);
    let sas = sas.protocol(SasProtocol::HttpsOrHttp).content_type("text/plain");
    let container = sas.sign(&key()).unwrap();
    check(&rig, "/box/a", &container).await;
    check(&rig, "/box?restype=container&comp=list", &container).await;
    let blob = Sas::blob("box", "a")
        .read()
        .expires(LATER)
        .content_disposition("attachment")
        .sign(&key());
    check(&rig, "/box/a", &blob.unwrap()).await;
    let directory = Sas::directory("box", "dir/sub")
        .read()
        .expires(LATER)
        .sign(&key());
    check(&rig, "/box/dir/sub/b", &directory.unwrap()).await;
}

#[tokio::test]
async fn with_a_policy() {
    let rig = filled().await;
    let body = "<SignedIdentifiers><SignedIdentifier><Id>p</Id><AccessPolicy><Permission>r</Permission></AccessPolicy>\
        </SignedIdentifier></SignedIdentifiers>";
    rig.put("/box?restype=container&comp=acl", body)
        .send()
        .await
        .expect(200);
    let token = Sas::blob("box", "a")
        .policy("p")
        .expires(LATER)
        .sign(&key())
        .unwrap();
    check(&rig, "/box/a", &token).await;
}

#[tokio::test]
async fn by_a_lent_key() {
    let rig = filled().await;
    let lent = lent(&rig).await;
    let blob = Sas::blob("box", "a")
        .read()
        .expires(LATER)
        .agent(Agent::authorized("user"))
        .correlation_id("id");
    check(&rig, "/box/a", &blob.sign(&lent).unwrap()).await;
    let container = Sas::container("box")
        .read()
        .list()
        .expires(LATER)
        .request_header("x-ms-meta-must", "be");
    let token = container.sign(&lent).unwrap();
    rig.get("/box/a")
        .sas(token.expose())
        .send_unsigned()
        .await
        .expect_error(403, "AuthenticationFailed");
    let get = |value: &str| {
        rig.get("/box/a")
            .header("x-ms-meta-must", value)
            .sas(token.expose())
    };
    get("be").send_unsigned().await.expect(200);
    get("other")
        .send_unsigned()
        .await
        .expect_error(403, "AuthenticationFailed");
    let directory = Sas::directory("box", "dir").read().expires(LATER).sign(&lent);
    check(&rig, "/box/dir/sub/b", &directory.unwrap()).await;
}
