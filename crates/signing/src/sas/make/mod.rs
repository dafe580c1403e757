//! The side of the client: a SAS put together term by term, and signed.

mod account_sas;
mod check;
mod delegation_key;
mod draft;
pub mod marker;
mod permit;
mod resource_sas;
mod sign;
mod signer;
mod terms;

use std::borrow::Cow;

pub use account_sas::AccountSas;
pub use delegation_key::{UserDelegationKey, UserDelegationKeyFields};
pub use draft::Agent;
pub use resource_sas::ResourceSas;
pub use signer::SasKey;

use super::terms::SignedResource;
use draft::Place;
use marker::{Blob, Container, Directory, File, Share, Snapshot, Version};

/// Where every SAS begins: what it is for.
///
/// What follows is a sentence of permissions and terms that ends in `sign`. A [`SharedKey`](crate::SharedKey) makes
/// it a service SAS, a [`UserDelegationKey`] a user delegation SAS; an account SAS takes a `SharedKey` only.
///
/// ```
/// use lazuli_signing::{AccountKey, EMULATOR_ACCOUNT, EMULATOR_KEY, Sas, SharedKey};
/// use time::macros::datetime;
///
/// let key = SharedKey::new(EMULATOR_ACCOUNT.parse()?, AccountKey::from_base64(EMULATOR_KEY)?);
/// let t = datetime!(2026-06-27 20:00 UTC);
///
/// let token = Sas::blob("logs", "a.txt").read().expires(t).sign(&key)?;
/// assert_eq!(token.to_string(), "sv=2026-06-06&sr=b&sp=r&se=2026-06-27T20%3A00%3A00Z&sig=REDACTED");
///
/// let token = Sas::account().blob().file().container().object().read().list().expires(t).sign(&key)?;
/// assert_eq!(token.to_string(), "sv=2026-06-06&ss=bf&srt=co&sp=rl&se=2026-06-27T20%3A00%3A00Z&sig=REDACTED");
///
/// let token = Sas::container("logs").policy("readers").sign(&key)?;
/// assert_eq!(token.to_string(), "sv=2026-06-06&sr=c&si=readers&sig=REDACTED");
/// # Ok::<(), lazuli_signing::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub enum Sas {}

impl Sas {
    /// For whole services of an account.
    #[must_use]
    pub fn account<'a>() -> AccountSas<'a> {
        AccountSas::new()
    }

    /// For a container and what is in it. `$root`, `$web` and `$logs` are containers too.
    #[must_use]
    pub fn container<'a>(container: impl Into<Cow<'a, str>>) -> ResourceSas<'a, Container> {
        ResourceSas::new(Place::of(SignedResource::Container, container))
    }

    /// For a blob. Its name is given as it is, not percent-encoded.
    #[must_use]
    pub fn blob<'a>(
        container: impl Into<Cow<'a, str>>,
        blob: impl Into<Cow<'a, str>>,
    ) -> ResourceSas<'a, Blob> {
        ResourceSas::new(Place::of(SignedResource::Blob, container).path(blob))
    }

    /// For a snapshot of a blob, by the id that Snapshot Blob gave it (`x-ms-snapshot`). The token does not carry the
    /// id: a request has to add `snapshot=` beside it.
    #[must_use]
    pub fn snapshot<'a>(
        container: impl Into<Cow<'a, str>>,
        blob: impl Into<Cow<'a, str>>,
        snapshot: impl Into<Cow<'a, str>>,
    ) -> ResourceSas<'a, Snapshot> {
        let place = Place::of(SignedResource::Snapshot, container).path(blob);
        ResourceSas::new(place.instant(snapshot))
    }

    /// For a version of a blob, by its id (`x-ms-version-id`). The token does not carry the id: a request has to add
    /// `versionid=` beside it.
    #[must_use]
    pub fn version<'a>(
        container: impl Into<Cow<'a, str>>,
        blob: impl Into<Cow<'a, str>>,
        version_id: impl Into<Cow<'a, str>>,
    ) -> ResourceSas<'a, Version> {
        let place = Place::of(SignedResource::Version, container).path(blob);
        ResourceSas::new(place.instant(version_id))
    }

    /// For a directory of blobs and all that is below it. Slashes at the beginning and the end of the path are left
    /// out. The empty path is the container's root directory, with all that is in the container.
    #[must_use]
    pub fn directory<'a>(
        container: impl Into<Cow<'a, str>>,
        path: impl Into<Cow<'a, str>>,
    ) -> ResourceSas<'a, Directory> {
        let place = Place::of(SignedResource::Directory, container).path(path);
        ResourceSas::new(place.without_outer_slashes())
    }

    /// For a share and the files in it.
    #[must_use]
    pub fn share<'a>(share: impl Into<Cow<'a, str>>) -> ResourceSas<'a, Share> {
        ResourceSas::new(Place::of(SignedResource::Share, share))
    }

    /// For a file in a share, by its path. Slashes at the beginning and the end of the path are left out.
    #[must_use]
    pub fn file<'a>(share: impl Into<Cow<'a, str>>, path: impl Into<Cow<'a, str>>) -> ResourceSas<'a, File> {
        let place = Place::of(SignedResource::File, share).path(path);
        ResourceSas::new(place.without_outer_slashes())
    }
}
