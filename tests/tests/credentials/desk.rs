//! What the tests here work with: a simulation whose clock stands still, and clients of all of it in this process.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use lazuli_blob::BlobServiceClient;
use lazuli_identity::{Environment, Settings, TokenCredential, storage_credential};
use lazuli_protocol::{Endpoint, ManualClock};
use lazuli_signing::{AccountKey, Credential, SharedKey};
use lazuli_simulation::entra::Entra;
use lazuli_simulation::{Builder, Simulation};
use lazuli_transport::{CredentialSource, RetryPolicy, Transport};
use time::OffsetDateTime;
use time::macros::datetime;

pub(crate) const START: OffsetDateTime = datetime!(2026-06-26 0:00 UTC);
const KEY: &str = "c2VjcmV0IGtleSBvZiBhIHNpbXVsYXRlZCBhY2NvdW50";

/// A simulated account, its Entra, and their clock.
pub(crate) struct Desk {
    pub(crate) simulation: Simulation,
    pub(crate) entra: Entra,
    pub(crate) clock: Arc<ManualClock>,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self::with(|builder| builder)
    }

    pub(crate) fn with(adjust: impl FnOnce(Builder) -> Builder) -> Self {
        let clock = Arc::new(ManualClock::at(START));
        let builder = Simulation::builder()
            .account("acct", KEY)
            .clock(Arc::<ManualClock>::clone(&clock));
        let simulation = adjust(builder).build().unwrap();
        let entra = simulation.entra();
        Self {
            simulation,
            entra,
            clock,
        }
    }

    pub(crate) fn shared_key(&self) -> SharedKey {
        SharedKey::new("acct".parse().unwrap(), AccountKey::from_base64(KEY).unwrap())
    }

    /// What token sources take from outside, on the simulated Entra and machine.
    pub(crate) fn settings(&self, variables: &[(&str, &str)]) -> Settings {
        let transport = Transport::builder()
            .allow_http(true)
            .retry(RetryPolicy::never())
            .build_on(self.entra.service())
            .unwrap();
        Settings::on(transport)
            .clock(Arc::<ManualClock>::clone(&self.clock))
            .environment(Environment::of(variables.iter().copied()))
    }

    /// The blob service, signed in by this source.
    pub(crate) fn signed_in(&self, source: impl TokenCredential) -> BlobServiceClient {
        self.blobs(storage_credential(source).clock(Arc::<ManualClock>::clone(&self.clock)))
    }

    pub(crate) fn blobs(&self, source: impl CredentialSource) -> BlobServiceClient {
        let transport = Transport::builder()
            .credential_source(source)
            .clock(Arc::<ManualClock>::clone(&self.clock))
            .retry(RetryPolicy::never())
            .build_on(self.simulation.blob_service())
            .unwrap();
        let endpoint = Endpoint::parse("https://acct.blob.core.windows.net").unwrap();
        BlobServiceClient::new(endpoint, transport)
    }

    /// The blob service, with a credential that stays.
    pub(crate) fn blobs_as(&self, credential: impl Into<Credential>) -> BlobServiceClient {
        self.blobs(lazuli_transport::Rotating::new(credential))
    }

    /// A container with the blob `a`.
    pub(crate) async fn container(&self) {
        let container = self.blobs_as(self.shared_key()).container("box");
        container.create().await.unwrap();
        container.blob("a").upload("hello").await.unwrap();
    }

    pub(crate) fn advance(&self, minutes: u64) {
        self.clock.advance(Duration::from_secs(minutes * 60));
    }
}

/// The blob that [`Desk::container`] has made.
pub(crate) async fn read(blobs: &BlobServiceClient) -> Result<Bytes, lazuli_blob::Error> {
    blobs.container("box").blob("a").download().await?.bytes().await
}

/// Lets tasks in the background come to where they wait for something.
pub(crate) async fn settle() {
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
}
