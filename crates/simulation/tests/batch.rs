//! Blob Batch, with parts that are signed each for itself.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects, in its helpers too"
)]

mod rig;

use std::time::Duration;

use http::Request;
use lazuli_protocol::Clock as _;
use lazuli_signing::Sas;
use lazuli_simulation::AccountOptions;
use rig::{ACCOUNT, Reply, Rig, key};
use time::macros::datetime;

/// The part that asks for this, signed without a version.
fn part(rig: &Rig, number: usize, method: &str, path: &str, header: Option<(&str, &str)>) -> String {
    let mut request = Request::builder()
        .method(method)
        .uri(format!("/{ACCOUNT}{path}"))
        .header("content-length", "0");
    if let Some((name, value)) = header {
        request = request.header(name, value);
    }
    let (mut parts, ()) = request.body(()).unwrap().into_parts();
    key().sign(&mut parts, rig.clock.now()).unwrap();
    let mut text = format!(
        "--limit\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: {number}\r\n\r\n{method} {} HTTP/1.1\r\n",
        parts.uri
    );
    for (name, value) in &parts.headers {
        text.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
    }
    text + "\r\n"
}

async fn send(rig: &Rig, path: &str, parts: &[String]) -> Reply {
    let body = format!("{}--limit--\r\n", parts.concat());
    rig.request("POST", path)
        .header("content-type", "multipart/mixed; boundary=limit")
        .body(body)
        .send()
        .await
}

async fn ready() -> Rig {
    fill(Rig::new()).await
}

async fn fill(rig: Rig) -> Rig {
    rig.make_container("box").await;
    rig.make_container("other").await;
    for name in ["/box/a", "/box/b", "/other/c"] {
        rig.put_blob(name, "x").await;
    }
    rig
}

/// What the parts of an answer say first.
fn statuses(reply: &Reply) -> Vec<String> {
    let text = reply.text();
    let lines = text.lines().filter_map(|line| line.strip_prefix("HTTP/1.1 "));
    lines.map(|line| line[..3].to_owned()).collect()
}

#[tokio::test]
async fn each_part_is_answered() {
    let rig = ready().await;
    let parts = [
        part(&rig, 0, "DELETE", "/box/a", None),
        part(&rig, 1, "DELETE", "/box/none", None),
        part(&rig, 2, "DELETE", "/other/c", None),
    ];
    let answer = send(&rig, "/?comp=batch", &parts).await.expect(202);
    assert_eq!(statuses(&answer), ["202", "404", "202"]);
    let boundary = answer
        .header("content-type")
        .split("boundary=")
        .nth(1)
        .unwrap()
        .to_owned();
    assert!(boundary.starts_with("batchresponse_"));
    let text = answer.text();
    assert!(text.starts_with(&format!("--{boundary}\r\nContent-Type: application/http\r\nContent-ID: 0\r\n\r\nHTTP/1.1 202 Accepted\r\nx-ms-delete-type-permanent: true\r\n")));
    assert!(
        text.contains("HTTP/1.1 404 The specified blob does not exist.\r\nx-ms-error-code: BlobNotFound\r\n")
    );
    assert!(text.ends_with(&format!("--{boundary}--")));
    rig.get("/box/a").send().await.expect(404);
    rig.get("/other/c").send().await.expect(404);
}

#[tokio::test]
async fn tiers_are_set_within_a_container() {
    let rig = ready().await;
    let tier = Some(("x-ms-access-tier", "Cool"));
    let parts = [
        part(&rig, 0, "PUT", "/box/a?comp=tier", tier),
        part(&rig, 1, "PUT", "/other/c?comp=tier", tier),
        part(&rig, 2, "PUT", "/box/b?comp=metadata", None),
    ];
    let answer = send(&rig, "/box?restype=container&comp=batch", &parts).await;
    assert_eq!(statuses(&answer.expect(202)), ["200", "400", "400"]);
    assert_eq!(rig.head("/box/a").send().await.header("x-ms-access-tier"), "Cool");
    assert_eq!(
        rig.head("/other/c").send().await.header("x-ms-access-tier"),
        "Hot"
    );
}

#[tokio::test]
async fn a_part_without_leave_of_its_own_is_refused() {
    let rig = ready().await;
    let bare =
        "--limit\r\nContent-Type: application/http\r\n\r\nDELETE /devstoreaccount1/box/a HTTP/1.1\r\n\r\n";
    let wrong = part(&rig, 1, "DELETE", "/box/b", None).replace("/box/b HTTP", "/box/a HTTP");
    let answer = send(&rig, "/?comp=batch", &[bare.to_owned(), wrong])
        .await
        .expect(202);
    assert_eq!(statuses(&answer), ["401", "403"]);
    rig.get("/box/a").send().await.expect(200);
}

#[tokio::test]
async fn what_is_no_batch_is_refused_whole() {
    let rig = ready().await;
    send(&rig, "/?comp=batch", &[])
        .await
        .expect_error(400, "InvalidInput");
    let many = vec![part(&rig, 0, "DELETE", "/box/a", None).replace("Content-ID: 0\r\n", ""); 257];
    send(&rig, "/?comp=batch", &many)
        .await
        .expect_error(400, "ExceedsMaxBatchRequestCount");
    rig.request("POST", "/?comp=batch")
        .header("content-type", "text/plain")
        .body("x")
        .send()
        .await
        .expect_error(400, "InvalidHeaderValue");
    rig.get("/box/a").send().await.expect(200);
}

/// The part that asks for this, by a signature in its path.
fn signed_part(number: usize, method: &str, path: &str, token: &str) -> String {
    let sign = if path.contains('?') { '&' } else { '?' };
    format!(
        "--limit\r\nContent-Type: application/http\r\nContent-ID: {number}\r\n\r\n\
         {method} /{ACCOUNT}{path}{sign}{token} HTTP/1.1\r\nContent-Length: 0\r\n\r\n"
    )
}

#[tokio::test]
async fn what_was_deleted_goes_for_good_in_a_batch() {
    let options = AccountOptions::new().keep_deleted_blobs(Duration::from_secs(86_400));
    let rig = fill(Rig::with(|builder| builder.account_options(ACCOUNT, options))).await;
    let settings = "<StorageServiceProperties><DeleteRetentionPolicy><Enabled>true</Enabled><Days>1</Days>\
                    <AllowPermanentDelete>true</AllowPermanentDelete></DeleteRetentionPolicy></StorageServiceProperties>";
    let set = rig.put("/?restype=service&comp=properties", settings);
    set.send().await.expect(202);
    let mut states = Vec::new();
    for path in ["/box/a", "/box/b", "/other/c"] {
        let taken = rig.put(&format!("{path}?comp=snapshot"), "").send().await;
        let taken = taken.expect(201).header("x-ms-snapshot").to_owned();
        states.push(format!("{path}?snapshot={taken}"));
    }
    let [a, b, c] = [0, 1, 2].map(|at: usize| states[at].as_str());
    let for_good = |state: &str| format!("{state}&deletetype=permanent");
    // Nothing is deleted yet, and the blob itself never goes for good.
    let early = [
        part(&rig, 0, "DELETE", &for_good(a), None),
        part(&rig, 1, "DELETE", "/box/a?deletetype=permanent", None),
        part(&rig, 2, "DELETE", "/box/a?deletetype=nonsense", None),
    ];
    let answer = send(&rig, "/?comp=batch", &early).await.expect(202);
    assert_eq!(statuses(&answer), ["409", "400", "400"]);
    let delete = [a, b, c].map(|state| part(&rig, 0, "DELETE", state, None).replace("Content-ID: 0\r\n", ""));
    let answer = send(&rig, "/?comp=batch", &delete).await.expect(202);
    assert_eq!(statuses(&answer), ["202", "202", "202"]);
    assert!(answer.text().contains("x-ms-delete-type-permanent: false"));
    // It takes a permission of its own, and stays within the container of the batch.
    let sas = || Sas::container("box").expires(datetime!(2026-03-02 0:00 UTC));
    let without = sas().delete().delete_version().sign(&key()).unwrap();
    let with = sas().permanent_delete().sign(&key()).unwrap();
    let parts = [
        signed_part(0, "DELETE", &for_good(a), without.expose()),
        signed_part(1, "DELETE", &for_good(b), with.expose()),
        part(&rig, 2, "DELETE", &for_good(c), None),
    ];
    let answer = send(&rig, "/box?restype=container&comp=batch", &parts).await;
    let answer = answer.expect(202);
    assert_eq!(statuses(&answer), ["403", "202", "400"]);
    assert!(answer.text().contains("x-ms-delete-type-permanent: true"));
    let list = rig.get("/box?restype=container&comp=list&include=snapshots,deleted");
    let kept = list.send().await.expect(200);
    assert_eq!(kept.elements("Name"), ["a", "a", "b"]);
    let list = rig.get("/other?restype=container&comp=list&include=snapshots,deleted");
    assert_eq!(list.send().await.expect(200).elements("Name"), ["c", "c"]);
}

#[tokio::test]
async fn a_part_is_known_again_by_its_own_id() {
    let rig = ready().await;
    let long = "x".repeat(1025);
    let parts = [
        part(
            &rig,
            0,
            "DELETE",
            "/box/a",
            Some(("x-ms-client-request-id", "mine")),
        ),
        part(
            &rig,
            1,
            "DELETE",
            "/box/none",
            Some(("x-ms-client-request-id", "yours")),
        ),
        part(
            &rig,
            2,
            "DELETE",
            "/box/b",
            Some(("x-ms-client-request-id", &long)),
        ),
    ];
    let answer = send(&rig, "/?comp=batch", &parts).await.expect(202);
    assert_eq!(statuses(&answer), ["202", "404", "400"]);
    let text = answer.text();
    let told: Vec<_> = text
        .lines()
        .filter_map(|line| line.strip_prefix("x-ms-client-request-id: "))
        .collect();
    assert_eq!(told, ["mine", "yours"]);
}
