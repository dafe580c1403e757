//! What the cache has in a folder, for this process and others.
//!
//! A file is written under another name and renamed when it is whole, so readers need no lock. Nothing is flushed to the device: what a
//! loss of power tears is known by its checksum and fetched again.

mod frame;
mod names;
mod room;
#[cfg(test)]
mod tests;

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use lazuli_protocol::Crc64;
use time::OffsetDateTime;

use self::frame::Kind;
use self::names::Name;
use self::room::Room;
use super::key::{BlobKey, BlockKey, StateKey};
use super::state::State;

// Headers of an answer have a few kilobytes; more than this is no file of the cache.
const LARGEST_HEAD: u64 = 1024 * 1024;

/// The bytes that a file has beside its content.
pub(super) const OVERHEAD: u64 = frame::LENGTH as u64;

#[derive(Debug)]
pub(super) struct Disk {
    root: PathBuf,
    room: Mutex<Room>,
}

/// What there is of a file.
#[derive(Debug)]
pub(super) enum Stored<T> {
    Missing,
    /// It was not as it must be, and is deleted.
    Damaged,
    Whole(T),
}

impl Disk {
    pub(super) fn open(folder: &Path, capacity: u64) -> io::Result<Self> {
        // A later format would have a folder of its own.
        let root = folder.join("v1");
        make_folder(&root)?;
        let room = Mutex::new(Room::open(&root, capacity)?);
        Ok(Self { root, room })
    }

    pub(super) fn state(&self, blob: BlobKey, now: OffsetDateTime) -> io::Result<Stored<State>> {
        let name = Name::head(blob);
        let content = self.read(&name, Kind::Head, &blob.identity(), now, |length| {
            length <= LARGEST_HEAD
        })?;
        let Stored::Whole(content) = content else {
            return Ok(content.map_missing());
        };
        match State::decode(&content) {
            Some(state) => Ok(Stored::Whole(state)),
            None => self.drop_damaged(&name),
        }
    }

    /// A block of `length` bytes.
    pub(super) fn block(&self, key: BlockKey, length: u64, now: OffsetDateTime) -> io::Result<Stored<Bytes>> {
        let whole = |found| found == OVERHEAD.saturating_add(length);
        self.read(&Name::block(key), Kind::Block, &key.identity(), now, whole)
    }

    pub(super) fn has_block(&self, key: BlockKey) -> bool {
        Name::block(key).path(&self.root).exists()
    }

    /// Keeps what is known of a blob. Returns how many files had to go, as does the next.
    pub(super) fn keep_state(&self, blob: BlobKey, state: &State, now: OffsetDateTime) -> io::Result<u64> {
        let content = state.encode();
        let frame = frame::seal(Kind::Head, &blob.identity(), Crc64::of(&content));
        self.write(&Name::head(blob), &frame, &content, now)
    }

    /// Keeps a block, whose checksum is known.
    pub(super) fn keep_block(
        &self,
        key: BlockKey,
        content: &[u8],
        checksum: Crc64,
        now: OffsetDateTime,
    ) -> io::Result<u64> {
        let name = Name::block(key);
        // Another process was quicker.
        if name.path(&self.root).exists() {
            return Ok(0);
        }
        let frame = frame::seal(Kind::Block, &key.identity(), checksum);
        self.write(&name, &frame, content, now)
    }

    /// Deletes all about a blob. When a state is to `stay`, its blocks do, and what is known of the blob.
    ///
    /// What is known goes first: without it the blocks are found by nobody. What cannot be deleted keeps nothing else from it.
    pub(super) fn forget(&self, blob: BlobKey, stay: Option<StateKey>) -> io::Result<()> {
        let head = match stay {
            Some(_) => Ok(()),
            None => delete(&Name::head(blob).path(&self.root)),
        };
        let rest = names::about(&self.root, blob, stay)?;
        rest.iter().map(|path| delete(path)).fold(head, Result::and)
    }

    fn read(
        &self,
        name: &Name,
        kind: Kind,
        identity: &[u8; 32],
        now: OffsetDateTime,
        fits: impl FnOnce(u64) -> bool,
    ) -> io::Result<Stored<Bytes>> {
        let mut file = match File::open(name.path(&self.root)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Stored::Missing),
            Err(error) => return Err(error),
        };
        let length = file.metadata()?.len();
        if !fits(length) {
            return self.drop_damaged(name);
        }
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
        file.read_to_end(&mut bytes)?;
        let Some(content) = frame::open(kind, identity, &bytes.into()) else {
            return self.drop_damaged(name);
        };
        // When it was last used. Where the time of a file that is open for reading cannot be set, the oldest go first.
        let _ = file.set_modified(now.into());
        Ok(Stored::Whole(content))
    }

    fn write(&self, name: &Name, frame: &[u8], content: &[u8], now: OffsetDateTime) -> io::Result<u64> {
        let length = (frame.len() as u64).saturating_add(content.len() as u64);
        let claim = {
            let mut room = self.room.lock().unwrap_or_else(PoisonError::into_inner);
            room.claim(&self.root, name, length)?
        };
        let Some(file) = claim.file else {
            return Ok(claim.evicted);
        };
        let unfinished = name.unfinished(&self.root);
        let finished = fill(file, frame, content, now)
            // Held open, and so locked, until it has its final name.
            .and_then(|_file| fs::rename(&unfinished, name.path(&self.root)));
        if finished.is_err() {
            let _ = delete(&unfinished);
        }
        finished.map(|()| claim.evicted)
    }

    fn drop_damaged<T>(&self, name: &Name) -> io::Result<Stored<T>> {
        delete(&name.path(&self.root))?;
        Ok(Stored::Damaged)
    }
}

impl Stored<Bytes> {
    // What is not there is not there of any type.
    fn map_missing<T>(self) -> Stored<T> {
        match self {
            Self::Missing => Stored::Missing,
            Self::Damaged | Self::Whole(_) => Stored::Damaged,
        }
    }
}

fn fill(mut file: File, frame: &[u8], content: &[u8], now: OffsetDateTime) -> io::Result<File> {
    file.write_all(frame)?;
    file.write_all(content)?;
    file.set_modified(now.into())?;
    Ok(file)
}

/// Deletes a file that may be gone already.
fn delete(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Makes a folder that nobody else may look into, unless it is there.
fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// For files that nobody else may read.
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}
