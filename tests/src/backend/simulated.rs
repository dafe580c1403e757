//! The simulation in this process: called as a service, or behind a socket.

use std::sync::Arc;
use std::time::Duration;

use lazuli_signing::{EMULATOR_ACCOUNT, EMULATOR_KEY};
use lazuli_simulation::serve::Server;
use lazuli_simulation::{AccountOptions, Simulation};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::account::NEIGHBOUR;
use super::{Connect, Trait};

const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);

fn simulation() -> Simulation {
    let plain = Simulation::builder()
        .account(EMULATOR_ACCOUNT, EMULATOR_KEY)
        .account(NEIGHBOUR, EMULATOR_KEY);
    let builder = Trait::ALL.into_iter().fold(plain, |builder, with| {
        let name = with.account();
        builder
            .account(name, EMULATOR_KEY)
            .account_options(name, options(with))
    });
    builder.build().unwrap()
}

fn options(with: Trait) -> AccountOptions {
    let plain = AccountOptions::new();
    match with {
        Trait::Versioning => plain.versioning(true),
        Trait::SoftDelete => plain.keep_deleted_blobs(WEEK).keep_deleted_containers(WEEK),
        Trait::HierarchicalNamespace => plain.hierarchical_namespace(true),
        Trait::EncryptionScope => plain.encryption_scope(Trait::SCOPE),
        Trait::QuickRehydration => plain.rehydration(Duration::from_secs(1), Duration::from_millis(300)),
        Trait::LongCopies => plain.copy_time(Duration::from_millis(500)),
    }
}

/// The simulation as a service, at a URL that nothing connects to.
pub(super) fn in_process() -> (String, Connect) {
    let service = simulation().blob_service();
    let connect: Connect = Arc::new(move |builder| builder.build_on(service.clone()));
    ("http://127.0.0.1:10000".to_owned(), connect)
}

/// The simulation on a port of its own.
pub(super) struct Socket {
    simulation: Simulation,
    url: String,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl Socket {
    pub(super) async fn open() -> Self {
        let simulation = simulation();
        let server = Server::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
        let url = format!("http://{}", server.local_addr());
        let (stop, stopped) = oneshot::channel();
        let service = simulation.blob_service();
        let serving = tokio::spawn(async move {
            let shutdown = async {
                // Sent or dropped, it is the end.
                let _ = stopped.await;
            };
            server.run(service, shutdown).await.unwrap();
        });
        Self {
            simulation,
            url,
            stop,
            serving,
        }
    }

    pub(super) fn url(&self) -> String {
        self.url.clone()
    }

    pub(super) async fn close(self) {
        self.stop.send(()).unwrap();
        self.serving.await.unwrap();
        self.simulation.close().unwrap();
    }
}
