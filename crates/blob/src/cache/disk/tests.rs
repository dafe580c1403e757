//! The folder: what happens while another writes, and after one has died.

use std::time::Duration;

use super::*;

const NOW: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;
const LENGTH: u64 = 1000;

fn key(index: u64) -> BlockKey {
    BlockKey {
        blob: BlobKey::numbered(1),
        state: StateKey::of(&"0x1".parse().unwrap(), LENGTH),
        index,
    }
}

fn put(disk: &Disk, index: u64, at: u64) -> u64 {
    let content = vec![7; 1000];
    let now = NOW + Duration::from_secs(at);
    disk.keep_block(key(index), &content, Crc64::of(&content), now)
        .unwrap()
}

fn has(disk: &Disk, index: u64) -> bool {
    matches!(disk.block(key(index), LENGTH, NOW).unwrap(), Stored::Whole(_))
}

#[test]
fn a_file_that_is_being_written_counts_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    // Three files fit, and no more.
    let open = || Disk::open(folder.path(), 3 * (LENGTH + OVERHEAD)).unwrap();
    let (one, two) = (open(), open());
    let name = Name::block(key(0));
    let claim = one
        .room
        .lock()
        .unwrap()
        .claim(&one.root, &name, LENGTH + OVERHEAD)
        .unwrap();
    // Another writer of the same file leaves it to the first.
    assert_eq!((put(&two, 0, 0), has(&two, 0)), (0, false));
    assert_eq!((put(&two, 1, 1), put(&two, 2, 2)), (0, 0));
    assert!(put(&two, 3, 3) > 0);
    assert!(name.unfinished(&two.root).exists() && has(&two, 3));
    // It dies, and the next who counts finds what it left.
    drop(claim);
    put(&two, 4, 4);
    put(&two, 5, 5);
    put(&two, 6, 6);
    assert!(!name.unfinished(&two.root).exists());
    put(&two, 0, 7);
    assert!(has(&two, 0));
}

#[test]
fn what_cannot_be_deleted_keeps_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::open(folder.path(), 64 * LENGTH).unwrap();
    for index in 0..9 {
        put(&disk, index, 0);
    }
    let head = Name::head(key(0).blob).path(&disk.root);
    fs::write(&head, "").unwrap();
    for stubborn in [3, 7] {
        let path = Name::block(key(stubborn)).path(&disk.root);
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
    }
    assert!(disk.forget(key(0).blob, None).is_err());
    let left = (0..9).filter(|index| disk.has_block(key(*index)));
    assert_eq!((left.collect::<Vec<_>>(), head.exists()), (vec![3, 7], false));
}

#[test]
fn those_that_were_not_used_longest_go_first() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::open(folder.path(), 4 * (LENGTH + OVERHEAD)).unwrap();
    for index in 0..4 {
        put(&disk, index, index);
    }
    let later = NOW + Duration::from_secs(9);
    assert!(matches!(
        disk.block(key(0), LENGTH, later).unwrap(),
        Stored::Whole(_)
    ));
    assert_eq!(put(&disk, 4, 10), 2);
    let there = [0, 1, 2, 3, 4].map(|index| disk.has_block(key(index)));
    assert_eq!(there, [true, false, false, true, true]);
}

#[test]
fn a_count_that_was_torn_is_counted_again() {
    let folder = tempfile::tempdir().unwrap();
    let capacity = 4 * (LENGTH + OVERHEAD);
    let disk = Disk::open(folder.path(), capacity).unwrap();
    for index in 0..3 {
        put(&disk, index, index);
    }
    for torn in [&b""[..], b"\0\0\0\0\0\0\0\0\0", &[0; 16]] {
        fs::write(disk.root.join("lock"), torn).unwrap();
        put(&disk, 3, 3);
        assert!(has(&disk, 3));
        disk.forget(key(0).blob, None).unwrap();
        for index in 0..9 {
            put(&disk, index, index);
        }
        let there = (0..9).filter(|index| disk.has_block(key(*index))).count() as u64;
        assert!(there * (LENGTH + OVERHEAD) <= capacity);
    }
}
