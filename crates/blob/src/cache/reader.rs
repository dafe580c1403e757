//! Reading a range block by block, some blocks ahead.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use futures_core::Stream;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, FuturesOrdered};
use futures_util::{FutureExt as _, StreamExt as _};
use lazuli_protocol::{self as protocol, ByteRange};

use super::engine::{Answered, Engine, Target};
use super::state::State;
use crate::{BlobProperties, Error};

/// A range of a blob that is read through a cache, piece by piece. All of it is of one state of the blob.
///
/// In memory are the blocks that it reads [ahead](super::BlobCacheBuilder::read_ahead) and the one that it hands out. When the blob changes
/// before all is read, and what is left is not in the cache, the next piece is the error
/// [`ConditionNotMet`](lazuli_protocol::ErrorCode::ConditionNotMet) with the status 412: what came before is of a state that is gone. Dropping a
/// reader cancels what it alone waits for.
///
/// ```no_run
/// # async fn example(blob: lazuli_blob::cache::CachedBlob) -> Result<(), lazuli_blob::Error> {
/// let mut reader = blob.reader(1024..).await?;
/// println!("{} bytes of {}", reader.content_length(), reader.properties().etag);
/// while let Some(piece) = reader.next().await {
///     let piece = piece?;
///     // write it somewhere
/// }
/// # Ok(())
/// # }
/// ```
pub struct CachedReader {
    engine: Arc<Engine>,
    target: Arc<Target>,
    state: Arc<State>,
    // What is read of the blob, in bytes.
    span: Range<u64>,
    // Blocks that are not asked for yet.
    blocks: Range<u64>,
    first: Option<Bytes>,
    ahead: FuturesOrdered<BoxFuture<'static, Result<Bytes, Error>>>,
    done: bool,
}

impl CachedReader {
    pub(super) fn new(
        engine: Arc<Engine>,
        target: Arc<Target>,
        answered: Answered,
        range: ByteRange,
    ) -> Result<Self, Error> {
        let Answered { state, block } = answered;
        let block_size = engine.settings.block_size;
        let span = within(range, state.size())?;
        let mut blocks = span.start / block_size..span.end.div_ceil(block_size);
        let mut first = None;
        // What came along with the state need not be looked for.
        if let Some((index, bytes)) = block
            && index == blocks.start
            && !blocks.is_empty()
        {
            blocks.start = blocks.start.saturating_add(1);
            first = Some(cut(&bytes, index.saturating_mul(block_size), &span));
        }
        Ok(Self {
            engine,
            target,
            state,
            span,
            blocks,
            first,
            ahead: FuturesOrdered::new(),
            done: false,
        })
    }

    /// What is known of the blob: of the state that is read, and not older than the cache's time to live.
    #[must_use]
    pub fn properties(&self) -> &BlobProperties {
        &self.state.properties
    }

    /// How many bytes are to come in all.
    #[must_use]
    pub fn content_length(&self) -> u64 {
        self.span.end.saturating_sub(self.span.start)
    }

    /// The next piece, which is a block or a part of one; `None` at the end.
    ///
    /// # Errors
    /// As [`CachedBlob::read`](super::CachedBlob::read), and when the blob has changed. After an error there is nothing more.
    pub async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        if self.done {
            return None;
        }
        self.go_ahead();
        let piece = match self.first.take() {
            Some(first) => Some(Ok(first)),
            None => self.ahead.next().await,
        };
        self.done = !matches!(piece, Some(Ok(_)));
        piece
    }

    /// Waits for the first piece, which [`next`](Self::next) hands out then: what is wrong from the start shows here.
    pub(super) async fn begin(&mut self) -> Result<(), Error> {
        self.go_ahead();
        if self.first.is_none() {
            self.first = self.ahead.next().await.transpose()?;
        }
        Ok(())
    }

    /// All pieces, in memory.
    ///
    /// # Errors
    /// As [`next`](Self::next).
    pub async fn bytes(mut self) -> Result<Bytes, Error> {
        let Some(first) = self.next().await.transpose()? else {
            return Ok(Bytes::new());
        };
        if first.len() as u64 == self.content_length() {
            return Ok(first);
        }
        // The length is what a header claims; memory is taken as content arrives.
        let expected = self.content_length().min(1 << 24);
        let mut whole = Vec::with_capacity(usize::try_from(expected).unwrap_or_default());
        whole.extend_from_slice(&first);
        while let Some(piece) = self.next().await.transpose()? {
            whole.extend_from_slice(&piece);
        }
        Ok(whole.into())
    }

    /// The pieces as a [`Stream`].
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes, Error>> + Send {
        stream::unfold(self, async |mut reader| {
            reader.next().await.map(|piece| (piece, reader))
        })
        .fuse()
    }

    // Asks for the block that comes next, and for those that are read ahead.
    fn go_ahead(&mut self) {
        let begin = self.ahead.len();
        for _ in begin..=self.engine.settings.read_ahead {
            let Some(index) = self.blocks.next() else { break };
            let (engine, span) = (Arc::clone(&self.engine), self.span.clone());
            let start = index.saturating_mul(engine.settings.block_size);
            let block = engine.block(&self.target, &self.state, index);
            self.ahead
                .push_back(async move { Ok(cut(&block.await?, start, &span)) }.boxed());
        }
    }
}

/// The bytes of a blob of this size that a range means.
fn within(range: ByteRange, size: u64) -> Result<Range<u64>, Error> {
    let start = range.first();
    let span = start..range.end().unwrap_or(size).min(size);
    if start < size || (start == 0 && size == 0) {
        return Ok(span);
    }
    let message = format!(
        "the range {range} starts behind the end of the blob, which has {size} bytes; read what is there"
    );
    Err(protocol::Error::new(protocol::ErrorKind::InvalidInput, message).into())
}

/// The part of a block, which starts at the byte `start` of the blob, that is in the span.
fn cut(block: &Bytes, start: u64, span: &Range<u64>) -> Bytes {
    let place = |at: u64| {
        usize::try_from(at.saturating_sub(start))
            .unwrap_or(usize::MAX)
            .min(block.len())
    };
    let part = block.get(place(span.start)..place(span.end)).unwrap_or_default();
    // A small part should not hold the whole block in memory.
    if part.len() < block.len() / 2 {
        Bytes::copy_from_slice(part)
    } else {
        block.slice_ref(part)
    }
}

impl fmt::Debug for CachedReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachedReader")
            .field("blob", &self.target.client.name())
            .field("etag", &self.state.properties.etag)
            .field("span", &self.span)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_cut_at_the_end_of_the_blob() {
        for (range, size, span) in [
            (ByteRange::from(0..), 10, Some(0..10)),
            (ByteRange::from(3..5), 10, Some(3..5)),
            (ByteRange::from(9..99), 10, Some(9..10)),
            (ByteRange::from(0..99), 0, Some(0..0)),
            (ByteRange::from(10..99), 10, None),
            (ByteRange::from(1..), 0, None),
        ] {
            assert_eq!(within(range, size).ok(), span, "{range} of {size}");
        }
    }

    #[test]
    fn a_block_is_cut_to_the_span() {
        let block = Bytes::from_static(b"0123456789");
        for (start, span, part) in [
            (20, 20..30, "0123456789"),
            (20, 5..25, "01234"),
            (20, 22..24, "23"),
            (20, 29..99, "9"),
        ] {
            assert_eq!(cut(&block, start, &span), part, "{span:?}");
        }
    }
}
