//! What scenarios expect, in a word each.

use std::fmt::Debug;

use futures_util::{TryStreamExt as _, stream};
use lazuli_blob::{BlobClient, ContainerClient, Error, ListBlobsCall};
use lazuli_protocol::xml::ListBlobsEntry;
use lazuli_protocol::{Body, ErrorCode};

/// Asserts that the service refused, with this status and this code.
#[track_caller]
pub(crate) fn refused<T: Debug>(outcome: Result<T, Error>, status: u16, code: ErrorCode) {
    let error = match outcome {
        Ok(output) => panic!("expected {status} {code:?}, but it went well: {output:?}"),
        Err(error) => error,
    };
    let seen = (error.status().map(|status| status.as_u16()), error.code());
    assert_eq!(seen, (Some(status), Some(&code)), "{error:?}");
}

/// Asserts that a blob holds these bytes.
pub(crate) async fn holds(blob: &BlobClient, expected: &[u8]) {
    let read = blob.download().await;
    let read = read.unwrap_or_else(|error| panic!("{:?}: {error}", blob.name()));
    let read = read.bytes().await.unwrap();
    assert!(
        read == expected,
        "{:?} holds {} bytes, not the {} expected",
        blob.name(),
        read.len(),
        expected.len()
    );
}

/// Asserts that there is no such blob.
pub(crate) async fn absent(blob: &BlobClient) {
    refused(blob.download().await, 404, ErrorCode::BlobNotFound);
    refused(blob.properties().await, 404, ErrorCode::BlobNotFound);
}

/// A body that no checksum is sent with unless one is given.
pub(crate) fn unsummed(text: &'static str) -> Body {
    Body::stream(text.len() as u64, move || {
        Box::pin(stream::iter([Ok(text.into())]))
    })
}

/// The names that a list gives, prefixes with `|` before them.
pub(crate) async fn listed(list: ListBlobsCall) -> Vec<String> {
    let name = |entry: ListBlobsEntry| match entry {
        ListBlobsEntry::Blob(blob) => blob.name.clone(),
        ListBlobsEntry::Prefix(prefix) => format!("|{}", prefix.name),
        other => panic!("an entry that this test does not know: {other:?}"),
    };
    list.items().map_ok(name).try_collect().await.unwrap()
}

/// Puts blobs of these names, each with its name as content.
pub(crate) async fn put_all(container: &ContainerClient, names: &[&str]) {
    for name in names {
        let put = container.blob(*name).upload((*name).to_owned()).await;
        put.unwrap_or_else(|error| panic!("{name:?}: {error}"));
    }
}
