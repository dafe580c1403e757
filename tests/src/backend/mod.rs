//! What scenarios run on.

mod account;
mod azurite;
mod feature;
mod simulated;
mod token;

use std::fmt;
use std::mem;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use lazuli_blob::{BlobServiceClient, ContainerClient};
use lazuli_protocol::{Clock as _, Endpoint, SystemClock};
use lazuli_signing::{AccountKey, Credential, EMULATOR_ACCOUNT, EMULATOR_KEY, Sas, SharedKey};
use lazuli_transport::{Error, RetryPolicy, SecondaryHosts, Transport, TransportBuilder};
use time::Duration;

use crate::process::Running;
use account::NEIGHBOUR;
use simulated::Socket;

pub use account::Trait;
pub use feature::Feature;

/// The kinds of back ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The simulation in this process, without a socket.
    InProcess,
    /// The simulation in this process, on a socket.
    OverSocket,
    /// Azurite, in a process of its own.
    Azurite,
}

// Puts a stack of layers on the way to the back end.
type Connect = Arc<dyn Fn(TransportBuilder) -> Result<Transport, Error> + Send + Sync>;

/// A blob service with the development account, and nothing in it yet but what other scenarios left in containers of their own.
pub struct Backend {
    kind: Kind,
    url: String,
    endpoint: Endpoint,
    connect: Connect,
    blobs: BlobServiceClient,
    names: AtomicU32,
    skipped: Mutex<Vec<Feature>>,
    alive: Alive,
}

// What must live as long as the back end is used.
enum Alive {
    Nothing,
    Socket(Socket),
    Process(Running),
}

impl Backend {
    /// Starts a back end.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start(kind: Kind) -> Self {
        let (url, connect, alive) = match kind {
            Kind::InProcess => {
                let (url, connect) = simulated::in_process();
                (url, connect, Alive::Nothing)
            }
            Kind::OverSocket => {
                let socket = Socket::open().await;
                (socket.url(), over_sockets(), Alive::Socket(socket))
            }
            Kind::Azurite => {
                let (process, url) = azurite::start();
                (url, over_sockets(), Alive::Process(process))
            }
        };
        let endpoint = endpoint(&url, EMULATOR_ACCOUNT);
        let blobs = client(
            &endpoint,
            &connect,
            shared_key(EMULATOR_ACCOUNT, EMULATOR_KEY).into(),
            retries(kind),
        );
        Self {
            kind,
            url,
            endpoint,
            connect,
            blobs,
            names: AtomicU32::new(0),
            skipped: Mutex::default(),
            alive,
        }
    }

    /// Ends it.
    ///
    /// # Panics
    /// When it does not end well.
    pub async fn stop(self) {
        match self.alive {
            Alive::Nothing => {}
            Alive::Socket(socket) => socket.close().await,
            Alive::Process(process) => process.kill(),
        }
    }

    /// Whether the back end does this as the real service does.
    #[must_use]
    pub fn knows(&self, feature: Feature) -> bool {
        feature.is_known_by(self.kind)
    }

    /// Whether it does not, which a scenario that is all about it asks: it is told as skipped then.
    #[must_use]
    pub fn lacks(&self, feature: Feature) -> bool {
        let lacks = !self.knows(feature);
        if lacks {
            let mut skipped = self.skipped.lock().unwrap_or_else(PoisonError::into_inner);
            skipped.push(feature);
        }
        lacks
    }

    /// What was lacking since this was last asked.
    #[must_use]
    pub(crate) fn skipped(&self) -> Vec<Feature> {
        mem::take(&mut *self.skipped.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The blob service of an account with a trait, with its key; none where the back end has no such accounts, which is told as skipped.
    ///
    /// # Panics
    /// When its client cannot be made.
    #[must_use]
    pub fn account_with(&self, with: Trait) -> Option<BlobServiceClient> {
        if self.lacks(with.feature()) {
            return None;
        }
        Some(self.account(with.account()))
    }

    /// The blob service of another account, with its key.
    ///
    /// # Panics
    /// When its client cannot be made.
    #[must_use]
    pub fn neighbour(&self) -> BlobServiceClient {
        self.account(NEIGHBOUR)
    }

    fn account(&self, name: &str) -> BlobServiceClient {
        let key = shared_key(name, EMULATOR_KEY);
        client(
            &endpoint(&self.url, name),
            &self.connect,
            key.into(),
            retries(self.kind),
        )
    }

    /// The blob service, with the account's key.
    #[must_use]
    pub fn blobs(&self) -> &BlobServiceClient {
        &self.blobs
    }

    /// The blob service, with another key of the same account, in base64.
    #[must_use]
    pub fn blobs_with_key(&self, base64: &str) -> BlobServiceClient {
        self.blobs_as(shared_key(EMULATOR_ACCOUNT, base64))
    }

    /// The blob service, with another credential, tried once only.
    #[must_use]
    pub fn blobs_as(&self, credential: impl Into<Credential>) -> BlobServiceClient {
        client(
            &self.endpoint,
            &self.connect,
            credential.into(),
            RetryPolicy::never(),
        )
    }

    /// The blob service, which can be read from its second place, too.
    ///
    /// # Panics
    /// When there is no such client.
    #[must_use]
    pub fn blobs_in_two_places(&self) -> BlobServiceClient {
        let secondary = endpoint(&self.url, &format!("{EMULATOR_ACCOUNT}-secondary"));
        let builder = Transport::builder()
            .credential(shared_key(EMULATOR_ACCOUNT, EMULATOR_KEY))
            .secondary(SecondaryHosts::none().pair(&self.endpoint, &secondary))
            .retry(RetryPolicy::never());
        BlobServiceClient::new(self.endpoint.clone(), (self.connect)(builder).unwrap())
    }

    /// The blob service, for somebody who has signed in.
    ///
    /// # Panics
    /// When there is no such client.
    #[must_use]
    pub fn signed_in(&self) -> BlobServiceClient {
        self.blobs_as(token::anybody(SystemClock.now()))
    }

    /// A shared access signature with which the blobs of a container can be read for an hour, such as a copy reads them.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    pub fn read_sas(&self, container: &ContainerClient) -> String {
        self.read_sas_in(&self.blobs, container)
    }

    /// The same for a container of an account.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    pub fn read_sas_in(&self, blobs: &BlobServiceClient, container: &ContainerClient) -> String {
        let until = SystemClock.now() + Duration::HOUR;
        let sas = Sas::container(container.name()).read().expires(until);
        let key = shared_key(blobs.endpoint().account().unwrap(), EMULATOR_KEY);
        sas.sign(&key).unwrap().expose().to_owned()
    }

    /// The token of somebody who has signed in, such as a copy reads its source with.
    #[must_use]
    pub fn token(&self) -> String {
        token::text(SystemClock.now())
    }

    /// The account with its key, to make signatures with.
    #[must_use]
    pub fn shared_key(&self) -> SharedKey {
        shared_key(EMULATOR_ACCOUNT, EMULATOR_KEY)
    }

    /// A name for a container that no other scenario has, and that starts with `about`.
    #[must_use]
    pub fn name(&self, about: &str) -> String {
        format!("{about}-{}", self.names.fetch_add(1, Ordering::Relaxed))
    }

    /// A new container.
    ///
    /// # Panics
    /// When it cannot be made.
    pub async fn container(&self, about: &str) -> ContainerClient {
        self.container_in(&self.blobs, about).await
    }

    /// A new container in an account.
    ///
    /// # Panics
    /// When it cannot be made.
    pub async fn container_in(&self, blobs: &BlobServiceClient, about: &str) -> ContainerClient {
        let container = blobs.container(self.name(about));
        container.create().await.unwrap();
        container
    }
}

impl fmt::Debug for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Backend")
            .field("kind", &self.kind)
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

fn endpoint(url: &str, account: &str) -> Endpoint {
    Endpoint::parse(&format!("{url}/{account}")).unwrap()
}

fn client(
    endpoint: &Endpoint,
    connect: &Connect,
    credential: Credential,
    retry: RetryPolicy,
) -> BlobServiceClient {
    let builder = Transport::builder().credential(credential).retry(retry);
    BlobServiceClient::new(endpoint.clone(), connect(builder).unwrap())
}

fn shared_key(account: &str, base64: &str) -> SharedKey {
    SharedKey::new(account.parse().unwrap(), AccountKey::from_base64(base64).unwrap())
}

// What goes wrong in the simulation must show, and not be mended by another try.
fn retries(kind: Kind) -> RetryPolicy {
    match kind {
        Kind::InProcess | Kind::OverSocket => RetryPolicy::never(),
        Kind::Azurite => RetryPolicy::default(),
    }
}

fn over_sockets() -> Connect {
    Arc::new(TransportBuilder::build)
}
