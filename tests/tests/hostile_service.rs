//! A service that lies: names that would lead out of the destination, and content that is not what its checksum says.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "all of this crate is tests, which stop where something is not as it must be, and say what they see"
)]

use std::convert::Infallible;
use std::fs;

use bytes::Bytes;
use http::{Request, Response};
use lazuli_blob::{BlobServiceClient, ContainerClient};
use lazuli_protocol::{Crc64, Endpoint, ResponseBody};
use lazuli_tests::tree;
use lazuli_transfer::{ErrorKind, Options, Transfer};
use lazuli_transport::{OutgoingBody, RetryPolicy, Transport};

/// Names that no transfer may follow. Those that a client refuses to ask for at all are among them.
const ESCAPES: &[&str] = &[
    "../evil",
    "..",
    "a/../../evil",
    "a/..",
    "./evil",
    "a/./evil",
    "/evil",
    "//evil",
    "a//evil",
    "C:/evil",
    "c:evil",
    "evil/",
    "%00evil",
    "..%00/evil",
];

const GOOD: &str = "good/file";
const CONTENT: &str = "content";

/// A service whose every container has these blobs, all with the same content, said to have this checksum.
fn service(names: &'static [&'static str], crc: Crc64) -> ContainerClient {
    let answer = move |request: Request<OutgoingBody>| {
        let listing = request
            .uri()
            .query()
            .is_some_and(|query| query.contains("comp=list"));
        let response = if listing { list(names) } else { blob(crc) };
        async move { Ok::<_, Infallible>(response) }
    };
    let transport = Transport::builder()
        .retry(RetryPolicy::never())
        .build_on(tower::service_fn(answer));
    let endpoint = Endpoint::parse("http://127.0.0.1:10000/liar").unwrap();
    BlobServiceClient::new(endpoint, transport.unwrap()).container("box")
}

fn list(names: &[&str]) -> Response<ResponseBody> {
    let mut xml = String::from("<EnumerationResults><Blobs>");
    for name in names {
        // A name that XML cannot hold comes percent-encoded.
        let encoded = name.contains("%00");
        xml.push_str(&format!(
            "<Blob><Name Encoded=\"{encoded}\">{name}</Name><Properties><Content-Length>7</Content-Length></Properties></Blob>"
        ));
    }
    xml.push_str("</Blobs><NextMarker/></EnumerationResults>");
    Response::new(Bytes::from(xml).into())
}

fn blob(crc: Crc64) -> Response<ResponseBody> {
    Response::builder()
        .status(206)
        .header("content-length", "7")
        .header("content-range", "bytes 0-6/7")
        .header("x-ms-content-crc64", crc.to_string())
        .header("etag", "\"0x8DB00B5ABC38BAA\"")
        .header("last-modified", "Fri, 27 Jan 2023 22:27:27 GMT")
        .body(Bytes::from_static(CONTENT.as_bytes()).into())
        .unwrap()
}

#[tokio::test]
async fn nothing_is_written_outside_the_destination() {
    let mut names = ESCAPES.to_vec();
    names.push(GOOD);
    let container = service(names.leak(), Crc64::of(CONTENT.as_bytes()));
    let outside = tempfile::tempdir().unwrap();
    let target = outside.path().join("deep/inside");
    let summary = Transfer::new(Options::default())
        .download_tree(&container, "", &target)
        .await
        .unwrap();
    assert_eq!(tree::names(outside.path()), [format!("deep/inside/{GOOD}")]);
    assert_eq!((summary.files, summary.failed), (1, ESCAPES.len() as u64));
    for failure in &summary.failures {
        assert_eq!(
            failure.error.kind(),
            ErrorKind::InvalidName,
            "{:?}: {}",
            failure.name,
            failure.error
        );
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_in_the_destination_leads_nowhere() {
    let container = service(&["good/file"], Crc64::of(CONTENT.as_bytes()));
    let folder = tempfile::tempdir().unwrap();
    let (outside, target) = (folder.path().join("outside"), folder.path().join("target"));
    fs::create_dir_all(&outside).unwrap();
    fs::create_dir_all(&target).unwrap();
    std::os::unix::fs::symlink(&outside, target.join("good")).unwrap();
    let summary = Transfer::new(Options::default())
        .download_tree(&container, "", &target)
        .await
        .unwrap();
    assert_eq!((summary.files, summary.failed), (0, 1), "{:?}", summary.failures);
    assert!(tree::names(&outside).is_empty());
}

#[tokio::test(start_paused = true)]
async fn content_that_is_damaged_never_gets_its_name() {
    let container = service(&["good/file"], Crc64::of(b"other"));
    let target = tempfile::tempdir().unwrap();
    tree::write(target.path(), GOOD, b"old");
    let summary = Transfer::new(Options::default())
        .download_tree(&container, "", target.path())
        .await
        .unwrap();
    assert_eq!((summary.files, summary.failed), (0, 1));
    assert_eq!(
        summary.failures[0].error.kind(),
        ErrorKind::ChecksumMismatch,
        "{}",
        summary.failures[0].error
    );
    assert_eq!(tree::names(target.path()), [GOOD]);
    assert_eq!(fs::read(target.path().join(GOOD)).unwrap(), b"old");
}
