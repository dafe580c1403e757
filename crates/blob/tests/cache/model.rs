//! Any sequence of reads, writes, evictions and time: every read is of one state, which was the current one a time to live ago or later.

use std::time::Duration;

use bytes::Bytes;
use lazuli_blob::cache::{BlobCache, CachedBlob};
use lazuli_protocol::{Clock as _, ManualClock};
use proptest::prelude::*;
use time::OffsetDateTime;

use crate::service::{Service, TTL, clock, small};

#[derive(Clone, Debug)]
enum Step {
    Read {
        cache: usize,
        blob: usize,
        start: u64,
        len: u64,
    },
    Stream {
        cache: usize,
        blob: usize,
        start: u64,
        write: Option<usize>,
    },
    Properties {
        cache: usize,
        blob: usize,
    },
    Write {
        blob: usize,
        len: usize,
    },
    Invalidate {
        cache: usize,
        blob: usize,
    },
    Wait(u64),
    /// A new process in the place of one.
    Restart {
        cache: usize,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let (cache, blob) = (0..2_usize, 0..3_usize);
    prop_oneof![
        8 => (cache.clone(), blob.clone(), 0..9000_u64, 1..9000_u64)
            .prop_map(|(cache, blob, start, len)| Step::Read { cache, blob, start, len }),
        3 => (cache.clone(), blob.clone(), 0..5000_u64, proptest::option::of(1..9000_usize))
            .prop_map(|(cache, blob, start, write)| Step::Stream { cache, blob, start, write }),
        1 => (cache.clone(), blob.clone()).prop_map(|(cache, blob)| Step::Properties { cache, blob }),
        2 => (blob.clone(), 0..9000_usize).prop_map(|(blob, len)| Step::Write { blob, len }),
        1 => (cache.clone(), blob).prop_map(|(cache, blob)| Step::Invalidate { cache, blob }),
        3 => (0..TTL.as_secs()).prop_map(Step::Wait),
        1 => cache.prop_map(|cache| Step::Restart { cache }),
    ]
}

/// A state that a blob was in, from a time on.
struct Past {
    since: OffsetDateTime,
    content: Bytes,
}

const NAMES: [&str; 3] = ["a", "b", "c"];
const BOUND: u64 = 72 * 1024;

struct World {
    service: Service,
    clock: std::sync::Arc<ManualClock>,
    folder: tempfile::TempDir,
    caches: Vec<BlobCache>,
    past: [Vec<Past>; 3],
}

impl World {
    fn new() -> Self {
        let (service, clock) = (Service::new(), clock());
        let mut world = Self {
            service,
            clock,
            folder: tempfile::tempdir().unwrap(),
            caches: Vec::new(),
            past: Default::default(),
        };
        world.caches = vec![world.cache(0), world.cache(1)];
        for blob in 0..3 {
            world.write(blob, 3000);
        }
        world
    }

    // The first has both, the second only the folder.
    fn cache(&self, number: usize) -> BlobCache {
        let builder = small(&self.clock).disk(self.folder.path(), BOUND);
        let memory = [BOUND, 0][number];
        builder.memory(memory).build().unwrap()
    }

    fn write(&mut self, blob: usize, len: usize) {
        let content = self.service.put(NAMES[blob], len);
        let since = self.clock.now();
        self.past[blob].push(Past { since, content });
    }

    fn blob(&self, cache: usize, blob: usize) -> CachedBlob {
        self.service.cached(&self.caches[cache], NAMES[blob])
    }

    /// The states that a read may be of that began at this time: the current one, and those that were replaced less than a time to live before.
    fn allowed(&self, blob: usize, began: OffsetDateTime) -> impl Iterator<Item = &Bytes> {
        let past = &self.past[blob];
        past.iter().enumerate().filter_map(move |(number, state)| {
            let replaced = past.get(number + 1).map(|next| next.since);
            replaced
                .is_none_or(|at| began - at < TTL)
                .then_some(&state.content)
        })
    }

    fn check(&self, blob: usize, began: OffsetDateTime, start: u64, end: u64, read: &[u8]) {
        let fits = |content: &Bytes| {
            let place = |at: u64| content.len().min(at as usize);
            content[place(start)..place(end)] == *read
        };
        let mut allowed = self.allowed(blob, began);
        assert!(
            allowed.any(fits),
            "{} bytes of {} from {start} are of no state",
            read.len(),
            NAMES[blob]
        );
    }

    async fn run(&mut self, step: Step) {
        let began = self.clock.now();
        match step {
            Step::Read {
                cache,
                blob,
                start,
                len,
            } => match self.blob(cache, blob).read(start..start + len).await {
                Ok(read) => self.check(blob, began, start, start + len, &read),
                Err(_) => assert!(
                    self.allowed(blob, began)
                        .any(|content| content.len() as u64 <= start)
                ),
            },
            Step::Stream {
                cache,
                blob,
                start,
                write,
            } => {
                let Ok(mut reader) = self.blob(cache, blob).reader(start..).await else {
                    assert!(
                        self.allowed(blob, began)
                            .any(|content| content.len() as u64 <= start)
                    );
                    return;
                };
                let mut read = Vec::new();
                if let Some(piece) = reader.next().await {
                    read.extend_from_slice(&piece.unwrap());
                }
                if let Some(len) = write {
                    self.write(blob, len);
                }
                let mut whole = true;
                while let Some(piece) = reader.next().await {
                    match piece {
                        Ok(piece) => read.extend_from_slice(&piece),
                        Err(error) => {
                            assert_eq!(error.status().unwrap(), 412);
                            whole = false;
                        }
                    }
                }
                let end = if whole {
                    u64::MAX
                } else {
                    start + read.len() as u64
                };
                self.check(blob, began, start, end, &read);
            }
            Step::Properties { cache, blob } => {
                let properties = self.blob(cache, blob).properties().await.unwrap();
                let mut allowed = self.allowed(blob, began);
                assert!(allowed.any(|content| content.len() as u64 == properties.content_length));
            }
            Step::Write { blob, len } => self.write(blob, len),
            Step::Invalidate { cache, blob } => {
                let cached = self.blob(cache, blob);
                self.caches[cache].invalidate(cached.client()).await;
                let current = self.past[blob].last().unwrap().content.clone();
                assert_eq!(cached.read(0..).await.unwrap(), current);
            }
            Step::Wait(seconds) => self.clock.advance(Duration::from_secs(seconds)),
            Step::Restart { cache } => self.caches[cache] = self.cache(cache),
        }
        let files = crate::folder::files(self.folder.path());
        let on_disk: u64 = files.iter().map(|path| path.metadata().unwrap().len()).sum();
        assert!(on_disk <= BOUND, "{on_disk}");
        assert!(self.caches[0].stats().memory_bytes <= BOUND);
        for cache in &self.caches {
            assert_eq!((cache.stats().damaged_files, cache.stats().disk_failures), (0, 0));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_read_is_of_one_state_that_is_new_enough(steps in proptest::collection::vec(step(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut world = World::new();
            for step in steps {
                world.run(step).await;
            }
        });
    }
}
