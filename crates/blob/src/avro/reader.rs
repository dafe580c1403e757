//! The objects of a file, one by one, as its bytes arrive.

use std::future::Future;

use bytes::Bytes;
use lazuli_protocol::ResponseBody;

use super::framing::{Block, Framing};
use super::{Value, datum, unreadable};
use crate::Error;

/// Where the bytes of a file come from.
pub(crate) trait Source: Send {
    /// The next piece; `None` at the end.
    fn next(&mut self) -> impl Future<Output = Option<Result<Bytes, Error>>> + Send;
}

impl Source for ResponseBody {
    async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        Some(Self::next(self).await?.map_err(Error::from))
    }
}

/// A place between two objects of a file, from which its reading can go on.
#[cfg(feature = "change-feed")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Where a block starts in the file, in bytes.
    pub(crate) block: u64,
    /// How many of the block's objects were taken.
    pub(crate) index: u64,
}

/// Reads a file. A future of [`next`](Self::next) that is dropped loses nothing.
#[derive(Debug)]
pub(crate) struct AvroReader<S> {
    source: S,
    framing: Framing,
    block: Option<Block>,
    /// How many objects of the block were taken.
    taken: u64,
    /// How many objects of the first block are passed over.
    skip: u64,
}

impl<S: Source> AvroReader<S> {
    /// A file from its start.
    pub(crate) fn new(source: S) -> Self {
        Self {
            source,
            framing: Framing::new(),
            block: None,
            taken: 0,
            skip: 0,
        }
    }

    /// The next object; `None` at the end.
    ///
    /// # Errors
    /// What the source fails with, and [`ErrorKind::InvalidResponse`](crate::ErrorKind::InvalidResponse) for what cannot be read. There is nothing
    /// more then.
    pub(crate) async fn next(&mut self) -> Result<Option<Value>, Error> {
        loop {
            if let Some(value) = self.take()? {
                if self.skip == 0 {
                    return Ok(Some(value));
                }
                self.skip = self.skip.saturating_sub(1);
                continue;
            }
            if self.skip > 0 && self.block.is_some() {
                return Err(unreadable("a block has fewer objects than were taken from it before").into());
            }
            if let Some(block) = self.framing.block()? {
                self.block = Some(block);
                self.taken = 0;
                continue;
            }
            match self.source.next().await.transpose()? {
                Some(piece) => self.framing.push(&piece),
                None => {
                    self.framing.end()?;
                    return Ok(None);
                }
            }
        }
    }

    /// The next object of the block that is open.
    fn take(&mut self) -> Result<Option<Value>, Error> {
        let (Some(block), Some(header)) = (&mut self.block, self.framing.header()) else {
            return Ok(None);
        };
        if self.taken == block.objects {
            if block.data.is_empty() {
                return Ok(None);
            }
            return Err(unreadable("a block has more bytes than its objects").into());
        }
        let value = datum::object(&header.schema, &mut block.data)?;
        self.taken = self.taken.saturating_add(1);
        Ok(Some(value))
    }
}

#[cfg(feature = "change-feed")]
mod resume {
    //! Going on where an earlier reading stopped.

    use std::sync::Arc;

    use super::{AvroReader, Framing, Place, Source};
    use crate::Error;

    impl<S: Source> AvroReader<S> {
        /// Goes on from `place`, in a file whose header this reader reads first. `from` opens the file at an offset, in bytes.
        pub(crate) async fn resume(
            mut self,
            place: Place,
            from: impl FnOnce(&S, u64) -> S,
        ) -> Result<Self, Error> {
            let header = loop {
                if let Some(header) = self.framing.read_header()? {
                    break Arc::clone(&header);
                }
                match self.source.next().await.transpose()? {
                    Some(piece) => self.framing.push(&piece),
                    None => {
                        self.framing.end()?;
                        return Ok(self);
                    }
                }
            };
            let source = from(&self.source, place.block.saturating_sub(Framing::MARKER));
            Ok(Self {
                source,
                framing: Framing::resumed(header, place.block),
                block: None,
                taken: 0,
                skip: place.index,
            })
        }

        /// The place after the last object that was taken.
        pub(crate) fn place(&self) -> Option<Place> {
            let block = self.block.as_ref()?;
            Some(if self.taken == block.objects {
                Place {
                    block: block.next,
                    index: 0,
                }
            } else {
                Place {
                    block: block.offset,
                    index: self.taken,
                }
            })
        }
    }
}
