//! Which typed operation serves which row: the one table to add to. A row that is not here is missing, and the report says so.

use std::fmt::Debug;

use bytes::Bytes;
use futures_util::FutureExt as _;
use http::{HeaderMap, Request, response};
use lazuli_blob::operations as ops;
use lazuli_blob::{Download, WithHead};
use lazuli_protocol::{Body, Error, Operation, ResponseBody, xml};
use secrecy::ExposeSecret as _;

use crate::builders::{access, blobs, blocks, containers, listing, service};
use crate::wanted::Wanted;

/// A row that the client has.
pub(crate) struct Served {
    pub(crate) row: &'static str,
    /// The operation's name.
    pub(crate) operation: &'static str,
    /// Reads a recorded answer.
    pub(crate) read: fn(response::Parts, Bytes) -> Result<Shown, Error>,
    /// Makes a recorded request again.
    pub(crate) build: fn(&Wanted) -> Result<Request<Body>, Error>,
}

/// What an output tells.
#[derive(Debug)]
pub(crate) struct Shown {
    /// All that it holds, as text.
    pub(crate) text: String,
    /// The content of a download, if it came whole.
    pub(crate) content: Option<Result<Bytes, lazuli_blob::Error>>,
    /// The headers that the answer came with.
    pub(crate) headers: HeaderMap,
}

macro_rules! served {
    ($($row:literal: $operation:ty, $build:path $(, $show:path)?;)*) => {
        const SERVED: &[Served] = &[$(Served {
            row: $row,
            operation: <$operation>::INFO.name,
            read: |parts, body| served!(@read $operation, parts, body $(, $show)?),
            build: |wanted| $build(wanted)?.request(&wanted.endpoint),
        },)*];
    };
    (@read $operation:ty, $parts:ident, $body:ident) => { read::<$operation>($parts, $body, plain) };
    (@read $operation:ty, $parts:ident, $body:ident, $show:path) => { read::<$operation>($parts, $body, $show) };
}

// The row, its operation, who builds it from a recorded request, and who shows its output where `Debug` does not show all.
served! {
    "service.list_containers_segment": ops::ListContainers, listing::list_containers;
    "service.get_user_delegation_key": ops::GetUserDelegationKey, service::get_user_delegation_key, key;

    "container.create": ops::CreateContainer, containers::create_container;
    "container.delete": ops::DeleteContainer, containers::delete_container;
    "container.get_access_policy": ops::GetContainerAcl, access::get_container_acl;
    "container.set_access_policy": ops::SetContainerAcl, access::set_container_acl;
    "container.list_blob_flat_segment": ops::ListBlobs, listing::list_blobs;
    "container.list_blob_hierarchy_segment": ops::ListBlobs, listing::list_blobs;

    "blob.download": ops::GetBlob, blobs::get_blob, download;
    "blob.get_properties": ops::GetBlobProperties, blobs::get_blob_properties;
    "blob.delete": ops::DeleteBlob, blobs::delete_blob;
    "blob.set_metadata": ops::SetBlobMetadata, blobs::set_blob_metadata;

    "blockblob.upload": ops::PutBlob, blocks::put_blob;
    "blockblob.stage_block": ops::PutBlock, blocks::put_block;
    "blockblob.commit_block_list": ops::PutBlockList, blocks::put_block_list;
    "blockblob.get_block_list": ops::GetBlockList, blocks::get_block_list;
}

/// Who serves a row.
pub(crate) fn of(row: &str) -> Option<&'static Served> {
    SERVED.iter().find(|served| served.row == row)
}

type Show<T> = fn(T) -> (String, Option<Result<Bytes, lazuli_blob::Error>>);

fn read<O: Operation>(parts: response::Parts, body: Bytes, show: Show<O::Output>) -> Result<Shown, Error> {
    let answered = now(WithHead::<O>::response(parts, ResponseBody::from(body)))?;
    let (text, content) = show(answered.output);
    Ok(Shown {
        text,
        content,
        headers: answered.headers,
    })
}

fn plain<T: Debug>(output: T) -> (String, Option<Result<Bytes, lazuli_blob::Error>>) {
    (format!("{output:?}"), None)
}

fn download(download: Download) -> (String, Option<Result<Bytes, lazuli_blob::Error>>) {
    (format!("{download:?}"), Some(now(download.bytes())))
}

fn key(key: xml::UserDelegationKey) -> (String, Option<Result<Bytes, lazuli_blob::Error>>) {
    (format!("{key:?} {}", key.value.expose_secret()), None)
}

/// What a future gives that waits for nothing: these bodies are all there.
fn now<F: Future>(future: F) -> F::Output {
    future.now_or_never().expect("it waits, and nothing will come")
}
