//! What was sent against what the service says to have received.

use std::convert::Infallible;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::stream;
use http::HeaderValue;
use lazuli_protocol::{Crc64, FilePart, OperationInfo, OperationKind};
use tower::{Layer as _, Service, ServiceExt as _};

use super::*;
use crate::{Bottom, Error, ErrorKind, OutgoingBody, RetryLayer, RetryPolicy, VerifyLayer};

/// What the service says to have received.
#[derive(Clone, Copy, Debug)]
enum Says {
    Right,
    Wrong,
    WrongOnce,
    Garbage,
    Nothing,
    /// Wrong, but before it has read anything.
    Early,
}

/// A service that reads what it is sent, and the number of its calls.
fn service(
    says: Says,
    status: u16,
) -> (
    impl Service<Request<Body>, Response = Response<ResponseBody>, Error = Error, Future: Send + 'static>
    + Clone
    + Send
    + 'static,
    Arc<AtomicUsize>,
) {
    let calls = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&calls);
    let inner = tower::service_fn(move |request: Request<OutgoingBody>| {
        let call = count.fetch_add(1, Ordering::Relaxed);
        async move {
            let body = request.into_body();
            let received = match says {
                Says::Early => Crc64::from(7).to_string(),
                _ => {
                    let received = Crc64::of(&body.collect().await.unwrap().to_bytes());
                    match says {
                        Says::Wrong => Crc64::from(received.get() ^ 1).to_string(),
                        Says::WrongOnce if call == 0 => Crc64::from(7).to_string(),
                        Says::Garbage => "what?".to_owned(),
                        _ => received.to_string(),
                    }
                }
            };
            let mut answer = Response::builder()
                .status(status)
                .header("x-ms-request-id", "r-1");
            if !matches!(says, Says::Nothing) {
                answer = answer.header("x-ms-content-crc64", received);
            }
            Ok::<_, Infallible>(answer.body(ResponseBody::empty()).unwrap())
        }
    });
    (Bottom::new(inner), calls)
}

fn streamed() -> Body {
    Body::stream(5, || Box::pin(stream::iter([Ok("hel".into()), Ok("lo".into())])))
}

fn put(operation: &'static str, body: Body) -> Request<Body> {
    let info = OperationInfo::blob(operation, OperationKind::Write);
    Request::put(URL).extension(info).body(body).unwrap()
}

async fn sent(says: Says, status: u16, request: Request<Body>) -> Result<u16, Error> {
    let (service, _) = service(says, status);
    let answer = VerifyLayer::new().layer(service).oneshot(request).await;
    answer.map(|answer| answer.status().as_u16())
}

#[tokio::test]
async fn other_bytes_than_were_sent_are_an_error() {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&[7; 600_000]).unwrap();
    let part = FilePart {
        file: Arc::new(file),
        offset: 1,
        length: 500_000,
    };
    let once = || Body::once(5, Box::pin(stream::iter([Ok("hello".into())])));
    for body in [streamed(), once(), Body::file(part)] {
        // Each is sent once here, and the one that can be sent only once is made anew.
        let again = match body.is_replayable() {
            true => body.clone(),
            false => once(),
        };
        assert_eq!(sent(Says::Right, 201, put("PutBlob", body)).await.unwrap(), 201);
        let error = sent(Says::Wrong, 201, put("PutBlob", again)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ChecksumMismatch);
        assert_eq!(error.request_id(), Some("r-1"));
        assert!(error.to_string().contains("write them again"), "{error}");
    }
    for (operation, advice) in [
        ("PutBlock", "not part of a blob yet"),
        ("AppendBlock", "make the blob anew"),
    ] {
        let error = sent(Says::Wrong, 201, put(operation, streamed()))
            .await
            .unwrap_err();
        assert!(error.to_string().contains(advice), "{error}");
    }
}

#[tokio::test]
async fn what_has_nothing_to_be_held_against_passes() {
    for (says, status) in [
        (Says::Nothing, 201),
        (Says::Garbage, 201),
        (Says::Early, 201),
        (Says::Wrong, 412),
    ] {
        let outcome = sent(says, status, put("PutBlob", streamed())).await;
        assert_eq!(outcome.unwrap(), status, "{says:?}");
    }
    // The service has checked these itself.
    for name in ["content-md5", "x-ms-content-crc64"] {
        let mut request = put("PutBlob", streamed());
        request.headers_mut().insert(name, "x".parse().unwrap());
        assert_eq!(sent(Says::Wrong, 201, request).await.unwrap(), 201);
    }
    for body in [Body::empty(), Body::from("hello")] {
        assert_eq!(sent(Says::Wrong, 201, put("PutBlob", body)).await.unwrap(), 201);
    }
}

#[tokio::test(start_paused = true)]
async fn it_is_sent_once_more_where_that_is_safe() {
    let once = OperationInfo::blob("AppendBlock", OperationKind::Write).sent_once();
    let append = || Request::put(URL).extension(once).body(streamed()).unwrap();
    let spent = || {
        put(
            "PutBlob",
            Body::once(5, Box::pin(stream::iter([Ok("hello".into())]))),
        )
    };
    for (says, request, calls, is_well) in [
        (Says::WrongOnce, put("PutBlob", streamed()), 2, true),
        (Says::Wrong, put("PutBlob", streamed()), 2, false),
        (Says::WrongOnce, append(), 1, false),
        (Says::WrongOnce, spent(), 1, false),
    ] {
        let (service, count) = service(says, 201);
        let stack = RetryLayer::new(RetryPolicy::default()).layer(VerifyLayer::new().layer(service));
        let outcome = stack.oneshot(request).await;
        assert_eq!(
            (outcome.is_ok(), count.load(Ordering::Relaxed)),
            (is_well, calls),
            "{says:?}"
        );
        if let Err(error) = outcome {
            assert_eq!(error.kind(), ErrorKind::ChecksumMismatch);
            assert_eq!(error.attempts() as usize, calls);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn segments_that_the_service_does_not_know_of_are_an_error() {
    let in_segments = |operation| {
        let mut request = put(operation, streamed().in_segments().unwrap());
        let form = HeaderValue::from_static(STRUCTURED_BODY);
        request.headers_mut().insert("x-ms-structured-body", form);
        request
    };
    let stack = |status, form: Option<&'static str>| {
        let calls = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&calls);
        let service = tower::service_fn(move |request: Request<OutgoingBody>| {
            count.fetch_add(1, Ordering::Relaxed);
            async move {
                let body = request.into_body().collect().await.unwrap().to_bytes();
                assert_eq!(body, message(b"hello", 5));
                let mut answer = Response::builder().status(status);
                if let Some(form) = form {
                    answer = answer.header("x-ms-structured-body", form);
                }
                // That of the content, which is not that of the body.
                let answer = answer.header("x-ms-content-crc64", Crc64::of(b"hello").to_string());
                Ok::<_, Infallible>(answer.body(ResponseBody::empty()).unwrap())
            }
        });
        let stack = VerifyLayer::new().layer(Bottom::new(service));
        (RetryLayer::new(RetryPolicy::default()).layer(stack), calls)
    };
    for (status, form) in [
        (201, Some(STRUCTURED_BODY)),
        (201, Some("xsm/1.0; properties=crc64 ")),
        (400, None),
        (412, None),
    ] {
        let (stack, _) = stack(status, form);
        let answer = stack.oneshot(in_segments("PutBlob")).await.unwrap();
        assert_eq!(answer.status(), status, "{form:?}");
    }
    for (operation, form, says) in [
        ("PutBlob", None, "may have stored them in its place"),
        (
            "AppendBlock",
            Some("XSM/2.0"),
            "may have appended them in its place",
        ),
        ("PutBlock", None, "before it is committed"),
    ] {
        let (stack, calls) = stack(201, form);
        let error = stack.oneshot(in_segments(operation)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse);
        assert!(error.to_string().contains(says), "{error}");
        assert_eq!(calls.load(Ordering::Relaxed), 1, "it would be stored as it was");
    }
}

/// A service whose first answer tells of other bytes, and whose later ones are these.
fn damages_then(
    later: &'static [(u16, &'static str)],
) -> impl Service<Request<Body>, Response = Response<ResponseBody>, Error = Error, Future: Send + 'static>
+ Clone
+ Send
+ 'static {
    let calls = Arc::new(AtomicUsize::new(0));
    Bottom::new(tower::service_fn(move |request: Request<OutgoingBody>| {
        let call = calls.fetch_add(1, Ordering::Relaxed);
        async move {
            let _ = request.into_body().collect().await;
            let answer = match call.checked_sub(1) {
                None => Response::builder()
                    .status(201)
                    .header("x-ms-request-id", "r-1")
                    .header("x-ms-content-crc64", Crc64::from(7).to_string()),
                Some(at) => {
                    let (status, code) = later[at.min(later.len() - 1)];
                    Response::builder().status(status).header("x-ms-error-code", code)
                }
            };
            Ok::<_, Infallible>(answer.body(ResponseBody::empty()).unwrap())
        }
    }))
}

#[tokio::test(start_paused = true)]
async fn a_refusal_after_it_does_not_hide_what_is_stored() {
    for later in [
        // The blob that is in the way is the damaged one.
        &[(409, "BlobAlreadyExists")][..],
        &[(412, "ConditionNotMet")],
        &[(412, "AppendPositionConditionNotMet")],
        &[(500, "InternalError")],
        &[(500, "InternalError"), (409, "BlobAlreadyExists")],
    ] {
        let stack = VerifyLayer::new().layer(damages_then(later));
        let stack = RetryLayer::new(RetryPolicy::default()).layer(stack);
        let error = stack.oneshot(put("PutBlob", streamed())).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ChecksumMismatch, "{later:?}: {error}");
        assert_eq!(error.request_id(), Some("r-1"));
        let text = error.to_string();
        let (status, code) = later[later.len() - 1];
        let refusal = format!("sent once more, the service answered {status} {code} (after ");
        assert!(
            text.contains("has stored them") && text.contains(&refusal),
            "{text}"
        );
    }
    // What is put right is well.
    let stack = VerifyLayer::new().layer(damages_then(&[(201, "none")]));
    let stack = RetryLayer::new(RetryPolicy::default()).layer(stack);
    assert_eq!(
        stack.oneshot(put("PutBlob", streamed())).await.unwrap().status(),
        201
    );
}
