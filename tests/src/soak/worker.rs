//! One of many who write, read and check.

use std::time::Duration;

use bytes::Bytes;
use fastrand::Rng;
use futures_util::TryStreamExt as _;
use lazuli_blob::{BlobClient, ContainerClient, Error, ErrorKind};
use lazuli_protocol::xml::{BlockId, BlockLookupList, ListBlobsEntry};
use tokio::time::{Instant, sleep, timeout};

use super::book::{Page, Version};
use super::tally::Tally;

/// How many names a worker owns.
const NAMES: usize = 4;
/// The name of the metadata.
const METADATA: &str = "generation";
/// What is not over by then never will be.
const OVERDUE: Duration = Duration::from_secs(300);

type Run = for<'a> fn(
    &'a mut Worker,
    usize,
) -> std::pin::Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'a>>;

/// What a worker does, and how often beside the rest.
const WORKS: &[(u32, &str, Run)] = &[
    (20, "Put Blob", |worker, name| Box::pin(worker.put(name))),
    (8, "Put Block List", |worker, name| {
        Box::pin(worker.put_blocks(name))
    }),
    (25, "Get Blob", |worker, name| Box::pin(worker.get(name))),
    (20, "Get Blob, a range", |worker, name| {
        Box::pin(worker.get_range(name))
    }),
    (8, "Get Blob Properties", |worker, name| {
        Box::pin(worker.properties(name))
    }),
    (6, "Set Blob Metadata", |worker, name| {
        Box::pin(worker.set_metadata(name))
    }),
    (5, "Delete Blob", |worker, name| Box::pin(worker.delete(name))),
    (8, "List Blobs", |worker, _| Box::pin(worker.list())),
];

/// A worker with names of its own, and what they may hold.
#[derive(Debug)]
pub(super) struct Worker {
    container: ContainerClient,
    prefix: String,
    rng: Rng,
    pages: Vec<Page>,
    generation: u64,
    calls: u64,
    tally: Tally,
}

impl Worker {
    pub(super) fn new(container: ContainerClient, number: usize, seed: u64, tally: Tally) -> Self {
        let mut rng = Rng::with_seed(seed ^ (number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        Self {
            container,
            prefix: format!("w{number:05}/"),
            // No two workers write the same content.
            generation: rng.u64(..) << 24,
            rng,
            pages: vec![Page::empty(); NAMES],
            calls: 0,
            tally,
        }
    }

    /// Does one work after another until it is told that the time is up.
    pub(super) async fn work(mut self, until: Instant) -> Self {
        while Instant::now() < until {
            let (what, run) = self.choose();
            let name = self.rng.usize(..NAMES);
            self.one(what, run, name).await;
        }
        self
    }

    /// Reads every name once more, when there is no trouble any more.
    pub(super) async fn check(mut self) {
        self.wait_for_the_breaker().await;
        for name in 0..NAMES {
            self.one("Get Blob", |worker, name| Box::pin(worker.get(name)), name)
                .await;
        }
        self.one("List Blobs", |worker, _| Box::pin(worker.list()), 0)
            .await;
    }

    // The last calls of a soak are those that hung: after them the circuit breaker may be open, and says for how long.
    async fn wait_for_the_breaker(&mut self) {
        let patience = Instant::now() + OVERDUE;
        while Instant::now() < patience {
            match self.blob(0).properties().await {
                Err(error) if error.kind() == ErrorKind::CircuitOpen => {
                    let wait = error.retry_after().unwrap_or_default();
                    sleep(wait.clamp(Duration::from_millis(50), Duration::from_secs(1))).await;
                }
                _ => return,
            }
        }
    }

    fn choose(&mut self) -> (&'static str, Run) {
        let all = WORKS.iter().map(|(weight, ..)| weight).sum::<u32>();
        let mut at = self.rng.u32(..all);
        for (weight, what, run) in WORKS {
            match at.checked_sub(*weight) {
                Some(left) => at = left,
                None => return (what, *run),
            }
        }
        unreachable!("the weights add up")
    }

    async fn one(&mut self, what: &'static str, run: Run, name: usize) {
        let begun = Instant::now();
        self.calls = 0;
        let outcome = timeout(OVERDUE, run(self, name)).await;
        self.tally.done(what, self.calls, begun.elapsed());
        match outcome {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                self.tally.failed(what, &error);
                if error.kind() == ErrorKind::CircuitOpen {
                    // Nothing is gained by asking again at once.
                    let wait = error.retry_after().unwrap_or(Duration::from_millis(100));
                    sleep(wait.clamp(Duration::from_millis(50), Duration::from_secs(1))).await;
                }
            }
            Err(_) => self.tally.wrong(format!(
                "{what} of {} was not over after {OVERDUE:?}",
                self.prefix
            )),
        }
    }

    fn blob(&mut self, name: usize) -> BlobClient {
        self.calls += 1;
        self.container.blob(format!("{}{name}", self.prefix))
    }

    fn version(&mut self) -> Version {
        self.generation += 1;
        // As many of a few bytes as of many.
        let power = self.rng.u32(..=16);
        Version {
            generation: self.generation,
            len: 1 + self.rng.usize(..1 << power),
            metadata: None,
        }
    }

    // A write that may have happened before it did: until it is known to have, both are right.
    fn written(
        &mut self,
        name: usize,
        version: Option<Version>,
        outcome: Result<(), Error>,
    ) -> Result<(), Error> {
        if outcome.is_ok() {
            self.pages[name].known(version);
        }
        outcome
    }

    async fn put(&mut self, name: usize) -> Result<(), Error> {
        let version = self.version();
        self.pages[name].unsure(Some(version));
        let outcome = self.blob(name).upload(version.content()).await;
        self.written(name, Some(version), outcome.map(drop))
    }

    async fn put_blocks(&mut self, name: usize) -> Result<(), Error> {
        let version = self.version();
        let mut content = version.content();
        let mut blocks = Vec::new();
        while !content.is_empty() {
            let len = content.len().min(1 + self.rng.usize(..content.len().max(256)));
            let id = BlockId::new(format!("{:04}", blocks.len()).as_bytes())?;
            self.blob(name)
                .put_block(id.clone(), content.split_to(len))
                .await?;
            blocks.push(id);
        }
        self.pages[name].unsure(Some(version));
        let outcome = self
            .blob(name)
            .put_block_list(BlockLookupList::latest(blocks))
            .await;
        self.written(name, Some(version), outcome.map(drop))
    }

    async fn get(&mut self, name: usize) -> Result<(), Error> {
        let content = async { self.blob(name).download().await?.bytes().await }.await;
        match content {
            Ok(content) => self.saw(name, "content", |state| {
                state.is_some_and(|version| version.len == content.len() && version.content() == content)
            }),
            Err(error) => self.absent(name, error)?,
        }
        Ok(())
    }

    async fn get_range(&mut self, name: usize) -> Result<(), Error> {
        let longest = self.pages[name].latest().map_or(1, |version| version.len);
        let first = self.rng.usize(..longest);
        let end = first + 1 + self.rng.usize(..longest);
        let range = first as u64..end as u64;
        let read = async {
            let download = self.blob(name).download().range(range).await?;
            let all = download.properties().content_length;
            Ok::<(u64, Bytes), Error>((all, download.bytes().await?))
        };
        match read.await {
            Ok((all, content)) => self.saw(name, "a range", |state| {
                state.is_some_and(|version| {
                    version.len as u64 == all
                        && version.content().get(first..end.min(version.len)) == Some(&content[..])
                })
            }),
            Err(error) if error.status().is_some_and(|status| status == 416) => {
                self.saw(name, "no range", |state| {
                    state.is_some_and(|version| version.len <= first)
                });
            }
            Err(error) => self.absent(name, error)?,
        }
        Ok(())
    }

    async fn properties(&mut self, name: usize) -> Result<(), Error> {
        match self.blob(name).properties().await {
            Ok(properties) => {
                let metadata = properties
                    .metadata
                    .get(METADATA)
                    .map(|value| value.parse().unwrap_or_default());
                self.saw(name, "properties", |state| {
                    state.is_some_and(|version| {
                        (version.len as u64, version.metadata) == (properties.content_length, metadata)
                    })
                });
            }
            Err(error) => self.absent(name, error)?,
        }
        Ok(())
    }

    async fn set_metadata(&mut self, name: usize) -> Result<(), Error> {
        self.generation += 1;
        let generation = self.generation;
        let before = self.pages[name].clone();
        let with = |version: Version| Version {
            metadata: Some(generation),
            ..version
        };
        for state in before.states().iter().flatten() {
            self.pages[name].unsure(Some(with(*state)));
        }
        let outcome = self
            .blob(name)
            .set_metadata()
            .metadata(METADATA, generation.to_string())
            .await;
        match outcome {
            Ok(_) => self.saw(name, "metadata", |state| {
                state.is_some_and(|version| version.metadata == Some(generation))
            }),
            Err(error) => self.absent(name, error)?,
        }
        Ok(())
    }

    async fn delete(&mut self, name: usize) -> Result<(), Error> {
        // A first try whose answer was lost shows as there being nothing to delete.
        self.pages[name].unsure(None);
        let outcome = self.blob(name).delete().await;
        match outcome {
            Ok(_) => self.written(name, None, Ok(())),
            Err(error) => self.absent(name, error),
        }
    }

    async fn list(&mut self) -> Result<(), Error> {
        let mut pages = self
            .container
            .list()
            .prefix(self.prefix.as_str())
            .page_size(2)
            .pages();
        let mut found = Vec::new();
        loop {
            self.calls += 1;
            let Some(page) = pages.try_next().await? else {
                // The last page said so: nobody was asked.
                self.calls -= 1;
                break;
            };
            for entry in page.entries {
                if let ListBlobsEntry::Blob(blob) = entry {
                    found.push(blob.name.clone());
                }
            }
        }
        let names: Vec<String> = (0..NAMES).map(|name| format!("{}{name}", self.prefix)).collect();
        if let Some(other) = found.iter().find(|name| !names.contains(name)) {
            self.tally
                .wrong(format!("a list of {} has {other:?}", self.prefix));
        }
        for (name, blob) in names.iter().enumerate() {
            let there = found.contains(blob);
            self.saw(name, "a list", |state| state.is_some() == there);
        }
        Ok(())
    }

    // That it is not there is right if it may not be.
    fn absent(&mut self, name: usize, error: Error) -> Result<(), Error> {
        if error.status().is_none_or(|status| status != 404) {
            return Err(error);
        }
        self.saw(name, "absence", Option::is_none);
        Ok(())
    }

    fn saw(&mut self, name: usize, what: &str, fits: impl Fn(&Option<Version>) -> bool) {
        if !self.pages[name].seen(fits) {
            let states = self.pages[name].states().to_vec();
            self.tally
                .wrong(format!("{}{name}: {what} of none of {states:?}", self.prefix));
        }
    }
}
