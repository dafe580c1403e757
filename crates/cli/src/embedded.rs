//! The local account: a simulation in this process, with its data on disk.

use std::error::Error as StdError;
use std::path::Path;

use lazuli_blob::BlobServiceClient;
use lazuli_protocol::Endpoint;
use lazuli_signing::{EMULATOR_ACCOUNT, EMULATOR_KEY};
use lazuli_simulation::Simulation;
use lazuli_transport::Transport;

use crate::account::development_key;
use crate::exit::Exit;
use crate::explain::with_causes;
use crate::failure::Failure;
use crate::location::shown;

/// The address that requests to the local account carry. Nothing listens there: they never leave the process.
const ENDPOINT: &str = "http://127.0.0.1:10000/devstoreaccount1";

/// An open local account.
pub(crate) struct Embedded {
    simulation: Simulation,
}

impl Embedded {
    /// Opens the account in a folder, which is made when it is missing.
    ///
    /// # Errors
    /// Another process has it, or it cannot be read or written.
    pub(crate) async fn open(location: &Path) -> Result<Self, Failure> {
        let builder = Simulation::builder()
            .account(EMULATOR_ACCOUNT, EMULATOR_KEY)
            .location(location);
        let opened = tokio::task::spawn_blocking(move || builder.build()).await;
        let opened = opened
            .map_err(|error| Failure::new(Exit::Failed, format!("cannot open the local account: {error}")))?;
        let simulation = opened.map_err(|error| explain(location, &error))?;
        Ok(Self { simulation })
    }

    /// A client of the account, with the same layers above it as one over a network.
    pub(crate) fn client(&self) -> Result<BlobServiceClient, Failure> {
        let failed = |error: &dyn std::fmt::Display| {
            Failure::new(Exit::Failed, format!("cannot use the local account: {error}"))
        };
        let transport = Transport::builder()
            .credential(development_key()?)
            .build_on(self.simulation.blob_service())
            .map_err(|error| failed(&error))?;
        let endpoint = Endpoint::parse(ENDPOINT).map_err(|error| failed(&error))?;
        Ok(BlobServiceClient::new(endpoint, transport))
    }

    /// Sees to it that what was acknowledged is on disk.
    ///
    /// # Errors
    /// The disk refuses.
    pub(crate) async fn close(self) -> Result<(), Failure> {
        close(self.simulation).await
    }
}

/// Closes a simulation, away from the tasks that serve requests.
pub(crate) async fn close(simulation: Simulation) -> Result<(), Failure> {
    let failed = |error: &(dyn StdError + 'static)| {
        let message = format!("what was written may not be on disk: {}", with_causes(error));
        Failure::new(Exit::Failed, message)
    };
    match tokio::task::spawn_blocking(move || simulation.close()).await {
        Ok(closed) => closed.map_err(|error| failed(&error)),
        Err(error) => Err(failed(&error)),
    }
}

/// What it means that a location cannot be opened.
pub(crate) fn explain(location: &Path, error: &lazuli_simulation::Error) -> Failure {
    let place = shown(location);
    if error.is_location_in_use() {
        return Failure::new(Exit::Conflict, format!("{place} is in use by another process")).help(format!(
            "wait for the other command to end; to use it beside `lazuli serve --location {place}`, set \
                 AZURE_STORAGE_CONNECTION_STRING=UseDevelopmentStorage=true"
        ));
    }
    Failure::new(
        Exit::Failed,
        format!("cannot open {place}: {}", with_causes(error)),
    )
}
