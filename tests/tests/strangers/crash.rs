//! The service ends while many write: what was acknowledged is there, and the rest is there whole or not at all.

use std::collections::BTreeMap;
use std::future::IntoFuture as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::{TryStreamExt as _, future};
use lazuli_blob::operations::ListBlobsInclude;
use lazuli_blob::{ContainerClient, Error};
use lazuli_protocol::xml::{BlockId, BlockLookupList, ListBlobsEntry};
use lazuli_tests::content;
use lazuli_tests::process::Served;
use lazuli_tests::tree::Held;

use crate::folder;

const ROUNDS: u64 = 8;
const WRITERS: u64 = 8;
const NAMES: u64 = 30;

/// What a blob is known to hold: its content, and a number that its metadata has.
#[derive(Clone, Debug, PartialEq)]
struct Present {
    held: Held,
    number: String,
}

/// What each blob may hold: what was acknowledged last and, after a crash, what was being written. `None` is no blob.
type Ledger = BTreeMap<String, Vec<Option<Present>>>;

/// Writes one blob after the other, to names of its own, until the service is gone.
struct Writer {
    container: ContainerClient,
    rng: fastrand::Rng,
    prefix: String,
    ledger: Ledger,
    acknowledged: Arc<AtomicU64>,
}

impl Writer {
    async fn write_until_the_end(mut self) -> Ledger {
        loop {
            let name = format!("{}/{}", self.prefix, self.rng.u64(..NAMES));
            let before = self
                .ledger
                .get(&name)
                .and_then(|states| states.first().cloned())
                .flatten();
            let (after, written) = self.write(&name, before.clone()).await;
            if written.is_err() {
                // Nobody knows whether it was done.
                self.ledger.insert(name, vec![before, after]);
                return self.ledger;
            }
            self.ledger.insert(name, vec![after]);
            self.acknowledged.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Changes a blob in one of several ways, and says what it holds then.
    async fn write(&mut self, name: &str, before: Option<Present>) -> (Option<Present>, Result<(), Error>) {
        let blob = self.container.blob(name);
        let (seed, number) = (self.rng.u64(..), self.rng.u32(..).to_string());
        let kind = self.rng.u8(..100);
        match before {
            Some(_) if kind < 10 => return (None, blob.delete().await.map(drop)),
            Some(before) if kind < 20 => {
                let set = blob
                    .set_metadata()
                    .metadata("number", number.as_str())
                    .await
                    .map(drop);
                let held = before.held;
                return (Some(Present { held, number }), set);
            }
            _ => {}
        }
        let len = match kind {
            ..80 => self.rng.usize(..20_000),
            80..90 => self.rng.usize(..2_000_000),
            _ => self.rng.usize(4..400_000),
        };
        let content = content::bytes(seed, len);
        let held = Held::of(&content);
        let written = if kind < 90 {
            blob.upload(content)
                .metadata("number", number.as_str())
                .await
                .map(drop)
        } else {
            let ids = [0, 1, 2, 3].map(|part: u8| BlockId::new(&[b'a' + part]).unwrap());
            let put = ids.iter().enumerate().map(|(part, id)| {
                let quarter = content.slice(len * part / 4..len * (part + 1) / 4);
                blob.put_block(id.clone(), quarter).into_future()
            });
            let put: Vec<_> = put.collect();
            match future::try_join_all(put).await {
                Ok(_) => {
                    let list = BlockLookupList::latest(ids);
                    blob.put_block_list(list)
                        .metadata("number", number.as_str())
                        .await
                        .map(drop)
                }
                // Blocks alone change nothing.
                Err(error) => return (before_of(&self.ledger, name), Err(error)),
            }
        };
        (Some(Present { held, number }), written)
    }
}

fn before_of(ledger: &Ledger, name: &str) -> Option<Present> {
    ledger
        .get(name)
        .and_then(|states| states.first().cloned())
        .flatten()
}

/// Reads everything back, and holds it against the ledger. From here on, what is there is what is known.
async fn verify(container: &ContainerClient, ledger: &mut Ledger) {
    let entries = container.list().include(ListBlobsInclude::Metadata).items();
    let mut listed = BTreeMap::new();
    let mut entries = entries.map_ok(|entry| match entry {
        ListBlobsEntry::Blob(blob) => blob,
        other => panic!("{other:?}"),
    });
    while let Some(blob) = entries.try_next().await.unwrap() {
        let number = blob.metadata.get("number").map(str::to_owned);
        assert!(
            listed
                .insert(blob.name.clone(), (blob.content_length, number))
                .is_none()
        );
    }
    let stray = listed.keys().find(|name| !ledger.contains_key(*name));
    assert_eq!(stray, None, "nobody wrote it");
    for (name, states) in ledger {
        let there = match listed.get(name) {
            None => None,
            Some((len, number)) => {
                let download = container.blob(name.as_str()).download().await.unwrap();
                let told = download.properties().metadata.get("number").map(str::to_owned);
                let held = Held::of(&download.bytes().await.unwrap());
                assert_eq!(
                    (held.len, &told),
                    (*len, number),
                    "{name}: the list and the blob disagree"
                );
                let number = told.unwrap();
                Some(Present { held, number })
            }
        };
        assert!(
            states.contains(&there),
            "{name} holds {there:?}, and not one of {states:?}"
        );
        *states = vec![there];
    }
}

/// How the service ends.
#[derive(Clone, Copy, Debug)]
enum End {
    /// At once.
    Kill,
    /// When it is asked to.
    Terminate,
}

async fn one_round(location: &Path, round: u64, end: End, ledger: &mut Ledger) {
    let served = Served::start(Some(location));
    let container = served.blobs().container("crash");
    if round == 0 {
        container.create().await.unwrap();
    }
    verify(&container, ledger).await;

    let acknowledged = Arc::new(AtomicU64::new(0));
    let writers = (0..WRITERS).map(|writer| {
        let prefix = format!("writer-{writer}");
        let own = ledger
            .iter()
            .filter(|(name, _)| name.starts_with(&format!("{prefix}/")));
        let writer = Writer {
            container: container.clone(),
            rng: fastrand::Rng::with_seed(round * 1000 + writer),
            ledger: own.map(|(name, states)| (name.clone(), states.clone())).collect(),
            acknowledged: Arc::clone(&acknowledged),
            prefix,
        };
        tokio::spawn(writer.write_until_the_end())
    });
    let writers: Vec<_> = writers.collect();
    let enough = 50 + round * 50;
    let wait = async {
        while acknowledged.load(Ordering::Relaxed) < enough {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(60), wait).await;
    assert!(
        waited.is_ok(),
        "{acknowledged:?} of {enough} writes were acknowledged in a minute"
    );
    match end {
        End::Kill => served.kill(),
        End::Terminate => {
            let ended = tokio::task::spawn_blocking(|| served.terminate()).await.unwrap();
            assert_eq!(ended.code(), Some(0));
        }
    }
    for writer in writers {
        ledger.extend(writer.await.unwrap());
    }
    println!("round {round}: {acknowledged:?} writes before {end:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the tools: cargo xtask test"]
async fn what_was_acknowledged_survives_a_kill() {
    let folder = folder();
    let location = folder.path().join("location");
    let mut ledger = Ledger::new();
    for round in 0..ROUNDS {
        one_round(&location, round, End::Kill, &mut ledger).await;
    }
    // A good end loses nothing either, with writers at work or without.
    one_round(&location, ROUNDS, End::Terminate, &mut ledger).await;
    let served = Served::start(Some(&location));
    verify(&served.blobs().container("crash"), &mut ledger).await;
    let present = ledger.values().filter(|states| states[0].is_some()).count();
    assert!(present > 50, "{present} blobs are too few to prove anything");
    assert_eq!(served.terminate().code(), Some(0));
    let served = Served::start(Some(&location));
    verify(&served.blobs().container("crash"), &mut ledger).await;
}
