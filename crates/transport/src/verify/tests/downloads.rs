//! Content in segments, right and damaged.

use http_body::Body as _;
use lazuli_protocol::{ContentMustBeVerified, ContentVerified, ErrorKind as Wire};
use tower::{Layer as _, ServiceExt as _};

use super::*;
use crate::testing::Script;
use crate::{Error, ErrorKind, VerifyLayer};

const CONTENT: &[u8] = b"hello world";

async fn answer(step: Step, request: Request<Body>) -> Result<Response<ResponseBody>, Error> {
    VerifyLayer::new()
        .layer(Script::of([step]))
        .oneshot(request)
        .await
}

async fn arrives(step: Step) -> (Vec<u8>, Result<(), BoxError>) {
    read(answer(step, asking()).await.unwrap()).await
}

#[tokio::test]
async fn content_is_taken_out_of_its_segments() {
    for piece in [1, 3, 13, 30, 86] {
        let step = answers(CONTENT, message(CONTENT, 4), piece);
        let answer = answer(step, asking()).await.unwrap();
        assert_eq!(answer.headers()["content-length"], "11");
        for gone in ["x-ms-structured-body", "x-ms-structured-content-length"] {
            assert!(!answer.headers().contains_key(gone), "{gone}");
        }
        assert!(answer.extensions().get::<ContentVerified>().is_some());
        assert_eq!(answer.body().size_hint().exact(), Some(11));
        assert!(!answer.body().is_end_stream());
        let (content, outcome) = read(answer).await;
        assert_eq!((content.as_slice(), outcome.is_ok()), (CONTENT, true), "{piece}");
    }
    let (content, outcome) = arrives(answers(b"", message(b"", 4), 1)).await;
    assert!(content.is_empty() && outcome.is_ok());
}

#[tokio::test]
async fn nothing_of_a_damaged_segment_is_handed_on() {
    let whole = message(CONTENT, 4);
    for at in 0..whole.len() {
        for piece in [1, 7, 86] {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x20;
            let (content, outcome) = arrives(answers(CONTENT, damaged, piece)).await;
            let kind = wire(&outcome.unwrap_err());
            assert!(
                matches!(kind, Wire::ChecksumMismatch | Wire::InvalidResponse | Wire::Body),
                "{at}: {kind:?}"
            );
            // A segment begins behind the header, after 22 bytes of another. The last needs the checksum of the whole.
            let good = match at {
                0..35 => 0,
                35..57 => 4,
                _ => 8,
            };
            assert_eq!(content, CONTENT[..good], "{at} {piece}");
        }
    }
    let mut damaged = whole;
    damaged[25] ^= 1;
    let (_, outcome) = arrives(answers(CONTENT, damaged, 9)).await;
    assert_eq!(wire(&outcome.unwrap_err()), Wire::ChecksumMismatch);
}

#[tokio::test]
async fn what_breaks_off_ends_behind_the_last_good_segment() {
    let whole = message(CONTENT, 4);
    for end in 0..whole.len() {
        for breaks in [true, false] {
            let mut cut = pieces(whole[..end].to_vec(), 5);
            if breaks {
                cut.push(Piece::Break);
            }
            let step = Step::Stream(200, head(CONTENT.len(), whole.len()), cut);
            let (content, outcome) = arrives(step).await;
            let error = outcome.unwrap_err();
            assert_eq!(error.is::<std::io::Error>(), breaks, "{end}: {error}");
            let good = match end {
                0..35 => 0,
                35..57 => 4,
                _ => 8,
            };
            assert_eq!(content, CONTENT[..good], "{end}");
        }
    }
}

#[tokio::test]
async fn huge_numbers_and_garbage_are_errors() {
    let mut huge = message(CONTENT, 11);
    huge[15..23].copy_from_slice(&u64::MAX.to_le_bytes());
    let mut long = message(CONTENT, 11);
    long[1..9].copy_from_slice(&u64::MAX.to_le_bytes());
    let more = [message(CONTENT, 11), vec![0]].concat();
    for body in [huge, long, vec![0xFF; 200]] {
        let (content, outcome) = arrives(answers(CONTENT, body, 9)).await;
        assert!(content.is_empty());
        assert_eq!(wire(&outcome.unwrap_err()), Wire::InvalidResponse);
    }
    let (_, outcome) = arrives(answers(CONTENT, more, 9)).await;
    assert_eq!(wire(&outcome.unwrap_err()), Wire::InvalidResponse);
    let mut headers = head(CONTENT.len(), 86);
    headers[3].1 = u64::MAX.to_string();
    let step = Step::Stream(200, headers, pieces(message(CONTENT, 4), 9));
    let (content, outcome) = arrives(step).await;
    assert!(content.is_empty() && outcome.is_err());
}

#[tokio::test]
async fn what_is_not_in_segments_passes() {
    let said = |name: &'static str, value: &str| {
        let mut headers = head(4, 4);
        headers.retain(|(existing, _)| *existing != name);
        if !value.is_empty() {
            headers.push((name, value.to_owned()));
        }
        headers
    };
    let plain = said("x-ms-structured-body", "");
    let nameless = || Request::get(URL).body(Body::empty()).unwrap();
    let mut put = asking();
    *put.method_mut() = http::Method::PUT;
    for (request, status, headers) in [
        (asking(), 200, plain.clone()),
        (asking(), 206, plain),
        (asking(), 304, head(4, 4)),
        (asking(), 404, head(4, 4)),
        (
            asking(),
            200,
            said("x-ms-structured-body", "XSM/2.0; properties=crc64"),
        ),
        (asking(), 200, said("x-ms-structured-body", "XSM/1.0")),
        (asking(), 200, said("x-ms-structured-content-length", "")),
        (asking(), 200, said("x-ms-structured-content-length", "-1")),
        (nameless(), 200, head(4, 4)),
        (put, 201, head(4, 4)),
    ] {
        let step = Step::Stream(status, headers.clone(), vec![Piece::Data(b"abcd")]);
        let answer = answer(step, request).await.unwrap();
        assert_eq!(answer.headers().len(), headers.len(), "{headers:?}");
        assert!(answer.extensions().get::<ContentVerified>().is_none());
        let (content, outcome) = read(answer).await;
        assert_eq!((content.as_slice(), outcome.is_ok()), (&b"abcd"[..], true));
    }
}

#[tokio::test]
async fn what_must_be_verified_is_refused_without_checksums() {
    let must = || {
        let mut request = asking();
        request.extensions_mut().insert(ContentMustBeVerified);
        request
    };
    let plain = Step::Answer(200, &[("content-length", "4"), ("x-ms-request-id", "r-1")]);
    let error = answer(plain, must()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    assert_eq!(
        (error.request_id(), error.status().unwrap().as_u16()),
        (Some("r-1"), 200)
    );
    let refusal = answer(Step::Answer(404, &[]), must()).await.unwrap();
    assert_eq!(refusal.status(), 404);
    let right = answers(CONTENT, message(CONTENT, 4), 9);
    let (content, outcome) = read(answer(right, must()).await.unwrap()).await;
    assert_eq!((content.as_slice(), outcome.is_ok()), (CONTENT, true));
}
