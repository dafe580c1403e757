//! What an account is like: whether it keeps versions, for how long it keeps what was deleted, and what else it can.

use std::time::Duration;

use lazuli_protocol::{AccountKind, SkuName};

/// The traits of an account that its owner chooses when it is made, outside of the Blob service. See
/// [`Builder::account_options`](crate::Builder::account_options).
///
/// ```
/// use std::time::Duration;
///
/// use lazuli_simulation::{AccountOptions, Simulation};
///
/// let options = AccountOptions::new()
///     .versioning(true)
///     .keep_deleted_blobs(Duration::from_secs(7 * 24 * 60 * 60))
///     .encryption_scope("finance");
/// let simulation = Simulation::builder().account_options("devstoreaccount1", options).build()?;
/// # Ok::<(), lazuli_simulation::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountOptions {
    pub(crate) versioning: bool,
    pub(crate) blob_retention: Duration,
    pub(crate) container_retention: Duration,
    pub(crate) hierarchical: bool,
    pub(crate) scopes: Vec<Box<str>>,
    pub(crate) sku: SkuName,
    pub(crate) kind: AccountKind,
    pub(crate) standard_rehydration: Duration,
    pub(crate) high_rehydration: Duration,
    pub(crate) copy_time: Duration,
    pub(crate) access_tracking: bool,
}

impl AccountOptions {
    /// An account of general purpose, second generation, that keeps neither versions nor what was deleted.
    #[must_use]
    pub fn new() -> Self {
        Self {
            versioning: false,
            blob_retention: Duration::ZERO,
            container_retention: Duration::ZERO,
            hierarchical: false,
            scopes: Vec::new(),
            sku: SkuName::StandardRagrs,
            kind: AccountKind::StorageV2,
            standard_rehydration: Duration::from_secs(60),
            high_rehydration: Duration::from_secs(10),
            copy_time: Duration::ZERO,
            access_tracking: false,
        }
    }

    /// Whether each write to a blob makes a version of it.
    #[must_use]
    pub fn versioning(mut self, on: bool) -> Self {
        self.versioning = on;
        self
    }

    /// For how long deleted blobs can be undeleted, until Set Blob Service Properties says otherwise; zero for not at all.
    #[must_use]
    pub fn keep_deleted_blobs(mut self, time: Duration) -> Self {
        self.blob_retention = time;
        self
    }

    /// For how long deleted containers can be restored; zero for not at all.
    #[must_use]
    pub fn keep_deleted_containers(mut self, time: Duration) -> Self {
        self.container_retention = time;
        self
    }

    /// Whether names are paths in a tree of folders. Blobs of such an account can expire; it has no page blobs.
    #[must_use]
    pub fn hierarchical_namespace(mut self, on: bool) -> Self {
        self.hierarchical = on;
        self
    }

    /// Adds an encryption scope by its name.
    #[must_use]
    pub fn encryption_scope(mut self, name: impl Into<String>) -> Self {
        self.scopes.push(name.into().into());
        self
    }

    /// What Get Account Information says of its redundancy and performance. Without this, `Standard_RAGRS`.
    #[must_use]
    pub fn sku(mut self, sku: SkuName) -> Self {
        self.sku = sku;
        self
    }

    /// What Get Account Information says of its kind. Without this, `StorageV2`.
    #[must_use]
    pub fn kind(mut self, kind: AccountKind) -> Self {
        self.kind = kind;
        self
    }

    /// How long a blob takes out of the archive, by standard and by high priority. The service takes up to 15 hours and up to one;
    /// without this, it is a minute and ten seconds.
    #[must_use]
    pub fn rehydration(mut self, standard: Duration, high: Duration) -> Self {
        self.standard_rehydration = standard;
        self.high_rehydration = high;
        self
    }

    /// How long a copy is pending that goes on after its answer. Without this it is done at once, as most copies within an account are.
    #[must_use]
    pub fn copy_time(mut self, time: Duration) -> Self {
        self.copy_time = time;
        self
    }

    /// Whether the account keeps track of when block blobs were last accessed. A write is an access, and so is the first read of a blob
    /// in 24 hours: Get Blob, Query Blob Contents, and any copy from it. Get Blob, Get Blob Properties and List Blobs tell of it.
    #[must_use]
    pub fn last_access_time_tracking(mut self, on: bool) -> Self {
        self.access_tracking = on;
        self
    }
}

impl Default for AccountOptions {
    fn default() -> Self {
        Self::new()
    }
}
