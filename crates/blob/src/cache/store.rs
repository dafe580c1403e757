//! Finding and keeping what the cache has: in memory, and behind that on the disk. A disk that fails is a disk that has nothing.

use std::io;
use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard, PoisonError};

use bytes::Bytes;
use lazuli_protocol::Crc64;

use super::ask::Fetched;
use super::disk::{Disk, Stored};
use super::engine::{Engine, Leave, Target};
use super::flights::Ticket;
use super::key::{BlobKey, BlockKey};
use super::state::{Rule, State};
use super::stats::Event;

impl Engine {
    /// What is known of a blob, however old.
    pub(super) async fn known(self: &Arc<Self>, target: &Target) -> Option<Arc<State>> {
        let blob = target.key;
        if let Some(state) = self.memory().state(blob) {
            return Some(state);
        }
        let look = move |engine: &Self, disk: &Disk| {
            let _order = engine.in_order();
            let state = Arc::new(engine.state_on_disk(disk, blob)?);
            engine.memory().keep_state(blob, Arc::clone(&state));
            Some(state)
        };
        self.on_disk(look).await.flatten()
    }

    /// Takes in the state that a blob was found in, and drops what is left of another. What a later question has found stays.
    pub(super) async fn found(
        self: &Arc<Self>,
        target: &Target,
        state: State,
        known: Option<&State>,
        ticket: &Ticket,
    ) -> Arc<State> {
        let state = Arc::new(state);
        let (blob, ticket, taken) = (target.key, ticket.clone(), Arc::clone(&state));
        let other = known.is_some_and(|known| known.properties.etag != state.properties.etag);
        if known.is_some() {
            self.counters
                .count(if other { Event::Changed } else { Event::Revalidated });
        }
        if other {
            tracing::debug!(
                blob = target.client.name(),
                "the blob has changed: what is left of its old state is dropped"
            );
        }
        self.everywhere(move |engine, disk| engine.take_in(blob, &taken, other, &ticket, disk))
            .await;
        state
    }

    fn take_in(&self, blob: BlobKey, state: &Arc<State>, other: bool, ticket: &Ticket, disk: Option<&Disk>) {
        let _order = self.in_order();
        if ticket.is_void() {
            return;
        }
        let held = self.memory().state(blob);
        if held.as_ref().is_some_and(|held| held.found > state.found) {
            return;
        }
        let other = other || held.is_some_and(|held| held.properties.etag != state.properties.etag);
        let forget = state.rule == Rule::Forget;
        let stay = (!forget).then(|| self.state_key(state));
        {
            let mut memory = self.memory();
            if other || forget {
                memory.forget(blob, stay);
            }
            if !forget {
                memory.keep_state(blob, Arc::clone(state));
            }
        }
        let Some(disk) = disk else { return };
        if other || forget {
            self.noting(disk.forget(blob, stay));
        }
        if !forget {
            let kept = disk.keep_state(blob, state, self.settings.clock.now());
            self.wrote(kept);
        }
    }

    /// Keeps a block, unless its state says that it must not be kept.
    pub(super) async fn keep_block(self: &Arc<Self>, key: BlockKey, fetched: &Fetched, leave: &Arc<Leave>) {
        if fetched.state.rule == Rule::Forget {
            return;
        }
        let (bytes, checksum, leave) = (fetched.bytes.clone(), fetched.checksum, Arc::clone(leave));
        self.on_disk(move |engine, disk| {
            // Whoever waits for the block may give up, which does not end the writing: the bytes count until it ends.
            let _leave = leave;
            let checksum = checksum.unwrap_or_else(|| Crc64::of(&bytes));
            engine.wrote(disk.keep_block(key, &bytes, checksum, engine.settings.clock.now()));
        })
        .await;
        self.memory().keep_block(key, fetched.bytes.clone());
    }

    pub(super) async fn block_on_disk(self: &Arc<Self>, key: BlockKey, length: Option<u64>) -> Option<Bytes> {
        let length = length?;
        let look = move |engine: &Self, disk: &Disk| {
            engine.whole(disk.block(key, length, engine.settings.clock.now()))
        };
        let bytes = self.on_disk(look).await.flatten()?;
        self.counters.count(Event::DiskHit(bytes.len() as u64));
        self.memory().keep_block(key, bytes.clone());
        Some(bytes)
    }

    pub(super) async fn is_at_hand(self: &Arc<Self>, key: BlockKey) -> bool {
        if self.memory().block(key).is_some() {
            return true;
        }
        self.on_disk(move |_, disk| disk.has_block(key)).await == Some(true)
    }

    /// Forgets all of a blob, and takes nothing for known from now on that was found before.
    pub(super) async fn invalidate(self: &Arc<Self>, blob: BlobKey) {
        self.floors.raise(blob, self.settings.clock.now());
        self.void(blob);
        self.forget(blob).await;
    }

    /// Forgets all of a blob.
    pub(super) async fn forget(self: &Arc<Self>, blob: BlobKey) {
        self.everywhere(move |engine, disk| {
            let _order = engine.in_order();
            engine.memory().forget(blob, None);
            if let Some(disk) = disk {
                engine.noting(disk.forget(blob, None));
            }
        })
        .await;
    }

    /// Forgets a state that is not the current one any more, and nothing of a later one.
    pub(super) async fn outdated(self: &Arc<Self>, target: &Target, state: &State) {
        let (blob, etag) = (target.key, state.properties.etag.clone());
        // An answer that a slow reader has not taken yet may be of that state: nobody else should take it.
        self.void(blob);
        self.everywhere(move |engine, disk| {
            let _order = engine.in_order();
            let held = engine.memory().state(blob);
            let held = held.or_else(|| engine.state_on_disk(disk?, blob).map(Arc::new));
            let later = held.filter(|held| held.properties.etag != etag);
            let stay = later.map(|later| engine.state_key(&later));
            engine.memory().forget(blob, stay);
            if let Some(disk) = disk {
                engine.noting(disk.forget(blob, stay));
            }
        })
        .await;
    }

    fn state_on_disk(&self, disk: &Disk, blob: BlobKey) -> Option<State> {
        let stored = disk.state(blob, self.settings.clock.now());
        self.whole(stored)
            .filter(|state| self.floors.allow(blob, state.found))
    }

    // === The disk's thread ===

    async fn on_disk<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self, &Disk) -> T + Send + 'static,
    ) -> Option<T> {
        self.disk.as_ref()?;
        let engine = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || Some(work(&engine, engine.disk.as_ref()?)));
        done.await.ok().flatten()
    }

    async fn everywhere(self: &Arc<Self>, work: impl FnOnce(&Self, Option<&Disk>) + Send + 'static) {
        if self.disk.is_none() {
            return work(self, None);
        }
        self.on_disk(|engine, disk| work(engine, Some(disk))).await;
    }

    fn in_order(&self) -> MutexGuard<'_, ()> {
        self.order.lock().unwrap_or_else(PoisonError::into_inner)
    }

    // === What the disk says ===

    fn whole<T>(&self, stored: io::Result<Stored<T>>) -> Option<T> {
        match self.noting(stored)? {
            Stored::Whole(content) => Some(content),
            Stored::Missing => None,
            Stored::Damaged => {
                tracing::debug!("a damaged file of the cache was dropped");
                self.counters.count(Event::Damaged);
                None
            }
        }
    }

    fn wrote(&self, evicted: io::Result<u64>) {
        if let Some(evicted) = self.noting(evicted).filter(|evicted| *evicted > 0) {
            self.counters.count(Event::DiskEvicted(evicted));
        }
    }

    fn noting<T>(&self, outcome: io::Result<T>) -> Option<T> {
        match outcome {
            Ok(value) => Some(value),
            Err(error) => {
                self.counters.count(Event::DiskFailed);
                // Said once: a full disk would say it for every block.
                if !self.disk_failed.swap(true, Ordering::Relaxed) {
                    tracing::warn!(%error, "the cache's folder fails; what it should hold is fetched");
                }
                None
            }
        }
    }
}
