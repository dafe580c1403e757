//! The operations that are tried under trouble.

use std::time::Duration;

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use http::response;
use lazuli_blob::operations::{BlobWritten, PutBlob};
use lazuli_blob::{ContainerClient, Error};
use lazuli_protocol::xml::{BlockId, BlockLookupList, ListBlobsEntry};
use lazuli_protocol::{
    BlobName, Body, ContainerName, Endpoint, EtagMatch, Operation, OperationInfo, OperationKind, ResponseBody,
};
use lazuli_tests::content;
use lazuli_transport::Deadlines;

use crate::state::{BLOB, Content, LISTED, METADATA};

/// One operation, or as many as it takes, on the blob of a story.
#[derive(Clone, Debug)]
pub(crate) enum Work {
    Put {
        len: usize,
    },
    /// Only if there is none.
    PutNew {
        len: usize,
    },
    Get,
    GetRange {
        first: u64,
        len: u64,
    },
    Properties,
    Blocks {
        lens: Vec<usize>,
    },
    List {
        page: u32,
    },
    SetMetadata,
    Delete,
    /// An operation that must not be sent twice, on a blob of its own.
    Once {
        len: usize,
    },
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    Nothing,
    Content(Content),
    Properties { len: u64, metadata: Option<String> },
    Names(Vec<String>),
}

/// What one fault may cost the body of a download, beyond its head: a trickle, a silence that is cut off after some seconds, a try of the
/// rest without an answer, a wait that the service asks for. The bodies of other answers are read within the call's deadline.
const FAULT_IN_BODY: Duration = Duration::from_secs(150);

impl Work {
    /// What the `number`th work of a story writes.
    pub(crate) fn content(number: usize, len: usize) -> Bytes {
        content::bytes(number as u64 + 1, len)
    }

    pub(crate) fn metadata(number: usize) -> String {
        format!("value-{number}")
    }

    /// The blob of an operation that must not be sent twice.
    pub(crate) fn once(number: usize) -> String {
        format!("once-{number}")
    }

    /// When it must be over, at the latest, with so many faults to come.
    pub(crate) fn within(&self, deadlines: &Deadlines, faults: usize) -> Duration {
        let kind = match self {
            Self::Get | Self::GetRange { .. } => OperationKind::LargeRead,
            Self::Properties => OperationKind::SmallRead,
            Self::List { .. } => OperationKind::List,
            _ => OperationKind::Write,
        };
        let calls = match self {
            Self::Blocks { lens } => lens.len() + 1,
            Self::List { .. } => LISTED,
            _ => 1,
        };
        let body = match self {
            Self::Get | Self::GetRange { .. } => FAULT_IN_BODY * u32::try_from(faults).unwrap(),
            _ => Duration::ZERO,
        };
        // The clock of tokio's timers has steps of a millisecond.
        let call = deadlines.of(kind) + Duration::from_secs(1);
        (call + body) * u32::try_from(calls).unwrap()
    }

    pub(crate) async fn run(&self, container: &ContainerClient, number: usize) -> Result<Output, Error> {
        let blob = container.blob(BLOB);
        match self {
            Self::Put { len } => {
                blob.upload(Self::content(number, *len)).await?;
            }
            Self::PutNew { len } => {
                let content = Self::content(number, *len);
                blob.upload(content).if_none_match(EtagMatch::Any).await?;
            }
            Self::Get => return Ok(Output::Content(Content(blob.download().await?.bytes().await?))),
            Self::GetRange { first, len } => {
                let part = blob.download().range(*first..first + len).await?;
                return Ok(Output::Content(Content(part.bytes().await?)));
            }
            Self::Properties => {
                let properties = blob.properties().await?;
                return Ok(Output::Properties {
                    len: properties.content_length,
                    metadata: properties.metadata.get(METADATA).map(str::to_owned),
                });
            }
            Self::Blocks { lens } => {
                let mut list = Vec::new();
                for (index, len) in lens.iter().enumerate() {
                    let id = BlockId::new(format!("{number:04}-{index:04}").as_bytes())?;
                    blob.put_block(id.clone(), Self::content(number * 100 + index, *len))
                        .await?;
                    list.push(id);
                }
                blob.put_block_list(BlockLookupList::latest(list)).await?;
            }
            Self::List { page } => {
                let list = container.list().prefix("l/").page_size(*page).items();
                let name = |entry: ListBlobsEntry| match entry {
                    ListBlobsEntry::Blob(blob) => blob.name.clone(),
                    other => panic!("{other:?}"),
                };
                return Ok(Output::Names(list.map_ok(name).try_collect().await?));
            }
            Self::SetMetadata => {
                blob.set_metadata()
                    .metadata(METADATA, Self::metadata(number))
                    .await?;
            }
            Self::Delete => {
                blob.delete().await?;
            }
            Self::Once { len } => {
                let put = PutBlob::new(
                    ContainerName::new(container.name())?,
                    BlobName::new(&Self::once(number))?,
                    Self::content(number, *len),
                );
                container.service().send(&PutOnce(put)).await?;
            }
        }
        Ok(Output::Nothing)
    }
}

/// A Put Blob that calls itself unsafe to repeat, as an append without a position is.
#[derive(Debug)]
struct PutOnce(PutBlob);

impl Operation for PutOnce {
    type Output = BlobWritten;
    const INFO: OperationInfo = OperationInfo::blob("PutOnce", OperationKind::Write).sent_once();

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, lazuli_protocol::Error> {
        self.0.request(endpoint)
    }

    async fn response(
        parts: response::Parts,
        body: ResponseBody,
    ) -> Result<BlobWritten, lazuli_protocol::Error> {
        PutBlob::response(parts, body).await
    }
}
