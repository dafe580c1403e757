//! Opening a location: its lock, its records, its contents.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Read, Write};
use std::path::Path;

use super::Durability;
use super::append::{Journal, Tail};
use super::decode::Decoder;
use super::files::{self, Files};
use super::frame::{self, FileKind, Frame, Frames, HEADER, HeaderFault};
use super::lock::Lock;
use crate::content::{ContentId, DiskStore};
use crate::state::State;
use crate::{Error, ErrorKind};

/// A location that is open.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) state: State,
    pub(crate) journal: Journal,
    pub(crate) contents: DiskStore,
}

/// Opens a location, making it if there is none, and brings back its state. Journals that have grown beyond `floor` bytes and four times
/// what they amount to are boiled down.
pub(crate) fn open(root: &Path, durability: Durability, floor: u64) -> Result<Opened, Error> {
    let io = |source| failed(root, source);
    fs::create_dir_all(root).map_err(io)?;
    let lock = Lock::take(root)?;
    let found = Files::list(root).map_err(io)?;
    let contents = DiskStore::open(&files::content(root), durability == Durability::Power).map_err(io)?;
    if found.journals.is_empty() {
        return create(root, durability, lock, contents, &found);
    }

    let first = found.snapshots.last().copied();
    let mut journals: Vec<u64> = found
        .journals
        .iter()
        .copied()
        .filter(|number| Some(*number) >= first)
        .collect();
    drop_unused(root, &mut journals).map_err(io)?;
    check_complete(root, first, &journals)?;
    let mut replay = Replay {
        root,
        state: State::default(),
        decoder: Decoder::new(&contents),
    };
    let snapshot_len = match first {
        Some(number) => replay.snapshot(number)?,
        None => 0,
    };
    let mut journals_len = 0_u64;
    let mut tail = None;
    for (at, number) in journals.iter().enumerate() {
        let last = at.saturating_add(1) == journals.len();
        let (len, version) = replay.journal(*number, last)?;
        journals_len = journals_len.saturating_add(len);
        tail = Some((*number, len, version));
    }
    let needed: HashSet<ContentId> = replay.decoder.live().collect();
    let Replay { state, .. } = replay;
    let (number, len, version) = tail.unwrap_or((1, 0, frame::VERSION));
    let mut tail = cut(root, number, len).map_err(io)?;
    let missing = contents.settle(&needed).map_err(io)?;
    if !missing.is_empty() {
        tracing::error!(
            count = missing.len(),
            ?missing,
            "contents are missing; the blobs that need them cannot be read"
        );
    }
    tail.since_snapshot = journals_len;
    tail.snapshot = snapshot_len;
    if version < frame::VERSION {
        // What is added may be of a kind that files of that version do not have.
        let new = Tail::create(root, number.saturating_add(1)).map_err(io)?;
        tail.rotate(new).map_err(io)?;
    }
    let journal = Journal::new(root.to_owned(), durability, lock, tail);
    // What is only tidying up does not keep anybody from their data.
    if let Err(error) = found.delete_before(root, first.unwrap_or(0)) {
        tracing::warn!(%error, "files that a snapshot has replaced could not be deleted");
    }
    let opened = Opened {
        state,
        journal,
        contents,
    };
    if opened.journal.claim_compaction(floor)
        && let Err(error) = opened.compact()
    {
        tracing::warn!(%error, "the journal could not be boiled down; it goes on growing");
        opened.journal.put_compaction_off(floor);
    }
    opened.contents.begin_deleting();
    Ok(opened)
}

impl Opened {
    pub(super) fn compact(&self) -> io::Result<()> {
        match self.journal.begin_compaction()? {
            Some(mut compaction) => {
                compaction.rotate()?;
                compaction.finish(&self.state)
            }
            None => Ok(()),
        }
    }
}

/// Begins a location.
fn create(
    root: &Path,
    durability: Durability,
    lock: Lock,
    contents: DiskStore,
    found: &Files,
) -> Result<Opened, Error> {
    // Journals are never deleted but for newer ones: where other files are, they are missing.
    if !found.snapshots.is_empty() || !contents.is_empty().map_err(|source| failed(root, source))? {
        return Err(damaged(root, "it has contents and no journal"));
    }
    let tail = Tail::create(root, 1).map_err(|source| failed(root, source))?;
    contents
        .settle(&HashSet::new())
        .map_err(|source| failed(root, source))?;
    contents.begin_deleting();
    let journal = Journal::new(root.to_owned(), durability, lock, tail);
    Ok(Opened {
        state: State::default(),
        journal,
        contents,
    })
}

/// Leaves out the journals at the end that were made ready and never written to: the one before them is the last that counts, and may
/// end in half a record.
fn drop_unused(root: &Path, journals: &mut Vec<u64>) -> io::Result<()> {
    let header = u64::try_from(HEADER).unwrap_or_default();
    while let [.., _, last] = journals.as_slice() {
        if fs::metadata(files::journal(root, *last))?.len() > header {
            break;
        }
        journals.pop();
    }
    Ok(())
}

/// Checks that no journal is missing.
fn check_complete(root: &Path, snapshot: Option<u64>, journals: &[u64]) -> Result<(), Error> {
    let expected = snapshot.unwrap_or(1)..;
    if journals.is_empty()
        || expected
            .zip(journals)
            .any(|(expected, number)| expected != *number)
    {
        return Err(damaged(root, "one of its journals is missing"));
    }
    Ok(())
}

/// Cuts a journal to this length, and opens it to go on there.
fn cut(root: &Path, number: u64, len: u64) -> io::Result<Tail> {
    let mut file = OpenOptions::new()
        .append(true)
        .open(files::journal(root, number))?;
    let found = file.metadata()?.len();
    if found > len {
        tracing::warn!(
            bytes = found.saturating_sub(len),
            "the journal ends in a record that was not finished; it is cut off"
        );
        file.set_len(len)?;
    }
    if len == 0 {
        file.write_all(&frame::header(FileKind::Journal))?;
    }
    Ok(Tail::resume(file, number, len))
}

/// Goes through the files of a location, record by record.
struct Replay<'a> {
    root: &'a Path,
    state: State,
    decoder: Decoder<'a>,
}

impl Replay<'_> {
    /// Takes in a snapshot, which is whole or worth nothing. Gives its length.
    fn snapshot(&mut self, number: u64) -> Result<u64, Error> {
        let path = files::snapshot(self.root, number);
        let replayed = self.file(&path, FileKind::Snapshot, false)?;
        if replayed.end == End::Torn {
            return Err(damaged(&path, "it breaks off"));
        }
        Ok(replayed.whole)
    }

    /// Takes in a journal. Only the last may end in half a record. Gives its length up to there, and its version.
    fn journal(&mut self, number: u64, last: bool) -> Result<(u64, u32), Error> {
        let path = files::journal(self.root, number);
        let replayed = self.file(&path, FileKind::Journal, last)?;
        if replayed.end == End::Torn && !last {
            return Err(damaged(&path, "it breaks off, and another follows"));
        }
        Ok((replayed.whole, replayed.version))
    }

    fn file(&mut self, path: &Path, kind: FileKind, may_be_new: bool) -> Result<Replayed, Error> {
        let io = |source| failed(path, source);
        let file = File::open(path).map_err(io)?;
        let len = file.metadata().map_err(io)?.len();
        let mut file = BufReader::with_capacity(1024 * 1024, file);
        let mut header = Vec::with_capacity(HEADER);
        let header_len = u64::try_from(HEADER).unwrap_or_default();
        (&mut file)
            .take(header_len)
            .read_to_end(&mut header)
            .map_err(io)?;
        let version = match frame::check_header(&header, kind) {
            Ok(version) => version,
            // The process ended between making the file and writing to it.
            Err(HeaderFault::Short) if may_be_new => {
                return Ok(Replayed {
                    whole: 0,
                    end: End::Torn,
                    version: frame::VERSION,
                });
            }
            Err(HeaderFault::Short) => return Err(damaged(path, "it breaks off")),
            Err(fault) => return Err(unknown(path, fault)),
        };
        let mut frames = Frames::new(file, len.saturating_sub(header_len));
        // The parts of a record whose last has not come yet, and where the last whole record ends.
        let (mut parts, mut whole) = (Vec::new(), header_len);
        let end = loop {
            let at = header_len.saturating_add(frames.whole());
            match frames.next().map_err(io)? {
                Frame::Record(bytes) => {
                    let (part, more) = self.decoder.decode(bytes).map_err(|source| {
                        damaged(path, &format!("the record at byte {at} cannot be read")).because(source)
                    })?;
                    parts.push(part);
                    if !more {
                        for part in parts.drain(..) {
                            self.state.apply(part);
                        }
                        whole = header_len.saturating_add(frames.whole());
                    }
                }
                Frame::End if parts.is_empty() => break End::Whole,
                Frame::End => break End::Torn,
                Frame::Torn => break End::Torn,
                Frame::Damaged => return Err(damaged(path, &format!("there is no record at byte {at}"))),
            }
        };
        Ok(Replayed { whole, end, version })
    }
}

/// A file that was taken in.
#[derive(Clone, Copy, Debug)]
struct Replayed {
    /// How many bytes of it are whole records.
    whole: u64,
    end: End,
    version: u32,
}

/// How a file ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Whole,
    Torn,
}

fn failed(path: &Path, source: io::Error) -> Error {
    Error::new(ErrorKind::Io, format!("{} cannot be opened", path.display())).because(source)
}

fn damaged(path: &Path, how: &str) -> Error {
    let message = format!(
        "{} is damaged: {how}; nothing was changed, restore it from a copy or use another location",
        path.display()
    );
    Error::new(ErrorKind::Damaged, message)
}

fn unknown(path: &Path, fault: HeaderFault) -> Error {
    let path = path.display();
    let message = match fault {
        HeaderFault::Version(version) => format!(
            "{path} has version {version} of the format, which this program does not know; nothing was changed, use a newer program or another location"
        ),
        _ => format!("{path} was not written by this program; nothing was changed, use another location"),
    };
    Error::new(ErrorKind::UnknownFormat, message)
}
