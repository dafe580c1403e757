//! What the service holds, as a client sees it that meets no trouble, and what each work should make of it.

use std::fmt;

use bytes::Bytes;
use lazuli_blob::ContainerClient;
use lazuli_protocol::{Crc64, ErrorCode};

use crate::work::{Output, Work};

/// The blob that a story is about.
pub(crate) const BLOB: &str = "b";
/// The name of its metadata.
pub(crate) const METADATA: &str = "kept";
/// How many blobs a list has.
pub(crate) const LISTED: usize = 7;

/// The blob of a story; `None` where there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct State(pub(crate) Option<Held>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) content: Content,
    pub(crate) metadata: Option<String>,
}

impl State {
    pub(crate) async fn read(quiet: &ContainerClient) -> Self {
        let download = match quiet.blob(BLOB).download().await {
            Ok(download) => download,
            Err(error) => {
                assert_eq!(error.code(), Some(&ErrorCode::BlobNotFound), "{error}");
                return Self(None);
            }
        };
        let metadata = download.properties().metadata.get(METADATA).map(str::to_owned);
        let content = Content(download.bytes().await.unwrap());
        Self(Some(Held { content, metadata }))
    }

    /// The state once a work is done; `None` when it cannot be done in this state.
    pub(crate) fn after(&self, work: &Work, number: usize) -> Option<Self> {
        let written = |content: Bytes| {
            Some(Self(Some(Held {
                content: Content(content),
                metadata: None,
            })))
        };
        match work {
            Work::Put { len } => written(Work::content(number, *len)),
            Work::PutNew { .. } if self.0.is_some() => None,
            Work::PutNew { len } => written(Work::content(number, *len)),
            Work::Blocks { lens } => {
                let block = |(index, len): (usize, &usize)| Work::content(number * 100 + index, *len);
                let blocks: Vec<Bytes> = lens.iter().enumerate().map(block).collect();
                written(blocks.concat().into())
            }
            Work::SetMetadata => {
                let mut held = self.0.clone()?;
                held.metadata = Some(Work::metadata(number));
                Some(Self(Some(held)))
            }
            Work::Delete => self.0.as_ref().map(|_| Self(None)),
            Work::GetRange { first, .. } => {
                let held = self.0.as_ref()?;
                ((held.content.0.len() as u64) > *first).then(|| self.clone())
            }
            Work::Get | Work::Properties => self.0.as_ref().map(|_| self.clone()),
            Work::List { .. } | Work::Once { .. } => Some(self.clone()),
        }
    }

    /// What a work gives that is done in this state.
    pub(crate) fn output(&self, work: &Work) -> Output {
        let held = || self.0.clone().expect("a blob to read");
        match work {
            Work::Get => Output::Content(held().content),
            Work::GetRange { first, len } => {
                let content = held().content.0;
                let first = usize::try_from(*first).unwrap();
                let end = content.len().min(first + usize::try_from(*len).unwrap());
                Output::Content(Content(content.slice(first..end)))
            }
            Work::Properties => Output::Properties {
                len: held().content.0.len() as u64,
                metadata: held().metadata,
            },
            Work::List { .. } => Output::Names((0..LISTED).map(listed).collect()),
            _ => Output::Nothing,
        }
    }
}

/// Bytes that are shown in a few words.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Content(pub(crate) Bytes);

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes with CRC64 {}", self.0.len(), Crc64::of(&self.0))
    }
}

/// The name of one of the blobs of a list.
pub(crate) fn listed(number: usize) -> String {
    format!("l/{number}")
}
