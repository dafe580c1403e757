//! The machine under the services: the state with its lock, the journal, the contents, the clock.

use std::fmt;
use std::future::Future;
use std::io;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use lazuli_protocol::Clock;

use crate::content::{ContentStore, DiskStore};
use crate::journal::{Appended, Journal, Opened};
use crate::random::Random;
use crate::state::{Denied, Garbage, Record, State, Timestamp};
use crate::{Error, ErrorKind};

/// Journals smaller than this are not worth boiling down.
pub(crate) const COMPACTION_FLOOR: u64 = 64 * 1024 * 1024;
/// How often blocks that have run out are looked for.
const SWEEP: Duration = Duration::from_secs(60 * 60);

/// Why a change was not made.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The state does not allow it.
    Denied(Denied),
    /// It could not be written down.
    Io(io::Error),
}

impl From<Denied> for Failure {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

/// Everything that one simulation owns.
pub(crate) struct Engine {
    state: RwLock<State>,
    contents: Arc<dyn ContentStore>,
    disk: Option<Disk>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Random,
    last_sweep: AtomicI64,
}

struct Disk {
    journal: Journal,
    contents: DiskStore,
    compaction_floor: u64,
}

impl Engine {
    pub(crate) fn in_memory(
        contents: impl ContentStore + 'static,
        clock: Arc<dyn Clock>,
        random: Random,
    ) -> Self {
        Self::new(State::default(), Arc::new(contents), None, clock, random)
    }

    pub(crate) fn on_disk(
        opened: Opened,
        compaction_floor: u64,
        clock: Arc<dyn Clock>,
        random: Random,
    ) -> Self {
        let Opened {
            state,
            journal,
            contents,
        } = opened;
        let disk = Disk {
            journal,
            contents: contents.clone(),
            compaction_floor,
        };
        Self::new(state, Arc::new(contents), Some(disk), clock, random)
    }

    fn new(
        state: State,
        contents: Arc<dyn ContentStore>,
        disk: Option<Disk>,
        clock: Arc<dyn Clock>,
        random: Random,
    ) -> Self {
        Self {
            state: RwLock::new(state),
            contents,
            disk,
            clock,
            random,
            // The first change sweeps: what ran out while nobody was here goes then.
            last_sweep: AtomicI64::new(i64::MIN),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now().into()
    }

    pub(crate) fn contents(&self) -> &dyn ContentStore {
        &*self.contents
    }

    /// Looks at the state.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        // A thread that panicked with the lock held has changed nothing: records are applied after all that can fail.
        look(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Decides on a change, writes it down and makes it, all in one step for those who look. When this returns the change survives
    /// what the location's durability says.
    pub(crate) async fn change<T>(
        self: &Arc<Self>,
        decide: impl FnOnce(&State, Timestamp) -> Result<(Record, T), Denied>,
    ) -> Result<T, Failure> {
        let now = self.now();
        let (outcome, garbage, appended) = {
            let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
            let (record, outcome) = decide(&state, now)?;
            let appended = self.write_down(&record).map_err(Failure::Io)?;
            let mut garbage = state.apply(record);
            self.sweep(&mut state, now, &mut garbage);
            (outcome, garbage, appended)
        };
        discard(garbage);
        if let Some(disk) = &self.disk {
            if disk.journal.flushes() {
                let engine = self.clone();
                blocking(move || engine.flush(appended))
                    .await
                    .map_err(Failure::Io)?;
            }
            if disk.journal.should_compact(disk.compaction_floor) {
                let engine = self.clone();
                tokio::task::spawn_blocking(move || engine.compact());
            }
        }
        Ok(outcome)
    }

    /// Sees to it that all that was written down is on the disk.
    pub(crate) fn flush_all(&self) -> Result<(), Error> {
        let flushed = self.disk.as_ref().map_or(Ok(()), |disk| disk.journal.flush_all());
        flushed.map_err(|source| {
            Error::new(ErrorKind::Io, "the journal cannot be flushed to the disk").because(source)
        })
    }

    fn write_down(&self, record: &Record) -> io::Result<Appended> {
        self.disk
            .as_ref()
            .map_or(Ok(Appended::default()), |disk| disk.journal.append(record))
    }

    fn flush(&self, appended: Appended) -> io::Result<()> {
        self.disk
            .as_ref()
            .map_or(Ok(()), |disk| disk.journal.flush(appended))
    }

    /// Drops the blocks that nobody committed for a week.
    fn sweep(&self, state: &mut State, now: Timestamp, garbage: &mut Garbage) {
        let last = Timestamp::from_ticks(self.last_sweep.load(Ordering::Relaxed));
        if now.since(last) < SWEEP {
            return;
        }
        self.last_sweep.store(now.ticks(), Ordering::Relaxed);
        let expired = state.expired(now);
        if expired.is_empty() {
            return;
        }
        let mut dropped = vec![std::mem::take(garbage)];
        for at in expired {
            let record = Record::DropStaged { at };
            if let Err(error) = self.write_down(&record) {
                tracing::warn!(%error, "blocks that have run out are kept: the journal cannot be written");
                break;
            }
            dropped.push(state.apply(record));
        }
        *garbage = Garbage::Many(dropped);
    }

    fn compact(&self) {
        let Some(disk) = &self.disk else {
            return;
        };
        let begun = self.read(|state| {
            let number = disk.journal.begin_compaction()?;
            io::Result::Ok(number.map(|number| (number, state.clone())))
        });
        let outcome = begun.and_then(|begun| match begun {
            Some((number, state)) => disk.journal.finish_compaction(number, &state),
            None => Ok(()),
        });
        if let Err(error) = outcome {
            tracing::warn!(%error, "the journal could not be boiled down; it goes on growing");
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        if let Some(disk) = &self.disk {
            // Before the state goes: the shares that it drops are not contents that nobody needs.
            disk.contents.close();
            if let Err(error) = disk.journal.flush_all() {
                tracing::warn!(%error, "the journal could not be flushed to the disk");
            }
        }
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("on_disk", &self.disk.is_some())
            .finish_non_exhaustive()
    }
}

/// Runs what may wait for a disk where it keeps nobody else waiting.
pub(crate) fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> impl Future<Output = io::Result<T>> {
    let work = tokio::task::spawn_blocking(work);
    async move { work.await.unwrap_or_else(|error| Err(io::Error::other(error))) }
}

fn discard(garbage: Garbage) {
    if garbage.is_large() {
        tokio::task::spawn_blocking(move || drop(garbage));
    }
}
