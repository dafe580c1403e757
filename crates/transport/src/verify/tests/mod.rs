//! What is handed on of a download, what an upload is held against, and what the layers above make of damage.

mod downloads;
mod resumed;
mod too_long;
mod uploads;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::BodyExt as _;
use lazuli_protocol::{Body, BoxError, ResponseBody, STRUCTURED_BODY, structured_message};

use crate::testing::{Piece, Step, URL};

type Headers = Vec<(&'static str, String)>;

/// A request that asks for content in segments.
fn asking() -> Request<Body> {
    let request = Request::get(URL).header("x-ms-structured-body", STRUCTURED_BODY);
    request.body(Body::empty()).unwrap()
}

/// This content as a message of segments of this length.
fn message(content: &[u8], segment: usize) -> Vec<u8> {
    let content = Bytes::copy_from_slice(content);
    structured_message(&content, segment).unwrap().concat()
}

/// The head of an answer in segments.
fn head(content: usize, message: usize) -> Headers {
    vec![
        ("etag", "\"1\"".to_owned()),
        ("content-length", message.to_string()),
        ("x-ms-structured-body", STRUCTURED_BODY.to_owned()),
        ("x-ms-structured-content-length", content.to_string()),
    ]
}

/// A message that comes in pieces of this length.
fn pieces(message: Vec<u8>, length: usize) -> Vec<Piece> {
    let message: &'static [u8] = Vec::leak(message);
    message.chunks(length).map(Piece::Data).collect()
}

fn answers(content: &[u8], message: Vec<u8>, piece: usize) -> Step {
    Step::Stream(200, head(content.len(), message.len()), pieces(message, piece))
}

/// What arrives of an answer, and how it ends.
async fn read(answer: Response<ResponseBody>) -> (Vec<u8>, Result<(), BoxError>) {
    let mut body = answer.into_body();
    let mut content = Vec::new();
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => content.extend_from_slice(&frame.into_data().unwrap_or_default()),
            Err(error) => {
                assert!(body.frame().await.is_none(), "nothing follows an error");
                return (content, Err(error));
            }
        }
    }
    (content, Ok(()))
}

/// The kind of an error of the protocol, which is what damage is told by.
fn wire(error: &BoxError) -> lazuli_protocol::ErrorKind {
    error.downcast_ref::<lazuli_protocol::Error>().unwrap().kind()
}
