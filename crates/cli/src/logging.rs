//! Events of the libraries, on standard error, for those who ask.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::exit::Exit;
use crate::failure::Failure;

/// What `--verbose` shows where `RUST_LOG` does not say: all that this workspace's crates tell.
const VERBOSE: &str = "warn,lazuli=debug";

/// Starts to show events: those that `filter` selects, or with `verbose` those of the libraries, or none.
///
/// # Errors
/// The filter cannot be read.
pub(crate) fn start(verbose: bool, filter: Option<&str>) -> Result<(), Failure> {
    let Some(filter) = filter.or(verbose.then_some(VERBOSE)) else {
        return Ok(());
    };
    let filter = EnvFilter::builder().parse(filter).map_err(|error| {
        Failure::usage(format!("RUST_LOG cannot be read: {error}"))
            .help("write TARGET=LEVEL,…: lazuli=debug, say")
    })?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .finish()
        .try_init()
        .map_err(|error| Failure::new(Exit::Failed, format!("cannot show events: {error}")))
}
