//! Records that are too long for one frame: cut, written, read back, and torn.

use std::fs;

use super::*;
use crate::content::{ContentHandle, ContentStore as _, DiskStore};
use crate::journal::tests::{NEVER, blob, fresh, kill, make, now, shown};
use crate::journal::{Durability, Opened, files, open, wire};
use crate::state::{Deletion, Encryption, Extent, Fill, NewBlob, State, StateId, Tag, Timestamp};

const PAGE: u64 = 512;
/// More stretches than one part holds.
const MANY: u64 = 110_000;

fn content(opened: &Opened) -> ContentHandle {
    let mut writer = opened.contents.create().unwrap();
    writer.write(&[7; 4096]).unwrap();
    writer.finish().unwrap()
}

/// A page blob of stretches that are cut and whole ones, written and cleared.
fn disk(state: &State, name: &str, content: &ContentHandle, count: u64) -> Arc<Blob> {
    let extent = |number: u64| {
        let (fill, offset, len) = match number % 3 {
            0 => (Fill::Content(content.clone()), 0, content.len()),
            1 => (Fill::Content(content.clone()), PAGE, PAGE),
            _ => (Fill::Cleared(Tag::from_number(number)), PAGE, PAGE),
        };
        (number * 8192, Extent { fill, offset, len })
    };
    let pages = (0..count).map(extent).collect();
    let content = Content::Page { pages, sequence: 5 };
    Arc::new(state.build(now(), &blob(name), NewBlob::default(), content, count * 8192))
}

/// What a page blob holds, as numbers.
fn stretches(state: &State, name: &str) -> Vec<(u64, u64, u64, u64)> {
    let found = state.blob(now(), &blob(name)).unwrap();
    let (pages, sequence) = found.pages().unwrap();
    assert_eq!(sequence, 5);
    pages
        .iter()
        .map(|(start, extent)| {
            let id = match &extent.fill {
                Fill::Content(content) => content.id().0,
                Fill::Cleared(tag) => tag.number(),
            };
            (start, id, extent.offset, extent.len)
        })
        .collect()
}

/// The parts that a record is cut to.
fn parts(record: &Record, most: usize) -> Vec<(Record, bool)> {
    let mut parts = Vec::new();
    each(record, most, |part, more| {
        parts.push((part.clone(), more));
        Ok(())
    })
    .unwrap();
    parts
}

#[test]
fn parts_make_what_the_record_makes() {
    let folder = tempfile::tempdir().unwrap();
    let opened = fresh(folder.path());
    let content = content(&opened);
    let kept = |name, stretches, count: i64| {
        let mut edits = vec![Edit::Put(disk(&opened.state, name, &content, stretches))];
        edits.extend((0..count).map(|at| Edit::Keep {
            id: StateId::Snapshot(Timestamp::from_ticks(at)),
            deletion: None,
        }));
        (blob(name), edits)
    };
    let record = Record::Edits(vec![kept("a", 1000, 3), kept("b", 5, 700), kept("c", 1000, 1)]);
    for most in [1, 300, 999, 2000, 1_000_000] {
        let parts = parts(&record, most);
        assert_eq!(parts.len() == 1, most == 1_000_000, "{most}");
        let mut state = opened.state.clone();
        for (at, (part, more)) in parts.iter().enumerate() {
            assert_eq!(*more, at + 1 < parts.len());
            state.apply(part.clone());
        }
        let mut whole = opened.state.clone();
        whole.apply(record.clone());
        assert!(shown(&state) == shown(&whole), "{most}");
    }
    kill(opened);
}

#[test]
fn a_blob_of_very_many_stretches_is_there_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut opened = fresh(folder.path());
    let content = content(&opened);
    let disk = disk(&opened.state, "disk", &content, MANY);
    for name in ["disk", "copy"] {
        make(&mut opened, Record::edit(blob(name), Edit::Put(disk.clone())));
    }
    let before = stretches(&opened.state, "disk");
    drop((content, disk));
    kill(opened);
    let opened = open(folder.path(), Durability::Process, NEVER).unwrap();
    assert!(stretches(&opened.state, "disk") == before);
    assert!(stretches(&opened.state, "copy") == before);
    opened.compact().unwrap();
    kill(opened);
    let opened = open(folder.path(), Durability::Process, NEVER).unwrap();
    assert!(stretches(&opened.state, "disk") == before);
    assert!(stretches(&opened.state, "copy") == before);
    kill(opened);
}

#[test]
fn a_blob_goes_with_very_many_snapshots() {
    const SNAPSHOTS: i64 = 101_000;
    let folder = tempfile::tempdir().unwrap();
    let mut opened = fresh(folder.path());
    let ids = || (0..SNAPSHOTS).map(|at| StateId::Snapshot(Timestamp::from_ticks(at)));
    let content = Content::Block(crate::state::Pieces::default());
    let empty = opened
        .state
        .build(now(), &blob("a"), NewBlob::default(), content, 0);
    let mut edits = vec![Edit::Put(Arc::new(empty))];
    edits.extend(ids().map(|id| Edit::Keep { id, deletion: None }));
    make(&mut opened, Record::Edit { at: blob("a"), edits });
    kill(opened);
    let mut opened = fresh(folder.path());
    let slot = |opened: &Opened| opened.state.slot(&blob("a")).unwrap().cloned();
    assert_eq!(slot(&opened).unwrap().snapshots(now()).count(), 101_000);
    let edits = ids().map(|id| Edit::Forget { id }).chain([Edit::Remove]);
    let edits = edits.collect();
    make(&mut opened, Record::Edit { at: blob("a"), edits });
    kill(opened);
    let opened = fresh(folder.path());
    assert!(slot(&opened).is_none());
    kill(opened);
}

#[test]
fn a_record_of_which_a_part_is_missing_was_never_made() {
    let folder = tempfile::tempdir().unwrap();
    let mut opened = fresh(folder.path());
    let content = content(&opened);
    let small = disk(&opened.state, "kept", &content, 3);
    make(&mut opened, Record::edit(blob("kept"), Edit::Put(small)));
    let before = shown(&opened.state);
    let journal = files::journal(folder.path(), 1);
    let start = fs::metadata(&journal).unwrap().len();
    let disk = disk(&opened.state, "disk", &content, MANY);
    let mut ends = vec![start];
    let record = Record::edit(blob("disk"), Edit::Put(disk));
    let measure = |frame: &[u8]| {
        ends.push(ends.last().unwrap() + frame.len() as u64);
        Ok(())
    };
    frames(&record, &mut Vec::new(), measure).unwrap();
    assert_eq!(ends.len(), 4);
    make(&mut opened, record);
    drop(content);
    kill(opened);
    let whole = fs::read(&journal).unwrap();
    assert_eq!(ends.last(), Some(&(whole.len() as u64)));
    // Between two parts, in the midst of one, and just before the end.
    for end in [ends[1], ends[1] + 1000, ends[2], ends[3] - 1] {
        fs::write(&journal, &whole[..usize::try_from(end).unwrap()]).unwrap();
        let mut opened = open(folder.path(), Durability::Process, NEVER).unwrap();
        assert_eq!(shown(&opened.state), before);
        assert_eq!(fs::metadata(&journal).unwrap().len(), start);
        // What comes next is not taken for its other parts.
        make(&mut opened, Record::edit(blob("kept"), Edit::Remove));
        let after = shown(&opened.state);
        kill(opened);
        let opened = fresh(folder.path());
        assert_eq!(shown(&opened.state), after);
        kill(opened);
    }
}

#[test]
fn a_record_that_no_cutting_helps_is_refused_before_anything_changes() {
    let folder = tempfile::tempdir().unwrap();
    let mut opened = fresh(folder.path());
    let document: Arc<str> = " ".repeat(65 * 1024 * 1024).into();
    let record = Record::PutService {
        account: "acct".into(),
        document,
    };
    let journal = files::journal(folder.path(), 1);
    let len = fs::metadata(&journal).unwrap().len();
    let refused = opened.journal.append(&record).unwrap_err();
    assert_eq!(refused.kind(), io::ErrorKind::InvalidInput);
    assert_eq!(fs::metadata(&journal).unwrap().len(), len);
    make(
        &mut opened,
        Record::LastTag {
            tag: Tag::from_number(9),
        },
    );
    let before = shown(&opened.state);
    kill(opened);
    let opened = fresh(folder.path());
    assert_eq!(shown(&opened.state), before);
    kill(opened);
}

#[test]
fn a_journal_of_the_first_version_is_read_and_not_written_to() {
    let folder = tempfile::tempdir().unwrap();
    let mut opened = fresh(folder.path());
    let content = content(&opened);
    let small = disk(&opened.state, "a", &content, 3);
    make(&mut opened, Record::edit(blob("a"), Edit::Put(small)));
    drop(content);
    let before = shown(&opened.state);
    kill(opened);
    let journal = files::journal(folder.path(), 1);
    let mut first = fs::read(&journal).unwrap();
    first[8] = 1;
    fs::write(&journal, &first).unwrap();
    // Nothing is written the first time.
    kill(open(folder.path(), Durability::Process, NEVER).unwrap());
    let mut opened = open(folder.path(), Durability::Process, NEVER).unwrap();
    assert_eq!(shown(&opened.state), before);
    make(&mut opened, Record::edit(blob("a"), Edit::Remove));
    let after = shown(&opened.state);
    kill(opened);
    assert_eq!(fs::read(&journal).unwrap(), first);
    let second = fs::read(files::journal(folder.path(), 2)).unwrap();
    assert_eq!(second[8], 2);
    let opened = open(folder.path(), Durability::Process, NEVER).unwrap();
    assert_eq!(shown(&opened.state), after);
    opened.compact().unwrap();
    kill(opened);
    let opened = open(folder.path(), Durability::Process, NEVER).unwrap();
    assert_eq!(shown(&opened.state), after);
    kill(opened);
}

/// That `MOST` is low enough: what the longest edits take, each for a unit of its weight.
#[test]
fn no_edit_takes_more_than_its_weight() {
    use prost::Message as _;
    let folder = tempfile::tempdir().unwrap();
    let store = DiskStore::open(folder.path(), false).unwrap();
    let content = store.existing(crate::content::ContentId(u64::MAX), u64::MAX);
    let late = Timestamp::from_ticks(i64::MIN);
    let deletion = Deletion {
        at: late,
        until: late,
    };
    let extent = wire::Extent {
        start: u64::MAX,
        content: Some(wire::Piece {
            content: u64::MAX,
            len: u64::MAX,
            id: Some(vec![0; 64]),
        }),
        offset: u64::MAX,
        len: u64::MAX,
        cleared: u64::MAX,
    };
    assert!(extent.encoded_len() < 280);
    for edit in [
        Edit::Stage {
            id: lazuli_protocol::xml::BlockId::new(&[b'x'; 64]).unwrap(),
            content: content.clone(),
            encryption: Encryption::Scope("s".repeat(63).into()),
            now: late,
            alone: true,
        },
        Edit::Write {
            start: u64::MAX,
            len: u64::MAX,
            content: Some(content),
            tag: Tag::from_number(u64::MAX),
            modified: late,
        },
        Edit::Keep {
            id: StateId::Version(late),
            deletion: Some(deletion),
        },
        Edit::Rename {
            from: StateId::Version(late),
            to: StateId::Version(late),
        },
    ] {
        assert_eq!(weight_of(&edit), 1);
        let mut bytes = Vec::new();
        encode::encode(&Record::edit(blob(""), edit), true, &mut bytes);
        assert!(bytes.len() < 300, "{}", bytes.len());
    }
}
