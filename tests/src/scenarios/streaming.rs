//! Content that is never in memory as a whole.

use bytes::Bytes;
use futures_util::stream;
use lazuli_protocol::{Body, ByteStream, Checksum, Crc64Hasher};

use crate::expect::{absent, holds};
use crate::{Backend, content};

const LEN: u64 = 64 * 1024 * 1024;
const SEED: u64 = 64;

pub(super) async fn a_long_stream_goes_up_and_comes_down(backend: &Backend) {
    let blob = backend.container("long").await.blob("64 MiB");
    let crc = content::crc64(SEED, LEN);
    let body = Body::stream(LEN, || Box::pin(stream::iter(content::pieces(SEED, LEN).map(Ok))));
    blob.upload(body).checksum(Checksum::Crc64(crc)).await.unwrap();

    let mut download = blob.download().await.unwrap();
    assert_eq!(download.content_length(), LEN);
    let mut hasher = Crc64Hasher::new();
    let mut largest = 0;
    while let Some(piece) = download.next().await {
        let piece = piece.unwrap();
        largest = largest.max(piece.len() as u64);
        hasher.update(&piece);
    }
    assert_eq!(hasher.finish(), crc);
    assert!(largest < LEN / 2, "all came in one piece of {largest} bytes");
}

fn once(pieces: &'static [&'static str]) -> ByteStream {
    Box::pin(stream::iter(
        pieces
            .iter()
            .map(|piece| Ok(Bytes::from_static(piece.as_bytes()))),
    ))
}

pub(super) async fn a_stream_that_can_be_sent_once(backend: &Backend) {
    let blob = backend.container("once").await.blob("a");
    blob.upload(Body::once(10, once(&["hello", "", " ", "once"])))
        .await
        .unwrap();
    holds(&blob, b"hello once").await;
}

pub(super) async fn a_stream_of_another_length_fails(backend: &Backend) {
    let container = backend.container("lengths").await;
    let table: [(u64, &'static [&'static str]); 3] =
        [(11, &["hello", "once"]), (5, &["hello", "once"]), (1, &[])];
    for (said, pieces) in table {
        let blob = container.blob(said.to_string());
        let error = blob.upload(Body::once(said, once(pieces))).await.unwrap_err();
        assert_eq!(
            error.kind(),
            lazuli_blob::ErrorKind::RequestBody,
            "{said}: {error:?}"
        );
        absent(&blob).await;
    }
}
