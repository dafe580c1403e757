//! What all readers of a cache share, and how they come to a state of a blob and its blocks.

use std::fmt;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, ready};
use lazuli_protocol::Clock;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::disk::Disk;
use super::flights::{Flights, Ticket};
use super::floors::Floors;
use super::key::{BlobKey, BlockKey, Moment, StateKey};
use super::memory::Memory;
use super::state::{Rule, State, young};
use super::stats::{CacheStats, Counters, Event};
use crate::{BlobClient, BlobProperties, Error};

/// A blob that is read, by its client and by its key.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) client: BlobClient,
    pub(super) moment: Moment,
    pub(super) key: BlobKey,
}

/// How a cache was set up.
#[derive(Debug)]
pub(super) struct Settings {
    pub(super) memory: u64,
    pub(super) block_size: u64,
    pub(super) fetches: usize,
    pub(super) read_ahead: usize,
    pub(super) ttl: Duration,
    pub(super) clock: Arc<dyn Clock>,
}

pub(super) struct Engine {
    pub(super) settings: Settings,
    pub(super) memory: Mutex<Memory>,
    pub(super) disk: Option<Disk>,
    /// Held by whoever writes down what is known of a blob, in memory and on the disk: one at a time, so that what is invalidated stays so.
    pub(super) order: Mutex<()>,
    pub(super) floors: Floors,
    pub(super) counters: Counters,
    /// The service computes no CRC64 of a range: MD5 takes its place.
    pub(super) md5: AtomicBool,
    pub(super) disk_failed: AtomicBool,
    questions: Flights<Question, Answered>,
    fetches: Flights<BlockKey, Bytes>,
    permits: Arc<Semaphore>,
}

/// A question about the state of a blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Question {
    blob: BlobKey,
    /// Whether it is about properties that a block does not tell anew.
    properties: bool,
}

/// A state, and a block of it where one came along.
#[derive(Clone, Debug)]
pub(super) struct Answered {
    pub(super) state: Arc<State>,
    pub(super) block: Option<(u64, Bytes)>,
}

impl Engine {
    pub(super) fn new(settings: Settings, disk: Option<Disk>) -> Self {
        Self {
            memory: Mutex::new(Memory::new(settings.memory)),
            disk,
            order: Mutex::new(()),
            floors: Floors::new(settings.ttl),
            counters: Counters::default(),
            md5: AtomicBool::new(false),
            disk_failed: AtomicBool::new(false),
            questions: Flights::new(),
            fetches: Flights::new(),
            permits: Arc::new(Semaphore::new(settings.fetches)),
            settings,
        }
    }

    /// The state of a blob to read from, young enough. Where the service must be asked, it is asked for the block at `offset`.
    pub(super) async fn state(
        self: &Arc<Self>,
        target: &Arc<Target>,
        offset: u64,
    ) -> Result<Answered, Error> {
        let now = self.settings.clock.now();
        let known = self.known(target).await;
        if let Some(state) = &known
            && self.is_fresh(target, state, now)
        {
            let state = Arc::clone(state);
            return Ok(Answered { state, block: None });
        }
        let index = offset / self.settings.block_size;
        self.question(target, false, known.as_deref(), |ticket| {
            Arc::clone(self).ask(Arc::clone(target), known.clone(), index, ticket, now)
        })
        .await
    }

    pub(super) async fn properties(self: &Arc<Self>, target: &Arc<Target>) -> Result<BlobProperties, Error> {
        let now = self.settings.clock.now();
        let known = self.known(target).await;
        if let Some(state) = &known
            && state.rule == Rule::Keep
            && young(state.told, now, self.settings.ttl)
        {
            return Ok(state.properties.clone());
        }
        let answered = self
            .question(target, true, known.as_deref(), |ticket| {
                let (engine, target, known) = (Arc::clone(self), Arc::clone(target), known.clone());
                async move { engine.tell(&target, known, &ticket, now).await }
            })
            .await?;
        Ok(answered.state.properties.clone())
    }

    async fn question<F>(
        &self,
        target: &Target,
        properties: bool,
        known: Option<&State>,
        start: impl FnOnce(Ticket) -> F,
    ) -> Result<Answered, Error>
    where
        F: Future<Output = Result<Answered, Error>> + Send + 'static,
    {
        let now = self.settings.clock.now();
        let blob = target.key;
        // Whoever joins must not be told what was true longer ago than they may be told.
        let will_do = |began| match known.map(|state| state.rule) {
            Some(Rule::Ask) => false,
            _ => (target.moment.is_immutable() && !properties) || young(began, now, self.settings.ttl),
        };
        let (flight, joined) = self
            .questions
            .join(Question { blob, properties }, now, will_do, start);
        let answered = flight.await.map_err(|error| error.share())?;
        if joined && answered.block.is_some() {
            self.counters.count(Event::Shared);
        }
        Ok(answered)
    }

    /// A block of a state, on its way when this returns.
    pub(super) fn block(
        self: &Arc<Self>,
        target: &Arc<Target>,
        state: &Arc<State>,
        index: u64,
    ) -> BoxFuture<'static, Result<Bytes, Error>> {
        let key = self.key(target, state, index);
        if let Some(bytes) = self.block_in_memory(key) {
            return ready(Ok(bytes)).boxed();
        }
        let now = self.settings.clock.now();
        let load = |_| Arc::clone(self).load(Arc::clone(target), Arc::clone(state), key);
        let (flight, joined) = self.fetches.join(key, now, |_| true, load);
        let engine = Arc::clone(self);
        let landed = async move {
            let landed = flight.await.map_err(|error| error.share());
            if joined && landed.is_ok() {
                engine.counters.count(Event::Shared);
            }
            landed
        };
        landed.boxed()
    }

    pub(super) fn block_in_memory(&self, key: BlockKey) -> Option<Bytes> {
        let bytes = self.memory().block(key)?;
        self.counters.count(Event::MemoryHit(bytes.len() as u64));
        Some(bytes)
    }

    pub(super) fn is_fresh(&self, target: &Target, state: &State, now: time::OffsetDateTime) -> bool {
        target.moment.is_immutable() || state.is_young(now, self.settings.ttl)
    }

    pub(super) fn key(&self, target: &Target, state: &State, index: u64) -> BlockKey {
        BlockKey {
            blob: target.key,
            state: self.state_key(state),
            index,
        }
    }

    pub(super) fn state_key(&self, state: &State) -> StateKey {
        StateKey::of(&state.properties.etag, self.settings.block_size)
    }

    /// The bytes that a block has, which is the last of its blob perhaps.
    pub(super) fn length(&self, size: u64, index: u64) -> Option<u64> {
        let start = index.checked_mul(self.settings.block_size)?;
        let rest = size.checked_sub(start).filter(|rest| *rest > 0)?;
        Some(rest.min(self.settings.block_size))
    }

    pub(super) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has flights that are under way tell nobody but those who wait for them already.
    pub(super) fn void(&self, blob: BlobKey) {
        for properties in [false, true] {
            self.questions.void(&Question { blob, properties });
        }
    }

    /// Leave to fetch a block, and room for it in memory.
    pub(super) async fn leave(self: &Arc<Self>) -> Arc<Leave> {
        let permit = match Arc::clone(&self.permits).acquire_owned().await {
            Ok(permit) => permit,
            // Nobody closes this semaphore, and without its leave nothing may be fetched.
            Err(_) => std::future::pending().await,
        };
        self.memory().reserve(self.settings.block_size);
        Arc::new(Leave {
            engine: Arc::clone(self),
            _permit: permit,
        })
    }

    pub(super) fn stats(&self) -> CacheStats {
        let mut stats = self.counters.read();
        let memory = self.memory();
        stats.memory_evictions = memory.evicted();
        stats.memory_bytes = memory.used();
        stats
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("settings", &self.settings)
            .field("disk", &self.disk)
            .finish_non_exhaustive()
    }
}

/// Held while a block is fetched.
#[derive(Debug)]
pub(super) struct Leave {
    engine: Arc<Engine>,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Leave {
    fn drop(&mut self) {
        self.engine.memory().release(self.engine.settings.block_size);
    }
}
