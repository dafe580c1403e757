//! Setting a simulation up.

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use http::{Request, Response};
use lazuli_protocol::{Body, BoxError, Clock, ResponseBody, SystemClock};
use lazuli_signing::{EMULATOR_ACCOUNT, EMULATOR_KEY};
use tower::{Service, ServiceExt as _};

use crate::content::MemoryStore;
use crate::engine::{COMPACTION_FLOOR, Engine};
#[cfg(feature = "entra")]
use crate::entra::{App, ManagedIdentity};
use crate::entra::{Authority, Gate, Registry, TokenTrust};
use crate::journal::{self, Durability};
use crate::random::Random;
use crate::service::{Account, Accounts, Fetch};
use crate::{AccountOptions, Error, ErrorKind, Simulation};

/// Sets up a [`Simulation`]. Begin with [`Simulation::builder`].
#[derive(Clone)]
pub struct Builder {
    accounts: Vec<(String, String)>,
    options: HashMap<String, AccountOptions>,
    clock: Arc<dyn Clock>,
    location: Option<PathBuf>,
    durability: Durability,
    seed: Option<u64>,
    trust: TokenTrust,
    registry: Registry,
    fetch: Option<Fetch>,
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            accounts: Vec::new(),
            options: HashMap::new(),
            clock: Arc::new(SystemClock),
            location: None,
            durability: Durability::default(),
            seed: None,
            trust: TokenTrust::default(),
            registry: Registry::default(),
            fetch: None,
        }
    }

    /// Adds an account with its key, in base64. Without any, there is the well-known development account, `devstoreaccount1`.
    #[must_use]
    pub fn account(mut self, name: impl Into<String>, key: impl Into<String>) -> Self {
        self.accounts.push((name.into(), key.into()));
        self
    }

    /// Says what an account is like that is added by name: whether it keeps versions, and so on.
    #[must_use]
    pub fn account_options(mut self, name: impl Into<String>, options: AccountOptions) -> Self {
        self.options.insert(name.into(), options);
        self
    }

    /// Takes the time from this clock, and not from the machine's: dates of requests and answers, ETags, how long blocks wait.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Keeps everything in this folder, which is made if need be, and not in memory. One simulation can have a folder open at a time.
    ///
    /// A folder is bound to nothing but its files: accounts that are not configured keep what they have.
    #[must_use]
    pub fn location(mut self, folder: impl Into<PathBuf>) -> Self {
        self.location = Some(folder.into());
        self
    }

    /// Says what an acknowledged write survives. It matters with a [location](Self::location) only.
    #[must_use]
    pub fn durability(mut self, durability: Durability) -> Self {
        self.durability = durability;
        self
    }

    /// Makes the ids of requests follow from a seed, so that a run can be repeated to the letter.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Says whose access tokens the services take, beside those of the simulation itself. Without this, [`TokenTrust::Claims`].
    #[must_use]
    pub fn token_trust(mut self, trust: TokenTrust) -> Self {
        self.trust = trust;
        self
    }

    /// Fetches the sources of copies that are not in this simulation with this service: a `lazuli_transport::Transport`, say, or any HTTP
    /// client. Without it they are 404 `CannotVerifyCopySource`.
    ///
    /// It is asked by a GET for whatever URL the users of the simulation name, so that it decides how far they reach and how long it waits.
    /// What it brings is taken as a block blob, of at most 5,000 MiB or 4,000 MiB for a part, or as large as it is in Copy Blob.
    ///
    /// ```
    /// use http::{Request, Response};
    /// use lazuli_protocol::{Body, ResponseBody};
    /// use lazuli_simulation::Simulation;
    ///
    /// let sources = tower::service_fn(|request: Request<Body>| async move {
    ///     let path = request.uri().path().to_owned();
    ///     Ok::<_, std::convert::Infallible>(Response::new(ResponseBody::from(bytes::Bytes::from(path))))
    /// });
    /// let simulation = Simulation::builder().copy_sources(sources).build()?;
    /// # Ok::<(), lazuli_simulation::Error>(())
    /// ```
    #[must_use]
    pub fn copy_sources<S>(mut self, service: S) -> Self
    where
        S: Service<Request<Body>, Response = Response<ResponseBody>> + Clone + Send + Sync + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send + 'static,
    {
        self.fetch = Some(Fetch::new(service.map_err(Into::into)));
        self
    }

    /// Adds a tenant to the simulated Entra by its id, a GUID, beside [`TENANT`](crate::entra::TENANT).
    #[cfg(feature = "entra")]
    #[must_use]
    pub fn tenant(mut self, id: impl Into<String>) -> Self {
        self.registry.tenant(id.into());
        self
    }

    /// Adds an application to the simulated Entra. Without any, there is the well-known
    /// [development application](crate::entra::CLIENT_ID).
    #[cfg(feature = "entra")]
    #[must_use]
    pub fn app(mut self, app: App) -> Self {
        self.registry.app(app);
        self
    }

    /// Adds an identity to the simulated machine. Without any, there are [two](crate::entra#who-is-there).
    #[cfg(feature = "entra")]
    #[must_use]
    pub fn managed_identity(mut self, identity: ManagedIdentity) -> Self {
        self.registry.identity(identity);
        self
    }

    /// What requests to the endpoint of App Service have to show in `X-IDENTITY-HEADER`. Without this, the well-known
    /// [`IDENTITY_HEADER`](crate::entra::IDENTITY_HEADER).
    #[cfg(feature = "entra")]
    #[must_use]
    pub fn identity_header(mut self, secret: impl Into<String>) -> Self {
        self.registry.identity_header(secret.into().into());
        self
    }

    /// Where the simulated agent of Azure Arc writes the keys that its callers have to read: a folder, which is made if need be. The
    /// real one is `/var/opt/azcmagent/tokens`, and many clients read nowhere else. Without a folder, Arc is not there.
    #[cfg(feature = "entra")]
    #[must_use]
    pub fn arc_keys(mut self, folder: impl Into<PathBuf>) -> Self {
        self.registry.arc_folder(folder.into());
        self
    }

    /// Makes the simulation, or opens the one that is kept at the location.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidAccount`] when a name or key cannot be used or a name comes twice; [`ErrorKind::InvalidIdentity`] when
    /// something of the simulated Entra cannot be used. With a location besides:
    /// [`ErrorKind::LocationInUse`], [`ErrorKind::UnknownFormat`], [`ErrorKind::Damaged`] and [`ErrorKind::Io`].
    pub fn build(mut self) -> Result<Simulation, Error> {
        let accounts = self.read_accounts()?;
        let registry = std::mem::take(&mut self.registry).check()?;
        let random = Random::new(self.seed);
        let clock = self.clock.clone();
        let engine = match &self.location {
            None => Engine::in_memory(MemoryStore, clock, random),
            Some(folder) => {
                let opened = journal::open(folder, self.durability, COMPACTION_FLOOR)?;
                Engine::on_disk(opened, COMPACTION_FLOOR, clock, random)
            }
        };
        Ok(self.assemble(engine, accounts, registry))
    }

    /// Of the well-known account, whose constants are an account's, and of the well-known applications, as the tests see.
    pub(crate) fn build_in_memory(mut self) -> Simulation {
        let accounts = self.read_accounts().unwrap_or_default();
        let registry = std::mem::take(&mut self.registry).check().unwrap_or_default();
        let engine = Engine::in_memory(MemoryStore, self.clock.clone(), Random::new(self.seed));
        self.assemble(engine, accounts, registry)
    }

    fn assemble(mut self, engine: Engine, accounts: Accounts, registry: Registry) -> Simulation {
        engine.describe(std::mem::take(&mut self.options));
        // Another stream of ids than that of the services, so that one does not change the other.
        let random = Random::new(self.seed.map(|seed| seed.rotate_left(32)));
        let authority = Arc::new(Authority::new(registry, self.clock, random));
        let gate = Arc::new(Gate::new(self.trust, authority.clone()));
        Simulation::new(
            Arc::new(engine),
            Arc::new(accounts),
            gate,
            self.fetch,
            #[cfg(feature = "entra")]
            authority,
        )
    }

    fn read_accounts(&self) -> Result<Accounts, Error> {
        let well_known = [(EMULATOR_ACCOUNT.to_owned(), EMULATOR_KEY.to_owned())];
        let given = if self.accounts.is_empty() {
            &well_known[..]
        } else {
            &self.accounts
        };
        let mut accounts = HashMap::new();
        for (name, key) in given {
            let refuse = |source| {
                Error::new(
                    ErrorKind::InvalidAccount,
                    format!("the account {name:?} cannot be simulated"),
                )
                .because(source)
            };
            let account = Account::new(name, key).map_err(refuse)?;
            if accounts.insert(name.clone(), Arc::new(account)).is_some() {
                return Err(Error::new(
                    ErrorKind::InvalidAccount,
                    format!("the account {name:?} is given twice"),
                ));
            }
        }
        if let Some(name) = self.options.keys().find(|name| !accounts.contains_key(*name)) {
            return Err(Error::new(
                ErrorKind::InvalidAccount,
                format!("there are options for the account {name:?}, which is not added"),
            ));
        }
        Ok(accounts)
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.accounts.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Builder")
            .field("accounts", &names)
            .field("location", &self.location)
            .field("durability", &self.durability)
            .field("seed", &self.seed)
            .field("trust", &self.trust)
            .finish_non_exhaustive()
    }
}
