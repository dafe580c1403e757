//! Types without values, by which the compiler knows what a SAS is for and what it still lacks.

/// What a service or user delegation SAS can be for. Nothing outside this crate can be more.
pub trait Resource: sealed::Sealed {
    /// The letters that it has permissions for, in the order in which they are written.
    const PERMISSIONS: &'static str;
}

/// A resource of the blob service, whose SAS has more terms than that of a file.
pub trait BlobResource: Resource {}

/// A state in which a SAS may still be signed with a user delegation key.
pub trait Delegable: sealed::Sealed {}

pub(super) mod sealed {
    /// Keeps the traits of markers to this crate.
    #[expect(unnameable_types, reason = "it is there to be out of reach")]
    pub trait Sealed {}
}

/// Makes empty types.
macro_rules! markers {
    ($($(#[doc = $doc:literal])* $marker:ident)*) => {
        $(
            $(#[doc = $doc])*
            #[derive(Debug)]
            pub enum $marker {}

            impl sealed::Sealed for $marker {}
        )*
    };
}

markers! {
    /// A container.
    Container
    /// A blob.
    Blob
    /// A snapshot of a blob.
    Snapshot
    /// A version of a blob.
    Version
    /// A directory of blobs.
    Directory
    /// A share.
    Share
    /// A file.
    File

    /// A term that must be given before there is a `sign`.
    Missing
    /// A term that is given.
    Given

    /// Either kind of key may sign.
    AnyKey
    /// A stored access policy is named: only the account's key may sign, and the policy may give what is missing.
    PolicyKey
    /// There are terms that only a user delegation key can sign.
    DelegationKey
}

impl BlobResource for Container {}
impl BlobResource for Blob {}
impl BlobResource for Snapshot {}
impl BlobResource for Version {}
impl BlobResource for Directory {}

impl Delegable for AnyKey {}
impl Delegable for DelegationKey {}
