//! Headers that a signature answers a read with.

use lazuli_signing::Sas;

use crate::rig::key;
use crate::{LATER, filled, lent};

const SAID: [(&str, &str); 5] = [
    ("cache-control", "no-cache"),
    ("content-disposition", "attachment; filename=\"a b.txt\""),
    ("content-encoding", "identity"),
    ("content-language", "de-AT"),
    ("content-type", "text/csv; charset=utf-8"),
];

#[tokio::test]
async fn reads_are_answered_with_what_the_signature_says() {
    let rig = filled().await;
    rig.put("/box/a", "text")
        .header("x-ms-blob-type", "BlockBlob")
        .header("x-ms-blob-cache-control", "max-age=5")
        .header("x-ms-blob-content-type", "text/plain")
        .send()
        .await
        .expect(201);
    let sas = || {
        let sas = Sas::blob("box", "a").read().cache_control("no-cache");
        let sas = sas
            .content_disposition("attachment; filename=\"a b.txt\"")
            .content_encoding("identity");
        sas.content_language("de-AT")
            .content_type("text/csv; charset=utf-8")
            .expires(LATER)
    };
    let lent = lent(&rig).await;
    for token in [sas().sign(&key()).unwrap(), sas().sign(&lent).unwrap()] {
        for method in ["GET", "HEAD"] {
            let reply = rig
                .request(method, "/box/a")
                .sas(token.expose())
                .send_unsigned()
                .await
                .expect(200);
            for (header, value) in SAID {
                assert_eq!(reply.header(header), value, "{method}");
            }
        }
        let range = rig
            .get("/box/a")
            .header("x-ms-range", "bytes=0-1")
            .sas(token.expose());
        assert_eq!(
            range.send_unsigned().await.expect(206).header("content-type"),
            SAID[4].1
        );
    }
    // Where the signature says nothing, the blob does.
    let token = Sas::blob("box", "a")
        .read()
        .content_type("a/b")
        .expires(LATER)
        .sign(&key())
        .unwrap();
    let reply = rig
        .get("/box/a")
        .sas(token.expose())
        .send_unsigned()
        .await
        .expect(200);
    assert_eq!(
        (reply.header("cache-control"), reply.header("content-type")),
        ("max-age=5", "a/b")
    );
    // What is kept does not change.
    let kept = rig.get("/box/a").send().await.expect(200);
    assert_eq!(
        (kept.header("content-type"), kept.header("content-language")),
        ("text/plain", "")
    );
}

#[tokio::test]
async fn nobody_is_given_a_header_to_forge() {
    let rig = filled().await;
    let token = Sas::blob("box", "a")
        .read()
        .content_type("text/plain")
        .expires(LATER)
        .sign(&key())
        .unwrap();
    for value in ["a%0D%0AX-Forged%3A%201", "a%0AX", "a%00"] {
        // With a true signature there can be no such value, and without one it is not answered with.
        let forged = token.expose().replace("text%2Fplain", value);
        assert_ne!(forged, token.expose());
        let reply = rig.get("/box/a").sas(&forged).send_unsigned().await;
        reply.expect_error(403, "AuthenticationFailed");
    }
    // An account's signature has no say in this.
    let account = Sas::account()
        .blob()
        .object()
        .read()
        .expires(LATER)
        .sign(&key())
        .unwrap();
    let path = format!("/box/a?rsct=text%2Fcsv&{}", account.expose());
    let reply = rig.get(&path).send_unsigned().await.expect(200);
    assert_eq!(reply.header("content-type"), "application/octet-stream");
}
