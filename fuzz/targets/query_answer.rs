//! The Avro that Query Blob Contents answers, whole and in pieces: both read the same rows, or fail alike.
#![no_main]

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, StreamBody};
use lazuli_blob::operations::QueryBlobContents;
use lazuli_fuzz::run;
use lazuli_protocol::{Operation, ResponseBody};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let whole = read(ResponseBody::new(Full::new(Bytes::copy_from_slice(bytes))));
    let pieces = bytes.chunks(7).map(|piece| {
        let piece = http_body::Frame::data(Bytes::copy_from_slice(piece));
        Ok::<_, std::convert::Infallible>(piece)
    });
    let pieces: Vec<_> = pieces.collect();
    let pieces = read(ResponseBody::new(
        StreamBody::new(futures_util::stream::iter(pieces)).boxed(),
    ));
    assert_eq!(whole.is_ok(), pieces.is_ok());
    if let (Ok(whole), Ok(pieces)) = (whole, pieces) {
        assert!(whole == pieces, "it matters how the bytes arrive");
    }
});

fn read(body: ResponseBody) -> Result<Bytes, lazuli_blob::Error> {
    let (parts, ()) = http::Response::new(()).into_parts();
    run(async {
        let result = QueryBlobContents::response(parts, body).await?;
        result.bytes().await
    })
}
