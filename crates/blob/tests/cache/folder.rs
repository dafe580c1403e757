//! What is on the disk: for later, for others, within its bound, and never believed without proof.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use lazuli_blob::cache::BlobCache;

use crate::service::{Service, TTL, clock, small};

/// The files of a cache, but for its lock, sorted.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else if !path.ends_with("lock") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn bytes(folder: &Path) -> u64 {
    files(folder)
        .iter()
        .map(|path| fs::metadata(path).unwrap().len())
        .sum()
}

#[tokio::test]
async fn another_cache_finds_what_one_has_left() {
    let folder = tempfile::tempdir().unwrap();
    let (service, clock) = (Service::new(), clock());
    let whole = service.put("a", 2000);
    let one = small(&clock).disk(folder.path(), 1 << 20).build().unwrap();
    let two = small(&clock)
        .disk(folder.path(), 1 << 20)
        .memory(0)
        .build()
        .unwrap();
    service.cached(&one, "a").read(0..1500).await.unwrap();
    drop(one);
    assert_eq!(service.asked().len(), 3);

    let blob = service.cached(&two, "a");
    assert_eq!(blob.read(0..1500).await.unwrap(), whole[..1500]);
    assert_eq!(blob.properties().await.unwrap().metadata.get("write"), Some("1"));
    assert_eq!(service.asked(), [""; 0]);
    assert_eq!((two.stats().disk_hits, two.stats().disk_bytes_read), (3, 1536));
    clock.advance(TTL);
    assert_eq!(blob.read(0..).await.unwrap(), whole);
    assert_eq!(
        service.asked(),
        [
            "GET a 0-511 if-none-match \"0x1\"",
            "GET a 1536-2047 if-match \"0x1\""
        ]
    );
    // A cache of other blocks has its own.
    let three = small(&clock)
        .block_size(1024)
        .disk(folder.path(), 1 << 20)
        .build()
        .unwrap();
    assert_eq!(service.cached(&three, "a").read(0..).await.unwrap(), whole);
    assert_eq!(service.asked().len(), 2);
}

#[tokio::test]
async fn damage_is_seen_and_mended() {
    let folder = tempfile::tempdir().unwrap();
    let (service, clock) = (Service::new(), clock());
    let whole = service.put("a", 2000);
    let cache = || {
        small(&clock)
            .memory(0)
            .disk(folder.path(), 1 << 20)
            .build()
            .unwrap()
    };
    service.cached(&cache(), "a").read(0..).await.unwrap();
    let files = files(folder.path());
    assert_eq!(files.len(), 5);
    type Harm = fn(&mut Vec<u8>);
    let harms: [Harm; 6] = [
        |file| file[3] ^= 1,
        |file| file[20] ^= 128,
        |file| *file.last_mut().unwrap() ^= 4,
        |file| file.truncate(file.len() / 2),
        |file| file.clear(),
        |file| file.push(0),
    ];
    for path in &files {
        for harm in harms {
            service.asked();
            let mut content = fs::read(path).unwrap();
            harm(&mut content);
            fs::write(path, content).unwrap();
            let cache = cache();
            assert_eq!(service.cached(&cache, "a").read(0..).await.unwrap(), whole);
            assert_eq!(cache.stats().damaged_files, 1);
            assert_eq!(service.asked().len(), 1);
        }
    }
    // A block in another's place is as good as damaged.
    fs::copy(&files[0], &files[1]).unwrap();
    assert_eq!(service.cached(&cache(), "a").read(0..).await.unwrap(), whole);
}

#[tokio::test]
async fn the_bound_holds_and_what_was_not_used_longest_goes() {
    let folder = tempfile::tempdir().unwrap();
    let (service, clock) = (Service::new(), clock());
    let bound = 80 * 1024;
    let build = || {
        small(&clock)
            .block_size(4096)
            .memory(0)
            .ttl(TTL * 1000)
            .disk(folder.path(), bound)
            .build()
            .unwrap()
    };
    let (one, two) = (build(), build());
    service.put("hot", 4096);
    for number in 0..60 {
        let cache = if number % 2 == 0 { &one } else { &two };
        let name = format!("b{number}");
        service.put(&name, 4096);
        service.cached(cache, &name).read(0..).await.unwrap();
        clock.advance(Duration::from_secs(1));
        service.cached(cache, "hot").read(0..).await.unwrap();
        clock.advance(Duration::from_secs(1));
        assert!(bytes(folder.path()) <= bound);
    }
    let hot = service
        .asked()
        .into_iter()
        .filter(|line| line.contains("hot"))
        .count();
    assert_eq!(hot, 1);
    assert!(bytes(folder.path()) > bound / 2);
    let evicted = one.stats().disk_evictions + two.stats().disk_evictions;
    assert!(evicted > 40, "{evicted}");
    assert_eq!(one.stats().disk_failures, 0);
}

#[tokio::test]
async fn what_a_dead_writer_left_goes_and_what_is_not_ours_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (service, clock) = (Service::new(), clock());
    let whole = service.put("a", 400);
    let build = || small(&clock).disk(folder.path(), 1 << 20).build().unwrap();
    service.cached(&build(), "a").read(0..).await.unwrap();
    let block = files(folder.path())
        .into_iter()
        .find(|path| path.extension().unwrap() == "0")
        .unwrap();
    let with = |ending: &str| PathBuf::from(format!("{}{ending}", block.display()));
    fs::rename(&block, with(".new")).unwrap();
    fs::write(with("1.new"), "half").unwrap();
    let notes = block.with_file_name("notes.txt");
    fs::write(&notes, "mine").unwrap();
    let cache = build();
    assert_eq!(service.cached(&cache, "a").read(0..).await.unwrap(), whole);
    let left = files(folder.path());
    assert!(left.contains(&block) && left.contains(&notes));
    assert!(
        !left.iter().any(|path| path.extension().unwrap() == "new"),
        "{left:?}"
    );
}

#[tokio::test]
async fn a_folder_that_fails_makes_no_read_fail() {
    let folder = tempfile::tempdir().unwrap();
    let (service, clock) = (Service::new(), clock());
    let whole = service.put("a", 2000);
    let cache = small(&clock).disk(folder.path(), 1 << 20).build().unwrap();
    // Files stand where folders should.
    for number in 0..=255 {
        fs::write(folder.path().join("v1").join(format!("{number:02x}")), "").unwrap();
    }
    assert_eq!(service.cached(&cache, "a").read(0..).await.unwrap(), whole);
    assert!(cache.stats().disk_failures > 0);
}

#[cfg(unix)]
#[tokio::test]
async fn only_this_user_can_look_and_no_name_shows() {
    use std::os::unix::fs::PermissionsExt as _;

    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("cache");
    let (service, clock) = (Service::new(), clock());
    service.put("payroll", 400);
    let cache: BlobCache = small(&clock).disk(&folder, 1 << 20).build().unwrap();
    service.cached(&cache, "payroll").read(0..).await.unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let files = files(&folder);
    assert_eq!(files.len(), 2);
    for path in files.iter().chain([&folder.join("v1/lock")]) {
        assert_eq!(mode(path), 0o600);
        assert!(!path.to_str().unwrap().contains("payroll"));
    }
    for path in [
        folder.clone(),
        folder.join("v1"),
        files[0].parent().unwrap().to_owned(),
    ] {
        assert_eq!(mode(&path), 0o700);
    }
}

#[tokio::test]
async fn what_another_finds_before_and_writes_after_an_invalidation_does_not_count() {
    let folder = tempfile::tempdir().unwrap();
    let (service, clock) = (Service::new(), clock());
    service.put("a", 1000);
    let cache = small(&clock)
        .disk(folder.path(), 1 << 20)
        .memory(0)
        .build()
        .unwrap();
    let blob = service.cached(&cache, "a");
    blob.read(0..).await.unwrap();
    let old: Vec<_> = files(folder.path())
        .into_iter()
        .map(|path| (fs::read(&path).unwrap(), path))
        .collect();
    clock.advance(Duration::from_secs(1));
    let new = service.put("a", 1000);
    cache.invalidate(blob.client()).await;
    assert_eq!(files(folder.path()), [""; 0].map(PathBuf::from));
    // As another process would, whose question was asked before the write.
    let write_old = || {
        for (bytes, path) in &old {
            fs::write(path, bytes).unwrap();
        }
    };
    write_old();
    clock.advance(Duration::from_secs(1));
    service.asked();
    assert_eq!(blob.read(0..).await.unwrap(), new);
    write_old();
    assert_eq!(blob.read(0..).await.unwrap(), new);
    assert_eq!(service.asked()[0], "GET a 0-511");
    // What is found afterwards counts.
    assert_eq!(blob.read(0..).await.unwrap(), new);
    assert_eq!(service.asked(), [""; 0]);
}
