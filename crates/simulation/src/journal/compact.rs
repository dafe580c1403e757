//! Boiling the records down: a snapshot of the state takes the place of how it came to be.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::atomic::Ordering;

use super::append::{Journal, Tail};
use super::encode;
use super::files::{self, Files};
use super::frame::{self, FileKind};
use crate::content::sync_folder;
use crate::state::State;

impl Journal {
    /// The short part, under the lock of the state: later records go to a new journal. Gives the number of the snapshot that is to
    /// be written of the state as it is now; `None` when another is being written.
    pub(crate) fn begin_compaction(&self) -> io::Result<Option<u64>> {
        if self.compacting.swap(true, Ordering::AcqRel) {
            return Ok(None);
        }
        let begun = self.rotate();
        if begun.is_err() {
            self.compacting.store(false, Ordering::Release);
        }
        begun.map(Some)
    }

    /// The long part, under no lock: writes the snapshot, and deletes what it replaces.
    pub(crate) fn finish_compaction(&self, number: u64, state: &State) -> io::Result<()> {
        let written = write_snapshot(&self.root, number, state);
        if let Ok(len) = written {
            let mut tail = self.tail();
            tail.snapshot = len;
            // Records that came since are few against those that were there: counting them as none is near enough.
            tail.since_snapshot = 0;
        }
        let outcome = written.and_then(|_| Files::list(&self.root)?.delete_before(&self.root, number));
        self.compacting.store(false, Ordering::Release);
        outcome
    }

    fn rotate(&self) -> io::Result<u64> {
        let mut tail = self.tail();
        let number = tail.number.saturating_add(1);
        let new = Tail::create(&self.root, number)?;
        tail.rotate(new)?;
        Ok(number)
    }
}

/// Writes a snapshot and gives its length, in bytes.
pub(super) fn write_snapshot(root: &Path, number: u64, state: &State) -> io::Result<u64> {
    let unfinished = files::unfinished(root, number);
    let mut out = BufWriter::with_capacity(1024 * 1024, File::create(&unfinished)?);
    out.write_all(&frame::header(FileKind::Snapshot))?;
    let mut buffer = Vec::new();
    for record in state.records() {
        buffer.clear();
        if !frame::push(&mut buffer, |out| encode::encode(&record, out)) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "a record is too long for the snapshot",
            ));
        }
        out.write_all(&buffer)?;
    }
    let file = out.into_inner()?;
    file.sync_all()?;
    let len = file.metadata()?.len();
    fs::rename(&unfinished, files::snapshot(root, number))?;
    sync_folder(root)?;
    Ok(len)
}
