//! Signatures that name a stored access policy.

use std::time::Duration;

use lazuli_signing::Sas;

use crate::rig::{Reply, Rig, key};
use crate::{LATER, filled};

const UNKNOWN: &str = "SAS identifier cannot be found for specified signed identifier";
const BOTH: &str = "Access policy fields can be associated with signature or SAS identifier but not both";

async fn store(rig: &Rig, id: &str, parts: &str) {
    let body = format!(
        "<SignedIdentifiers><SignedIdentifier><Id>{id}</Id><AccessPolicy>{parts}</AccessPolicy></SignedIdentifier>\
         <SignedIdentifier><Id>another</Id></SignedIdentifier></SignedIdentifiers>"
    );
    let put = rig.put("/box?restype=container&comp=acl", body);
    put.send().await.expect(200);
}

async fn get(rig: &Rig, token: &str) -> Reply {
    rig.get("/box/a").sas(token).send_unsigned().await
}

#[tokio::test]
async fn the_policy_says_what_the_signature_does_not() {
    let rig = filled().await;
    store(
        &rig,
        "readers",
        "<Start>2026-03-01T12:00:01Z</Start><Expiry>2026-03-01T13:00:00Z</Expiry><Permission>r</Permission>",
    )
    .await;
    let tokens = [
        Sas::container("box").policy("readers").sign(&key()).unwrap(),
        Sas::blob("box", "a").policy("readers").sign(&key()).unwrap(),
    ];
    for token in &tokens {
        get(&rig, token.expose()).await.expect_detail(
            "Signature not valid in the specified time frame: Start [Sun, 01 Mar 2026 12:00:01 GMT] - \
             Expiry [Sun, 01 Mar 2026 13:00:00 GMT] - Current [Sun, 01 Mar 2026 12:00:00 GMT]",
        );
    }
    rig.clock.advance(Duration::from_secs(1));
    for token in &tokens {
        get(&rig, token.expose()).await.expect(200);
        let delete = rig.delete("/box/a").sas(token.expose()).send_unsigned().await;
        delete.expect_error(403, "AuthorizationPermissionMismatch");
    }
    rig.clock.advance(Duration::from_secs(60 * 60));
    for token in &tokens {
        get(&rig, token.expose())
            .await
            .expect_error(403, "AuthenticationFailed");
    }
}

#[tokio::test]
async fn a_change_takes_effect_at_once() {
    let rig = filled().await;
    let token = Sas::blob("box", "a")
        .policy("readers")
        .expires(LATER)
        .sign(&key())
        .unwrap();
    get(&rig, token.expose()).await.expect_detail(UNKNOWN);
    store(&rig, "readers", "<Permission>r</Permission>").await;
    get(&rig, token.expose()).await.expect(200);
    store(&rig, "readers", "<Permission>d</Permission>").await;
    get(&rig, token.expose())
        .await
        .expect_error(403, "AuthorizationPermissionMismatch");
    store(&rig, "Readers", "<Permission>r</Permission>").await;
    get(&rig, token.expose()).await.expect_detail(UNKNOWN);
    store(&rig, "readers", "<Permission>r</Permission>").await;
    get(&rig, token.expose()).await.expect(200);
    rig.put("/box?restype=container&comp=acl", "")
        .send()
        .await
        .expect(200);
    get(&rig, token.expose()).await.expect_detail(UNKNOWN);
    // A container that is made again has none of the policies of the one before.
    store(&rig, "readers", "<Permission>r</Permission>").await;
    rig.delete("/box?restype=container").send().await.expect(202);
    get(&rig, token.expose()).await.expect_detail(UNKNOWN);
    rig.make_container("box").await;
    get(&rig, token.expose()).await.expect_detail(UNKNOWN);
}

#[tokio::test]
async fn each_part_is_said_once() {
    let rig = filled().await;
    let expiry = "<Expiry>2026-03-01T13:00:00Z</Expiry>";
    let (start, permission) = ("<Start>2026-03-01</Start>", "<Permission>r</Permission>");
    let sas = || Sas::blob("box", "a").policy("p");
    let refusals = [
        (expiry, sas().read().expires(LATER).sign(&key()), BOTH),
        (permission, sas().read().expires(LATER).sign(&key()), BOTH),
        (start, sas().read().starts(LATER).sign(&key()), BOTH),
        (
            expiry,
            sas().sign(&key()),
            "Signed permission must be specified in signature or SAS identifier",
        ),
        (
            permission,
            sas().sign(&key()),
            "Signed expiry must be specified in signature or SAS identifier",
        ),
    ];
    for (parts, token, detail) in refusals {
        store(&rig, "p", parts).await;
        get(&rig, token.unwrap().expose()).await.expect_detail(detail);
    }
    for (parts, token) in [
        ("", sas().read().expires(LATER).sign(&key())),
        (expiry, sas().read().sign(&key())),
        (permission, sas().expires(LATER).sign(&key())),
    ] {
        store(&rig, "p", parts).await;
        get(&rig, token.unwrap().expose()).await.expect(200);
    }
}

#[tokio::test]
async fn names_may_hold_anything() {
    let rig = filled().await;
    for (id, written) in [("a b&c=d", "a b&amp;c=d"), ("ü/é", "ü/é"), ("<1>", "&lt;1&gt;")] {
        store(&rig, written, "<Permission>r</Permission>").await;
        let token = Sas::blob("box", "a")
            .policy(id)
            .expires(LATER)
            .sign(&key())
            .unwrap();
        get(&rig, token.expose()).await.expect(200);
    }
}
