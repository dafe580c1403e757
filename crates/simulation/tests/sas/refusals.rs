//! A table of refusals, each with the service's own words.

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use lazuli_signing::Sas;

use crate::rig::key;
use crate::{LATER, filled};

const MALFORMED: &str = "Signature fields not well formed.";
const VERSION: &str =
    "sv is either not in the correct format or is not equal or later than version 2012-02-12";

#[tokio::test]
async fn what_is_wrong_with_the_fields_is_said() {
    let rig = filled().await;
    let sig = BASE64_STANDARD
        .encode([7; 32])
        .replace('=', "%3D")
        .replace('/', "%2F")
        .replace('+', "%2B");
    for (token, detail) in [
        (
            "sv=2026-06-06&sr=b&sp=r&se=2026-03-01T13:00:00Z&sig=",
            "sig is mandatory. Cannot be empty",
        ),
        (
            "sr=b&sp=r&se=2026-03-01T13:00:00Z&sig=SIG",
            "sv is mandatory. Cannot be empty",
        ),
        (
            "sv=2026-06-06&sp=r&se=2026-03-01T13:00:00Z&sig=SIG",
            "sr is mandatory. Cannot be empty",
        ),
        (
            "sv=2026-06-06&sr=b&sp=r&sig=SIG",
            "se is mandatory. Cannot be empty",
        ),
        (
            "sv=2026-06-06&sr=b&sp=&se=2026-03-01&sig=SIG",
            "sp is mandatory. Cannot be empty",
        ),
        (
            "sv=2026-06-06&ss=b&sp=r&se=2026-03-02&sig=SIG",
            "srt is mandatory. Cannot be empty",
        ),
        (
            "sv=2026-06-06&srt=o&sp=r&se=2026-03-02&sig=SIG",
            "ss is mandatory. Cannot be empty",
        ),
        (
            "sv=2026-06-06&sr=b&sp=r&se=2026-03-02&skoid=a&sig=SIG",
            "sktid is mandatory. Cannot be empty",
        ),
        ("sv=nonsense&sr=b&sp=r&se=2026-03-02&sig=SIG", VERSION),
        ("sv=2011-08-18&sr=b&sp=r&se=2026-03-02&sig=SIG", VERSION),
        ("sv=2020-01-01&sr=b&sp=r&se=2026-03-02&sig=SIG", VERSION),
        ("sv=2999-01-01&sr=b&sp=r&se=2026-03-02&sig=SIG", VERSION),
        ("sv=2026-06-06&sr=z&sp=r&se=2026-03-02&sig=SIG", MALFORMED),
        ("sv=2026-06-06&sr=b&sp=r1&se=2026-03-02&sig=SIG", MALFORMED),
        ("sv=2026-06-06&sr=b&sp=r&se=tomorrow&sig=SIG", MALFORMED),
        ("sv=2026-06-06&sr=b&sp=r&st=now&se=2026-03-02&sig=SIG", MALFORMED),
        (
            "sv=2026-06-06&sr=b&sp=r&se=2026-03-02&sip=here&sig=SIG",
            MALFORMED,
        ),
        (
            "sv=2026-06-06&sr=b&sp=r&se=2026-03-02&spr=gopher&sig=SIG",
            MALFORMED,
        ),
        ("sv=2026-06-06&sr=b&sp=r&se=2026-03-02&sig=***", MALFORMED),
        (
            "sv=2026-06-06&sr=b&sp=r&se=2026-03-02&se=2026-03-03&sig=SIG",
            MALFORMED,
        ),
        ("sv=2026-06-06&ss=x&srt=o&sp=r&se=2026-03-02&sig=SIG", MALFORMED),
        ("sv=2026-06-06&sr=d&sdd=-1&sp=r&se=2026-03-02&sig=SIG", MALFORMED),
        (
            "sv=2026-06-06&sr=b&sp=r&st=2026-03-02&se=2026-03-01&sig=SIG",
            "Signed expiry time [Sun, 01 Mar 2026 00:00:00 GMT] must be after signed start time [Mon, 02 Mar 2026 00:00:00 GMT]",
        ),
        (
            "sv=2026-06-06&sr=c&sp=r&se=2026-03-02&sig=SIG",
            "Signature did not match. String to sign used was r\n\n2026-03-02\n/blob/devstoreaccount1/box\n\n\n\n2026-06-06\nc\n\n\n\n\n\n\n",
        ),
        (
            "sv=2026-06-06&ss=b&srt=o&sp=r&se=2026-03-02&sig=SIG",
            "Signature did not match. String to sign used was devstoreaccount1\nr\nb\no\n\n2026-03-02\n\n\n2026-06-06\n\n",
        ),
    ] {
        let reply = rig
            .get("/box/a")
            .sas(&token.replace("SIG", &sig))
            .send_unsigned()
            .await;
        assert_eq!(reply.element(crate::DETAIL), detail, "{token}");
        reply.expect_detail(detail);
    }
}

#[tokio::test]
async fn a_time_that_is_over_is_over() {
    let rig = filled().await;
    let tokens = |from| {
        let service = Sas::blob("box", "a").read();
        let account = Sas::account().blob().object().read();
        match from {
            Some(start) => [
                service.starts(start).expires(LATER).sign(&key()).unwrap(),
                account.starts(start).expires(LATER).sign(&key()).unwrap(),
            ],
            None => [
                service.expires(LATER).sign(&key()).unwrap(),
                account.expires(LATER).sign(&key()).unwrap(),
            ],
        }
    };
    let start = LATER - time::Duration::minutes(30);
    let (bare, dated) = (tokens(None), tokens(Some(start)));
    let frame = |now: &str| {
        format!(
            "Signature not valid in the specified time frame: Start [Sun, 01 Mar 2026 12:30:00 GMT] - \
             Expiry [Sun, 01 Mar 2026 13:00:00 GMT] - Current [Sun, 01 Mar 2026 {now} GMT]"
        )
    };
    let get = async |token: &str| rig.get("/box/a").sas(token).send_unsigned().await;
    for token in &dated {
        get(token.expose()).await.expect_detail(&frame("12:00:00"));
    }
    rig.clock.advance(Duration::from_secs(30 * 60));
    for token in dated.iter().chain(&bare) {
        get(token.expose()).await.expect(200);
    }
    rig.clock.advance(Duration::from_secs(30 * 60 - 1));
    for token in dated.iter().chain(&bare) {
        get(token.expose()).await.expect(200);
    }
    rig.clock.advance(Duration::from_secs(2));
    for token in &dated {
        get(token.expose()).await.expect_detail(&frame("13:00:01"));
    }
    for token in &bare {
        get(token.expose()).await.expect_detail(
            "Signed expiry time [Sun, 01 Mar 2026 13:00:00 GMT] must be after signed start time [Sun, 01 Mar 2026 13:00:01 GMT]",
        );
    }
}

#[tokio::test]
async fn what_is_open_to_all_is_not_open_to_a_bad_signature() {
    let rig = filled().await;
    let acl = rig.put("/box?restype=container&comp=acl", "");
    acl.header("x-ms-blob-public-access", "container")
        .send()
        .await
        .expect(200);
    rig.get("/box/a").send_unsigned().await.expect(200);
    let reply = rig
        .get("/box/a")
        .sas("sv=2026-06-06&sr=b&sp=r&se=2026-03-02&sig=AAAA")
        .send_unsigned()
        .await;
    reply.expect_error(403, "AuthenticationFailed");
}

#[tokio::test]
async fn a_request_without_a_name_for_it_is_refused_after_the_signature() {
    let rig = filled().await;
    let token = Sas::container("box").read().expires(LATER).sign(&key()).unwrap();
    let get = |path: &str| rig.get(path).sas(token.expose());
    get("/box/none")
        .send_unsigned()
        .await
        .expect_error(404, "BlobNotFound");
    get("/box/a?comp=nonsense")
        .send_unsigned()
        .await
        .expect_error(400, "InvalidQueryParameterValue");
    let post = rig.request("POST", "/box/a").sas(token.expose());
    post.send_unsigned()
        .await
        .expect_error(405, "UnsupportedHttpVerb");
}
