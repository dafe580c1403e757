//! A service in this process that the examples call, and the calls. A program has an account of Azure in its place.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::{BodyExt as _, Full};
use lazuli_protocol::{Body, BoxError, OperationInfo, OperationKind};
use lazuli_transport::{OutgoingBody, Transport};
use tower::util::BoxCloneSyncService;
use tower::{ServiceExt as _, service_fn};

/// Keeps one blob, and is busy when it is first asked for it.
pub(crate) fn service() -> BoxCloneSyncService<Request<OutgoingBody>, Response<Full<Bytes>>, BoxError> {
    let kept: Arc<Mutex<(Bytes, bool)>> = Arc::default();
    BoxCloneSyncService::new(service_fn(move |request: Request<OutgoingBody>| {
        let kept = Arc::clone(&kept);
        async move {
            let (head, body) = request.into_parts();
            let body = body.collect().await?.to_bytes();
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            let response = Response::builder().header("x-ms-request-id", "4f1c0c1e-0001");
            let answer = match head.method {
                Method::PUT => {
                    kept.0 = body;
                    response.status(201).body(Full::default())
                }
                Method::GET if !std::mem::replace(&mut kept.1, true) => response
                    .status(503)
                    .header("x-ms-error-code", "ServerBusy")
                    .header("x-ms-retry-after-ms", "1")
                    .body(Full::default()),
                Method::GET => response.status(200).body(Full::new(kept.0.clone())),
                _ => response
                    .status(404)
                    .header("x-ms-error-code", "BlobNotFound")
                    .body(Full::default()),
            };
            Ok::<_, BoxError>(answer?)
        }
    }))
}

/// Writes a blob, reads it, and deletes one that is not there. The URLs have what no span and no metric may show.
pub(crate) async fn calls(transport: &Transport) -> Result<(), BoxError> {
    let url = "https://example.blob.core.windows.net/box/greetings/hello?sv=2026-06-06&sig=NOT-TO-BE-SEEN";
    let put = Request::put(url)
        .extension(OperationInfo::blob("PutBlob", OperationKind::Write))
        .header("x-ms-lease-id", "NOT-TO-BE-SEEN")
        .body(Body::from("hello"))?;
    transport.clone().oneshot(put).await?;

    let get = Request::get(url)
        .extension(OperationInfo::blob("GetBlob", OperationKind::LargeRead))
        .header("x-ms-range", "bytes=0-4")
        .body(Body::empty())?;
    transport
        .clone()
        .oneshot(get)
        .await?
        .into_body()
        .collect(1024)
        .await?;

    let delete = Request::delete(url)
        .extension(OperationInfo::blob("DeleteBlob", OperationKind::Write))
        .body(Body::empty())?;
    transport.clone().oneshot(delete).await?;
    Ok(())
}

/// How long the examples wait between their calls.
#[allow(dead_code, reason = "only one of the examples goes on for ever")]
pub(crate) const PAUSE: Duration = Duration::from_secs(1);
