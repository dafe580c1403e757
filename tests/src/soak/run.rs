//! A soak from its beginning to its end.

use std::time::Duration;

use lazuli_blob::BlobServiceClient;
use lazuli_protocol::{Endpoint, OperationKind};
use lazuli_signing::{AccountKey, EMULATOR_ACCOUNT, EMULATOR_KEY, SharedKey};
use lazuli_transport::{Deadlines, Transport};
use tokio::runtime::Handle;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use super::machine;
use super::memory::Memory;
use super::options::{Mode, Options};
use super::service::{self, Service};
use super::summary::{Leftovers, Summary};
use super::tally::Tally;
use super::worker::Worker;

/// A call gives up after this, so that the end of a soak is not long after its time.
const DEADLINE: Duration = Duration::from_secs(30);
/// What closes must have closed by then.
const CLOSED_WITHIN: Duration = Duration::from_secs(20);
/// How often a line tells how it goes.
const TOLD_EVERY: usize = 15;

/// Runs what the command line asks for.
///
/// # Errors
/// What the command line lacks, or what a soak has found.
///
/// # Panics
/// When the system gives no runtime, process or socket.
pub fn run(words: &[String]) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    // A seed that is easy to type.
    match Mode::parse(words, fastrand::u64(..1_000_000))? {
        Mode::Serve(options) => runtime.block_on(service::serve(options)),
        Mode::Soak(options) => runtime.block_on(soak(options)),
    }
}

async fn soak(options: Options) -> Result<(), String> {
    machine::open_many_files();
    let Options {
        time,
        in_flight,
        faults,
        seed,
    } = options;
    println!("soak: {time:?} with {in_flight} operations in flight and {faults} % faults, seed {seed}");
    let mut service = Service::start(options);
    let tally = Tally::default();
    let sockets = machine::sockets();

    let blobs = client(&service.url);
    let container = blobs.container("soak");
    container.create().await.map_err(|error| error.to_string())?;
    service.trouble();
    let begun = Instant::now();
    let mut workers = JoinSet::new();
    for number in 0..in_flight {
        let worker = Worker::new(container.clone(), number, seed, tally.clone());
        workers.spawn(worker.work(begun + time));
    }
    let memories = watch(&mut service, &tally, begun, time).await;
    let workers = workers.join_all().await;
    let took = begun.elapsed();

    // Without trouble everything can be read, and is what it should be.
    service.calm();
    let failed_before = tally.counts().failed();
    let mut checks = JoinSet::new();
    for worker in workers {
        checks.spawn(worker.check());
    }
    checks.join_all().await;
    let counts = tally.counts();
    let failed_calm = counts.failed() - failed_before;

    drop((container, blobs));
    let closing = Instant::now();
    let (said, leftovers) = loop {
        let said = service.said();
        let leftovers = Leftovers {
            tasks: Handle::current().metrics().num_alive_tasks(),
            sockets: machine::sockets()
                .unwrap_or_default()
                .saturating_sub(sockets.unwrap_or_default()),
            connections: said.connections,
            exchanges: said.open,
            failed_calm,
        };
        if leftovers.none() || closing.elapsed() > CLOSED_WITHIN {
            break (said, leftovers);
        }
        sleep(Duration::from_millis(100)).await;
    };
    Summary {
        took,
        counts,
        said,
        memories,
        leftovers,
        faults: faults > 0,
        seed,
    }
    .judge()
}

/// Samples the memory of both processes every second until the time is up.
async fn watch(service: &mut Service, tally: &Tally, begun: Instant, time: Duration) -> [Memory; 2] {
    let mut memories = [Memory::default(), Memory::default()];
    let processes = [std::process::id(), service.process()];
    let mut second = 0;
    while begun.elapsed() < time {
        sleep(Duration::from_secs(1)).await;
        second += 1;
        for (memory, process) in memories.iter_mut().zip(processes) {
            memory.0.extend(machine::resident(process));
        }
        if second % TOLD_EVERY == 0 {
            let counts = tally.counts();
            let mebibytes = memories
                .each_ref()
                .map(|memory| memory.0.last().unwrap_or(&0) / 1024);
            println!(
                "{second:>5} s: {:>9} done, {:>6} failed, {} wrong; {} MiB in the client, {} MiB in the service",
                counts.all(),
                counts.failed(),
                counts.wrong_all,
                mebibytes[0],
                mebibytes[1]
            );
        }
    }
    memories
}

fn client(url: &str) -> BlobServiceClient {
    let key = AccountKey::from_base64(EMULATOR_KEY).unwrap();
    let key = SharedKey::new(EMULATOR_ACCOUNT.parse().unwrap(), key);
    let deadlines = [
        OperationKind::SmallRead,
        OperationKind::LargeRead,
        OperationKind::Write,
        OperationKind::List,
    ]
    .into_iter()
    .fold(Deadlines::default(), |deadlines, kind| {
        deadlines.with(kind, DEADLINE)
    });
    let transport = Transport::builder()
        .credential(key)
        .deadlines(deadlines)
        .build()
        .unwrap();
    let endpoint = Endpoint::parse(&format!("{url}/{EMULATOR_ACCOUNT}")).unwrap();
    BlobServiceClient::new(endpoint, transport)
}
