//! An hour of the log: shards, which have files, which have events.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use futures_core::Stream;
use futures_util::TryStreamExt as _;
use lazuli_protocol::xml::ListBlobsEntry;
use time::OffsetDateTime;

use super::cursor::Within;
use super::log::Log;
use super::ranges::Ranges;
use super::{ChangeFeedCursor, ChangeFeedEvent, gone};
use crate::Error;
use crate::avro::{AvroReader, Place};

/// Names with something about each, page after page.
pub(super) type Listing<T> = Pin<Box<dyn Stream<Item = Result<T, Error>> + Send>>;

/// A segment that is being read, a shard after the other.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) begin: OffsetDateTime,
    shards: std::vec::IntoIter<Arc<str>>,
    shard: Option<Shard>,
    /// Where to start in the first shard.
    resume: Option<Within>,
}

impl Segment {
    /// A segment with these shards, from the place that a cursor names.
    pub(super) fn open(
        begin: OffsetDateTime,
        mut shards: Vec<Arc<str>>,
        resume: Option<Within>,
    ) -> Result<Self, Error> {
        if let Some(within) = &resume {
            let at = shards.iter().position(|shard| *shard == within.shard);
            shards = shards.split_off(at.ok_or_else(|| gone("shard", &within.shard))?);
        }
        Ok(Self {
            begin,
            shards: shards.into_iter(),
            shard: None,
            resume,
        })
    }

    /// The next event, with the place after it.
    pub(super) async fn next(
        &mut self,
        log: &Log,
    ) -> Result<Option<(ChangeFeedEvent, ChangeFeedCursor)>, Error> {
        loop {
            if let Some(shard) = &mut self.shard {
                if let Some((event, within)) = shard.next(log).await? {
                    let cursor = ChangeFeedCursor {
                        segment: self.begin,
                        within: Some(within),
                    };
                    return Ok(Some((event, cursor)));
                }
                self.shard = None;
            }
            let Some(path) = self.shards.next() else {
                return Ok(None);
            };
            self.shard = Some(Shard::open(log, path, self.resume.take()));
        }
    }
}

/// The events of some of the blobs, in files that are read one after the other.
struct Shard {
    path: Arc<str>,
    files: Listing<(Arc<str>, u64)>,
    file: Option<File>,
    resume: Option<Within>,
}

#[derive(Debug)]
struct File {
    name: Arc<str>,
    reader: AvroReader<Ranges>,
}

impl Shard {
    fn open(log: &Log, path: Arc<str>, resume: Option<Within>) -> Self {
        let from = resume.as_ref().map(|within| Arc::clone(&within.file));
        let files = log.list(&*path).items().try_filter_map(move |entry| {
            let file = match entry {
                ListBlobsEntry::Blob(blob) if blob.name.ends_with(".avro") => {
                    let wanted = from.as_ref().is_none_or(|from| **from <= *blob.name);
                    wanted.then(|| (blob.name.as_str().into(), blob.content_length))
                }
                _ => None,
            };
            std::future::ready(Ok(file))
        });
        Self {
            path,
            files: Box::pin(files),
            file: None,
            resume,
        }
    }

    async fn next(&mut self, log: &Log) -> Result<Option<(ChangeFeedEvent, Within)>, Error> {
        loop {
            if let Some(File { name, reader }) = &mut self.file {
                if let Some(value) = reader.next().await? {
                    let event = ChangeFeedEvent::read(&value)?;
                    let within = Within {
                        shard: Arc::clone(&self.path),
                        file: Arc::clone(name),
                        place: reader.place().unwrap_or(Place { block: 0, index: 0 }),
                    };
                    return Ok(Some((event, within)));
                }
                self.file = None;
            }
            let next = self.files.try_next().await?;
            let place = match (self.resume.take(), &next) {
                (Some(within), Some((name, _))) if within.file == *name => Some(within.place),
                (Some(within), _) => return Err(gone("file", &within.file).into()),
                (None, _) => None,
            };
            let Some((name, size)) = next else {
                return Ok(None);
            };
            if size == 0 {
                // Made, and nothing was written to it.
                continue;
            }
            let ranges = Ranges::new(log.clone(), Arc::clone(&name), size);
            let reader = match place {
                Some(place) => AvroReader::new(ranges.slowly()).resume(place, Ranges::at).await?,
                None => AvroReader::new(ranges),
            };
            self.file = Some(File { name, reader });
        }
    }
}

impl fmt::Debug for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shard")
            .field("path", &self.path)
            .field("file", &self.file)
            .finish_non_exhaustive()
    }
}
