//! Boiling journals down, and what a crash leaves of it.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use lazuli_protocol::{AccessTier, BlobTags, CopyStatus, Metadata, RehydratePriority};
use time::macros::datetime;
use uuid::Uuid;

use super::*;
use crate::content::{ContentHandle, ContentStore, DiskStore};
use crate::state::{
    Access, Blob, BlobPath, ContainerPath, Content, ContentHeaders, CopyReport, Deletion, Edit, Encryption,
    Extent, Immutability, Lease, NewBlob, NewContainer, Pages, Piece, Pieces, Record, Rehydration, State,
    StateId, Term, Tier, Timestamp,
};

pub(super) const NEVER: u64 = u64::MAX;

pub(super) fn now() -> Timestamp {
    datetime!(2026-03-01 12:00 UTC).into()
}

fn container() -> ContainerPath {
    ContainerPath {
        account: "acct".into(),
        container: "box".into(),
    }
}

pub(super) fn blob(name: &str) -> BlobPath {
    BlobPath {
        container: container(),
        blob: name.into(),
    }
}

pub(super) fn make(opened: &mut Opened, record: Record) {
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
            Content::Block(Pieces::from_iter([piece])),
            u64::try_from(bytes.len()).unwrap(),
            &Access::default(),
        )
        .unwrap();
    make(opened, record);
}

pub(super) fn fresh(root: &Path) -> Opened {
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
pub(super) fn kill(opened: Opened) {
    opened.contents.close();
}

/// All that a state holds, as text.
pub(super) fn shown(state: &State) -> Vec<String> {
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
    let kept = opened.state.blob(now(), &blob("a")).unwrap().clone();
    let deletion = Deletion {
        at: now(),
        until: now().next(),
    };
    let full = full(&kept, content.clone());
    let lease = Lease::acquire(None, now(), Term::Seconds(15), Uuid::from_u128(7)).unwrap();
    let (breaking, _) = Lease::break_off(Some(&lease), now(), None).unwrap();
    let states = [
        StateId::Deleted,
        StateId::Snapshot(now()),
        StateId::Version(now()),
    ];
    let mut edits = vec![
        Edit::Put(kept.clone()),
        Edit::Put(full.clone()),
        Edit::Remove,
        Edit::Append {
            content: content.clone(),
            tag: kept.tag,
            modified: now(),
        },
        Edit::Write {
            start: 512,
            len: content.len(),
            content: Some(content.clone()),
            tag: kept.tag,
            modified: now(),
        },
        Edit::Write {
            start: 512,
            len: 1024,
            content: None,
            tag: kept.tag,
            modified: now(),
        },
        Edit::Resize {
            len: 4096,
            tag: kept.tag,
            modified: now(),
        },
        Edit::Rename {
            from: StateId::Deleted,
            to: StateId::Snapshot(now()),
        },
        Edit::Stage {
            id: id.clone(),
            content: content.clone(),
            encryption: Encryption::CustomerKey("c3VtIG9mIGEga2V5".into()),
            now: now(),
            alone: true,
        },
        Edit::Stage {
            id,
            content,
            encryption: Encryption::Account,
            now: now(),
            alone: false,
        },
        Edit::DropStaged,
        Edit::Lease(None),
        Edit::Lease(Some(lease)),
        Edit::Lease(Some(breaking)),
        Edit::Extend(full.pages().unwrap().0.clone()),
    ];
    for id in states {
        edits.extend([
            Edit::Keep {
                id,
                deletion: Some(deletion),
            },
            Edit::Mark { id, deletion: None },
            Edit::Restore { id },
            Edit::Forget { id },
        ]);
    }
    let version = || "01D60F8BB59A4652".into();
    let records = [
        Record::PutContainer {
            at: container(),
            properties: opened.state.container(&container()).unwrap().properties.clone(),
        },
        Record::DeleteContainer { at: container() },
        Record::RetireContainer {
            at: container(),
            version: version(),
            deletion,
        },
        Record::RestoreContainer {
            at: container(),
            version: version(),
            to: "other".into(),
        },
        Record::ForgetContainer {
            at: container(),
            version: version(),
        },
        Record::RenameContainer {
            at: container(),
            to: "other".into(),
        },
        Record::PutService {
            account: "acct".into(),
            document: "<StorageServiceProperties />".into(),
        },
        Record::Edit {
            at: blob("å/\u{ffff}"),
            edits: edits.clone(),
        },
        Record::Edits(vec![(blob("a"), edits), (blob("b"), Vec::new())]),
        Record::LastTag { tag: kept.tag },
    ];
    for record in &records {
        let mut bytes = Vec::new();
        encode::encode(record, false, &mut bytes);
        let (read, more) = decode::Decoder::new(&store).decode(&bytes).unwrap();
        assert!(!more);
        // The store of a content is where it is kept, and not what it is.
        let plain = |record: &Record| format!("{record:?}").split("store:").next().map(str::to_owned);
        assert_eq!(plain(&read), plain(record));
    }
    let mut bytes = Vec::new();
    let set = Record::edit(blob("a"), Edit::Set(full.clone()));
    encode::encode(&set, true, &mut bytes);
    let (Record::Edit { edits, .. }, true) = decode::Decoder::new(&store).decode(&bytes).unwrap() else {
        panic!("another kind of record");
    };
    let [Edit::Set(read)] = edits.as_slice() else {
        panic!("another kind of edit");
    };
    assert_eq!(read.content.parts(), 0);
    assert_eq!((read.tag, &read.metadata), (full.tag, &full.metadata));
    assert_eq!(read.read, full.read);
    assert!(decode::Decoder::new(&store).decode(b"\xff\xff").is_err());
    assert!(decode::Decoder::new(&store).decode(b"").is_err());
    kill(opened);
}

/// A page blob that has all that a blob can have.
fn full(like: &Blob, content: ContentHandle) -> Arc<Blob> {
    Arc::new(Blob {
        len: 4096,
        content: Content::Page {
            pages: Pages::from_iter([(512, Extent::whole(content))]),
            sequence: 7,
        },
        headers: ContentHeaders {
            content_type: Some("text/plain".into()),
            ..ContentHeaders::default()
        },
        tags: BlobTags::new().with("project", "apollo").unwrap(),
        tier: Some(Tier {
            tier: AccessTier::Archive,
            changed: now(),
        }),
        rehydration: Some(Box::new(Rehydration {
            to: AccessTier::Hot,
            priority: RehydratePriority::High,
            done: now().next(),
        })),
        version: Some(now()),
        encryption: Encryption::Scope("finance".into()),
        immutability: Some(Immutability {
            until: now().next(),
            locked: true,
        }),
        legal_hold: true,
        copy: Some(Arc::new(CopyReport {
            id: "copy".into(),
            source: "https://example.com/a".into(),
            status: CopyStatus::Failed,
            description: Some("404".into()),
            bytes_done: 1,
            bytes_total: 2,
            completed: Some(now()),
            due: Some(now().next()),
            incremental: true,
            destination_snapshot: Some(now()),
            from: Some((blob("source"), like.tag)),
        })),
        expires: Some(now().next()),
        read: Some(now().next()),
        ..like.clone()
    })
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
        .set_container_access(now(), container(), access.clone(), &conditions, None);
    make(&mut opened, set.unwrap().0);
    opened.compact().unwrap();
    kill(opened);
    let opened = open(folder.path(), Durability::Process, NEVER).unwrap();
    let kept = &opened.state.container(&container()).unwrap().properties;
    assert_eq!((&kept.access, kept.metadata.get("city")), (&access, Some("Oslo")));
}
