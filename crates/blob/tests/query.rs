//! Queries of a scripted service in the same process: what is sent, and answers that are whole, wrong or cut.

#![cfg(feature = "query")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where something is not as it must be"
)]

#[path = "../src/avro/testing.rs"]
#[allow(dead_code, reason = "the crate's own tests use the rest")]
mod avro;

use std::sync::{Arc, Mutex};

use avro::{file, header, long, text};
use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use http_body_util::BodyExt as _;
use lazuli_blob::operations::QueryBlobContents;
use lazuli_blob::{CustomerKey, ErrorKind, QueryError, QueryEvent, QueryResult};
use lazuli_protocol::xml::{DelimitedText, QueryInput};
use lazuli_protocol::{BlobName, BodyKind, ContainerName, Endpoint, EtagMatch, Operation as _, ResponseBody};
use lazuli_transport::{OutgoingBody, Transport};

const SCHEMA: &str = r#"[
    {"type": "record", "name": "com.microsoft.azure.storage.queryBlobContents.resultData", "fields": [{"name": "data", "type": "bytes"}]},
    {"type": "record", "name": "com.microsoft.azure.storage.queryBlobContents.error", "fields": [
        {"name": "fatal", "type": "boolean"}, {"name": "name", "type": "string"},
        {"name": "description", "type": "string"}, {"name": "position", "type": "long"}]},
    {"type": "record", "name": "com.microsoft.azure.storage.queryBlobContents.progress", "fields": [
        {"name": "bytesScanned", "type": "long"}, {"name": "totalBytes", "type": "long"}]},
    {"type": "record", "name": "com.microsoft.azure.storage.queryBlobContents.end", "fields": [{"name": "totalBytes", "type": "long"}]},
    {"type": "record", "name": "com.microsoft.azure.storage.queryBlobContents.news", "fields": []}]"#;

fn data(bytes: &str) -> Vec<u8> {
    [long(0), text(bytes)].concat()
}

fn error(fatal: bool) -> Vec<u8> {
    let description = "Unexpected token ',' at [byte: 3].\r\n";
    [
        long(1),
        vec![fatal.into()],
        text("ParseError"),
        text(description),
        long(3),
    ]
    .concat()
}

fn progress(scanned: i64) -> Vec<u8> {
    [long(2), long(scanned), long(64)].concat()
}

fn end() -> Vec<u8> {
    [long(3), long(64)].concat()
}

/// The answer of these bytes, in pieces.
async fn answer(bytes: Vec<u8>) -> QueryResult {
    let frames: Vec<_> = bytes
        .chunks(11)
        .map(|piece| Ok::<_, std::io::Error>(http_body::Frame::data(Bytes::copy_from_slice(piece))))
        .collect();
    let body = ResponseBody::new(http_body_util::StreamBody::new(stream::iter(frames)));
    let response = http::Response::builder()
        .header("etag", "\"0x1\"")
        .header("last-modified", "Fri, 27 Jan 2023 22:27:27 GMT")
        .header("content-type", "avro/binary")
        .header("x-ms-blob-type", "BlockBlob");
    let (parts, ()) = response.body(()).unwrap().into_parts();
    QueryBlobContents::response(parts, body).await.unwrap()
}

#[tokio::test]
async fn data_is_taken_out_of_its_frames() {
    let whole = file(
        SCHEMA,
        &[
            vec![data("100,200\n")],
            vec![data(""), data("150,250\n"), progress(64)],
            vec![end()],
        ],
    );
    assert_eq!(
        answer(whole.clone()).await.bytes().await.unwrap(),
        "100,200\n150,250\n"
    );
    let pieces: Vec<_> = answer(whole).await.into_stream().try_collect().await.unwrap();
    assert_eq!(pieces, ["100,200\n", "150,250\n"]);
    let empty = file(SCHEMA, &[vec![progress(64)], vec![end()]]);
    let empty = answer(empty).await;
    assert_eq!(empty.properties().etag.as_str(), "0x1");
    assert_eq!(empty.bytes().await.unwrap(), "");
}

#[tokio::test]
async fn all_that_comes_is_an_event() {
    let bytes = file(
        SCHEMA,
        &[vec![
            data("a"),
            progress(32),
            error(false),
            long(4),
            data("b"),
            end(),
            data("after the end"),
        ]],
    );
    let events: Vec<_> = answer(bytes).await.into_events().try_collect().await.unwrap();
    let [
        QueryEvent::Data(a),
        QueryEvent::Progress(progress),
        QueryEvent::Error(error),
        QueryEvent::Unknown(news),
        QueryEvent::Data(b),
    ] = &*events
    else {
        panic!("{events:?}")
    };
    assert_eq!((&a[..], &b[..], &**news), (&b"a"[..], &b"b"[..], "news"));
    assert_eq!((progress.bytes_scanned, progress.total_bytes), (32, 64));
    assert_eq!(
        (error.fatal, &*error.name, error.position),
        (false, "ParseError", 3)
    );
}

#[tokio::test]
async fn errors_go_to_their_taker_or_end_the_answer() {
    let bytes = file(
        SCHEMA,
        &[vec![data("a"), error(false), progress(64), data("b"), end()]],
    );
    let heard = Arc::new(Mutex::new(Vec::new()));
    let (errors, steps) = (Arc::clone(&heard), Arc::clone(&heard));
    let taken = answer(bytes.clone())
        .await
        .on_error(move |error| errors.lock().unwrap().push(error.to_string()))
        .on_progress(move |progress| steps.lock().unwrap().push(progress.bytes_scanned.to_string()));
    assert_eq!(taken.bytes().await.unwrap(), "ab");
    assert_eq!(
        *heard.lock().unwrap(),
        ["ParseError at 3: Unexpected token ',' at [byte: 3].", "64"]
    );

    let mut answer = answer(bytes).await;
    assert_eq!(answer.next().await.unwrap().unwrap(), "a");
    let error = answer.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert!(error.to_string().contains("on_error"), "{error}");
    assert!(!QueryError::of(&error).unwrap().fatal);
    assert!(answer.next().await.is_none());
}

#[tokio::test]
async fn a_fatal_error_ends_the_answer_whoever_listens() {
    let bytes = file(SCHEMA, &[vec![data("a"), error(true), data("b"), end()]]);
    let mut answer = answer(bytes).await.on_error(|error| panic!("{error}"));
    assert_eq!(answer.next().await.unwrap().unwrap(), "a");
    let error = answer.next().await.unwrap().unwrap_err();
    assert_eq!(QueryError::of(&error).unwrap().name, "ParseError");
    assert!(
        error.to_string().contains("the query failed: ParseError at 3"),
        "{error}"
    );
    assert!(answer.next().await.is_none());
}

#[tokio::test]
async fn an_answer_without_its_end_is_an_error() {
    let whole = file(SCHEMA, &[vec![data("a")], vec![progress(64)]]);
    let mut events = std::pin::pin!(answer(whole).await.into_events());
    assert!(matches!(events.next().await, Some(Ok(QueryEvent::Data(_)))));
    assert!(matches!(events.next().await, Some(Ok(QueryEvent::Progress(_)))));
    assert_eq!(events.next().await.unwrap().unwrap_err().kind(), ErrorKind::Body);
    assert!(events.next().await.is_none());

    for bytes in [
        header(SCHEMA, None)[..40].to_vec(),
        file(r#""string""#, &[vec![text("no record")]]),
        file(SCHEMA, &[vec![[long(2), long(-1), long(0)].concat()]]),
        file(
            r#"{"type": "record", "name": "resultData", "fields": []}"#,
            &[vec![]],
        ),
    ] {
        let error = answer(bytes).await.bytes().await.unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::InvalidResponse | ErrorKind::Body),
            "{error}"
        );
    }
}

#[test]
fn a_query_is_a_post_that_shows_what_it_must() {
    let mut query = QueryBlobContents::new(
        ContainerName::new("box").unwrap(),
        BlobName::new("a.csv").unwrap(),
        "SELECT _1 FROM BlobStorage",
    );
    query.snapshot = Some("2023-01-30T21:10:54.5633014Z".to_owned());
    query.lease_id = Some("00000000-aaaa-4bbb-8ccc-000000000001".parse().unwrap());
    query.customer_key = Some(CustomerKey::new(&[7; 32]));
    query.conditions = std::mem::take(&mut query.conditions)
        .if_none_match(EtagMatch::Any)
        .if_tags("\"a\" = 'b'");
    let request = query
        .request(&Endpoint::parse("https://example.blob.core.windows.net").unwrap())
        .unwrap();
    assert_eq!(request.method(), "POST");
    assert_eq!(
        request.uri(),
        "https://example.blob.core.windows.net/box/a.csv?comp=query&snapshot=2023-01-30T21%3A10%3A54.5633014Z"
    );
    for (name, value) in [
        ("content-type", "application/xml"),
        ("accept", "application/xml"),
        ("x-ms-lease-id", "00000000-aaaa-4bbb-8ccc-000000000001"),
        ("x-ms-encryption-algorithm", "AES256"),
        ("if-none-match", "*"),
        ("x-ms-if-tags", "\"a\" = 'b'"),
    ] {
        assert_eq!(request.headers()[name], value, "{name}");
    }
    let BodyKind::Bytes(body) = request.body().open() else {
        panic!("{:?}", request.body())
    };
    let body = std::str::from_utf8(&body).unwrap();
    assert!(body.contains(
        "<QueryType>SQL</QueryType><Expression>SELECT _1 FROM BlobStorage</Expression></QueryRequest>"
    ));
}

#[tokio::test]
async fn a_call_reads_like_a_sentence() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    let service = tower::service_fn(move |request: http::Request<OutgoingBody>| {
        let log = Arc::clone(&log);
        async move {
            let body = request.into_body().collect().await.unwrap().to_bytes();
            log.lock()
                .unwrap()
                .push(String::from_utf8(body.to_vec()).unwrap());
            let answer = http::Response::builder()
                .header("etag", "\"0x1\"")
                .header("last-modified", "Fri, 27 Jan 2023 22:27:27 GMT")
                .body(ResponseBody::from(Bytes::from(file(
                    SCHEMA,
                    &[vec![data("1\n"), end()]],
                ))));
            Ok::<_, std::convert::Infallible>(answer.unwrap())
        }
    });
    let transport = Transport::builder().build_on(service).unwrap();
    let blobs = lazuli_blob::BlobServiceClient::new(
        Endpoint::parse("http://127.0.0.1:10000/dev").unwrap(),
        transport,
    );
    let blob = blobs.container("box").blob("a.parquet");
    let answer = blob
        .query("SELECT id FROM BlobStorage")
        .input(QueryInput::Parquet)
        .output(DelimitedText::new())
        .if_match(EtagMatch::Any)
        .await
        .unwrap();
    assert_eq!(answer.bytes().await.unwrap(), "1\n");
    assert!(asked.lock().unwrap()[0].contains("<InputSerialization><Format><Type>parquet</Type>"));
}

proptest::proptest! {
    #[test]
    fn a_damaged_answer_is_read_or_refused(
        damage in proptest::collection::vec((proptest::prelude::any::<proptest::sample::Index>(), proptest::prelude::any::<u8>()), 1..5),
    ) {
        let mut bytes = file(SCHEMA, &[vec![data("a"), progress(32), error(false)], vec![data("b"), end()]]);
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let outcome: Result<Vec<QueryEvent>, _> =
            runtime.block_on(async { answer(bytes).await.into_events().try_collect().await });
        if let Err(error) = outcome {
            let expected = [ErrorKind::InvalidResponse, ErrorKind::Body, ErrorKind::Service];
            proptest::prop_assert!(expected.contains(&error.kind()), "{error}");
        }
    }
}
