//! Which version a request with a signature speaks.

use lazuli_signing::Sas;

use crate::rig::key;
use crate::{LATER, filled};

#[tokio::test]
async fn without_a_header_the_signature_says_the_version() {
    let rig = filled().await;
    let sas = |version: &str| {
        let sas = Sas::blob("box", "a")
            .read()
            .expires(LATER)
            .version(version.parse().unwrap());
        sas.sign(&key()).unwrap().expose().to_owned()
    };
    let get = |path: &str| rig.get(path).without("x-ms-version");
    for version in [
        "2012-02-12",
        "2013-08-15",
        "2015-04-05",
        "2018-11-09",
        "2020-12-06",
        "2026-06-06",
    ] {
        let reply = get("/box/a").sas(&sas(version)).send_unsigned().await.expect(200);
        assert_eq!(reply.header("x-ms-version"), version);
        let reply = get("/box/a?api-version=2021-12-02")
            .sas(&sas(version))
            .send_unsigned()
            .await;
        assert_eq!(reply.expect(200).header("x-ms-version"), "2021-12-02");
        let reply = rig
            .get("/box/a?api-version=2021-12-02")
            .sas(&sas(version))
            .send_unsigned()
            .await;
        assert_eq!(reply.expect(200).header("x-ms-version"), crate::rig::VERSION);
    }
    let reply = get("/box/a?api-version=2021-12-03")
        .sas(&sas("2026-06-06"))
        .send_unsigned()
        .await;
    // Of what version the answer is nobody knows, so that its code is in the body alone.
    assert_eq!(reply.expect(400).element("Code"), "InvalidQueryParameterValue");
    // A header that names no version is refused, whatever the signature says.
    let token = sas("2026-06-06");
    rig.get("/box/a")
        .header("x-ms-version", "1999-01-01")
        .sas(&token)
        .send_unsigned()
        .await
        .expect(400);
}

#[tokio::test]
async fn what_a_signature_may_be_of_may_be_asked_for_beside_it() {
    let rig = filled().await;
    let sas = Sas::blob("box", "a").read().expires(LATER).sign(&key()).unwrap();
    let get = async |version: &str| {
        let get = rig
            .get(&format!("/box/a?api-version={version}"))
            .without("x-ms-version");
        get.sas(sas.expose()).send_unsigned().await
    };
    for version in ["2012-02-12", "2015-04-05", "2018-11-09", "2026-06-06"] {
        assert_eq!(get(version).await.expect(200).header("x-ms-version"), version);
    }
    for unheard_of in ["2015-04-06", "2011-08-18", "2999-01-01"] {
        get(unheard_of).await.expect(400);
    }
}

/// Recorded: no answer of 2017-04-17 or before has the header, every one of 2017-11-09 and later has it.
#[tokio::test]
async fn older_errors_say_their_code_in_the_body_alone() {
    let rig = filled().await;
    for (version, said) in [
        ("2014-02-14", ""),
        ("2015-04-05", ""),
        ("2017-04-17", ""),
        ("2017-07-29", "BlobNotFound"),
        ("2017-11-09", "BlobNotFound"),
        ("2026-06-06", "BlobNotFound"),
    ] {
        let sas = Sas::container("box").read().expires(LATER);
        let token = sas.version(version.parse().unwrap()).sign(&key()).unwrap();
        for query in ["".to_owned(), format!("?api-version={version}")] {
            let get = rig.get(&format!("/box/none{query}")).without("x-ms-version");
            let reply = get.sas(token.expose()).send_unsigned().await.expect(404);
            assert_eq!(reply.header("x-ms-error-code"), said, "{version}");
            assert_eq!(reply.header("x-ms-version"), version);
            assert_eq!(reply.element("Code"), "BlobNotFound");
        }
    }
    // Nor does one that is of no version.
    let anonymous = rig.get("/box/a").without("x-ms-version").send_unsigned().await;
    assert_eq!(anonymous.expect(401).header("x-ms-error-code"), "");
}
