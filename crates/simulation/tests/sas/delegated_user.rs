//! Signatures that one user may use alone, and requests with two kinds of credentials.

use lazuli_signing::Sas;

use crate::rig::{self, key};
use crate::{LATER, OID, TID, filled, lend, lent};

const OTHER: &str = "0f0f0f0f-0000-4000-8000-00000000000c";

#[tokio::test]
async fn a_signature_for_one_user_needs_that_user_s_token() {
    let rig = filled().await;
    let key = lent(&rig).await;
    let token = Sas::blob("box", "a")
        .read()
        .delegated_user(OTHER)
        .expires(LATER)
        .sign(&key)
        .unwrap();
    let sent = |path: &str| rig.get(path).sas(token.expose());
    let with = |oid: &str| sent("/box/a").header("authorization", rig::bearer(oid, TID));
    with(OTHER).send_unsigned().await.expect(200);
    with(OID)
        .send_unsigned()
        .await
        .expect_detail("The access token is not that of the user whom the signature is for (sduoid).");
    sent("/box/a").send_unsigned().await.expect_detail(
        "The signature is for one user (sduoid), whose access token the request does not bring.",
    );
    // The signature says what may be done, not the token.
    let other = sent("/box/dir/sub/b").header("authorization", rig::bearer(OTHER, TID));
    other
        .send_unsigned()
        .await
        .expect_error(403, "AuthenticationFailed");
    let delete = rig
        .delete("/box/a")
        .sas(token.expose())
        .header("authorization", rig::bearer(OTHER, TID));
    delete
        .send_unsigned()
        .await
        .expect_error(403, "AuthorizationPermissionMismatch");
    let bad = sent("/box/a").header("authorization", "Bearer nonsense");
    bad.send_unsigned()
        .await
        .expect_error(401, "InvalidAuthenticationInfo");
}

#[tokio::test]
async fn a_key_may_be_for_one_tenant() {
    let rig = filled().await;
    let key = lend(&rig, "2026-03-01T11:00:00Z", "2026-03-02T12:00:00Z", OTHER).await;
    let token = Sas::blob("box", "a")
        .read()
        .delegated_user(OID)
        .expires(LATER)
        .sign(&key)
        .unwrap();
    let with = |tid: &str| {
        let get = rig.get("/box/a").sas(token.expose());
        get.header("authorization", rig::bearer(OID, tid))
    };
    with(OTHER).send_unsigned().await.expect(200);
    with(TID)
        .send_unsigned()
        .await
        .expect_detail("The access token is not of the tenant that the key is for (skdutid).");
}

/// The service looks at the header first, and at a signature only when there is none.
#[tokio::test]
async fn the_header_counts_before_a_signature() {
    let rig = filled().await;
    let good = Sas::blob("box", "a").read().expires(LATER).sign(&key()).unwrap();
    rig.get("/box/a").sas(good.expose()).send().await.expect(200);
    rig.delete("/box/dir/sub/b")
        .sas(good.expose())
        .send()
        .await
        .expect(202);
    rig.get("/box/a")
        .sas("sv=2026-06-06&sig=AAAA")
        .send()
        .await
        .expect(200);
    let token = |authorization: &str| {
        rig.get("/box/a")
            .sas(good.expose())
            .header("authorization", authorization)
    };
    token(&rig::bearer(OID, TID)).send_unsigned().await.expect(200);
    token("Basic dXNlcjpwYXNz")
        .send_unsigned()
        .await
        .expect_error(400, "InvalidAuthenticationInfo");
    token("Bearer nonsense")
        .send_unsigned()
        .await
        .expect_error(401, "InvalidAuthenticationInfo");
    token("SharedKey devstoreaccount1:AAAA")
        .send_unsigned()
        .await
        .expect_error(403, "AuthenticationFailed");
}
