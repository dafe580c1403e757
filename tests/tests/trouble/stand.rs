//! A service in trouble, a client that uses it, and one that meets no trouble and sees what is really there.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use lazuli_blob::{BlobServiceClient, ContainerClient};
use lazuli_protocol::{Clock, Endpoint, ManualClock, OperationKind};
use lazuli_signing::{AccountKey, EMULATOR_ACCOUNT, EMULATOR_KEY, SharedKey};
use lazuli_simulation::{BlobService, Simulation};
use lazuli_tests::faults::{Fault, Faulty, Ledger, Listener, Plan};
use lazuli_transport::{Deadlines, RetryPolicy, Timeouts, Transport, TransportBuilder};
use time::macros::datetime;

use crate::state::{LISTED, listed};

pub(crate) struct Stand {
    pub(crate) ledger: Ledger,
    /// Through the stack and the faults.
    pub(crate) troubled: ContainerClient,
    /// Past both.
    pub(crate) quiet: ContainerClient,
    pub(crate) deadlines: Deadlines,
    pub(crate) listener: Option<Listener>,
}

impl Stand {
    /// The default stack over a service in this process.
    pub(crate) async fn in_process(script: &[Option<Fault>]) -> Self {
        let desk = Desk::new(script).await;
        let transport = desk.signed().build_on(desk.faulty()).unwrap();
        desk.stand("http://127.0.0.1:10000", transport, Deadlines::default(), None)
    }

    /// The default stack over sockets, with shorter times: these pass.
    pub(crate) async fn over_sockets(
        script: &[Option<Fault>],
        retry: RetryPolicy,
        deadlines: Deadlines,
    ) -> Self {
        let desk = Desk::new(script).await;
        let listener = Listener::serve(desk.faulty()).await.unwrap();
        let transport = desk.signed().retry(retry).deadlines(deadlines);
        let transport = transport.timeouts(quick_tries());
        desk.stand(
            &listener.url(),
            transport.build().unwrap(),
            deadlines,
            Some(listener),
        )
    }

    pub(crate) fn struck(&self) -> BTreeMap<&'static str, u64> {
        self.ledger.faults()
    }
}

struct Desk {
    clock: Arc<dyn Clock>,
    service: BlobService,
    quiet: ContainerClient,
    plan: Plan,
    ledger: Ledger,
}

impl Desk {
    async fn new(script: &[Option<Fault>]) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(ManualClock::at(datetime!(2026-06-26 23:39:12 UTC)));
        let simulation = Simulation::builder()
            .clock(clock.clone())
            .seed(1)
            .build()
            .unwrap();
        let service = simulation.blob_service();
        let quiet = signed(&clock).retry(RetryPolicy::never());
        let quiet = quiet.build_on(service.clone()).unwrap();
        let quiet = BlobServiceClient::new(endpoint("http://127.0.0.1:10000"), quiet).container("box");
        quiet.create().await.unwrap();
        for number in 0..LISTED {
            quiet.blob(listed(number)).upload("x").await.unwrap();
        }
        Self {
            clock,
            service,
            quiet,
            plan: Plan::script(script.iter().copied()),
            ledger: Ledger::default(),
        }
    }

    fn signed(&self) -> TransportBuilder {
        signed(&self.clock)
    }

    fn faulty(&self) -> Faulty<BlobService> {
        Faulty::new(self.service.clone(), self.plan.clone(), self.ledger.clone())
    }

    fn stand(
        self,
        url: &str,
        transport: Transport,
        deadlines: Deadlines,
        listener: Option<Listener>,
    ) -> Stand {
        Stand {
            ledger: self.ledger,
            troubled: BlobServiceClient::new(endpoint(url), transport).container("box"),
            quiet: self.quiet,
            deadlines,
            listener,
        }
    }
}

/// For all but writes.
fn quick_tries() -> Timeouts {
    [
        OperationKind::SmallRead,
        OperationKind::LargeRead,
        OperationKind::List,
        OperationKind::Lease,
    ]
    .into_iter()
    .fold(Timeouts::never(), |timeouts, kind| {
        timeouts.with(kind, Some(Duration::from_millis(250)))
    })
}

fn endpoint(url: &str) -> Endpoint {
    Endpoint::parse(&format!("{url}/{EMULATOR_ACCOUNT}")).unwrap()
}

fn signed(clock: &Arc<dyn Clock>) -> TransportBuilder {
    let key = AccountKey::from_base64(EMULATOR_KEY).unwrap();
    let key = SharedKey::new(EMULATOR_ACCOUNT.parse().unwrap(), key);
    Transport::builder().credential(key).clock(clock.clone())
}
