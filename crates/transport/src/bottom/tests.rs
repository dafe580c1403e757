//! Bodies on their way out, and the step to the service below.

use std::convert::Infallible;
use std::io::{self, Write as _};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body as _;
use http_body_util::{BodyExt as _, Full};
use lazuli_protocol::{Body, ByteStream, FilePart, structured_message};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::yield_now;
use tower::{Service as _, ServiceExt as _, service_fn};

use super::file_reader::PIECE;
use super::places::WaitsForPlace;
#[cfg(feature = "_tls")]
use super::tls::TlsOptions;
use super::*;
use crate::testing::URL;
use crate::{Error, ErrorKind};

async fn sent(body: &Body) -> Result<Vec<Bytes>, Error> {
    let mut body = OutgoingBody::open(body)?;
    let mut left = body.size_hint().exact().unwrap();
    let mut pieces = Vec::new();
    while !body.is_end_stream() {
        let Some(frame) = body.frame().await else { break };
        let piece = frame?.into_data().unwrap();
        left -= piece.len() as u64;
        assert_eq!(body.size_hint().exact(), Some(left));
        pieces.push(piece);
    }
    Ok(pieces)
}

fn streamed(length: u64, pieces: &'static [&'static str]) -> Body {
    Body::stream(length, move || stream(pieces))
}

fn stream(pieces: &'static [&'static str]) -> ByteStream {
    Box::pin(futures_util::stream::iter(
        pieces
            .iter()
            .map(|piece| Ok(Bytes::from_static(piece.as_bytes()))),
    ))
}

/// Streams that have more or fewer bytes than they say.
const OF_ANOTHER_LENGTH: &[(u64, &[&str])] = &[
    (6, &["hello"]),
    (1, &[]),
    (4, &["hello"]),
    (4, &["hell", "o"]),
    (0, &["hello"]),
];

fn file(length: usize) -> (Vec<u8>, Arc<std::fs::File>) {
    let content: Vec<u8> = (0..length).map(|at| u8::try_from(at % 251).unwrap()).collect();
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&content).unwrap();
    (content, Arc::new(file))
}

#[tokio::test]
async fn bytes_go_out_in_one_piece() {
    assert_eq!(sent(&Body::from("hello")).await.unwrap(), ["hello"]);
    assert_eq!(sent(&Body::empty()).await.unwrap(), [""; 0]);
}

#[tokio::test]
async fn many_bytes_go_out_in_slices_of_the_same_memory() {
    for length in [PIECE, PIECE + 1, 3 * PIECE + 7] {
        let content = Bytes::from(vec![7; length]);
        let pieces = sent(&Body::from(content.clone())).await.unwrap();
        assert_eq!(pieces.len(), length.div_ceil(PIECE));
        let mut at = content.as_ptr();
        for piece in &pieces {
            assert!(piece.len() <= PIECE && piece.as_ptr() == at);
            at = at.wrapping_add(piece.len());
        }
        assert_eq!(pieces.concat(), content);
    }
}

#[tokio::test]
async fn a_part_of_a_file_goes_out_in_pieces_again_and_again() {
    let (content, file) = file(3 * PIECE);
    for (offset, length) in [
        (0, 3 * PIECE),
        (7, 2 * PIECE + 1),
        (PIECE, PIECE),
        (3 * PIECE - 1, 1),
        (9, 0),
    ] {
        let part = FilePart {
            file: Arc::clone(&file),
            offset: offset as u64,
            length: length as u64,
        };
        let body = Body::file(part);
        for _ in 0..2 {
            let pieces = sent(&body).await.unwrap();
            assert!(pieces.iter().all(|piece| piece.len() <= PIECE));
            assert_eq!(pieces.concat(), content[offset..offset + length]);
        }
    }
}

#[tokio::test]
async fn a_file_that_ends_early_is_an_error() {
    let (_, file) = file(PIECE + 10);
    for (offset, length) in [
        (0, PIECE as u64 + 11),
        (PIECE as u64 + 10, 1),
        (1 << 40, 1),
        (u64::MAX, 2),
    ] {
        let part = FilePart {
            file: Arc::clone(&file),
            offset,
            length,
        };
        let error = sent(&Body::file(part)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RequestBody, "{offset} {length}");
    }
}

#[tokio::test]
async fn a_stream_is_held_to_its_length() {
    assert_eq!(
        sent(&streamed(5, &["he", "", "llo", ""])).await.unwrap().concat(),
        b"hello"
    );
    assert!(sent(&streamed(0, &[""])).await.unwrap().is_empty());
    for (length, pieces) in OF_ANOTHER_LENGTH {
        let error = sent(&streamed(*length, pieces)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RequestBody, "{length} {pieces:?}");
    }
}

#[tokio::test]
async fn a_stream_that_fails_is_an_error() {
    let body = Body::stream(5, || {
        let pieces = [Ok(Bytes::from_static(b"he")), Err(io::Error::other("unplugged"))];
        Box::pin(futures_util::stream::iter(pieces))
    });
    let error = sent(&body).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RequestBody);
    assert_eq!(
        std::error::Error::source(&error).unwrap().to_string(),
        "unplugged"
    );
}

#[tokio::test]
async fn content_of_every_kind_goes_out_in_segments_again_and_again() {
    const SEGMENT: usize = 4 * 1024 * 1024;
    let (content, file) = file(SEGMENT + 3 * PIECE + 7);
    let content = Bytes::from(content);
    let part = FilePart {
        file,
        offset: 0,
        length: content.len() as u64,
    };
    let stream = {
        let pieces: Vec<_> = content
            .chunks(PIECE / 2 + 11)
            .map(Bytes::copy_from_slice)
            .collect();
        Body::stream(content.len() as u64, move || {
            Box::pin(futures_util::stream::iter(pieces.clone().into_iter().map(Ok)))
        })
    };
    let message = structured_message(&content, SEGMENT).unwrap().concat();
    for body in [Body::from(content.clone()), Body::file(part), stream] {
        let body = body.in_segments().unwrap();
        for _ in 0..2 {
            let pieces = sent(&body).await.unwrap();
            assert!(pieces.iter().all(|piece| piece.len() <= PIECE), "{body:?}");
            assert!(pieces.concat() == message, "{body:?}");
        }
    }
    // Bytes in memory are sent from where they are.
    let pieces = sent(&Body::from(content.clone()).in_segments().unwrap())
        .await
        .unwrap();
    let shared = content.as_ptr_range();
    let within = pieces.iter().filter(|piece| shared.contains(&piece.as_ptr()));
    assert_eq!(within.map(Bytes::len).sum::<usize>(), content.len());
    // Nothing is content as well.
    for none in [Body::empty(), streamed(0, &[""])] {
        assert_eq!(
            sent(&none.in_segments().unwrap()).await.unwrap().concat().len(),
            21
        );
    }
}

#[tokio::test]
async fn a_stream_in_segments_is_held_to_its_length_too() {
    for (length, pieces) in OF_ANOTHER_LENGTH {
        let body = streamed(*length, pieces).in_segments().unwrap();
        let error = sent(&body).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RequestBody, "{length} {pieces:?}");
    }
    let body = Body::once(5, stream(&["hello"])).in_segments().unwrap();
    assert_eq!(sent(&body).await.unwrap().concat().len(), 44);
    let error = sent(&body).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BodyNotReplayable);
}

#[tokio::test]
async fn a_body_that_was_sent_is_not_sent_again() {
    let mut bottom = Bottom::new(service_fn(|request: Request<OutgoingBody>| async move {
        let body = request.into_body().collect().await?.to_bytes();
        Ok::<_, Error>(Response::new(Full::new(body)))
    }));
    let request = Request::put(URL).body(Body::once(5, stream(&["hello"]))).unwrap();
    let answer = bottom.ready().await.unwrap().call(request.clone()).await.unwrap();
    assert_eq!(answer.into_body().collect(9).await.unwrap(), "hello");
    let error = bottom.ready().await.unwrap().call(request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BodyNotReplayable);
}

#[tokio::test]
async fn an_error_of_the_body_comes_through_the_service() {
    let bottom = Bottom::new(service_fn(|request: Request<OutgoingBody>| async move {
        let body = request
            .into_body()
            .collect()
            .await
            .map_err(io::Error::other)?
            .to_bytes();
        Ok::<_, io::Error>(Response::new(Full::new(body)))
    }));
    let request = Request::put(URL).body(streamed(9, &["hello"])).unwrap();
    assert_eq!(
        bottom.oneshot(request).await.unwrap_err().kind(),
        ErrorKind::RequestBody
    );
}

#[tokio::test]
async fn an_answer_of_any_body_is_taken() {
    let bottom = Bottom::new(service_fn(|_: Request<OutgoingBody>| async {
        Ok::<_, Infallible>(
            Response::builder()
                .status(202)
                .body(Full::new(Bytes::from_static(b"later")))
                .unwrap(),
        )
    }));
    let answer = bottom
        .oneshot(Request::get(URL).body(Body::empty()).unwrap())
        .await
        .unwrap();
    assert_eq!(answer.status(), 202);
    assert_eq!(answer.into_body().collect(9).await.unwrap(), "later");
}

/// Answers the first request on each connection with a body of a byte, which it sends when it is told to, and no other.
async fn slow_server() -> (String, Arc<tokio::sync::Notify>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/c/b", listener.local_addr().unwrap());
    let go_on = Arc::new(tokio::sync::Notify::new());
    let told = Arc::clone(&go_on);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let told = Arc::clone(&told);
            tokio::spawn(async move {
                let mut request = [0; 4096];
                assert!(stream.read(&mut request).await.unwrap() > 0);
                let head = b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n";
                stream.write_all(head).await.unwrap();
                told.notified().await;
                let _ = stream.write_all(b"x").await;
                let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
            });
        }
    });
    (url, go_on)
}

#[tokio::test]
async fn a_call_shows_whether_it_waits_for_a_place() {
    // The place is given up, or its connection handed on.
    for handed_on in [false, true] {
        let (url, go_on) = slow_server().await;
        let options = HyperOptions {
            most_connections: Some(1),
            ..HyperOptions::default()
        };
        let client = options.connect().unwrap();
        let call = || {
            let waits = WaitsForPlace::default();
            let request = Request::get(&url).extension(waits.clone()).body(Body::empty());
            (waits, client.clone().oneshot(request.unwrap()))
        };
        let (waits, first) = call();
        assert!(!waits.is_so());
        let first = first.await.unwrap();
        assert!(!waits.is_so());
        let (waits, second) = call();
        let second = tokio::spawn(second);
        while !waits.is_so() {
            yield_now().await;
        }
        match handed_on {
            false => drop(first),
            true => {
                go_on.notify_one();
                first.into_body().collect(9).await.unwrap();
            }
        }
        // On the old connection nobody answers; but it is no longer a place that the call waits for.
        while waits.is_so() {
            yield_now().await;
        }
        if handed_on {
            assert!(!second.is_finished());
        } else {
            assert_eq!(second.await.unwrap().unwrap().status(), 200);
        }
    }
}

#[cfg(feature = "_tls")]
#[tokio::test]
async fn a_proxy_in_tls_is_not_asked_where_no_certificate_is_trusted() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = format!("https://{}", listener.local_addr().unwrap());
    let mut tls = TlsOptions::default();
    tls.forget_machine();
    let options = HyperOptions {
        tls,
        proxies: Proxies::all(proxy.parse().unwrap()),
        ..HyperOptions::default()
    };
    for url in ["http://account.blob.test/", "https://account.blob.test/"] {
        let request = Request::get(url).body(Body::empty()).unwrap();
        let error = options.clone().connect().unwrap().oneshot(request).await;
        let error = error.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Tls, "{error:?}");
        assert!(
            error
                .to_string()
                .contains("no certificate is trusted on this machine"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn what_nobody_takes_is_not_written_for_ever() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/c/b", listener.local_addr().unwrap());
    // The system accepts the connection, and nobody reads from it.
    let options = HyperOptions {
        patience: Duration::from_millis(200),
        ..HyperOptions::default()
    };
    let request = Request::put(url).body(Body::from(vec![7; 64 << 20])).unwrap();
    let call = options.connect().unwrap().oneshot(request);
    let error = tokio::time::timeout(Duration::from_secs(20), call).await;
    let error = error.expect("the call ends").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection, "{error:?}");
    assert!(
        format!("{error:?}").contains("the other side has taken nothing for 200ms"),
        "{error:?}"
    );
}

#[test]
fn connections_outlast_the_stalls_that_uploads_may_have() {
    let seconds = |stalls: Option<u64>| {
        let options = HyperOptions::default().outlasting(stalls.map(Duration::from_secs));
        options.patience.as_secs()
    };
    assert_eq!(HyperOptions::default().patience.as_secs(), 120);
    let table = [(Some(1), 120), (Some(60), 120), (Some(600), 1_200), (None, 3_600)];
    for (stalls, patience) in table {
        assert_eq!(seconds(stalls), patience, "{stalls:?}");
    }
    assert_eq!(seconds(Some(u64::MAX)), u64::MAX);
}
