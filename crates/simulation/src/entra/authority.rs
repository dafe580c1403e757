//! The simulated Entra itself: who is registered, the key, the clock, and what tests have asked for.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lazuli_protocol::Clock;
use time::OffsetDateTime;
use uuid::Uuid;

use super::TENANT;
use super::claims::{BACKDATED, Subject, access_token};
use super::endpoints::arc::ArcKeys;
use super::jwt::Jwt;
use super::key::SigningKey;
use super::registry::Registry;
use super::script::Script;
use crate::random::Random;

/// The most assertions whose ids are kept, to know one that comes again.
const REMEMBERED: usize = 10_000;

/// What answers the endpoints, and what the storage services ask about tokens.
pub(crate) struct Authority {
    pub(super) registry: Registry,
    pub(super) script: Script,
    pub(super) arc_keys: ArcKeys,
    clock: Arc<dyn Clock>,
    random: Random,
    key: OnceLock<Option<SigningKey>>,
    wishes: Mutex<Wishes>,
    used: Mutex<VecDeque<String>>,
}

/// What tests want to be otherwise.
#[derive(Debug, Default)]
pub(super) struct Wishes {
    pub(super) lifetime: Option<Duration>,
    pub(super) refresh_in: Option<Duration>,
    pub(super) challenges: VecDeque<String>,
}

/// A token as it was issued.
pub(super) struct Issued {
    pub(super) token: String,
    /// In seconds.
    pub(super) lifetime: i64,
    pub(super) refresh_in: Option<i64>,
    now: i64,
}

impl Issued {
    /// In seconds since 1970.
    pub(super) fn expires_on(&self) -> i64 {
        self.now.saturating_add(self.lifetime)
    }

    /// In seconds since 1970.
    pub(super) fn not_before(&self) -> i64 {
        self.now.saturating_sub(BACKDATED)
    }
}

impl Authority {
    pub(crate) fn new(registry: Registry, clock: Arc<dyn Clock>, random: Random) -> Self {
        Self {
            arc_keys: ArcKeys::new(registry.arc_folder.clone()),
            registry,
            script: Script::default(),
            clock,
            random,
            key: OnceLock::new(),
            wishes: Mutex::default(),
            used: Mutex::default(),
        }
    }

    pub(super) fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    /// A new id, which follows from the seed.
    pub(super) fn id(&self) -> Uuid {
        self.random.guid()
    }

    /// The key, which is made when it is first needed. That takes some tenths of a second.
    pub(super) fn key(&self) -> Option<&SigningKey> {
        self.key.get_or_init(SigningKey::generate).as_ref()
    }

    /// The key, if it was needed before.
    fn made_key(&self) -> Option<&SigningKey> {
        self.key.get()?.as_ref()
    }

    pub(super) fn wishes(&self) -> MutexGuard<'_, Wishes> {
        self.wishes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes an access token. `None` when there can be no key.
    pub(super) fn issue(&self, subject: &Subject<'_>, audience: &str) -> Option<Issued> {
        let (lifetime, refresh_in) = {
            let wishes = self.wishes();
            (wishes.lifetime, wishes.refresh_in)
        };
        let lifetime = lifetime.map_or(subject.lifetime, seconds);
        let now = self.now();
        let id = URL_SAFE_NO_PAD.encode(self.id().as_bytes());
        let claims = access_token(subject, audience, &id, now, lifetime);
        Some(Issued {
            token: self.key()?.sign(&claims)?,
            lifetime,
            refresh_in: refresh_in.map(seconds),
            now: now.unix_timestamp(),
        })
    }

    /// Whether an assertion of this id has not been used before. From now on it has.
    pub(super) fn is_fresh(&self, id: &str) -> bool {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if used.iter().any(|other| other == id) {
            return false;
        }
        if used.len() >= REMEMBERED {
            used.pop_front();
        }
        used.push_back(id.to_owned());
        true
    }

    // What the storage services ask.

    pub(super) fn tenant(&self) -> &str {
        self.registry.tenants.first().map_or(TENANT, String::as_str)
    }

    pub(super) fn has_tenant(&self, tenant: &str) -> bool {
        self.registry.has_tenant(tenant)
    }

    pub(super) fn has_key(&self, id: &str) -> bool {
        self.made_key().is_some_and(|key| key.id() == id)
    }

    pub(super) fn has_signed(&self, jwt: &Jwt<'_>) -> bool {
        self.made_key().is_some_and(|key| key.has_signed(jwt))
    }

    pub(super) fn take_challenge(&self) -> Option<String> {
        self.wishes().challenges.pop_front()
    }
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority")
            .field("registry", &self.registry)
            .finish_non_exhaustive()
    }
}
