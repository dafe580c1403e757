//! Signatures by a key that was lent to a user.

use lazuli_signing::{Agent, EMULATOR_KEY, Sas, UserDelegationKey, UserDelegationKeyFields};

use crate::rig::{ACCOUNT, Rig, VERSION};
use crate::{LATER, OID, TID, filled, lend, lent};

async fn get(rig: &Rig, token: &str) -> crate::Reply {
    rig.get("/box/a").sas(token).send_unsigned().await
}

#[tokio::test]
async fn a_key_that_was_never_lent_signs_nothing() {
    let rig = filled().await;
    let fields = UserDelegationKeyFields {
        object_id: OID,
        tenant_id: TID,
        start: time::macros::datetime!(2026-03-01 11:00 UTC),
        expiry: time::macros::datetime!(2026-03-02 12:00 UTC),
        service: "b",
        version: VERSION,
        delegated_tenant_id: None,
        value: "XMa6Gtu5FceBqRhpZo+yaujP5d/tGvmEjnd/v5lCX3U=",
    };
    let key = UserDelegationKey::new(ACCOUNT.parse().unwrap(), fields).unwrap();
    let token = Sas::blob("box", "a").read().expires(LATER).sign(&key).unwrap();
    let reply = get(&rig, token.expose())
        .await
        .expect_error(403, "AuthenticationFailed");
    let text = format!(
        "Signature did not match. String to sign used was r\n\n2026-03-01T13:00:00Z\n/blob/devstoreaccount1/box/a\n{OID}\n{TID}\n\
         2026-03-01T11:00:00Z\n2026-03-02T12:00:00Z\nb\n2026-06-06\n"
    );
    let detail = reply.element(crate::DETAIL);
    assert!(detail.starts_with(&text), "{detail}");
}

#[tokio::test]
async fn a_lent_key_is_good_for_its_time_and_after_a_new_start() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Rig::with(|builder| builder.location(folder.path()));
    let (now, future) = {
        let rig = open();
        rig.make_container("box").await;
        rig.put_blob("/box/a", "1").await;
        let future = lend(&rig, "2026-03-01T14:00:00Z", "2026-03-02T12:00:00Z", "").await;
        (lent(&rig).await, future)
    };
    let rig = open();
    let expiry = time::macros::datetime!(2026-03-02 12:00 UTC);
    let token = Sas::blob("box", "a").read().expires(expiry).sign(&now).unwrap();
    get(&rig, token.expose()).await.expect(200);

    let early = Sas::blob("box", "a")
        .read()
        .expires(expiry)
        .sign(&future)
        .unwrap();
    get(&rig, early.expose()).await.expect_detail(
        "Signature not valid in the specified key time frame: Start [Sun, 01 Mar 2026 14:00:00 GMT] - \
         Expiry [Mon, 02 Mar 2026 12:00:00 GMT] - Current [Sun, 01 Mar 2026 12:00:00 GMT]",
    );
    rig.clock.advance(std::time::Duration::from_secs(2 * 60 * 60));
    get(&rig, early.expose()).await.expect(200);
    rig.clock.advance(std::time::Duration::from_secs(24 * 60 * 60));
    for token in [token, early] {
        get(&rig, token.expose())
            .await
            .expect_error(403, "AuthenticationFailed");
    }
}

#[tokio::test]
async fn a_lent_key_is_of_one_account() {
    let rig = Rig::with(|builder| {
        let builder = builder.account(ACCOUNT, EMULATOR_KEY);
        builder.account("samekey", EMULATOR_KEY)
    });
    let lent = lent(&rig).await;
    // The same key, shown to the other account.
    let fields = UserDelegationKeyFields {
        object_id: OID,
        tenant_id: TID,
        start: time::macros::datetime!(2026-03-01 11:00 UTC),
        expiry: time::macros::datetime!(2026-03-02 12:00 UTC),
        service: "b",
        version: VERSION,
        delegated_tenant_id: None,
        value: &value(&rig).await,
    };
    let other = UserDelegationKey::new("samekey".parse().unwrap(), fields).unwrap();
    for (account, key, allowed) in [(ACCOUNT, &lent, true), ("samekey", &other, false)] {
        let sas = Sas::container("box").list().expires(LATER);
        let token = sas.sign(key).unwrap();
        let url = format!("http://127.0.0.1:10000/{account}/box?restype=container&comp=list");
        let reply = rig.get("").url(&url).sas(token.expose()).send_unsigned().await;
        if allowed {
            // Let in, to find nothing there.
            reply.expect_error(404, "ContainerNotFound");
        } else {
            reply.expect_error(403, "AuthenticationFailed");
        }
    }
}

/// The value of the key that [`lent`] asks for.
async fn value(rig: &Rig) -> String {
    let info = "<KeyInfo><Start>2026-03-01T11:00:00Z</Start><Expiry>2026-03-02T12:00:00Z</Expiry></KeyInfo>";
    let ask = rig
        .request("POST", "/?restype=service&comp=userdelegationkey")
        .body(info);
    let ask = ask.header("authorization", crate::rig::bearer(OID, TID));
    ask.send_unsigned().await.expect(200).element("Value")
}

#[tokio::test]
async fn what_can_be_said_of_the_user_is_signed() {
    let rig = filled().await;
    let key = lent(&rig).await;
    let sas = || Sas::blob("box", "a").read().expires(LATER);
    let known = sas()
        .agent(Agent::authorized(OID))
        .correlation_id(TID)
        .sign(&key)
        .unwrap();
    get(&rig, known.expose()).await.expect(200);
    // There are no access control lists to check, and nobody pretends that there are.
    let unknown = sas().agent(Agent::unauthorized(OID)).sign(&key).unwrap();
    get(&rig, unknown.expose())
        .await
        .expect_error(501, "NotImplemented");
}
