//! The side of the server: a SAS that came with a request, taken apart and verified.

mod delegation_fields;
mod grant;
mod parse;
mod refusal;
mod request;
mod text;
mod verify;

use std::fmt;

use time::OffsetDateTime;
use zeroize::Zeroizing;

pub use delegation_fields::DelegationFields;
pub use grant::{HeaderOverrides, SasGrant};
pub use refusal::SasRefusal;
pub use request::{AccessPolicy, SasLevel, SasRequest, SasResource};

use super::field::Field;
use super::ip_range::IpRange;
use super::layout::Layout;
use super::permissions::Permissions;
use super::terms::{ResourceTypes, SasProtocol, SignedResource};
use super::version::SasVersion;

/// Who has signed a SAS, and for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SasKind {
    /// The account's key, for whole services.
    Account,
    /// The account's key, for one container, blob, share or file.
    Service,
    /// A key that the service has given to a user, for one container, blob, share or file.
    UserDelegation,
}

/// A SAS as it came in the query of a request: well-formed, but not verified. `Debug` and `Display` show it with
/// `sig=REDACTED`.
///
/// A server reads it, finds the key and the stored access policy that it names, and calls [`verify`](Self::verify).
///
/// ```
/// use lazuli_signing::{
///     AccountKey, EMULATOR_ACCOUNT, EMULATOR_KEY, ReceivedSas, ResourceType, Sas, SasRequest, SasResource, SasService,
///     SharedKey,
/// };
/// use time::macros::datetime;
///
/// let (account, key) = (EMULATOR_ACCOUNT.parse()?, AccountKey::from_base64(EMULATOR_KEY)?);
/// let expiry = datetime!(2026-06-27 20:00 UTC);
/// let shared_key = SharedKey::new(EMULATOR_ACCOUNT.parse()?, key.clone());
/// let token = Sas::blob("logs", "a.txt").read().expires(expiry).sign(&shared_key)?;
///
/// let uri = format!("http://127.0.0.1:10000/devstoreaccount1/logs/a.txt?{}", token.expose());
/// let (parts, ()) = http::Request::get(uri).body(())?.into_parts();
/// let received = ReceivedSas::from_query(parts.uri.query().unwrap_or_default())?.ok_or("no SAS")?;
/// let request = SasRequest {
///     account: &account,
///     service: SasService::Blob,
///     resource: SasResource::Blob { container: "logs", blob: "a.txt", snapshot: None, version: None },
///     level: ResourceType::Object.into(),
///     parts: &parts,
///     secure: false,
///     client: None,
///     now: datetime!(2026-06-26 23:39:12 UTC),
/// };
/// let grant = received.verify(&request, &key, None)?;
/// assert!(grant.permissions().contains('r'));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct ReceivedSas {
    kind: SasKind,
    version: SasVersion,
    layout: &'static Layout,
    /// What its version signs and what tells where it holds, decoded. The signature is not here.
    values: Vec<(Field, String)>,
    resource: Option<SignedResource>,
    depth: Option<usize>,
    permissions: Option<Permissions>,
    starts: Option<OffsetDateTime>,
    expires: Option<OffsetDateTime>,
    addresses: Option<IpRange>,
    protocol: Option<SasProtocol>,
    types: Option<ResourceTypes>,
    delegation: Option<DelegationFields>,
    mac: Zeroizing<Vec<u8>>,
}

impl ReceivedSas {
    /// Who has signed it, as far as its fields tell.
    #[must_use]
    pub fn kind(&self) -> SasKind {
        self.kind
    }

    /// Its version, `sv`. It has the form of one, and is none of those that are older than SAS of this kind; whether
    /// the service has it is for the server to know.
    #[must_use]
    pub fn version(&self) -> &str {
        self.version.as_str()
    }

    /// The id of the stored access policy that it refers to, `si`.
    #[must_use]
    pub fn policy(&self) -> Option<&str> {
        self.get(Field::Si)
    }

    /// The fields that name the user delegation key that it is signed with.
    #[must_use]
    pub fn delegation(&self) -> Option<&DelegationFields> {
        self.delegation.as_ref()
    }

    /// The object id of the one user who may use it, `sduoid`: the request must bring that user's access token too,
    /// which is for the server to check.
    #[must_use]
    pub fn delegated_user_id(&self) -> Option<&str> {
        self.get(Field::Sduoid)
    }

    /// Whether it is for a directory, `sr=d`. A `sr` beside a SAS for an account says nothing.
    #[must_use]
    pub fn is_directory(&self) -> bool {
        self.resource == Some(SignedResource::Directory)
    }

    fn get(&self, field: Field) -> Option<&str> {
        let found = self.values.iter().find(|(known, _)| *known == field);
        found.map(|(_, value)| value.as_str())
    }
}

impl fmt::Display for ReceivedSas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (field, value) in &self.values {
            write!(f, "{}={}&", field.name(), value.escape_debug())?;
        }
        write!(f, "{}=REDACTED", Field::Sig.name())
    }
}

impl fmt::Debug for ReceivedSas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReceivedSas({:?}, {self})", self.kind)
    }
}
