//! Signatures for a whole account.

use lazuli_signing::Sas;

use crate::rig::{Rig, key};
use crate::{LATER, filled, letters};

fn all() -> String {
    let sas = Sas::account().blob().service().container().object();
    let sas = sas.permissions(letters("rwdlac")).expires(LATER);
    sas.sign(&key()).unwrap().expose().to_owned()
}

#[tokio::test]
async fn it_reaches_all_levels() {
    let (rig, sas) = (Rig::new(), all());
    let put = |path: &str, body: &str| rig.put(path, body.to_owned()).sas(&sas);
    put("/box?restype=container", "")
        .send_unsigned()
        .await
        .expect(201);
    let blob = put("/box/a", "text").header("x-ms-blob-type", "BlockBlob");
    blob.send_unsigned().await.expect(201);
    let get = async |path: &str| rig.get(path).sas(&sas).send_unsigned().await.expect(200);
    assert_eq!(get("/box/a").await.body, "text");
    assert_eq!(
        get("/box?restype=container&comp=list").await.elements("Name"),
        ["a"]
    );
    assert_eq!(get("/?comp=list").await.elements("Name"), ["box"]);
    assert_eq!(
        rig.head("/box/a")
            .sas(&sas)
            .send_unsigned()
            .await
            .expect(200)
            .header("content-length"),
        "4"
    );
    let secondary = rig
        .get("")
        .url("http://127.0.0.1:10000/devstoreaccount1-secondary/box/a");
    secondary.sas(&sas).send_unsigned().await.expect(200);
    rig.delete("/box/a").sas(&sas).send_unsigned().await.expect(202);
    rig.delete("/box?restype=container")
        .sas(&sas)
        .send_unsigned()
        .await
        .expect(202);
}

#[tokio::test]
async fn what_it_does_not_reach_is_refused() {
    let rig = filled().await;
    let sas = |services: &str, types: &str| {
        let sas = Sas::account();
        let sas = if services == "f" { sas.file() } else { sas.blob() };
        let sas = match types {
            "s" => sas.service(),
            "c" => sas.container(),
            _ => sas.object(),
        };
        let sas = sas.permissions(letters("rwdlac")).expires(LATER);
        sas.sign(&key()).unwrap().expose().to_owned()
    };
    for (path, own) in [
        ("/?comp=list", "s"),
        ("/box?restype=container&comp=list", "c"),
        ("/box?restype=container", "c"),
        ("/box/a", "o"),
    ] {
        for types in ["s", "c", "o"] {
            let reply = rig.get(path).sas(&sas("b", types)).send_unsigned().await;
            if types == own {
                reply.expect(200);
            } else {
                let reply = reply.expect_error(403, "AuthorizationResourceTypeMismatch");
                // As it was recorded: this one comes from behind the front.
                assert_eq!(
                    reply.header("server"),
                    "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0"
                );
            }
        }
        let reply = rig.get(path).sas(&sas("f", own)).send_unsigned().await;
        let reply = reply.expect_error(403, "AuthorizationServiceMismatch");
        assert_eq!(reply.header("server"), "Microsoft-HTTPAPI/2.0");
        assert_eq!(reply.header("x-ms-version"), "");
    }
}

/// What is beside a signature and is not signed must not turn the container into something in it.
#[tokio::test]
async fn a_list_stays_one_of_a_container() {
    let rig = filled().await;
    let sas = Sas::account().blob().object().permissions(letters("rl"));
    let token = sas.expires(LATER).sign(&key()).unwrap();
    for beside in ["", "&sr=d", "&sr=d&sdd=0", "&sr=d&sdd=1&prefix=dir/", "&sr=b"] {
        let list = format!("/box?restype=container&comp=list{beside}");
        let reply = rig.get(&list).sas(token.expose()).send_unsigned().await;
        reply.expect_error(403, "AuthorizationResourceTypeMismatch");
    }
    // Nor is it something else besides.
    for path in ["/box?restype=container&comp=list", "/box/a?restype="] {
        let twice = rig.get(&format!("{path}&restype=account"));
        let reply = twice.sas(token.expose()).send_unsigned().await;
        reply.expect_error(400, "InvalidQueryParameterValue");
    }
}

#[tokio::test]
async fn it_is_for_one_account() {
    let other = "c2VjcmV0IG9mIHNvbWVib2R5IGVsc2U=";
    let rig = Rig::with(|builder| {
        let builder = builder.account(crate::rig::ACCOUNT, lazuli_signing::EMULATOR_KEY);
        builder
            .account("another", other)
            .account("samekey", lazuli_signing::EMULATOR_KEY)
    });
    for (account, allowed) in [("devstoreaccount1", true), ("another", false), ("samekey", false)] {
        let url = format!("http://127.0.0.1:10000/{account}/?comp=list");
        let reply = rig.get("").url(&url).sas(&all()).send_unsigned().await;
        if allowed {
            reply.expect(200);
        } else {
            reply.expect_error(403, "AuthenticationFailed");
        }
    }
}
