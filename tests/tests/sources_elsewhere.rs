//! A simulation that fetches the sources of copies from another service, over sockets: another simulation, and Azurite. All have an account
//! of the same name, and are told apart by their ports.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops where something is not as it must be"
)]

use lazuli_blob::{BlobServiceClient, CopySource};
use lazuli_protocol::{Endpoint, ErrorCode};
use lazuli_simulation::Simulation;
use lazuli_tests::{Backend, Kind, content};
use lazuli_transport::{RetryPolicy, Transport};

const LEN: usize = 3_000_000;

#[tokio::test]
async fn a_simulation() {
    copies_come_from(Kind::OverSocket).await;
}

#[tokio::test]
#[ignore = "needs the tools: cargo xtask test"]
async fn azurite() {
    copies_come_from(Kind::Azurite).await;
}

async fn copies_come_from(kind: Kind) {
    let there = Backend::start(kind).await;
    let source = there.container("there").await.blob("a b/ü");
    source
        .upload(content::bytes(1, LEN))
        .content_type("text/plain")
        .metadata("kind", "source")
        .await
        .unwrap();
    let sas = there.read_sas(source.container());
    let url = || CopySource::from(&source).sas(&sas);

    let fetching = Transport::builder().retry(RetryPolicy::never()).build().unwrap();
    let here = Simulation::builder().copy_sources(fetching).build().unwrap();
    let endpoint = Endpoint::parse("http://127.0.0.1:10000/devstoreaccount1").unwrap();
    let transport = Transport::builder().credential(there.shared_key());
    let blobs = BlobServiceClient::new(endpoint, transport.build_on(here.blob_service()).unwrap());
    let container = blobs.container("here");
    container.create().await.unwrap();

    let copy = container.blob("copy");
    let poller = copy.copy_from(url()).start().await.unwrap();
    poller.wait().await.unwrap();
    let read = copy.download().await.unwrap();
    assert_eq!(read.properties().content_type.as_deref(), Some("text/plain"));
    assert_eq!(read.bytes().await.unwrap(), content::bytes(1, LEN));

    let appended = container.blob("appended");
    appended.create_append_blob().await.unwrap();
    appended
        .append_block_from_url(url())
        .source_range(1_000..2_000_000)
        .await
        .unwrap();
    let read = appended.download().await.unwrap().bytes().await.unwrap();
    assert_eq!(read, content::bytes(1, LEN)[1_000..2_000_000]);

    let closed = container.blob("closed").copy_from(&source).await.unwrap_err();
    assert_eq!(closed.code(), Some(&ErrorCode::CannotVerifyCopySource));
    there.stop().await;
}
