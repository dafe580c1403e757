//! What a request shows and asks of the blob that it is about: which state, its conditions, its lease, its key.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::HeaderName;
use lazuli_protocol::{ErrorCode, header as names};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::call::Call;
use super::refusal::Refusal;
use crate::state::{Access, Encryption, Timestamp, Which};
use crate::tag_query::{Dialect, Malformed, TagQuery};

const SNAPSHOT: &str = "snapshot";
const VERSION: &str = "versionid";
const ALGORITHM: &str = "AES256";

impl Call {
    /// Which state of the blob is meant.
    pub(super) fn which(&self) -> Result<Which, Box<Refusal>> {
        let id = |name: &str| match self.query.some(name) {
            None => Ok(None),
            Some(text) => Timestamp::from_iso8601(text)
                .map(Some)
                .ok_or_else(|| Refusal::bad_query(name, text, "")),
        };
        match (id(SNAPSHOT)?, id(VERSION)?) {
            (None, None) => Ok(Which::Current),
            (Some(at), None) => Ok(Which::Snapshot(at)),
            (None, Some(at)) => Ok(Which::Version(at)),
            // One state has one name.
            (Some(_), Some(_)) => {
                let value = self.query.get(VERSION).unwrap_or_default();
                Err(Refusal::bad_query(VERSION, value, ""))
            }
        }
    }

    /// Whether the request is about the current blob, as most that change something are.
    pub(super) fn check_current(&self) -> Result<(), Box<Refusal>> {
        let named = |name| Some((name, self.query.some(name)?));
        match named(SNAPSHOT).or_else(|| named(VERSION)) {
            Some((name, value)) => Err(Refusal::bad_query(name, value, "")),
            None => Ok(()),
        }
    }

    /// The id of the lease that the caller holds.
    pub(super) fn lease_id(&self) -> Result<Option<Uuid>, Box<Refusal>> {
        self.guid(&names::LEASE_ID)
    }

    /// A header that holds a GUID. What it holds instead is not repeated: it may be somebody's lease.
    pub(super) fn guid(&self, name: &HeaderName) -> Result<Option<Uuid>, Box<Refusal>> {
        let Some(text) = self.header(name)? else {
            return Ok(None);
        };
        Uuid::try_parse(text)
            .map(Some)
            .map_err(|_| Refusal::bad_header(name.as_str(), ""))
    }

    /// What a read of a blob shows and asks.
    pub(super) fn read_access(&self) -> Result<Access, Box<Refusal>> {
        Ok(Access {
            conditions: self.read_conditions()?,
            lease: self.lease_id()?,
            tags: self.tag_condition()?,
        })
    }

    /// What a write to a blob shows and asks.
    pub(super) fn write_access(&self) -> Result<Access, Box<Refusal>> {
        Ok(Access {
            conditions: self.write_conditions()?,
            lease: self.lease_id()?,
            tags: self.tag_condition()?,
        })
    }

    /// What the request says that the blob's tags must be.
    pub(super) fn tag_condition(&self) -> Result<Option<TagQuery>, Box<Refusal>> {
        let Some(text) = self.header(&names::IF_TAGS)? else {
            return Ok(None);
        };
        let refuse = |malformed: Malformed| {
            Refusal::bad_header(names::IF_TAGS.as_str(), text).message(malformed.to_string())
        };
        TagQuery::parse(text, Dialect::Condition)
            .map(Some)
            .map_err(refuse)
    }

    /// What the request says that the blob is encrypted with: a key of the customer's own, or a scope of the account.
    pub(super) fn encryption(&self) -> Result<Encryption, Box<Refusal>> {
        let key = self.customer_key([
            names::ENCRYPTION_KEY,
            names::ENCRYPTION_KEY_SHA256,
            names::ENCRYPTION_ALGORITHM,
        ])?;
        let asked = self.header(&names::ENCRYPTION_SCOPE)?;
        let scope = match (asked, self.caller.encryption_scope()) {
            // The scope of a signature is the only one that it is good for.
            (Some(asked), Some(signed)) if asked != signed => {
                return Err(ErrorCode::AuthorizationPermissionMismatch.into());
            }
            (asked, signed) => asked.or(signed),
        };
        match (key, scope) {
            (Some(_), Some(_)) => Err(Refusal::bad_header(names::ENCRYPTION_SCOPE.as_str(), "")),
            (Some(sha256), None) => Ok(Encryption::CustomerKey(sha256)),
            (None, Some(name)) => Ok(Encryption::Scope(name.into())),
            (None, None) => Ok(Encryption::Account),
        }
    }

    /// The SHA-256 of the key that a request shows in these headers. The key itself is looked at and forgotten.
    pub(super) fn customer_key(
        &self,
        [key, sha256, algorithm]: [HeaderName; 3],
    ) -> Result<Option<Box<str>>, Box<Refusal>> {
        let Some(text) = self.header(&key)? else {
            return Ok(None);
        };
        let bytes = BASE64_STANDARD
            .decode(text)
            .map(zeroize::Zeroizing::new)
            .ok()
            .filter(|bytes| bytes.len() == 32)
            .ok_or_else(|| Refusal::bad_header(key.as_str(), ""))?;
        let found = BASE64_STANDARD.encode(Sha256::digest(&*bytes));
        match self.header(&sha256)? {
            Some(given) if given == found => {}
            Some(given) => return Err(Refusal::bad_header(sha256.as_str(), given)),
            None => return Err(Refusal::missing_header(sha256.as_str())),
        }
        match self.header(&algorithm)? {
            Some(ALGORITHM) => Ok(Some(found.into())),
            Some(other) => Err(Refusal::bad_header(algorithm.as_str(), other)),
            None => Err(Refusal::missing_header(algorithm.as_str())),
        }
    }
}
