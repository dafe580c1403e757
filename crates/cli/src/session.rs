//! What every command works with: the streams, the environment, and connections to accounts.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use lazuli_blob::{BlobClient, BlobServiceClient, ContainerClient};
use lazuli_identity::{DefaultCredential, EnvironmentCredential, Settings, storage_credential};
use lazuli_protocol::{ContainerName, Endpoint};
use lazuli_transport::{Backoff, Renewing, RetryPolicy, Rule, Transport, TransportBuilder, Trouble};
use serde::Serialize;
use tokio::sync::Mutex;

use crate::account::{Access, Account, Source, is_loopback};
use crate::embedded::Embedded;
use crate::environment::{CONNECTION_STRING, Environment};
use crate::exit::Exit;
use crate::explain::About;
use crate::failure::Failure;
use crate::location::{Place, Remote};
use crate::output::Output;
use crate::watcher::{Verb, Watcher};

/// Somebody who copies files would rather wait for a service that is away than start anew: a call waits until the circuit breaker lets it
/// through, where its deadline allows that.
const PATIENCE: Rule = Rule {
    tries: 3,
    backoff: Backoff::Fixed(Duration::from_secs(1)),
};

/// Where the local account keeps its data: below the working folder.
pub(crate) const EMBEDDED_LOCATION: &str = ".lazuli";

/// What a command is about to do in an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Intent {
    Read,
    /// The local account is made where it is missing.
    Write,
}

/// A run of the command.
pub(crate) struct Session {
    output: Output,
    environment: Environment,
    embedded: Mutex<Option<Embedded>>,
    told: AtomicBool,
    watcher: std::sync::Mutex<Option<Arc<Watcher>>>,
}

impl Session {
    pub(crate) fn new(output: Output, environment: Environment) -> Self {
        Self {
            output,
            environment,
            embedded: Mutex::new(None),
            told: AtomicBool::new(false),
            watcher: std::sync::Mutex::new(None),
        }
    }

    pub(crate) fn output(&self) -> Output {
        self.output
    }

    /// A watcher for the transfer that this run is about.
    pub(crate) fn watch(&self, verb: Verb) -> Arc<Watcher> {
        let watcher = Arc::new(Watcher::new(self.output, verb));
        *self.watcher.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&watcher));
        watcher
    }

    /// Ends the watch, whatever became of the work: what is written now is the result.
    pub(crate) fn end_watch(&self) {
        if let Some(watcher) = self.watcher.lock().unwrap_or_else(PoisonError::into_inner).take() {
            watcher.end();
        }
    }

    /// Finds out which account a place is in, and how to be let in.
    ///
    /// # Errors
    /// What is set is incomplete, contradicts itself or cannot be read.
    pub(crate) fn resolve(&self, place: &Place) -> Result<Account, Failure> {
        Account::resolve(place, &self.environment)
    }

    /// Connects to the account of a place, and tells once which one that is.
    ///
    /// # Errors
    /// The account cannot be found out, or the local one not be opened.
    pub(crate) async fn connect(&self, place: &Place, intent: Intent) -> Result<Connection, Failure> {
        match self.resolve(place)? {
            Account::Embedded => self.embedded(intent).await,
            Account::Service {
                endpoint,
                access,
                source,
            } => {
                let connection = self.over_network(endpoint, access, source)?;
                // Who typed a URL knows which account it is.
                if matches!(place, Place::Configured) {
                    self.tell(|| format!("using {} ({})", connection.shown(), connection.source.shown()));
                }
                Ok(connection)
            }
        }
    }

    fn over_network(
        &self,
        endpoint: Endpoint,
        access: Access,
        source: Source,
    ) -> Result<Connection, Failure> {
        let transport = match access {
            Access::Credential(credential) => network(&self.environment)?.credential(credential),
            Access::Entra => {
                let source = self.entra(is_loopback(&endpoint))?;
                network(&self.environment)?.credential_source(source)
            }
        };
        let transport = build(transport)?;
        Ok(Connection {
            service: BlobServiceClient::new(endpoint, transport),
            source,
        })
    }

    /// Tokens of the first source that has any. A service on this machine gets those that the environment is for, and no others: what a
    /// developer tool has is good for real accounts.
    fn entra(&self, is_local: bool) -> Result<Renewing, Failure> {
        let refuse = |error: lazuli_identity::Error| Failure::usage(error.to_string());
        let settings = Settings::new().map_err(refuse)?;
        // Managed identities are asked directly, as the settings have it.
        let authority = Transport::builder().proxies(self.environment.proxies()?);
        let settings = settings
            .authority_transport(build(authority)?)
            .environment(self.environment.identity.clone());
        Ok(match is_local {
            true => storage_credential(EnvironmentCredential::new(&settings).map_err(refuse)?),
            false => storage_credential(DefaultCredential::new(&settings).map_err(refuse)?),
        })
    }

    async fn embedded(&self, intent: Intent) -> Result<Connection, Failure> {
        let location = Path::new(EMBEDDED_LOCATION);
        if intent == Intent::Read && !location.exists() {
            return Err(Failure::new(
                Exit::NotFound,
                "no account is configured, and there is no local one in this folder yet",
            )
            .help(format!(
                "`lazuli cp` or `lazuli mb` make the local one; set {CONNECTION_STRING} to use a real one"
            )));
        }
        let mut slot = self.embedded.lock().await;
        let embedded = match slot.take() {
            Some(embedded) => embedded,
            None => Embedded::open(location).await?,
        };
        let embedded = slot.insert(embedded);
        self.tell(|| {
            format!(
                "using the local account in {EMBEDDED_LOCATION} (set {CONNECTION_STRING} to use a real one)"
            )
        });
        Ok(Connection {
            service: embedded.client()?,
            source: Source::Embedded,
        })
    }

    fn tell(&self, text: impl FnOnce() -> String) {
        if !self.told.swap(true, Ordering::Relaxed) {
            self.output.note(text());
        }
    }

    /// Closes the local account, so that all of it is on disk.
    ///
    /// # Errors
    /// The disk refuses.
    pub(crate) async fn close(&self) -> Result<(), Failure> {
        match self.embedded.lock().await.take() {
            Some(embedded) => embedded.close().await,
            None => Ok(()),
        }
    }
}

/// The way out to whatever a URL names, with no account.
pub(crate) fn way_out(environment: &Environment) -> Result<Transport, Failure> {
    build(network(environment)?)
}

/// Through the proxies that the environment names.
fn network(environment: &Environment) -> Result<TransportBuilder, Failure> {
    Ok(Transport::builder()
        .user_agent_suffix(concat!("lazuli-cli/", env!("CARGO_PKG_VERSION")))
        .retry(RetryPolicy::default().rule(Trouble::CircuitOpen, PATIENCE))
        .proxies(environment.proxies()?))
}

fn build(transport: TransportBuilder) -> Result<Transport, Failure> {
    transport
        .build()
        .map_err(|error| Failure::new(Exit::Failed, error.to_string()))
}

/// A connection to an account.
#[derive(Clone, Debug)]
pub(crate) struct Connection {
    service: BlobServiceClient,
    source: Source,
}

/// The account, for programs.
#[derive(Debug, Serialize)]
pub(crate) struct AccountLine {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    endpoint: String,
    source: &'static str,
}

impl Connection {
    pub(crate) fn service(&self) -> &BlobServiceClient {
        &self.service
    }

    pub(crate) fn is_embedded(&self) -> bool {
        self.source == Source::Embedded
    }

    pub(crate) fn container(&self, name: &ContainerName) -> ContainerClient {
        self.service.container(name.as_str())
    }

    /// The blob at a location.
    ///
    /// # Errors
    /// The location names no container.
    pub(crate) fn blob(&self, remote: &Remote) -> Result<BlobClient, Failure> {
        Ok(self
            .container(remote.required_container()?)
            .blob(remote.path.as_str()))
    }

    /// What errors are told against: what was being done, and to what.
    pub(crate) fn about(&self, what: String, remote: &Remote) -> About {
        About {
            what,
            remote: remote.clone(),
            source: self.source,
            loopback: is_loopback(self.service.endpoint()),
        }
    }

    /// The account as a person calls it.
    pub(crate) fn shown(&self) -> String {
        let endpoint = self.service.endpoint();
        match (self.source, endpoint.account()) {
            (Source::Embedded, _) => format!("the local account in {EMBEDDED_LOCATION}"),
            (_, Some(account)) => format!("account {account} at {endpoint}"),
            (_, None) => format!("the account at {endpoint}"),
        }
    }

    pub(crate) fn account_line(&self) -> AccountLine {
        let endpoint = self.service.endpoint();
        AccountLine {
            name: endpoint.account().map(str::to_owned),
            endpoint: endpoint.to_string(),
            source: self.source.name(),
        }
    }
}
