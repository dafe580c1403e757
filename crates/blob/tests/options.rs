//! What a call asks of the layers below reaches them, from single calls and from every page of a list.

#![allow(
    clippy::unwrap_used,
    reason = "a test stops where something is not as it must be"
)]

use std::convert::Infallible;
use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::TryStreamExt as _;
use http::{Request, Response};
use lazuli_blob::{BlobServiceClient, ErrorKind, ReadFrom};
use lazuli_protocol::{Endpoint, ResponseBody};
use lazuli_transport::{OutgoingBody, SecondaryHosts, Transport, TransportBuilder};
use tokio::time::Instant;
use tower::service_fn;

const PRIMARY: &str = "http://127.0.0.1:10000/dev";

fn client(
    builder: TransportBuilder,
    answer: fn(&str) -> Response<ResponseBody>,
) -> (BlobServiceClient, Seen) {
    let seen = Seen::default();
    let log = Arc::clone(&seen);
    let service = service_fn(move |request: Request<OutgoingBody>| {
        let url = request.uri().to_string();
        let answer = answer(&url);
        log.lock().unwrap().push(url);
        async move { Ok::<_, Infallible>(answer) }
    });
    let transport = builder.build_on(service).unwrap();
    (
        BlobServiceClient::new(Endpoint::parse(PRIMARY).unwrap(), transport),
        seen,
    )
}

type Seen = Arc<Mutex<Vec<String>>>;

fn status(status: u16, code: &str) -> Response<ResponseBody> {
    let answer = Response::builder().status(status).header("x-ms-error-code", code);
    answer.body(ResponseBody::empty()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_call_and_a_page_can_have_a_deadline() {
    let never =
        service_fn(|_: Request<OutgoingBody>| pending::<Result<Response<ResponseBody>, Infallible>>());
    let transport = Transport::builder().build_on(never).unwrap();
    let container = BlobServiceClient::new(Endpoint::parse(PRIMARY).unwrap(), transport).container("box");
    let time = Duration::from_secs(2);

    let begun = Instant::now();
    let error = container.blob("b").delete().deadline(time).await.unwrap_err();
    assert_eq!((error.is_timeout(), begun.elapsed()), (true, time));

    let begun = Instant::now();
    let pages = container.list().deadline(time).pages().try_collect::<Vec<_>>();
    assert_eq!(
        (pages.await.unwrap_err().is_timeout(), begun.elapsed()),
        (true, time)
    );
}

#[tokio::test(start_paused = true)]
async fn a_read_can_go_to_the_secondary() {
    let secondary = Endpoint::parse("http://127.0.0.1:10000/dev-secondary").unwrap();
    let hosts = SecondaryHosts::none().pair(&Endpoint::parse(PRIMARY).unwrap(), &secondary);
    let builder = Transport::builder().secondary(hosts).read_from(ReadFrom::Primary);
    let (blobs, seen) = client(builder, |_| status(404, "BlobNotFound"));
    let blob = blobs.container("box").blob("b");
    blob.properties()
        .read_from(ReadFrom::Secondary)
        .await
        .unwrap_err();
    blob.properties().await.unwrap_err();
    assert_eq!(
        *seen.lock().unwrap(),
        [
            "http://127.0.0.1:10000/dev-secondary/box/b",
            "http://127.0.0.1:10000/dev/box/b"
        ]
    );
}

#[tokio::test]
async fn a_secondary_that_nobody_named_is_an_error() {
    let (blobs, seen) = client(Transport::builder(), |_| status(404, "BlobNotFound"));
    let blob = blobs.container("box").blob("b");
    let error = blob
        .properties()
        .read_from(ReadFrom::Secondary)
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), seen.lock().unwrap().len()),
        (ErrorKind::InvalidInput, 0)
    );
}

#[tokio::test(start_paused = true)]
async fn a_conflict_is_tried_again_when_asked_for() {
    let (blobs, seen) = client(Transport::builder(), |_| status(409, "LeaseAlreadyPresent"));
    let blob = blobs.container("box").blob("b");
    blob.delete().await.unwrap_err();
    assert_eq!(seen.lock().unwrap().len(), 1);
    let error = blob.delete().retry_conflicts(true).await.unwrap_err();
    assert_eq!((error.attempts(), seen.lock().unwrap().len()), (5, 6));
}
