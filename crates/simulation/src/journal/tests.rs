//! Boiling journals down, and what a crash leaves of it.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use lazuli_protocol::Metadata;
use time::macros::datetime;

use super::*;
use crate::content::{ContentStore, DiskStore};
use crate::state::{BlobPath, ContainerPath, NewBlob, NewContainer, Piece, Record, State, Timestamp};

const NEVER: u64 = u64::MAX;

fn now() -> Timestamp {
    datetime!(2026-03-01 12:00 UTC).into()
}

fn container() -> ContainerPath {
    ContainerPath {
        account: "acct".into(),
        container: "box".into(),
    }
}

fn blob(name: &str) -> BlobPath {
    BlobPath {
        container: container(),
        blob: name.into(),
    }
}

fn make(opened: &mut Opened, record: Record) {
    opened.journal.append(&record).unwrap();
    opened.state.apply(record);
}

fn put(opened: &mut Opened, name: &str, bytes: &[u8]) {
    let mut writer = opened.contents.create().unwrap();
    writer.write(bytes).unwrap();
    let piece = Piece {
        id: None,
        content: writer.finish().unwrap(),
    };
    let mut metadata = Metadata::new();
    metadata.insert("name", "value").unwrap();
    let new = NewBlob {
        metadata,
        ..NewBlob::default()
    };
    let (record, _) = opened
        .state
        .put_blob(
            now(),
            blob(name),
            new,
            Some(piece),
            &crate::state::Conditions::default(),
        )
        .unwrap();
    make(opened, record);
}

fn fresh(root: &Path) -> Opened {
    let mut opened = open(root, Durability::Process, NEVER).unwrap();
    if opened.state.container(&container()).is_err() {
        let (record, _) = opened
            .state
            .create_container(now(), container(), NewContainer::default())
            .unwrap();
        make(&mut opened, record);
    }
    opened
}

/// Ends as a process does that is killed: no file is deleted.
fn kill(opened: Opened) {
    opened.contents.close();
}

/// All that a state holds, as text.
fn shown(state: &State) -> Vec<String> {
    state.records().map(|record| format!("{record:?}")).collect()
}

fn file_names(root: &Path) -> Vec<String> {
    let names = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.contains('-')).collect();
    names.sort();
    names
}

#[test]
fn a_snapshot_takes_the_place_of_the_records() {
    let folder = tempfile::tempdir().unwrap();
    let mut opened = fresh(folder.path());
    for round in 0..50 {
        put(&mut opened, "often", format!("{round}").as_bytes());
    }
    let before = shown(&opened.state);
    opened.compact().unwrap();
    assert_eq!(
        file_names(folder.path()),
        ["journal-00000002", "snapshot-00000002"]
    );
    kill(opened);
    let mut opened = open(folder.path(), Durability::Process, NEVER).unwrap();
    assert_eq!(shown(&opened.state), before);
    put(&mut opened, "later", b"later");
    let before = shown(&opened.state);
    kill(opened);
    assert_eq!(shown(&fresh(folder.path()).state), before);
}

#[test]
fn a_crash_at_any_step_of_it_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut opened = fresh(folder.path());
    put(&mut opened, "a", b"1");
    put(&mut opened, "a", b"2");
    // After the new journal was begun, with records in both.
    let mut compaction = opened.journal.begin_compaction().unwrap().unwrap();
    compaction.rotate().unwrap();
    drop(compaction);
    let snapshot_of = opened.state.clone();
    put(&mut opened, "b", b"3");
    let before = shown(&opened.state);
    kill(opened);
    assert_eq!(
        file_names(folder.path()),
        ["journal-00000001", "journal-00000002"]
    );
    let opened = fresh(folder.path());
    assert_eq!(shown(&opened.state), before);
    kill(opened);

    // With half a snapshot, which has not got its name yet.
    fs::write(folder.path().join("snapshot-00000002.new"), b"lazuli").unwrap();
    let opened = fresh(folder.path());
    assert_eq!(shown(&opened.state), before);
    assert_eq!(
        file_names(folder.path()),
        ["journal-00000001", "journal-00000002"]
    );
    kill(opened);

    // With the whole snapshot, and what it replaces not deleted yet.
    let whole = compact::write_snapshot(folder.path(), 2, &snapshot_of, &false.into()).unwrap();
    assert!(whole.is_some());
    let opened = fresh(folder.path());
    assert_eq!(shown(&opened.state), before);
    assert_eq!(
        file_names(folder.path()),
        ["journal-00000002", "snapshot-00000002"]
    );
    kill(opened);
    drop(snapshot_of);
}

#[test]
fn a_snapshot_that_is_abandoned_gets_no_name() {
    let folder = tempfile::tempdir().unwrap();
    let mut opened = fresh(folder.path());
    put(&mut opened, "a", b"1");
    let before = shown(&opened.state);
    std::thread::scope(|scope| {
        let mut compaction = opened.journal.begin_compaction().unwrap().unwrap();
        compaction.rotate().unwrap();
        let released = scope.spawn(|| opened.journal.release());
        while !opened
            .journal
            .abandoned
            .load(std::sync::atomic::Ordering::Acquire)
        {
            std::thread::yield_now();
        }
        compaction.finish(&opened.state).unwrap();
        released.join().unwrap();
    });
    assert!(opened.journal.begin_compaction().unwrap().is_none());
    assert!(!file_names(folder.path()).contains(&"snapshot-00000002".to_owned()));
    // The location is free, though the journal is still held; and nothing more is written to it.
    let again = fresh(folder.path());
    assert_eq!(
        file_names(folder.path()),
        ["journal-00000001", "journal-00000002"]
    );
    assert_eq!(shown(&again.state), before);
    let record = Record::DeleteContainer { at: container() };
    opened.journal.append(&record).unwrap_err();
    kill(opened);
    kill(again);
}

#[test]
fn a_missing_journal_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let mut opened = fresh(folder.path());
    let mut compaction = opened.journal.begin_compaction().unwrap().unwrap();
    compaction.rotate().unwrap();
    drop(compaction);
    put(&mut opened, "a", b"1");
    kill(opened);
    fs::remove_file(folder.path().join("journal-00000001")).unwrap();
    let refused = open(folder.path(), Durability::Process, NEVER).unwrap_err();
    assert_eq!(refused.kind(), crate::ErrorKind::Damaged);
}

#[test]
fn a_journal_that_has_grown_is_boiled_down_when_it_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let mut opened = fresh(folder.path());
    for round in 0..100 {
        put(&mut opened, "often", format!("{round}").as_bytes());
    }
    let before = shown(&opened.state);
    kill(opened);
    let opened = open(folder.path(), Durability::Process, 1000).unwrap();
    assert_eq!(shown(&opened.state), before);
    assert_eq!(
        file_names(folder.path()),
        ["journal-00000002", "snapshot-00000002"]
    );
    assert!(
        fs::metadata(folder.path().join("snapshot-00000002"))
            .unwrap()
            .len()
            < 1000
    );
    assert!(!opened.journal.claim_compaction(1000));
    kill(opened);
}

#[test]
fn boiling_down_that_fails_loses_nothing_and_is_put_off() {
    let folder = tempfile::tempdir().unwrap();
    let mut opened = fresh(folder.path());
    for round in 0..100 {
        put(&mut opened, &round.to_string(), b"content");
    }
    let before = shown(&opened.state);
    kill(opened);
    // Nothing can be written under the name of the new snapshot, as on a disk that is full.
    let blocked = files::unfinished(folder.path(), 2);
    fs::create_dir_all(blocked.join("x")).unwrap();
    let opened = open(folder.path(), Durability::Process, 1000).unwrap();
    assert_eq!(shown(&opened.state), before);
    assert!(
        !opened.journal.claim_compaction(1000),
        "it is tried again at once"
    );
    kill(opened);
    let contents = DiskStore::open(&files::content(folder.path()), false).unwrap();
    assert!(!contents.is_empty().unwrap());
    assert_eq!(shown(&fresh(folder.path()).state), before);
}

#[test]
fn a_journal_that_was_made_ready_and_not_used_hides_no_torn_record() {
    let folder = tempfile::tempdir().unwrap();
    let mut opened = fresh(folder.path());
    put(&mut opened, "kept", b"kept");
    let before = shown(&opened.state);
    drop(opened.journal.begin_compaction().unwrap());
    put(&mut opened, "torn", b"torn");
    kill(opened);
    let journal = files::journal(folder.path(), 1);
    let len = fs::metadata(&journal).unwrap().len();
    fs::File::options()
        .write(true)
        .open(&journal)
        .unwrap()
        .set_len(len - 3)
        .unwrap();
    let mut opened = open(folder.path(), Durability::Process, NEVER).unwrap();
    assert_eq!(shown(&opened.state), before);
    put(&mut opened, "later", b"later");
    let before = shown(&opened.state);
    kill(opened);
    assert_eq!(shown(&fresh(folder.path()).state), before);
}

#[test]
fn every_record_is_read_back_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let store = DiskStore::open(folder.path(), false).unwrap();
    let opened_folder = tempfile::tempdir().unwrap();
    let mut opened = fresh(opened_folder.path());
    put(&mut opened, "a", b"1");
    let content = store.existing(crate::content::ContentId(77), 9);
    let id = lazuli_protocol::xml::BlockId::new(b"block").unwrap();
    let kept = opened.state.blob(&blob("a")).unwrap().clone();
    let records = [
        Record::DeleteContainer { at: container() },
        Record::PutBlob {
            at: blob("å/\u{ffff}"),
            blob: kept.clone(),
        },
        Record::DeleteBlob { at: blob("b") },
        Record::StageBlock {
            at: blob("b"),
            id,
            content,
            now: now(),
            alone: true,
        },
        Record::DropStaged { at: blob("b") },
        Record::LastTag { tag: kept.tag },
    ];
    for record in &records {
        let mut bytes = Vec::new();
        encode::encode(record, &mut bytes);
        let read = decode::Decoder::new(&store).decode(&bytes).unwrap();
        // The store of a content is where it is kept, and not what it is.
        let plain = |record: &Record| format!("{record:?}").split("store:").next().map(str::to_owned);
        assert_eq!(plain(&read), plain(record));
    }
    let mut bytes = Vec::new();
    encode::encode(
        &Record::SetBlob {
            at: blob("a"),
            blob: Arc::clone(&kept),
        },
        &mut bytes,
    );
    let Record::SetBlob { blob: read, .. } = decode::Decoder::new(&store).decode(&bytes).unwrap() else {
        panic!("another kind of record");
    };
    assert!(read.pieces.is_empty());
    assert_eq!((read.tag, &read.metadata), (kept.tag, &kept.metadata));
    assert!(decode::Decoder::new(&store).decode(b"\xff\xff").is_err());
    assert!(decode::Decoder::new(&store).decode(b"").is_err());
    kill(opened);
}

/// A record as it was written before containers had policies.
const BEFORE_POLICIES: &[u8] = b"\x0a4\x0a\x0b\x0a\x04acct\x12\x03box\x10\x80\xe3\xa2\xdc\xda\x96\xc0\xed\x08\x18\x80\xc6\x99\xbd\xf6\xaf\xc0;\x22\x0c\x0a\x04city\x12\x04Oslo*\x04blob";

#[test]
fn a_journal_from_before_policies_opens_and_goes_on() {
    use crate::state::{AccessControl, Conditions, StoredPolicy};

    let folder = tempfile::tempdir().unwrap();
    let mut file = frame::header(frame::FileKind::Journal).to_vec();
    assert!(frame::push(&mut file, |out| out.extend_from_slice(BEFORE_POLICIES)));
    fs::write(files::journal(folder.path(), 1), file).unwrap();

    let mut opened = open(folder.path(), Durability::Process, NEVER).unwrap();
    let old = opened.state.container(&container()).unwrap().properties.clone();
    assert_eq!(old.tag.to_string(), "0x8DB00B5AB88B180");
    assert_eq!(old.metadata.get("city"), Some("Oslo"));
    let blobs = AccessControl {
        public_access: Some(lazuli_protocol::PublicAccess::Blob),
        policies: Vec::new(),
    };
    assert_eq!(old.access, blobs);

    let access = AccessControl {
        public_access: None,
        policies: vec![
            StoredPolicy {
                id: "all".into(),
                start: Some(Timestamp::from_ticks(-1)),
                expiry: Some(Timestamp::from_ticks(1)),
                permission: Some("r".into()),
            },
            StoredPolicy {
                id: "none".into(),
                ..StoredPolicy::default()
            },
        ],
    };
    let conditions = Conditions::default();
    let set = opened
        .state
        .set_container_access(now(), container(), access.clone(), &conditions);
    make(&mut opened, set.unwrap().0);
    opened.compact().unwrap();
    kill(opened);
    let opened = open(folder.path(), Durability::Process, NEVER).unwrap();
    let kept = &opened.state.container(&container()).unwrap().properties;
    assert_eq!((&kept.access, kept.metadata.get("city")), (&access, Some("Oslo")));
}
