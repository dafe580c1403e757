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
    reply.expect_error(400, "InvalidQueryParameterValue");
    // A header that names no version is refused, whatever the signature says.
    let token = sas("2026-06-06");
    rig.get("/box/a")
        .header("x-ms-version", "1999-01-01")
        .sas(&token)
        .send_unsigned()
        .await
        .expect(400);
}
