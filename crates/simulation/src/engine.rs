//! The machine under the services: the state with its lock, the journal, the contents, the clock.

use std::collections::HashMap;
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
use crate::{AccountOptions, Error, ErrorKind};

/// Journals smaller than this are not worth boiling down.
pub(crate) const COMPACTION_FLOOR: u64 = 64 * 1024 * 1024;
/// How often what has run out is looked for.
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
    state: Arc<RwLock<State>>,
    contents: Arc<dyn ContentStore>,
    disk: Option<Arc<Disk>>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Random,
    last_sweep: AtomicI64,
}

struct Disk {
    journal: Journal,
    contents: DiskStore,
    compaction_floor: u64,
}

/// What a change has made beside its outcome.
struct Made {
    garbage: Garbage,
    /// How far the journal has to be on the disk for all of it.
    appended: Appended,
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
        Self::new(state, Arc::new(contents), Some(Arc::new(disk)), clock, random)
    }

    fn new(
        state: State,
        contents: Arc<dyn ContentStore>,
        disk: Option<Arc<Disk>>,
        clock: Arc<dyn Clock>,
        random: Random,
    ) -> Self {
        Self {
            state: Arc::new(RwLock::new(state)),
            contents,
            disk,
            clock,
            random,
            // The first change sweeps: what ran out while nobody was here goes then.
            last_sweep: AtomicI64::new(i64::MIN),
        }
    }

    /// Says what the accounts are like.
    pub(crate) fn describe(&self, options: HashMap<String, AccountOptions>) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        for (account, options) in options {
            state.set_options(&account, options);
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now().into()
    }

    pub(crate) fn contents(&self) -> &dyn ContentStore {
        &*self.contents
    }

    /// Whether a write is on the disk itself before it counts as written.
    pub(crate) fn waits_for_disk(&self) -> bool {
        self.disk.as_ref().is_some_and(|disk| disk.journal.flushes())
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
        let (outcome, garbage, appended) = {
            let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
            let now = self.now();
            let (record, outcome) = decide(&state, now)?;
            let appended = self.write_down(&record).map_err(Failure::Io)?;
            let mut made = Made {
                garbage: state.apply(record),
                appended,
            };
            self.give_copies_up(&mut state, now, &mut made);
            self.sweep(&mut state, now, &mut made);
            (outcome, made.garbage, made.appended)
        };
        if let Some(disk) = &self.disk {
            if disk.journal.flushes() {
                let disk = disk.clone();
                // What the record replaces goes only when the disk has the record, whether or not anybody still waits for it. Where the
                // disk refuses, it stays, and is an orphan or in use when the location is opened again.
                let flush = move || match disk.journal.flush(appended) {
                    Ok(()) => {
                        drop(garbage);
                        Ok(())
                    }
                    Err(error) => {
                        std::mem::forget(garbage);
                        Err(error)
                    }
                };
                blocking(flush).await.map_err(Failure::Io)?;
            } else {
                discard(garbage);
            }
            if disk.journal.claim_compaction(disk.compaction_floor) {
                let (disk, state) = (disk.clone(), self.state.clone());
                tokio::task::spawn_blocking(move || disk.compact(&state));
            }
        } else {
            discard(garbage);
        }
        Ok(outcome)
    }

    /// Sees to it that all that was acknowledged is on the disk.
    pub(crate) fn flush_all(&self) -> Result<(), Error> {
        let Some(disk) = &self.disk else {
            return Ok(());
        };
        // A look around costs nobody a wait for the disk.
        if disk.journal.is_flushed() {
            return Ok(());
        }
        // Contents first: the journal must not name what is not there.
        let flushed = disk.contents.flush_all().and_then(|()| disk.journal.flush_all());
        flushed.map_err(|source| {
            Error::new(ErrorKind::Io, "the location cannot be flushed to the disk").because(source)
        })
    }

    fn write_down(&self, record: &Record) -> io::Result<Appended> {
        self.disk
            .as_ref()
            .map_or(Ok(Appended::default()), |disk| disk.journal.append(record))
    }

    /// Puts an end to copies whose sources this change has changed. Hardly ever is one under way.
    fn give_copies_up(&self, state: &mut State, now: Timestamp, made: &mut Made) {
        while let Some(record) = state.next_broken_copy(now) {
            if let Err(error) = self.write_down_too(state, record, made) {
                tracing::warn!(%error, "a copy goes on whose source has changed: the journal cannot be written");
                return;
            }
        }
    }

    /// Drops what has run out: blocks that nobody committed for a week, and what was deleted and is kept no longer.
    fn sweep(&self, state: &mut State, now: Timestamp, made: &mut Made) {
        let last = Timestamp::from_ticks(self.last_sweep.load(Ordering::Relaxed));
        if now.since(last) < SWEEP {
            return;
        }
        self.last_sweep.store(now.ticks(), Ordering::Relaxed);
        for record in state.expired(now) {
            if let Err(error) = self.write_down_too(state, record, made) {
                tracing::warn!(%error, "what has run out is kept: the journal cannot be written");
                return;
            }
        }
    }

    fn write_down_too(&self, state: &mut State, record: Record, made: &mut Made) -> io::Result<()> {
        made.appended = self.write_down(&record)?;
        made.garbage.add(state.apply(record));
        Ok(())
    }
}

impl Disk {
    /// Boils the journal down. It holds no engine: the location is given up when the engine goes, whatever goes on here.
    fn compact(&self, state: &RwLock<State>) {
        let outcome = self.journal.begin_compaction().and_then(|compaction| {
            let Some(mut compaction) = compaction else {
                return Ok(());
            };
            let state = {
                let state = state.read().unwrap_or_else(PoisonError::into_inner);
                compaction.rotate()?;
                state.clone()
            };
            compaction.finish(&state)
        });
        if let Err(error) = outcome {
            tracing::warn!(%error, "the journal could not be boiled down; it goes on growing");
            self.journal.put_compaction_off(self.compaction_floor);
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        if let Some(disk) = &self.disk {
            // Before the state goes: the shares that it drops are not contents that nobody needs.
            disk.contents.close();
            disk.journal.release();
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

#[cfg(test)]
mod tests {
    use lazuli_protocol::SystemClock;

    use super::*;
    use crate::Durability;
    use crate::state::{Access, BlobPath, ContainerPath, Content, NewBlob, NewContainer, Pieces};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_journal_is_boiled_down_while_it_grows() {
        const FLOOR: u64 = 10_000;
        let folder = tempfile::tempdir().unwrap();
        let opened = crate::journal::open(folder.path(), Durability::Process, FLOOR).unwrap();
        let engine = Arc::new(Engine::on_disk(
            opened,
            FLOOR,
            Arc::new(SystemClock),
            Random::new(None),
        ));
        let container = ContainerPath {
            account: "acct".into(),
            container: "box".into(),
        };
        let made = engine
            .change(|state, now| state.create_container(now, container.clone(), NewContainer::default()));
        made.await.unwrap();
        let mut tags = Vec::new();
        for round in 0..3000 {
            let at = BlobPath {
                container: container.clone(),
                blob: format!("blob-{}", round % 7).into(),
            };
            let put = engine.change(|state, now| {
                let none = Content::Block(Pieces::default());
                state.put_blob(now, at, NewBlob::default(), none, 0, &Access::default())
            });
            tags.push(put.await.unwrap().tag);
            while engine.disk.as_ref().unwrap().journal.is_compacting() {
                tokio::task::yield_now().await;
            }
        }
        drop(engine);
        let kept = |root: &std::path::Path| -> u64 {
            let files = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap());
            files
                .filter(|file| file.file_type().unwrap().is_file())
                .map(|file| file.metadata().unwrap().len())
                .sum()
        };
        // 3,000 records would take ten times as much.
        assert!(kept(folder.path()) < 2 * FLOOR, "{}", kept(folder.path()));
        let opened = crate::journal::open(folder.path(), Durability::Process, FLOOR).unwrap();
        for (round, tag) in tags.iter().enumerate().skip(tags.len() - 7) {
            let at = BlobPath {
                container: container.clone(),
                blob: format!("blob-{}", round % 7).into(),
            };
            assert_eq!(
                opened.state.blob(SystemClock.now().into(), &at).unwrap().tag,
                *tag
            );
        }
    }
}
