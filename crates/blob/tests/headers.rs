//! What calls put into the headers of a request: checksums, conditions on tags, positions.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where something is not as it must be"
)]

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use futures_util::TryStreamExt as _;
use http::{Request, Response};
use lazuli_blob::{BlobClient, BlobServiceClient, CustomerKey, ErrorKind, tag};
use lazuli_protocol::{Body, Endpoint, ResponseBody};
use lazuli_transport::{OutgoingBody, Transport};

type Seen = Arc<Mutex<Vec<http::request::Parts>>>;

/// A blob of a service that says yes to everything, with this body, and what it was asked.
fn blob(status: u16, body: &'static str) -> (BlobClient, Seen) {
    let seen = Seen::default();
    let log = Arc::clone(&seen);
    let service = tower::service_fn(move |request: Request<OutgoingBody>| {
        log.lock().unwrap().push(request.into_parts().0);
        async move {
            let response = Response::builder()
                .status(status)
                .header("etag", "\"0x1\"")
                .header("last-modified", "Fri, 27 Jan 2023 22:27:27 GMT")
                .body(ResponseBody::from(bytes::Bytes::from_static(body.as_bytes())));
            Ok::<_, Infallible>(response.unwrap())
        }
    });
    let transport = Transport::builder().build_on(service).unwrap();
    let endpoint = Endpoint::parse("http://127.0.0.1:10000/dev").unwrap();
    let service = BlobServiceClient::new(endpoint, transport);
    (service.container("box").blob("a"), seen)
}

fn header(seen: &Seen, name: &str) -> Option<String> {
    let seen = seen.lock().unwrap();
    let value = seen.last().unwrap().headers.get(name)?;
    Some(value.to_str().unwrap().to_owned())
}

#[tokio::test]
async fn pages_of_ranges_are_of_one_state() {
    let page = "<PageList><PageRange><Start>0</Start><End>511</End></PageRange><NextMarker>m</NextMarker></PageList>";
    let (blob, seen) = blob(200, page);
    let mut pages = blob.page_ranges().pages();
    pages.try_next().await.unwrap().unwrap();
    assert_eq!(header(&seen, "if-match"), None);
    // It names itself as the next, and is no page; but it was asked for.
    pages.try_next().await.unwrap_err();
    assert_eq!(header(&seen, "if-match").as_deref(), Some("\"0x1\""));
    assert_eq!(seen.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn content_goes_with_its_crc64_or_its_md5() {
    let (blob, seen) = blob(201, "");
    blob.upload("123456789").await.unwrap();
    assert_eq!(
        header(&seen, "x-ms-content-crc64").as_deref(),
        Some("iJh5CoYUi64=")
    );
    blob.append("123456789").md5().at_position(3).await.unwrap();
    assert_eq!(
        header(&seen, "content-md5").as_deref(),
        Some("JfnnlDI7RTiF9RgfG2JNCw==")
    );
    assert_eq!(header(&seen, "x-ms-content-crc64"), None);
    assert_eq!(
        header(&seen, "x-ms-blob-condition-appendpos").as_deref(),
        Some("3")
    );
    let stream = Body::stream(9, || Box::pin(futures_util::stream::empty()));
    let error = blob.upload(stream).md5().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(seen.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn conditions_on_tags_are_checked_before_they_are_sent() {
    let (blob, seen) = blob(201, "");
    let condition = tag("stage").ne("done").or(tag("year").lt("1969"));
    blob.upload("x").if_tags(condition).await.unwrap();
    assert_eq!(
        header(&seen, "x-ms-if-tags").as_deref(),
        Some("\"stage\" <> 'done' OR \"year\" < '1969'")
    );
    blob.upload("x").if_tags("\"a\"='b'").await.unwrap();
    assert_eq!(header(&seen, "x-ms-if-tags").as_deref(), Some("\"a\"='b'"));
    let error = blob.upload("x").if_tags(tag("a").eq("'")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    let error = blob
        .upload("x")
        .if_tags(tag("a").eq("b").in_container("box"))
        .await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::InvalidInput);
    assert_eq!(seen.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn blobs_are_found_page_after_page() {
    let (blob, seen) = blob(
        200,
        "<EnumerationResults><Blobs><Blob><Name>a</Name><ContainerName>box</ContainerName></Blob></Blobs><NextMarker/></EnumerationResults>",
    );
    let container = blob.container();
    let query = tag("project").eq("apollo").and(tag("year").ge("1969"));
    let found: Vec<_> = container
        .find_blobs_by_tags(query.clone())
        .items()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(found[0].name, "a");
    container
        .service()
        .find_blobs_by_tags(query.clone().in_container("box"))
        .page_size(7)
        .await
        .unwrap();
    let urls: Vec<_> = seen
        .lock()
        .unwrap()
        .iter()
        .map(|parts| parts.uri.to_string())
        .collect();
    let asked = "%22project%22%20%3D%20%27apollo%27%20AND%20%22year%22%20%3E%3D%20%271969%27";
    assert_eq!(
        urls,
        [
            format!("http://127.0.0.1:10000/dev/box?restype=container&comp=blobs&where={asked}"),
            format!(
                "http://127.0.0.1:10000/dev/?comp=blobs&where=%40container%20%3D%20%27box%27%20AND%20{asked}&maxresults=7"
            ),
        ]
    );
    let error = container
        .find_blobs_by_tags(query.in_container("other"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

#[tokio::test]
async fn a_key_does_not_leave_the_machine_in_the_clear() {
    let key = || CustomerKey::new(&[7; 32]);
    for (url, sent) in [
        ("http://files.example.org/acct", false),
        ("https://files.example.org/acct", true),
        ("http://127.0.0.1:10000/acct", true),
    ] {
        let service = tower::service_fn(async |_: Request<OutgoingBody>| {
            let answer = Response::builder().status(404);
            Ok::<_, Infallible>(answer.body(ResponseBody::empty()).unwrap())
        });
        let transport = Transport::builder().allow_http(true).build_on(service).unwrap();
        let blobs = BlobServiceClient::new(Endpoint::parse(url).unwrap(), transport);
        let blob = blobs.container("box").blob("a");
        let error = blob.properties().customer_key(key()).await.unwrap_err();
        assert_eq!(error.kind() != ErrorKind::InsecureUrl, sent, "{url}: {error}");
        // What needs no secrecy goes as it was allowed to.
        assert_eq!(blob.properties().await.unwrap_err().kind(), ErrorKind::Service);
    }
}
