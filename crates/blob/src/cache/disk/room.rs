//! How full the folder is, and who has to go: the bound on the disk, kept together by all processes that use the folder.
//!
//! A lock on one small file makes the processes take turns. In that file stands how many bytes the cache's files have: never less than
//! they really have, whatever dies when, because a file is counted with all its bytes before the first is written, and what is
//! deleted is not taken off. When the count says that there is no room, the files themselves are counted, and those that were not used
//! in the longest time deleted.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use super::names::{self, Name};
use super::private;

// Beside the count stands its complement: a count that was torn is known by it.
const COUNT_LENGTH: usize = 16;

// A turn is over in less than a millisecond, but for the rare one that counts all files.
const TRIES: u32 = 100;
const BETWEEN_TRIES: Duration = Duration::from_millis(2);

#[derive(Debug)]
pub(super) struct Room {
    ledger: File,
    capacity: u64,
    // Whether this process has counted the files once: what another left unfinished is found, and what was lost with the power.
    counted: bool,
}

/// What came of asking for room.
#[derive(Debug, Default)]
pub(super) struct Claim {
    /// A new file that has the length asked for. `None` when there is no room, when somebody is writing this very file, and when it is another's turn
    /// for too long.
    pub(super) file: Option<File>,
    /// How many files had to go.
    pub(super) evicted: u64,
}

impl Room {
    pub(super) fn open(root: &Path, capacity: u64) -> io::Result<Self> {
        let ledger = private(
            OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false),
        )
        .open(root.join("lock"))?;
        Ok(Self {
            ledger,
            capacity,
            counted: false,
        })
    }

    /// Room for a file of `length` bytes, which is there under its unfinished name then.
    pub(super) fn claim(&mut self, root: &Path, name: &Name, length: u64) -> io::Result<Claim> {
        if !self.take_turn()? {
            return Ok(Claim::default());
        }
        let claim = self.claim_locked(root, name, length);
        self.ledger.unlock()?;
        claim
    }

    // A process that was stopped in its turn must not stop all others: what cannot be kept is fetched again.
    fn take_turn(&self) -> io::Result<bool> {
        for _ in 0..TRIES {
            match self.ledger.try_lock() {
                Ok(()) => return Ok(true),
                Err(TryLockError::WouldBlock) => thread::sleep(BETWEEN_TRIES),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
        Ok(false)
    }

    fn claim_locked(&mut self, root: &Path, name: &Name, length: u64) -> io::Result<Claim> {
        let capacity = self.capacity;
        let fits = |used: &u64| used.saturating_add(length) <= capacity;
        let known = if self.counted { self.read_count() } else { None };
        let (used, evicted) = match known.filter(fits) {
            Some(used) => (used, 0),
            None => self.sweep(root, length)?,
        };
        self.counted = true;
        if !fits(&used) {
            self.write_count(used)?;
            return Ok(Claim { file: None, evicted });
        }
        let file = begin(root, name, length)?;
        let more = if file.is_some() { length } else { 0 };
        self.write_count(used.saturating_add(more))?;
        Ok(Claim { file, evicted })
    }

    /// Counts all files, deletes what is left of writers that died, and makes room for `length` more bytes. Some more than that, so that this
    /// is not done for every file.
    fn sweep(&self, root: &Path, length: u64) -> io::Result<(u64, u64)> {
        let mut used: u64 = 0;
        let mut files = Vec::new();
        for found in names::all(root)? {
            if found.unfinished {
                used = used.saturating_add(unfinished(&found.path));
            } else if let Ok(about) = fs::metadata(&found.path) {
                used = used.saturating_add(about.len());
                files.push((
                    about.modified().unwrap_or(SystemTime::UNIX_EPOCH),
                    found.path,
                    about.len(),
                ));
            }
        }
        let most = self.capacity.saturating_sub(length);
        if used <= most {
            return Ok((used, 0));
        }
        let goal = most.saturating_sub(self.capacity / 20);
        let mut evicted: u64 = 0;
        files.sort_unstable();
        for (_, path, length) in files {
            if used <= goal {
                break;
            }
            if gone(&path) {
                used = used.saturating_sub(length);
                evicted = evicted.saturating_add(1);
            }
        }
        Ok((used, evicted))
    }

    fn read_count(&mut self) -> Option<u64> {
        let mut bytes = [0; COUNT_LENGTH];
        self.ledger.rewind().ok()?;
        self.ledger.read_exact(&mut bytes).ok()?;
        let (count, rest) = bytes.split_first_chunk::<8>()?;
        let complement = rest.first_chunk::<8>()?;
        let count = u64::from_le_bytes(*count);
        (u64::from_le_bytes(*complement) == !count).then_some(count)
    }

    fn write_count(&mut self, count: u64) -> io::Result<()> {
        let mut bytes = count.to_le_bytes().to_vec();
        bytes.extend_from_slice(&(!count).to_le_bytes());
        self.ledger.rewind()?;
        self.ledger.write_all(&bytes)
    }
}

/// Begins a file. Its writer holds a lock on it, which ends with the process however that ends: so others know what was left behind.
fn begin(root: &Path, name: &Name, length: u64) -> io::Result<Option<File>> {
    let folder = name.folder(root);
    if !folder.exists() {
        super::make_folder(&folder)?;
    }
    let path = name.unfinished(root);
    let file = private(OpenOptions::new().write(true).create(true).truncate(false)).open(&path)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    // Whoever had it may have finished it between the two calls above: it has its final name then, and must not be touched.
    if !path.exists() {
        return Ok(None);
    }
    file.set_len(0)?;
    file.set_len(length)?;
    Ok(Some(file))
}

/// The bytes of a file that is being written. When its writer is dead it is deleted.
fn unfinished(path: &Path) -> u64 {
    let alive = match OpenOptions::new().write(true).open(path) {
        Ok(file) => file.try_lock().is_err(),
        Err(_) => true,
    };
    if !alive && fs::remove_file(path).is_ok() {
        return 0;
    }
    // If it is gone, it has been finished this moment, and has its final name.
    let finished: PathBuf = path.with_extension("");
    let about = fs::metadata(path).or_else(|_| fs::metadata(finished));
    about.map_or(0, |about| about.len())
}

fn gone(path: &Path) -> bool {
    match fs::remove_file(path) {
        Ok(()) => true,
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    }
}
