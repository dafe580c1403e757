//! Shared access signatures: a query that lets whoever has it in.
//!
//! [`Sas`] begins the sentence that makes one, [`ReceivedSas`] is one as a server gets it. Both write the text to sign
//! from the same tables, and what they put between is a [`SasToken`].
//!
//! # What does not compile
//! A SAS without permissions, or without an expiry, cannot be signed:
//! ```compile_fail
//! # use lazuli_signing::{Error, Sas, SasToken, SharedKey};
//! # use time::OffsetDateTime;
//! fn permits_nothing(key: &SharedKey, t: OffsetDateTime) -> Result<SasToken, Error> {
//!     Sas::blob("logs", "a.txt").expires(t).sign(key)
//! }
//! ```
//! ```compile_fail
//! # use lazuli_signing::{Error, Sas, SasToken, SharedKey};
//! fn lasts_for_ever(key: &SharedKey) -> Result<SasToken, Error> {
//!     Sas::blob("logs", "a.txt").read().sign(key)
//! }
//! ```
//! A resource has only the permissions that the service knows for it: a blob cannot be listed, a file has no tags.
//! ```compile_fail
//! # use lazuli_signing::Sas;
//! let sas = Sas::blob("logs", "a.txt").list();
//! ```
//! ```compile_fail
//! # use lazuli_signing::Sas;
//! let sas = Sas::file("share", "a.txt").tags();
//! ```
//! An account SAS needs services and levels too, has no stored access policy, overrides no headers, and takes no user
//! delegation key:
//! ```compile_fail
//! # use lazuli_signing::{Error, Sas, SasToken, SharedKey};
//! # use time::OffsetDateTime;
//! fn has_no_service(key: &SharedKey, t: OffsetDateTime) -> Result<SasToken, Error> {
//!     Sas::account().object().read().expires(t).sign(key)
//! }
//! ```
//! ```compile_fail
//! # use lazuli_signing::{Error, Sas, SasToken, SharedKey};
//! # use time::OffsetDateTime;
//! fn has_no_level(key: &SharedKey, t: OffsetDateTime) -> Result<SasToken, Error> {
//!     Sas::account().blob().read().expires(t).sign(key)
//! }
//! ```
//! ```compile_fail
//! # use lazuli_signing::Sas;
//! let sas = Sas::account().policy("readers");
//! ```
//! ```compile_fail
//! # use lazuli_signing::Sas;
//! let sas = Sas::account().content_type("text/plain");
//! ```
//! ```compile_fail
//! # use lazuli_signing::{Error, Sas, SasToken, UserDelegationKey};
//! # use time::OffsetDateTime;
//! fn is_of_a_user(key: &UserDelegationKey, t: OffsetDateTime) -> Result<SasToken, Error> {
//!     Sas::account().blob().object().read().expires(t).sign(key)
//! }
//! ```
//! A stored access policy and a user delegation key do not go together, nor do the terms of a user delegation SAS and
//! the account's key:
//! ```compile_fail
//! # use lazuli_signing::{Error, Sas, SasToken, UserDelegationKey};
//! fn has_a_policy(key: &UserDelegationKey) -> Result<SasToken, Error> {
//!     Sas::container("logs").policy("readers").sign(key)
//! }
//! ```
//! ```compile_fail
//! # use lazuli_signing::{Error, Sas, SasToken, SharedKey};
//! # use time::OffsetDateTime;
//! fn is_of_the_account(key: &SharedKey, t: OffsetDateTime) -> Result<SasToken, Error> {
//!     Sas::blob("logs", "a.txt").correlation_id("42").read().expires(t).sign(key)
//! }
//! ```
//! ```compile_fail
//! # use lazuli_signing::Sas;
//! let sas = Sas::container("logs").policy("readers").delegated_user("oid");
//! ```
//! Files have no encryption scope and no agents:
//! ```compile_fail
//! # use lazuli_signing::Sas;
//! let sas = Sas::share("share").encryption_scope("scope");
//! ```
//! ```compile_fail
//! # use lazuli_signing::{Agent, Sas};
//! let sas = Sas::share("share").agent(Agent::authorized("oid"));
//! ```
//! All of this does:
//! ```
//! # use lazuli_signing::{Agent, Error, Sas, SharedKey, UserDelegationKey};
//! # use time::OffsetDateTime;
//! fn compiles(account: &SharedKey, user: &UserDelegationKey, t: OffsetDateTime) -> Result<(), Error> {
//!     Sas::blob("logs", "a.txt").read().expires(t).sign(account)?;
//!     Sas::blob("logs", "a.txt").expires(t).read().sign(user)?;
//!     Sas::container("logs").list().tags().encryption_scope("scope").expires(t).sign(account)?;
//!     Sas::container("logs").policy("readers").sign(account)?;
//!     Sas::file("share", "a.txt").read().policy("until").content_type("text/plain").sign(account)?;
//!     Sas::account().blob().object().read().expires(t).sign(account)?;
//!     let sas = Sas::blob("logs", "a.txt").correlation_id("42").agent(Agent::authorized("oid"));
//!     sas.read().expires(t).sign(user)?;
//!     Sas::share("share").delegated_user("oid").list().expires(t).sign(user)?;
//!     Ok(())
//! }
//! ```

mod field;
mod instant;
mod ip_range;
mod layout;
mod letters;
mod make;
mod permissions;
mod receive;
mod terms;
mod token;
mod version;

pub use ip_range::IpRange;
pub use make::{
    AccountSas, Agent, ResourceSas, Sas, SasKey, UserDelegationKey, UserDelegationKeyFields, marker,
};
pub use permissions::Permissions;
pub use receive::{
    AccessPolicy, DelegationFields, HeaderOverrides, ReceivedSas, SasGrant, SasKind, SasLevel, SasRefusal,
    SasRequest, SasResource,
};
pub use terms::{ResourceType, ResourceTypes, SasProtocol, SasService};
pub use token::SasToken;
pub use version::SasVersion;
