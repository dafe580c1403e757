//! Boiling the records down: a snapshot of the state takes the place of how it came to be.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{MutexGuard, PoisonError};

use super::append::{Journal, Tail};
use super::files::{self, Files};
use super::frame::{self, FileKind};
use super::parts;
use crate::content::sync_folder;
use crate::state::State;

/// A snapshot in the making: [begun](Journal::begin_compaction), [rotated](Self::rotate), [finished](Self::finish). Only the
/// second step has to be done while the state stands still, and it is short.
#[derive(Debug)]
pub(crate) struct Compaction<'a> {
    journal: &'a Journal,
    new: Option<Tail>,
    _writing: MutexGuard<'a, ()>,
}

impl Journal {
    /// Claims the right to boil the journal down, when the records since the last snapshot have become many: more than `floor` bytes,
    /// and more than four times what they came to then. Whoever claims it has to begin.
    pub(crate) fn claim_compaction(&self, floor: u64) -> bool {
        const TIMES: u64 = 4;
        let tail = self.tail();
        let limit = tail
            .snapshot
            .saturating_mul(TIMES)
            .max(floor)
            .max(tail.compact_from);
        tail.since_snapshot > limit && !self.compacting.swap(true, Ordering::AcqRel)
    }

    /// After a failure: claims nothing before `floor` more bytes have come. A disk that is full is not filled further by trying again.
    pub(crate) fn put_compaction_off(&self, floor: u64) {
        let mut tail = self.tail();
        tail.compact_from = tail.since_snapshot.saturating_add(floor);
    }

    /// Brings what there is to the disk, and makes a new journal ready; `None` when the location was given up. May take a while.
    pub(crate) fn begin_compaction(&self) -> io::Result<Option<Compaction<'_>>> {
        let writing = self.snapshot.lock().unwrap_or_else(PoisonError::into_inner);
        let mut compaction = Compaction {
            journal: self,
            new: None,
            _writing: writing,
        };
        if self.abandoned.load(Ordering::Acquire) {
            return Ok(None);
        }
        self.flush_all()?;
        let number = self.tail().number.saturating_add(1);
        compaction.new = Some(Tail::create(&self.root, number)?);
        Ok(Some(compaction))
    }
}

impl Compaction<'_> {
    /// Sends later records to the new journal. The snapshot is to be of the state as it is now: nothing may be appended until that
    /// is kept somewhere.
    pub(crate) fn rotate(&mut self) -> io::Result<()> {
        match self.new.take() {
            Some(new) => self.journal.tail().rotate(new),
            None => Ok(()),
        }
    }

    /// Writes the snapshot, and deletes what it replaces.
    pub(crate) fn finish(self, state: &State) -> io::Result<()> {
        let Journal { root, abandoned, .. } = self.journal;
        let number = self.journal.tail().number;
        let Some(len) = write_snapshot(root, number, state, abandoned)? else {
            return Ok(());
        };
        let mut tail = self.journal.tail();
        tail.snapshot = len;
        tail.compact_from = 0;
        tail.since_snapshot = tail.since_snapshot.saturating_sub(tail.replaced);
        drop(tail);
        Files::list(root)?.delete_before(root, number)
    }
}

impl Drop for Compaction<'_> {
    fn drop(&mut self) {
        self.journal.compacting.store(false, Ordering::Release);
    }
}

/// Writes a snapshot and gives its length, in bytes; `None` when it was abandoned.
pub(super) fn write_snapshot(
    root: &Path,
    number: u64,
    state: &State,
    abandoned: &AtomicBool,
) -> io::Result<Option<u64>> {
    let unfinished = files::unfinished(root, number);
    let written = write_unfinished(&unfinished, state, abandoned);
    let Ok(Some(len)) = written else {
        // Half a snapshot is worth nothing, and takes room.
        let _ = fs::remove_file(&unfinished);
        return written;
    };
    fs::rename(&unfinished, files::snapshot(root, number))?;
    sync_folder(root)?;
    Ok(Some(len))
}

fn write_unfinished(path: &Path, state: &State, abandoned: &AtomicBool) -> io::Result<Option<u64>> {
    let mut out = BufWriter::with_capacity(1024 * 1024, File::create(path)?);
    out.write_all(&frame::header(FileKind::Snapshot))?;
    let mut buffer = Vec::new();
    for record in state.records() {
        if abandoned.load(Ordering::Relaxed) {
            return Ok(None);
        }
        parts::frames(&record, &mut buffer, |frame| out.write_all(frame))?;
    }
    let file = out.into_inner()?;
    file.sync_all()?;
    Ok(Some(file.metadata()?.len()))
}
