//! Asking the service: whether a blob is still in the state that is known, for a block, for properties.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use http::StatusCode;
use lazuli_protocol::{self as protocol, ByteRange, Checksum, Crc64, ErrorCode};
use time::OffsetDateTime;

use super::engine::{Answered, Engine, Target};
use super::fetch::{Fetch, Peek, Wanted};
use super::flights::Ticket;
use super::key::BlockKey;
use super::state::State;
use super::stats::Event;
use crate::operations::RangeChecksum;
use crate::{Download, Error};

/// A block as it came, and the state that it is of.
#[derive(Debug)]
pub(super) struct Fetched {
    pub(super) state: State,
    pub(super) bytes: Bytes,
    /// Of the bytes; known without a further look at them when the service has sent it.
    pub(super) checksum: Option<Crc64>,
}

impl Engine {
    /// Asks for the state of a blob, with one request: for the block at hand whether it still is the right one, for a block that is not at
    /// hand for the block itself, which says of what state it is.
    pub(super) async fn ask(
        self: Arc<Self>,
        target: Arc<Target>,
        known: Option<Arc<State>>,
        index: u64,
        ticket: Ticket,
        now: OffsetDateTime,
    ) -> Result<Answered, Error> {
        let leave = self.leave().await;
        // Somebody may have asked between the look that led here and now.
        if let Some(state) = self.known(&target).await
            && self.is_fresh(&target, &state, now)
        {
            return Ok(Answered { state, block: None });
        }
        let wanted = match &known {
            Some(state) if self.needs_no_block(&target, state, index).await => {
                Wanted::AnyBut(&state.properties.etag)
            }
            _ => Wanted::Any,
        };
        let fetched = match self.fetch(&target, index, wanted, now).await {
            // There is no such block in the state that is current, or no byte at all: what there is the properties tell.
            Err(error) if error.status() == Some(StatusCode::RANGE_NOT_SATISFIABLE) => {
                return self.tell(&target, known, &ticket, now).await;
            }
            other => self.unless_gone(&target, other).await?,
        };
        match (fetched, known) {
            (Some(fetched), known) => {
                let state = self
                    .found(&target, fetched.state.clone(), known.as_deref(), &ticket)
                    .await;
                let key = self.key(&target, &state, index);
                self.counters.count(Event::Miss(fetched.bytes.len() as u64));
                self.keep_block(key, &fetched, &leave).await;
                let block = Some((index, fetched.bytes));
                Ok(Answered { state, block })
            }
            (None, Some(known)) => {
                let state = self
                    .found(&target, known.found_again(now), Some(&known), &ticket)
                    .await;
                Ok(Answered { state, block: None })
            }
            (None, None) => Err(unexpected(
                "the service says that nothing changed to a question that names no state",
            )),
        }
    }

    /// Asks for the properties of a blob.
    pub(super) async fn tell(
        self: &Arc<Self>,
        target: &Arc<Target>,
        known: Option<Arc<State>>,
        ticket: &Ticket,
        now: OffsetDateTime,
    ) -> Result<Answered, Error> {
        let peek = Peek::new(&target.client, &target.moment)?;
        let told = target.client.container().service().send(&peek).await;
        let (kept, properties) = self.unless_gone(target, told).await?;
        let state = State::new(properties, kept, now);
        let state = self.found(target, state, known.as_deref(), ticket).await;
        Ok(Answered { state, block: None })
    }

    /// Brings a block of a state: from the disk, or from the service.
    pub(super) async fn load(
        self: Arc<Self>,
        target: Arc<Target>,
        state: Arc<State>,
        key: BlockKey,
    ) -> Result<Bytes, Error> {
        let leave = self.leave().await;
        // Somebody may have brought it between the look that led here and now.
        if let Some(bytes) = self.block_in_memory(key) {
            return Ok(bytes);
        }
        if let Some(bytes) = self
            .block_on_disk(key, self.length(state.size(), key.index))
            .await
        {
            return Ok(bytes);
        }
        let etag = &state.properties.etag;
        let now = self.settings.clock.now();
        let fetched = self.fetch(&target, key.index, Wanted::Only(etag), now).await;
        if let Err(error) = &fetched
            && is_change(error)
        {
            self.counters.count(Event::Changed);
            self.outdated(&target, &state).await;
        }
        match self.unless_gone(&target, fetched).await? {
            Some(fetched) if fetched.state.properties.etag == *etag => {
                self.counters.count(Event::Miss(fetched.bytes.len() as u64));
                self.keep_block(key, &fetched, &leave).await;
                Ok(fetched.bytes)
            }
            _ => Err(unexpected(
                "the service answers with another state of the blob than the one that it was asked for",
            )),
        }
    }

    async fn fetch(
        &self,
        target: &Target,
        index: u64,
        wanted: Wanted<'_>,
        now: OffsetDateTime,
    ) -> Result<Option<Fetched>, Error> {
        let block_size = self.settings.block_size;
        let start = index.saturating_mul(block_size);
        let range = ByteRange::new(start, block_size);
        let service = target.client.container().service();
        let send = async |checksum| {
            let fetch = Fetch::new(&target.client, &target.moment, range, checksum, wanted)?;
            service.send(&fetch).await
        };
        let answer = if self.md5.load(Ordering::Relaxed) {
            send(RangeChecksum::Md5).await
        } else {
            match send(RangeChecksum::Crc64).await {
                Err(error) if knows_no_crc64(&error) => {
                    self.md5.store(true, Ordering::Relaxed);
                    send(RangeChecksum::Md5).await
                }
                other => other,
            }
        };
        let Some((kept, download)) = answer? else {
            return Ok(None);
        };
        let properties = download.properties().clone();
        let first = download.content_range().map_or(0, |range| range.first);
        let length = self.length(properties.content_length, index);
        if first != start || length != Some(download.content_length()) {
            return Err(unexpected(
                "the answer holds another range than the one that was asked for",
            ));
        }
        let checksum = match download.checksum() {
            Some(Checksum::Crc64(checksum)) => Some(checksum),
            _ => None,
        };
        let bytes = gather(download).await?;
        let state = State::new(properties, kept, now);
        Ok(Some(Fetched {
            state,
            bytes,
            checksum,
        }))
    }

    /// Whether a read from the block `index` on needs nothing but to know that the state is still the current one.
    async fn needs_no_block(self: &Arc<Self>, target: &Target, state: &State, index: u64) -> bool {
        self.length(state.size(), index).is_none() || self.is_at_hand(self.key(target, state, index)).await
    }

    /// Forgets a blob that is not there any more.
    async fn unless_gone<T>(self: &Arc<Self>, target: &Target, answer: Result<T, Error>) -> Result<T, Error> {
        if let Err(error) = &answer
            && error.status() == Some(StatusCode::NOT_FOUND)
        {
            self.forget(target.key).await;
        }
        answer
    }
}

/// Whether a read failed because the blob has changed.
pub(super) fn is_change(error: &Error) -> bool {
    error.status() == Some(StatusCode::PRECONDITION_FAILED)
}

// The fields of the answer have been checked: there is no more than one block.
async fn gather(mut download: Download) -> Result<Bytes, Error> {
    let mut block = Vec::with_capacity(usize::try_from(download.content_length()).unwrap_or_default());
    while let Some(piece) = download.next().await.transpose()? {
        block.extend_from_slice(&piece);
    }
    Ok(block.into())
}

fn knows_no_crc64(error: &Error) -> bool {
    matches!(
        error.code().map(ErrorCode::as_str),
        Some("FeatureNotSupported" | "UnsupportedHeader")
    )
}

fn unexpected(message: &str) -> Error {
    protocol::Error::new(protocol::ErrorKind::InvalidResponse, message).into()
}
