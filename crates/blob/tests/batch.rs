//! Batches on a service in the same process: how they are split, and what becomes of each part.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where something is not as it must be"
)]

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::BodyExt as _;
use lazuli_blob::operations::{BlobDeleted, DeleteBlob, SubmitBatch, TierSet};
use lazuli_blob::{BatchOutcome, BlobServiceClient, ErrorKind};
use lazuli_protocol::{AccessTier, BlobName, ContainerName, Endpoint, Operation as _, ResponseBody};
use lazuli_signing::{AccountKey, Credential, EMULATOR_ACCOUNT, EMULATOR_KEY, SasToken, SharedKey};
use lazuli_transport::{OutgoingBody, Transport};

type Script = Arc<Mutex<VecDeque<Response<String>>>>;
type Asked = Arc<Mutex<Vec<(String, String)>>>;

/// A service that gives these answers, and what it was asked: URLs and bodies.
fn scripted(answers: Vec<Response<String>>) -> (BlobServiceClient, Asked) {
    let key = SharedKey::new(
        EMULATOR_ACCOUNT.parse().unwrap(),
        AccountKey::from_base64(EMULATOR_KEY).unwrap(),
    );
    scripted_with(key, answers)
}

fn scripted_with(
    credential: impl Into<Credential>,
    answers: Vec<Response<String>>,
) -> (BlobServiceClient, Asked) {
    let script: Script = Arc::new(Mutex::new(answers.into()));
    let asked = Asked::default();
    let log = Arc::clone(&asked);
    let service = tower::service_fn(move |request: Request<OutgoingBody>| {
        let (log, script) = (Arc::clone(&log), Arc::clone(&script));
        async move {
            let (parts, body) = request.into_parts();
            let body = body.collect().await.unwrap().to_bytes();
            assert_eq!(parts.headers["content-length"], body.len().to_string());
            let body = String::from_utf8(body.to_vec()).unwrap();
            log.lock().unwrap().push((parts.uri.to_string(), body));
            let answer = script
                .lock()
                .unwrap()
                .pop_front()
                .expect("no more answers in the script");
            Ok::<_, Infallible>(answer.map(|text| ResponseBody::from(Bytes::from(text))))
        }
    });
    let transport = Transport::builder()
        .credential(credential)
        .build_on(service)
        .unwrap();
    let endpoint = Endpoint::parse("http://127.0.0.1:10000/devstoreaccount1").unwrap();
    (BlobServiceClient::new(endpoint, transport), asked)
}

fn part(id: usize, answer: &str) -> String {
    format!(
        "--batchresponse_1\r\nContent-Type: application/http\r\nContent-ID: {id}\r\n\r\nHTTP/1.1 {answer}\r\n\r\n"
    )
}

fn answer(parts: impl IntoIterator<Item = String>) -> Response<String> {
    let mut body: String = parts.into_iter().collect();
    body.push_str("--batchresponse_1--");
    Response::builder()
        .status(202)
        .header("content-type", "multipart/mixed; boundary=batchresponse_1")
        .body(body)
        .unwrap()
}

fn accepted(id: usize) -> String {
    part(id, "202 Accepted\r\nx-ms-delete-type-permanent: true")
}

#[tokio::test]
async fn each_part_has_its_own_outcome_in_the_order_given() {
    let refused =
        "404 The specified blob does not exist.\r\nx-ms-error-code: BlobNotFound\r\nContent-Length: 0\r\n";
    let (blobs, asked) = scripted(vec![
        answer([part(1, refused), accepted(0)]),
        answer([part(0, "200 OK")]),
    ]);
    let logs = blobs.container("logs");
    let outcomes = blobs
        .batch()
        .with(logs.blob("a b").delete().permanent().snapshot("s"))
        .set_tier(&logs.blob("b"), AccessTier::Cool)
        .delete(&logs.blob("c"))
        .send()
        .await;
    let [first, second, third] = outcomes.as_slice() else {
        panic!("{outcomes:?}")
    };
    let Ok(BatchOutcome::Deleted(BlobDeleted { permanent, .. })) = first else {
        panic!("{first:?}")
    };
    assert_eq!(*permanent, Some(true));
    assert_eq!(second.as_ref().unwrap(), &BatchOutcome::TierSet(TierSet::Applied));
    let error = third.as_ref().unwrap_err();
    assert_eq!(error.service().unwrap().code().unwrap().as_str(), "BlobNotFound");

    let asked = asked.lock().unwrap();
    let [(url, deletes), (_, tiers)] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert_eq!(url, "http://127.0.0.1:10000/devstoreaccount1/?comp=batch");
    for line in [
        "DELETE /devstoreaccount1/logs/a%20b?snapshot=s&deletetype=Permanent HTTP/1.1\r\n",
        "DELETE /devstoreaccount1/logs/c HTTP/1.1\r\n",
    ] {
        assert!(deletes.contains(line), "{deletes}");
    }
    assert_eq!(
        deletes
            .matches("authorization: SharedKey devstoreaccount1:")
            .count(),
        2
    );
    assert!(
        !deletes.contains("x-ms-version") && !deletes.contains("\r\naccept"),
        "{deletes}"
    );
    assert!(
        tiers.contains("PUT /devstoreaccount1/logs/b?comp=tier HTTP/1.1\r\n"),
        "{tiers}"
    );
    assert!(tiers.contains("x-ms-access-tier: Cool\r\n"), "{tiers}");
}

#[tokio::test]
async fn a_sas_stands_on_every_url() {
    let token = SasToken::parse("sv=2026-06-06&sig=c2VjcmV0").unwrap();
    let (blobs, asked) = scripted_with(token, vec![answer((0..2).map(accepted))]);
    let logs = blobs.container("logs");
    let outcomes = blobs
        .batch()
        .delete(&logs.blob("a"))
        .with(logs.blob("b").delete().snapshot("s"))
        .send()
        .await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    let asked = asked.lock().unwrap();
    let (url, body) = &asked[0];
    assert!(url.ends_with("/?comp=batch&sv=2026-06-06&sig=c2VjcmV0"), "{url}");
    for target in ["logs/a?sv", "logs/b?snapshot=s&sv"] {
        let line = format!("DELETE /devstoreaccount1/{target}=2026-06-06&sig=c2VjcmV0 HTTP/1.1\r\n");
        assert!(body.contains(&line), "{body}");
    }
    assert!(!body.contains("authorization"), "{body}");
}

#[tokio::test]
async fn more_than_a_request_holds_are_split() {
    let (blobs, asked) = scripted(vec![
        answer((0..256).map(accepted)),
        answer((0..44).map(accepted)),
    ]);
    let logs = blobs.container("logs");
    let batch = (0..300).fold(logs.batch(), |batch, n| batch.delete(&logs.blob(n.to_string())));
    assert_eq!(batch.len(), 300);
    let outcomes = batch.send().await;
    assert!(outcomes.len() == 300 && outcomes.iter().all(Result::is_ok));
    let asked = asked.lock().unwrap();
    assert_eq!(asked.len(), 2);
    assert!(
        asked[0].0.ends_with("/logs?restype=container&comp=batch"),
        "{}",
        asked[0].0
    );
    assert!(asked[1].1.contains("/logs/299 HTTP"));
}

#[tokio::test]
async fn large_parts_are_split_by_their_size() {
    let (blobs, asked) = scripted(vec![
        answer((0..120).map(accepted)),
        answer((0..120).map(accepted)),
    ]);
    let name = "ü".repeat(1000);
    let condition = "x".repeat(25_000);
    let logs = blobs.container("logs");
    let batch = (0..150).fold(blobs.batch(), |batch, _| {
        batch.with(logs.blob(name.as_str()).delete().if_tags(condition.as_str()))
    });
    batch.send().await;
    let asked = asked.lock().unwrap();
    assert_eq!(asked.len(), 2);
    assert!(asked.iter().all(|(_, body)| body.len() <= 4 * 1024 * 1024));
}

#[tokio::test]
async fn what_is_not_answered_or_not_sent_has_an_error_of_its_own() {
    let (blobs, asked) = scripted(vec![answer([accepted(1)])]);
    let logs = blobs.container("logs");
    let (elsewhere, _) = {
        let transport = Transport::from_service(tower::service_fn(async |_: Request<OutgoingBody>| {
            Ok::<_, Infallible>(Response::new(ResponseBody::empty()))
        }));
        let endpoint = Endpoint::parse("https://other.blob.core.windows.net").unwrap();
        (BlobServiceClient::new(endpoint, transport), ())
    };
    let outcomes = blobs
        .batch()
        .delete(&elsewhere.container("logs").blob("a"))
        .delete(&logs.blob("b"))
        .delete(&blobs.container("No Name").blob("c"))
        .delete(&logs.blob("d"))
        .send()
        .await;
    let kinds: Vec<_> = outcomes
        .iter()
        .map(|outcome| outcome.as_ref().err().map(lazuli_blob::Error::kind))
        .collect();
    let invalid = Some(ErrorKind::InvalidInput);
    assert_eq!(kinds, [invalid, Some(ErrorKind::InvalidResponse), invalid, None]);
    assert_eq!(asked.lock().unwrap().len(), 1);
    assert!(blobs.batch().send().await.is_empty());
}

#[tokio::test]
async fn a_batch_of_a_container_takes_no_blobs_of_others() {
    let (blobs, asked) = scripted(vec![answer([accepted(0)])]);
    let (logs, other) = (blobs.container("logs"), blobs.container("other"));
    let outcomes = logs
        .batch()
        .delete(&other.blob("a"))
        .set_tier(&other.blob("a"), AccessTier::Cool)
        .delete(&logs.blob("b"))
        .send()
        .await;
    let kinds: Vec<_> = outcomes
        .iter()
        .map(|outcome| outcome.as_ref().err().map(lazuli_blob::Error::kind))
        .collect();
    let invalid = Some(ErrorKind::InvalidInput);
    assert_eq!(kinds, [invalid, invalid, None]);
    let asked = asked.lock().unwrap();
    assert!(asked.len() == 1 && !asked[0].1.contains("/other/"), "{asked:?}");
}

#[tokio::test]
async fn a_refusal_of_the_whole_is_an_error_of_every_part() {
    let refusal = Response::builder()
        .status(403)
        .header("x-ms-error-code", "AuthorizationFailure")
        .body(String::new())
        .unwrap();
    let without_number = "--batchresponse_1\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 400 x\r\nx-ms-error-code: InvalidInput\r\n\r\n";
    for (answer, code) in [
        (refusal, "AuthorizationFailure"),
        (answer([without_number.to_owned()]), "InvalidInput"),
    ] {
        let (blobs, _) = scripted(vec![answer]);
        let logs = blobs.container("logs");
        let outcomes = blobs
            .batch()
            .delete(&logs.blob("a"))
            .delete(&logs.blob("b"))
            .send()
            .await;
        assert_eq!(outcomes.len(), 2);
        for outcome in outcomes {
            let error = outcome.unwrap_err();
            assert_eq!(error.service().unwrap().code().unwrap().as_str(), code, "{error}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn parts_know_that_an_earlier_try_of_their_request_may_have_arrived() {
    let answer = |status: u16, code| {
        let answer = Response::builder().status(status).header("x-ms-error-code", code);
        answer
            .header("x-ms-request-id", "r-1")
            .body(String::new())
            .unwrap()
    };
    let (blobs, asked) = scripted(vec![
        answer(500, "InternalError"),
        answer(403, "AuthorizationFailure"),
    ]);
    let logs = blobs.container("logs");
    let batch = blobs.batch().delete(&logs.blob("a")).delete(&logs.blob("b"));
    let outcomes = batch.send().await;
    assert_eq!((outcomes.len(), asked.lock().unwrap().len()), (2, 2));
    for outcome in outcomes {
        let error = outcome.unwrap_err();
        let text = error.to_string();
        assert!(text.contains("an earlier try may have arrived"), "{text}");
        assert_eq!(error.code().unwrap().as_str(), "AuthorizationFailure");
        assert_eq!((error.attempts(), error.request_id()), (2, Some("r-1")));
    }
}

#[tokio::test]
async fn hostile_answers_are_errors() {
    let twice = answer([accepted(0), accepted(0)]);
    let cut = Response::builder()
        .status(202)
        .header("content-type", "multipart/mixed; boundary=batchresponse_1")
        .body(accepted(0))
        .unwrap();
    let untyped = Response::builder().status(202).body(accepted(0)).unwrap();
    for answer in [twice, cut, untyped] {
        let (parts, body) = answer.into_parts();
        let body = ResponseBody::from(Bytes::from(body));
        let error = SubmitBatch::<DeleteBlob>::response(parts, body)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), lazuli_protocol::ErrorKind::InvalidResponse);
    }
    // A part that nobody asked for changes nothing.
    let (parts, body) = answer([accepted(0), accepted(7)]).into_parts();
    let answers = SubmitBatch::<DeleteBlob>::response(parts, ResponseBody::from(Bytes::from(body))).await;
    assert_eq!(answers.unwrap().in_order(1).len(), 1);
}

#[test]
fn no_line_can_be_smuggled_in() {
    let endpoint = Endpoint::parse("https://acct.blob.core.windows.net").unwrap();
    let mut delete = DeleteBlob::new(
        ContainerName::new("box").unwrap(),
        BlobName::new("a\r\nx-ms-evil: 1").unwrap_or_else(|_| BlobName::new("a").unwrap()),
    );
    delete.snapshot = Some("s HTTP/1.1\r\nx-ms-evil: 1\r\n\r\n--batch".to_owned());
    let request = SubmitBatch::new(vec![delete.clone()]).request(&endpoint).unwrap();
    let body = String::from_utf8(request.body().as_bytes().unwrap().to_vec()).unwrap();
    assert!(!body.contains("\r\nx-ms-evil"), "{body}");
    delete.conditions = lazuli_protocol::Conditions::new().if_tags("a\r\nx-ms-evil: 1");
    assert!(SubmitBatch::new(vec![delete]).request(&endpoint).is_err());
    assert!(
        SubmitBatch::<DeleteBlob>::new(Vec::new())
            .request(&endpoint)
            .is_err()
    );
}
