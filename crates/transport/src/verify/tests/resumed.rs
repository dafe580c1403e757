//! Downloads that are gone on with where they were last good.

use lazuli_protocol::ContentMustBeVerified;
use tower::{Layer as _, ServiceExt as _};

use super::*;
use crate::testing::Script;
use crate::{Error, ErrorKind, ResumeLayer, ResumePolicy, VerifyLayer};

const CONTENT: &[u8] = b"0123456789";

/// The whole content, of which this comes.
fn whole(come: Vec<Piece>) -> Step {
    Step::Stream(200, head(10, message(CONTENT, 4).len()), come)
}

/// The content from this byte on, of which this comes.
fn rest(first: usize, come: Vec<Piece>) -> Step {
    let rest = &CONTENT[first..];
    let mut headers = head(rest.len(), message(rest, 4).len());
    headers.push(("content-range", format!("bytes {first}-9/10")));
    Step::Stream(206, headers, come)
}

/// All of the rest.
fn good(first: usize) -> Step {
    rest(first, pieces(message(&CONTENT[first..], 4), 3))
}

fn broken(message: &[u8]) -> Vec<Piece> {
    let mut come = pieces(message.to_vec(), 7);
    come.push(Piece::Break);
    come
}

async fn run(request: Request<Body>, steps: Vec<Step>) -> (Script, Vec<u8>, Result<(), BoxError>) {
    let script = Script::of(steps);
    let service = ResumeLayer::new(ResumePolicy::default()).layer(VerifyLayer::new().layer(script.clone()));
    let (content, outcome) = read(service.oneshot(request).await.unwrap()).await;
    (script, content, outcome)
}

#[tokio::test(start_paused = true)]
async fn a_body_that_breaks_off_goes_on_after_its_last_good_segment() {
    // One segment and a half.
    let first = whole(broken(&message(CONTENT, 4)[..13 + 22 + 12]));
    let (script, content, outcome) = run(asking(), vec![first, good(4)]).await;
    assert_eq!((content.as_slice(), outcome.is_ok()), (CONTENT, true));
    let seen = script.seen();
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[1].headers["x-ms-range"], "bytes=4-9");
    assert_eq!(seen[1].headers["x-ms-structured-body"], STRUCTURED_BODY);
    assert_eq!(seen[1].headers["if-match"], "\"1\"");
}

#[tokio::test(start_paused = true)]
async fn what_is_damaged_is_read_again() {
    let mut damaged = message(CONTENT, 4);
    damaged[13 + 22 + 10] ^= 1;
    let first = whole(pieces(damaged, 9));
    let mut again = message(&CONTENT[4..], 4);
    *again.last_mut().unwrap() ^= 1;
    let second = rest(4, pieces(again, 9));
    let (script, content, outcome) = run(asking(), vec![first, second, good(8)]).await;
    assert_eq!((content.as_slice(), outcome.is_ok()), (CONTENT, true));
    let ranges: Vec<_> = script.seen()[1..]
        .iter()
        .map(|seen| seen.headers["x-ms-range"].to_str().unwrap().to_owned())
        .collect();
    assert_eq!(ranges, ["bytes=4-9", "bytes=8-9"]);
}

#[tokio::test(start_paused = true)]
async fn what_stays_damaged_is_an_error_that_says_so() {
    let mut damaged = message(CONTENT, 4);
    damaged[13 + 10] ^= 1;
    let mut steps = vec![whole(pieces(damaged.clone(), 9))];
    steps.resize(
        4,
        Step::Stream(
            206,
            {
                let mut headers = head(10, damaged.len());
                headers.push(("content-range", "bytes 0-9/10".to_owned()));
                headers
            },
            pieces(damaged, 9),
        ),
    );
    let (script, content, outcome) = run(asking(), steps).await;
    assert_eq!((content.len(), script.seen().len()), (0, 4));
    let error = outcome.unwrap_err();
    let own = error.downcast_ref::<Error>().unwrap();
    assert_eq!(own.kind(), ErrorKind::ChecksumMismatch);
    assert!(own.to_string().contains("byte 0, after 3 resumptions"), "{own}");
    // Nor does it lose that on its way to the caller.
    let wire = lazuli_protocol::Error::new(lazuli_protocol::ErrorKind::Body, "it broke off");
    assert_eq!(
        Error::from(wire.with_source(error)).kind(),
        ErrorKind::ChecksumMismatch
    );
}

#[tokio::test(start_paused = true)]
async fn the_rest_must_be_verified_too() {
    let plain = Step::Stream(
        206,
        vec![
            ("etag", "\"1\"".to_owned()),
            ("content-length", "6".to_owned()),
            ("content-range", "bytes 4-9/10".to_owned()),
        ],
        vec![Piece::Data(b"456789")],
    );
    let mut must = asking();
    must.extensions_mut().insert(ContentMustBeVerified);
    for request in [asking(), must] {
        let first = whole(broken(&message(CONTENT, 4)[..13 + 22 + 12]));
        let (_, content, outcome) = run(request, vec![first, plain.clone()]).await;
        assert_eq!(content, CONTENT[..4]);
        let error = outcome.unwrap_err();
        assert_eq!(
            error.downcast_ref::<Error>().unwrap().kind(),
            ErrorKind::InvalidResponse
        );
    }
}

#[tokio::test(start_paused = true)]
async fn what_came_without_checksums_goes_on_without() {
    let plain = |status, first: usize, come: Vec<Piece>| {
        let headers = vec![
            ("etag", "\"1\"".to_owned()),
            ("content-length", (10 - first).to_string()),
            ("content-range", format!("bytes {first}-9/10")),
        ];
        Step::Stream(status, headers, come)
    };
    let steps = vec![
        plain(200, 0, broken(b"0123")),
        plain(206, 4, vec![Piece::Data(b"456789")]),
    ];
    let (script, content, outcome) = run(asking(), steps).await;
    assert_eq!((content.as_slice(), outcome.is_ok()), (CONTENT, true));
    assert!(!script.seen()[1].headers.contains_key("x-ms-structured-body"));
}
