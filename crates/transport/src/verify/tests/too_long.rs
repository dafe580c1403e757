//! Segments that are longer than what is held back.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::stream;
use http_body::Frame;
use http_body_util::StreamBody;

use super::*;
use crate::verify::body::{MOST_HELD, VerifyingBody};
use crate::{Error, ErrorKind};

const PIECE: usize = 64 * 1024;

/// A body of these bytes and, perhaps, a break; and how many of them were asked for.
fn counted(message: Vec<u8>, breaks: bool) -> (ResponseBody, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let message = Bytes::from(message);
    let pieces = (0..message.len()).step_by(PIECE).map(move |at| {
        let piece = message.slice(at..message.len().min(at + PIECE));
        count.fetch_add(piece.len(), Ordering::Relaxed);
        Ok(Frame::data(piece))
    });
    let broken = breaks.then(|| Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset)));
    (
        ResponseBody::new(StreamBody::new(stream::iter(pieces.chain(broken)))),
        asked,
    )
}

fn content(length: usize) -> Vec<u8> {
    (0..length).map(|at| u8::try_from(at % 251).unwrap()).collect()
}

async fn verified(length: usize, message: Vec<u8>, breaks: bool) -> (Vec<u8>, Result<(), BoxError>) {
    let body = VerifyingBody::new(counted(message, breaks).0, length as u64);
    read(Response::new(ResponseBody::new(body))).await
}

#[tokio::test]
async fn too_much_is_handed_on_before_its_checksum() {
    let content = content(MOST_HELD + 1024 * 1024);
    let (body, asked) = counted(message(&content, content.len()), false);
    let mut body = VerifyingBody::new(body, content.len() as u64);
    assert!(body.frame().await.unwrap().is_ok());
    let held = asked.load(Ordering::Relaxed);
    assert!((MOST_HELD - PIECE..=MOST_HELD + PIECE).contains(&held), "{held}");
    let (arrived, outcome) = verified(content.len(), message(&content, content.len()), false).await;
    assert!(outcome.is_ok() && arrived == content);
}

#[tokio::test]
async fn pieces_take_more_than_their_bytes() {
    let content = content(200_000);
    let message = message(&content, content.len()).leak();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let pieces = message.chunks(1).map(move |piece| {
        count.fetch_add(1, Ordering::Relaxed);
        Ok::<_, std::io::Error>(Frame::data(Bytes::from_static(piece)))
    });
    let body = ResponseBody::new(StreamBody::new(stream::iter(pieces)));
    let mut body = VerifyingBody::new(body, content.len() as u64);
    assert!(body.frame().await.unwrap().is_ok());
    assert!(asked.load(Ordering::Relaxed) < 70_000);
}

#[tokio::test]
async fn damage_in_what_was_handed_on_is_final() {
    let content = content(MOST_HELD + 1024 * 1024);
    let whole = message(&content, content.len());
    let mut damaged = whole.clone();
    damaged[1000] ^= 1;
    let cut = whole[..whole.len() - 1].to_vec();
    for (body, breaks) in [(damaged, false), (cut.clone(), true), (cut, false)] {
        let (arrived, outcome) = verified(content.len(), body, breaks).await;
        assert!(arrived.len() < content.len());
        let error = outcome.unwrap_err();
        let error = error.downcast_ref::<Error>().unwrap();
        assert_eq!(error.kind(), ErrorKind::ChecksumMismatch);
        assert!(std::error::Error::source(error).is_some());
    }
    // Before anything was handed on, a break is one as any other.
    let early = whole[..MOST_HELD / 2].to_vec();
    let (arrived, outcome) = verified(content.len(), early, true).await;
    assert!(arrived.is_empty() && outcome.unwrap_err().is::<std::io::Error>());
}
