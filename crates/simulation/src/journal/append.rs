//! Appending records to the newest journal.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::frame::{self, FileKind, HEADER};
use super::lock::Lock;
use super::{Durability, files, parts};
use crate::content::sync_folder;
use crate::state::Record;

/// The open end of a location's records.
#[derive(Debug)]
pub(crate) struct Journal {
    pub(super) root: PathBuf,
    pub(super) durability: Durability,
    pub(super) tail: Mutex<Tail>,
    /// Held while the disk flushes, so that those who wait for it share one flush.
    synced: Mutex<Appended>,
    pub(super) compacting: AtomicBool,
    /// Held by the thread that writes a snapshot.
    pub(super) snapshot: Mutex<()>,
    /// Set when a snapshot that is being written is not waited for.
    pub(super) abandoned: AtomicBool,
    lock: Mutex<Option<Lock>>,
}

/// The journal that is written to.
#[derive(Debug)]
pub(super) struct Tail {
    pub(super) file: Arc<File>,
    pub(super) number: u64,
    /// Its length, in bytes.
    len: u64,
    /// Bytes in this journal and in those before it since the last snapshot.
    pub(super) since_snapshot: u64,
    /// How many of those are in journals that the next snapshot replaces.
    pub(super) replaced: u64,
    /// The length of the last snapshot, in bytes.
    pub(super) snapshot: u64,
    /// How many bytes since the last snapshot it takes before another one is tried, after one that failed.
    pub(super) compact_from: u64,
    /// How many records were appended since the location was opened.
    appended: Appended,
    /// Set when a write failed and could not be taken back: what follows it would be lost.
    broken: bool,
    buffer: Vec<u8>,
}

/// How far the journal had come when a record was appended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Appended(u64);

impl Journal {
    pub(super) fn new(root: PathBuf, durability: Durability, lock: Lock, tail: Tail) -> Self {
        Self {
            root,
            durability,
            tail: Mutex::new(tail),
            synced: Mutex::default(),
            compacting: AtomicBool::new(false),
            snapshot: Mutex::default(),
            abandoned: AtomicBool::new(false),
            lock: Mutex::new(Some(lock)),
        }
    }

    /// Appends a record, with one write unless it has several parts. When that fails nothing of it stays behind.
    pub(crate) fn append(&self, record: &Record) -> io::Result<Appended> {
        self.tail().append(record)
    }

    /// Whether a record has to be flushed before it may be acknowledged.
    pub(crate) fn flushes(&self) -> bool {
        self.durability == Durability::Power
    }

    /// Waits until the disk has all records up to this one.
    pub(crate) fn flush(&self, appended: Appended) -> io::Result<()> {
        let mut synced = self.synced.lock().unwrap_or_else(PoisonError::into_inner);
        if *synced >= appended {
            return Ok(());
        }
        let (file, reached) = {
            let tail = self.tail();
            (tail.file.clone(), tail.appended)
        };
        if let Err(error) = file.sync_data() {
            // What the disk did not take it may have dropped, and would not say so again.
            self.tail().broken = true;
            return Err(error);
        }
        *synced = reached;
        Ok(())
    }

    /// Whether the disk has every record that was appended since the location was opened.
    pub(crate) fn is_flushed(&self) -> bool {
        let appended = self.tail().appended;
        *self.synced.lock().unwrap_or_else(PoisonError::into_inner) >= appended
    }

    /// Flushes all there is.
    pub(crate) fn flush_all(&self) -> io::Result<()> {
        let appended = self.tail().appended;
        self.flush(appended)
    }

    #[cfg(test)]
    pub(crate) fn is_compacting(&self) -> bool {
        self.compacting.load(Ordering::Acquire)
    }

    /// Gives the location up, whoever still holds the journal: a snapshot that is being written is left unfinished, and what
    /// opens the location next clears it away.
    pub(crate) fn release(&self) {
        self.abandoned.store(true, Ordering::Release);
        drop(self.snapshot.lock().unwrap_or_else(PoisonError::into_inner));
        self.tail().broken = true;
        self.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    pub(super) fn tail(&self) -> MutexGuard<'_, Tail> {
        self.tail.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tail {
    /// Begins a new journal.
    pub(super) fn create(root: &Path, number: u64) -> io::Result<Self> {
        let path = files::journal(root, number);
        let mut file = OpenOptions::new().append(true).create(true).open(path)?;
        // One that was made ready before, and never used.
        file.set_len(0)?;
        file.write_all(&frame::header(FileKind::Journal))?;
        file.sync_all()?;
        sync_folder(root)?;
        Ok(Self::resume(file, number, 0))
    }

    /// Goes on with a journal that is there, and ends after a whole record.
    pub(super) fn resume(file: File, number: u64, len: u64) -> Self {
        Self {
            file: Arc::new(file),
            number,
            len: len.max(u64::try_from(HEADER).unwrap_or_default()),
            since_snapshot: 0,
            replaced: 0,
            snapshot: 0,
            compact_from: 0,
            appended: Appended::default(),
            broken: false,
            buffer: Vec::new(),
        }
    }

    /// Goes on in a new file. Records keep their count, and the old file reaches the disk first.
    pub(super) fn rotate(&mut self, new: Self) -> io::Result<()> {
        if self.broken {
            return Err(broken());
        }
        self.file.sync_data().inspect_err(|_| self.broken = true)?;
        let (appended, since_snapshot, snapshot) = (self.appended, self.since_snapshot, self.snapshot);
        *self = Self {
            appended,
            compact_from: self.compact_from,
            since_snapshot,
            replaced: since_snapshot,
            snapshot,
            ..new
        };
        Ok(())
    }

    fn append(&mut self, record: &Record) -> io::Result<Appended> {
        if self.broken {
            return Err(broken());
        }
        let mut written = 0_u64;
        let appended = parts::frames(record, &mut self.buffer, |frame| {
            written = written.saturating_add(u64::try_from(frame.len()).unwrap_or_default());
            (&*self.file).write_all(frame)
        });
        if let Err(error) = appended {
            // What was written of it would hide every record after it.
            self.broken = self.file.set_len(self.len).is_err();
            return Err(error);
        }
        self.len = self.len.saturating_add(written);
        self.since_snapshot = self.since_snapshot.saturating_add(written);
        self.appended = Appended(self.appended.0.saturating_add(1));
        // One long record does not make every later one pay for its buffer.
        const KEPT: usize = 64 * 1024;
        self.buffer.shrink_to(KEPT);
        Ok(self.appended)
    }
}

fn broken() -> io::Error {
    io::Error::other("an earlier write to the journal failed halfway")
}
