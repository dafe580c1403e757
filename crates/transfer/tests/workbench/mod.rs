//! A simulation in the same process, with a hand in what goes to it and what comes back.

#![allow(dead_code, reason = "each test file uses its own part of this")]

use std::convert::Infallible;
use std::fs;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use lazuli_blob::{BlobServiceClient, ContainerClient};
use lazuli_protocol::{Endpoint, ResponseBody};
use lazuli_signing::{AccountKey, AccountName, Credential, EMULATOR_ACCOUNT, EMULATOR_KEY, SharedKey};
use lazuli_simulation::Simulation;
use lazuli_transport::{OutgoingBody, Transport};
use tower::ServiceExt as _;

/// What is done to an answer: it sees the request's head and may return another answer.
pub(crate) type Hand = Arc<dyn Fn(&http::request::Parts, Response<Bytes>) -> Response<Bytes> + Send + Sync>;

/// A container in a new simulation whose answers pass through `hand`.
pub(crate) async fn container(
    hand: impl Fn(&http::request::Parts, Response<Bytes>) -> Response<Bytes> + Send + Sync + 'static,
) -> ContainerClient {
    let simulation = Simulation::in_memory();
    let hand: Hand = Arc::new(hand);
    let service = tower::service_fn(move |request: Request<OutgoingBody>| {
        let (service, hand) = (simulation.blob_service(), Arc::clone(&hand));
        let answer: Pin<Box<dyn Future<Output = Result<Response<ResponseBody>, Infallible>> + Send>> =
            Box::pin(async move {
                let (parts, body) = request.into_parts();
                let mut head = Request::new(());
                *head.method_mut() = parts.method.clone();
                *head.uri_mut() = parts.uri.clone();
                *head.headers_mut() = parts.headers.clone();
                let response = service.oneshot(Request::from_parts(parts, body)).await?;
                let (answer, body) = response.into_parts();
                let bytes = ResponseBody::new(body).collect(1 << 30).await.unwrap();
                let response = hand(&head.into_parts().0, Response::from_parts(answer, bytes));
                Ok(response.map(ResponseBody::from))
            });
        answer
    });
    let key = SharedKey::new(
        AccountName::new(EMULATOR_ACCOUNT).unwrap(),
        AccountKey::from_base64(EMULATOR_KEY).unwrap(),
    );
    let transport = Transport::builder()
        .credential(Credential::from(key))
        .build_on(service)
        .unwrap();
    let endpoint = Endpoint::parse(&format!("http://127.0.0.1:10000/{EMULATOR_ACCOUNT}")).unwrap();
    let container = BlobServiceClient::new(endpoint, transport).container("box");
    container.create().await.unwrap();
    container
}

/// A container in a new simulation that answers for itself.
pub(crate) async fn honest_container() -> ContainerClient {
    container(|_, answer| answer).await
}

/// Bytes that no two places share, so that a piece in the wrong place shows.
pub(crate) fn content(len: usize) -> Vec<u8> {
    let mut rng = fastrand::Rng::with_seed(len as u64);
    let mut content = vec![0; len];
    rng.fill(&mut content);
    content
}

/// All that is in a folder, by name.
pub(crate) fn names(folder: &Path) -> Vec<PathBuf> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.sort();
    names
}
