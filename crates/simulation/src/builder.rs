//! Setting a simulation up.

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use lazuli_protocol::{Clock, SystemClock};
use lazuli_signing::{AccountKey, AccountName, EMULATOR_ACCOUNT, EMULATOR_KEY, SharedKey};

use crate::content::MemoryStore;
use crate::engine::{COMPACTION_FLOOR, Engine};
use crate::journal::{self, Durability};
use crate::random::Random;
use crate::service::Accounts;
use crate::{Error, ErrorKind, Simulation};

/// Sets up a [`Simulation`]. Begin with [`Simulation::builder`].
#[derive(Clone)]
pub struct Builder {
    accounts: Vec<(String, String)>,
    clock: Arc<dyn Clock>,
    location: Option<PathBuf>,
    durability: Durability,
    seed: Option<u64>,
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            accounts: Vec::new(),
            clock: Arc::new(SystemClock),
            location: None,
            durability: Durability::default(),
            seed: None,
        }
    }

    /// Adds an account with its key, in base64. Without any, there is the well-known development account, `devstoreaccount1`.
    #[must_use]
    pub fn account(mut self, name: impl Into<String>, key: impl Into<String>) -> Self {
        self.accounts.push((name.into(), key.into()));
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

    /// Makes the simulation, or opens the one that is kept at the location.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidAccount`] when a name or key cannot be used or a name comes twice. With a location besides:
    /// [`ErrorKind::LocationInUse`], [`ErrorKind::UnknownFormat`], [`ErrorKind::Damaged`] and [`ErrorKind::Io`].
    pub fn build(self) -> Result<Simulation, Error> {
        let accounts = self.read_accounts()?;
        let random = Random::new(self.seed);
        let engine = match &self.location {
            None => Engine::in_memory(MemoryStore, self.clock, random),
            Some(folder) => {
                let opened = journal::open(folder, self.durability, COMPACTION_FLOOR)?;
                Engine::on_disk(opened, COMPACTION_FLOOR, self.clock, random)
            }
        };
        Ok(Simulation::new(Arc::new(engine), Arc::new(accounts)))
    }

    /// Of the well-known account, whose constants are an account's, as the tests see.
    pub(crate) fn build_in_memory(self) -> Simulation {
        let accounts = self.read_accounts().unwrap_or_default();
        let engine = Engine::in_memory(MemoryStore, self.clock, Random::new(self.seed));
        Simulation::new(Arc::new(engine), Arc::new(accounts))
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
            let account = AccountName::new(name).map_err(refuse)?;
            let key = AccountKey::from_base64(key).map_err(refuse)?;
            if accounts
                .insert(name.clone(), SharedKey::new(account, key))
                .is_some()
            {
                return Err(Error::new(
                    ErrorKind::InvalidAccount,
                    format!("the account {name:?} is given twice"),
                ));
            }
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
            .finish_non_exhaustive()
    }
}
