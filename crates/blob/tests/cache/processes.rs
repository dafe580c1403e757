//! Several processes on one folder, and processes that die at any moment.
//!
//! The other process is this test program, told by its standard input what to do.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use lazuli_blob::cache::BlobCache;

use crate::service::{Service, content};

const BLOCK: u64 = 4096;
const BOUND: u64 = 256 * 1024;
const LENGTH: usize = 30_000;
const BLOBS: usize = 20;

/// A service with the same blobs in each process.
fn service() -> Service {
    let service = Service::new();
    for number in 0..BLOBS {
        service.put(&format!("b{number}"), LENGTH);
    }
    service
}

fn cache(folder: &Path) -> BlobCache {
    let builder = BlobCache::builder()
        .block_size(BLOCK)
        .memory(0)
        .disk(folder, BOUND);
    builder.ttl(Duration::from_secs(3600)).build().unwrap()
}

/// Reads all blobs from one on, and holds each against what it must be.
async fn read_all(service: &Service, cache: &BlobCache, from: usize) {
    for number in (0..BLOBS).map(|step| (from + step * 7) % BLOBS) {
        let read = service
            .cached(cache, &format!("b{number}"))
            .read(0..)
            .await
            .unwrap();
        assert!(read == content(number as u64 + 1, LENGTH), "b{number}");
    }
}

/// The other process: it reads again and again, and says so after each round.
#[tokio::test]
#[ignore = "it is started by the tests below"]
async fn other() {
    let mut folder = String::new();
    std::io::stdin().read_to_string(&mut folder).unwrap();
    // Nobody started it but a runner of all tests.
    if folder.is_empty() {
        return;
    }
    let (service, cache) = (service(), cache(Path::new(&folder)));
    for round in 0.. {
        read_all(&service, &cache, round).await;
        let stats = cache.stats();
        assert_eq!((stats.damaged_files, stats.disk_failures), (0, 0), "{stats:?}");
        println!("a round of reads is done");
    }
}

struct Other(Child);

impl Other {
    fn start(folder: &Path) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "processes::other", "--ignored", "--nocapture"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(folder.to_str().unwrap().as_bytes())
            .unwrap();
        Self(child)
    }

    /// Waits for so many rounds of its reads. It ends early where one of its checks fails.
    fn wait(&mut self, rounds: usize) {
        let lines = BufReader::new(self.0.stdout.as_mut().unwrap()).lines();
        let done = lines
            .map_while(Result::ok)
            .filter(|line| line.contains("a round of reads is done"));
        assert_eq!(done.take(rounds).count(), rounds);
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

fn bytes(folder: &Path) -> u64 {
    // A file that goes meanwhile has no bytes.
    crate::folder::files(folder)
        .iter()
        .filter_map(|path| fs::metadata(path).ok())
        .map(|about| about.len())
        .sum()
}

#[tokio::test]
async fn processes_share_a_folder_and_its_bound() {
    let folder = tempfile::tempdir().unwrap();
    let mut others = [Other::start(folder.path()), Other::start(folder.path())];
    let (service, cache) = (service(), cache(folder.path()));
    for round in 0..5 {
        read_all(&service, &cache, round * 3).await;
        assert!(bytes(folder.path()) <= BOUND);
    }
    for other in &mut others {
        other.wait(3);
    }
    let stats = cache.stats();
    assert_eq!((stats.damaged_files, stats.disk_failures), (0, 0), "{stats:?}");
    assert!(stats.disk_hits > 0 && stats.disk_evictions > 0, "{stats:?}");
}

#[tokio::test]
async fn a_process_may_die_at_any_moment() {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..6 {
        let mut other = Other::start(folder.path());
        other.wait(1);
        tokio::time::sleep(Duration::from_millis(7 * round)).await;
        drop(other);
        let (service, cache) = (service(), cache(folder.path()));
        read_all(&service, &cache, 0).await;
        let stats = cache.stats();
        assert_eq!((stats.damaged_files, stats.disk_failures), (0, 0), "{stats:?}");
        assert!(bytes(folder.path()) <= BOUND);
        let left = crate::folder::files(folder.path());
        assert!(
            !left.iter().any(|path| path.extension().unwrap() == "new"),
            "{left:?}"
        );
    }
}
