//! Azurite: another emulator, which judges the client.

use std::process::Command;

use lazuli_signing::{EMULATOR_ACCOUNT, EMULATOR_KEY};

use super::account::NEIGHBOUR;
use crate::process::Running;
use crate::tools;

/// Starts Azurite on a port of its own, in memory; the URL is where it listens.
pub(super) fn start() -> (Running, String) {
    let (node, service) = tools::azurite();
    let mut command = Command::new(node);
    command.arg(service).args([
        "--disableTelemetry",
        // It knows nothing of the newest versions, and answers them as it answers others.
        "--skipApiVersionCheck",
        "--blobHost",
        "127.0.0.1",
        "--blobPort",
        "0",
        "--inMemoryPersistence",
    ]);
    let accounts = [EMULATOR_ACCOUNT, NEIGHBOUR].map(|name| format!("{name}:{EMULATOR_KEY}"));
    command.env("AZURITE_ACCOUNTS", accounts.join(";"));
    Running::start_until(&mut command, |line| {
        let (_, url) = line.split_once("successfully listens on ")?;
        Some(url.trim_end_matches('/').to_owned())
    })
}
