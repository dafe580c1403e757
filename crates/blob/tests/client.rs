//! The clients on a scripted service in the same process: calls, lists, and what goes wrong.

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
use futures_util::{StreamExt as _, TryStreamExt as _};
use http::{Request, Response};
use lazuli_blob::{BlobServiceClient, ErrorKind, ListCursor};
use lazuli_protocol::xml::ListBlobsEntry;
use lazuli_protocol::{Endpoint, ErrorCode, ResponseBody};
use lazuli_transport::{OutgoingBody, Transport};

type Script = Arc<Mutex<VecDeque<Response<&'static str>>>>;

/// A service that gives these answers, and the URLs that it was asked for.
fn scripted(answers: Vec<Response<&'static str>>) -> (BlobServiceClient, Arc<Mutex<Vec<String>>>) {
    let script: Script = Arc::new(Mutex::new(answers.into()));
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    let service = tower::service_fn(move |request: Request<OutgoingBody>| {
        log.lock().unwrap().push(request.uri().to_string());
        let answer = script
            .lock()
            .unwrap()
            .pop_front()
            .expect("no more answers in the script");
        async move {
            Ok::<_, Infallible>(answer.map(|text| ResponseBody::from(Bytes::from_static(text.as_bytes()))))
        }
    });
    let transport = Transport::builder().build_on(service).unwrap();
    let endpoint = Endpoint::parse("http://127.0.0.1:10000/dev").unwrap();
    (BlobServiceClient::new(endpoint, transport), asked)
}

fn page(body: &'static str) -> Response<&'static str> {
    Response::builder().status(200).body(body).unwrap()
}

#[tokio::test]
async fn a_page_that_names_itself_as_the_next_is_the_end() {
    let around = || {
        page(
            "<EnumerationResults><Blobs><Blob><Name>a</Name></Blob></Blobs><NextMarker>m</NextMarker></EnumerationResults>",
        )
    };
    let (blobs, asked) = scripted(vec![around(), around()]);
    let mut items = blobs.container("box").list().items();
    assert_eq!(items.try_next().await.unwrap().unwrap().name(), "a");
    let error = items.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{error}");
    assert!(items.next().await.is_none());
    assert_eq!(asked.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn a_list_goes_from_page_to_page() {
    let (blobs, asked) = scripted(vec![
        page(
            "<EnumerationResults><Blobs><Blob><Name>a</Name></Blob></Blobs><NextMarker>m 1</NextMarker></EnumerationResults>",
        ),
        page("<EnumerationResults><Blobs/><NextMarker>m2</NextMarker></EnumerationResults>"),
        page(
            "<EnumerationResults><Blobs><Blob><Name>b</Name></Blob></Blobs><NextMarker/></EnumerationResults>",
        ),
    ]);
    let entries: Vec<_> = blobs
        .container("box")
        .list()
        .prefix("")
        .page_size(1)
        .items()
        .try_collect()
        .await
        .unwrap();
    let names: Vec<_> = entries
        .iter()
        .map(|entry| match entry {
            ListBlobsEntry::Blob(blob) => blob.name.as_str(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(names, ["a", "b"]);
    let base = "http://127.0.0.1:10000/dev/box?restype=container&comp=list";
    assert_eq!(
        *asked.lock().unwrap(),
        [
            format!("{base}&maxresults=1"),
            format!("{base}&marker=m%201&maxresults=1"),
            format!("{base}&marker=m2&maxresults=1")
        ]
    );
}

#[tokio::test]
async fn a_list_ends_at_an_error() {
    let refusal = Response::builder()
        .status(404)
        .header("x-ms-error-code", "ContainerNotFound")
        .body("")
        .unwrap();
    let (blobs, _) = scripted(vec![
        page(
            "<EnumerationResults><Blobs><Blob><Name>a</Name></Blob></Blobs><NextMarker>m</NextMarker></EnumerationResults>",
        ),
        refusal,
    ]);
    let mut items = blobs.container("box").list().items();
    assert!(items.try_next().await.unwrap().is_some());
    assert_eq!(
        items.try_next().await.unwrap_err().code(),
        Some(&ErrorCode::ContainerNotFound)
    );
    assert!(items.try_next().await.unwrap().is_none());
}

#[tokio::test]
async fn names_that_cannot_be_are_errors_of_the_call_and_nothing_is_sent() {
    let (blobs, asked) = scripted(vec![]);
    let blob = blobs.container("Box").blob("a");
    assert_eq!(
        blob.properties().await.unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
    let blob = blobs.container("box").blob("../a");
    assert_eq!(
        blob.download().range(0..5).await.unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
    let blob = blobs.container("box").blob("a");
    let bad_metadata = blob
        .upload("x")
        .metadata("two words", "v")
        .content_type("text/plain");
    assert_eq!(bad_metadata.await.unwrap_err().kind(), ErrorKind::InvalidInput);
    assert_eq!(
        blobs
            .container("")
            .list()
            .items()
            .try_next()
            .await
            .unwrap_err()
            .kind(),
        ErrorKind::InvalidInput
    );
    assert!(asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_refusal_says_what_was_tried_and_on_what() {
    let (blobs, _) = scripted(vec![
        Response::builder()
            .status(404)
            .header("x-ms-error-code", "BlobNotFound")
            .header("x-ms-request-id", "r-1")
            .body("<Error><Code>BlobNotFound</Code><Message>The specified blob does not exist.\nRequestId:r-1</Message></Error>")
            .unwrap(),
    ]);
    let error = blobs.container("box").blob("a/b").download().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.code(), Some(&ErrorCode::BlobNotFound));
    assert_eq!(error.request_id(), Some("r-1"));
    let text = error.to_string();
    for part in ["GetBlob", "/dev/box/a/b", "The specified blob does not exist"] {
        assert!(text.contains(part), "{part} is not in {text:?}");
    }
}

#[tokio::test]
async fn calls_are_values_until_they_are_awaited() {
    let (blobs, asked) = scripted(vec![]);
    drop(blobs.container("box").blob("a").delete());
    assert!(asked.lock().unwrap().is_empty());
}

#[test]
fn connection_strings_are_read_and_their_secrets_do_not_show() {
    let key = "SGVsbG8gU0VDUkVU";
    for (text, endpoint) in [
        (
            "UseDevelopmentStorage=true".to_owned(),
            "http://127.0.0.1:10000/devstoreaccount1",
        ),
        (
            format!(
                "DefaultEndpointsProtocol=https;AccountName=acct;AccountKey={key};EndpointSuffix=core.windows.net"
            ),
            "https://acct.blob.core.windows.net",
        ),
    ] {
        let blobs = BlobServiceClient::from_connection_string(&text).unwrap();
        assert_eq!(blobs.endpoint().as_str(), endpoint);
        assert!(!format!("{blobs:?}").contains(key));
    }
    let error =
        BlobServiceClient::from_connection_string(&format!("AccountKey={key};AccountName")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(!format!("{error} {error:?}").contains(key));
}

const PAGE_1: &str = "<EnumerationResults><Blobs><Blob><Name>a</Name></Blob><Blob><Name>b</Name><Snapshot>1</Snapshot></Blob>\
    <Blob><Name>b</Name></Blob></Blobs><NextMarker>m 1</NextMarker></EnumerationResults>";
const PAGE_2: &str = "<EnumerationResults><Blobs><Blob><Name>c</Name></Blob><Blob><Name>d</Name></Blob></Blobs><NextMarker/></EnumerationResults>";

fn told(entry: &ListBlobsEntry) -> String {
    match entry {
        ListBlobsEntry::Blob(blob) => blob.name.clone() + blob.snapshot.as_deref().unwrap_or_default(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_list_goes_on_from_any_entry() {
    let all = ["a", "b1", "b", "c", "d"];
    for taken in 0..=all.len() {
        let (blobs, asked) = scripted([PAGE_1, PAGE_2, PAGE_1, PAGE_2].map(page).into());
        let mut items = blobs.container("box").list().items();
        for expected in all.iter().take(taken) {
            assert_eq!(told(&items.try_next().await.unwrap().unwrap()), *expected);
        }
        let cursor = items.cursor().to_string();
        drop(items);
        // What was left on the second page is found there, and nothing was asked for in vain.
        let pages = if taken > 3 { 2 } else { usize::from(taken > 0) };
        assert_eq!(asked.lock().unwrap().len(), pages, "{cursor}");
        let (blobs, _) = scripted(if taken > 3 {
            vec![page(PAGE_2)]
        } else {
            vec![page(PAGE_1), page(PAGE_2)]
        });
        let rest = blobs.container("box").list().resume(cursor.parse().unwrap());
        let rest: Vec<_> = rest
            .items()
            .map_ok(|entry| told(&entry))
            .try_collect()
            .await
            .unwrap();
        assert_eq!(rest, all[taken..], "{cursor}");
    }
}

#[tokio::test]
async fn a_page_comes_once_more_where_the_last_entry_seen_is_gone() {
    let (blobs, asked) = scripted(vec![page(PAGE_2)]);
    let cursor: ListCursor = "marker=m%201&name=cc&version=7".parse().unwrap();
    assert_eq!(cursor.to_string(), "marker=m%201&name=cc&version=7");
    let rest = blobs.container("box").list().resume(cursor);
    let rest: Vec<_> = rest.pages().try_collect().await.unwrap();
    let [rest] = rest.as_slice() else {
        panic!("{rest:?}");
    };
    assert_eq!(rest.entries.iter().map(told).collect::<Vec<_>>(), ["c", "d"]);
    assert!(asked.lock().unwrap()[0].ends_with("&marker=m%201"));
    for bad in ["marker", "x=1", "name=%ff"] {
        assert_eq!(
            bad.parse::<ListCursor>().unwrap_err().kind(),
            ErrorKind::InvalidInput,
            "{bad}"
        );
    }
}

#[cfg(feature = "arrow")]
#[tokio::test]
async fn who_takes_tables_takes_xml_too() {
    let (blobs, asked) = scripted(vec![page(PAGE_2)]);
    let list = blobs.container("box").list().start_from("c").end_before("e");
    let names: Vec<_> = list
        .items()
        .map_ok(|entry| told(&entry))
        .try_collect()
        .await
        .unwrap();
    assert_eq!(names, ["c", "d"]);
    assert!(asked.lock().unwrap()[0].ends_with("&startFrom=c&endBefore=e"));
}

#[tokio::test]
async fn streams_that_are_over_stay_over() {
    let (blobs, asked) = scripted([PAGE_1, PAGE_2, PAGE_1, PAGE_2].map(page).into());
    let mut items = blobs.container("box").list().items();
    while items.next().await.is_some() {}
    let mut pages = blobs.container("box").list().pages();
    while pages.next().await.is_some() {}
    for _ in 0..3 {
        assert!(items.next().await.is_none() && pages.next().await.is_none());
    }
    assert_eq!(asked.lock().unwrap().len(), 4);
    let found = "<EnumerationResults><Where/><Blobs/><NextMarker/></EnumerationResults>";
    let (blobs, _) = scripted(vec![page(found)]);
    let mut found = blobs.find_blobs_by_tags("x").items();
    for _ in 0..3 {
        assert!(found.next().await.is_none());
    }
    // So do those that end with an error.
    let mut refused = blobs.container("No Name").list().items();
    assert!(refused.next().await.unwrap().is_err());
    assert!(refused.next().await.is_none() && refused.next().await.is_none());
}
