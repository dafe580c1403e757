//! What a list of blobs holds in memory while it goes on, however long it is. `cargo xtask bench listing` runs this.
//!
//! ```text
//! lazuli-bench-listing-memory [--blobs N]
//! ```
//!
//! Puts a million blobs, unless told otherwise, into a simulation in this process, and lists a tenth of them, and then all. Counted are the bytes
//! that live at most during a list, over those that lived before. Exit code 1 says that the longer list needs more than an eighth more.

use std::error::Error;
use std::process::ExitCode;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use lazuli_blob::{BlobServiceClient, ContainerClient};
use lazuli_protocol::Endpoint;
use lazuli_simulation::Simulation;
use lazuli_transport::Transport;
use peak_alloc::PeakAlloc;

#[global_allocator]
static LIVE: PeakAlloc = PeakAlloc;

/// So many are written at a time.
const AT_ONCE: usize = 32;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("lazuli-bench-listing-memory: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether memory is bounded.
fn run() -> Result<bool, Box<dyn Error>> {
    let blobs = arguments()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let container = simulated()?;
        container.create().await?;
        let names = (0..blobs).map(|number| format!("{number:06}/some-name-of-a-blob.bin"));
        stream::iter(names)
            .map(|name| container.blob(name).upload("x").into_future())
            .buffer_unordered(AT_ONCE)
            .try_for_each(|_| async { Ok(()) })
            .await?;
        let first = list(&container, "0").await?;
        let all = list(&container, "").await?;
        for (count, peak) in [first, all] {
            println!("{count} entries: {:.1} MiB more at most", peak as f64 / 1_048_576.0);
        }
        if all.0 != blobs {
            return Err(format!("{} of {blobs} blobs were listed", all.0).into());
        }
        let bounded = all.1 <= first.1 + first.1 / 8;
        if !bounded {
            println!("memory grows with the number of entries");
        }
        Ok(bounded)
    })
}

fn arguments() -> Result<usize, Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.as_slice() {
        [] => Ok(1_000_000),
        [option, number] if option == "--blobs" => Ok(number.parse()?),
        _ => Err("the only option is --blobs N".into()),
    }
}

/// A container in a simulation in this process.
fn simulated() -> Result<ContainerClient, Box<dyn Error>> {
    let service = Simulation::builder().build()?.blob_service();
    let key = lazuli_signing::SharedKey::new(
        lazuli_signing::EMULATOR_ACCOUNT.parse()?,
        lazuli_signing::AccountKey::from_base64(lazuli_signing::EMULATOR_KEY)?,
    );
    let transport = Transport::builder().credential(key).build_on(service)?;
    let endpoint = Endpoint::parse("http://127.0.0.1:10000/devstoreaccount1")?;
    Ok(BlobServiceClient::new(endpoint, transport).container("box"))
}

/// How many entries there are below a prefix, and how many bytes more than before live at most while they are listed.
async fn list(container: &ContainerClient, prefix: &str) -> Result<(usize, usize), Box<dyn Error>> {
    let before = LIVE.current_usage();
    LIVE.reset_peak_usage();
    let mut items = container.list().prefix(prefix).items();
    let mut entries = 0;
    while items.try_next().await?.is_some() {
        entries += 1;
    }
    Ok((entries, LIVE.peak_usage().saturating_sub(before)))
}
