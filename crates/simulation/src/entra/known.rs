//! Who is registered when nobody else is. All of this is public, and protects nothing.

/// The tenant of the simulation. Tokens of this tenant are always checked wholly.
pub const TENANT: &str = "6c617a75-6c69-4000-8000-000000000001";

/// The development application of [`TENANT`].
#[cfg(feature = "entra")]
pub const CLIENT_ID: &str = "6c617a75-6c69-4000-8000-000000000002";

/// The client secret of the development application. Everybody knows it.
#[cfg(feature = "entra")]
pub const CLIENT_SECRET: &str = "lazuli-development-secret";

/// The client id of the machine's own identity.
#[cfg(feature = "entra")]
pub const SYSTEM_ASSIGNED: &str = "6c617a75-6c69-4000-8000-000000000003";

/// The client id of the identity that is assigned to the machine.
#[cfg(feature = "entra")]
pub const USER_ASSIGNED: &str = "6c617a75-6c69-4000-8000-000000000004";

/// The resource id of [`USER_ASSIGNED`].
#[cfg(feature = "entra")]
pub const USER_ASSIGNED_RESOURCE: &str = "/subscriptions/6c617a75-6c69-4000-8000-000000000005/resourceGroups/lazuli\
     /providers/Microsoft.ManagedIdentity/userAssignedIdentities/development";

/// What requests to the endpoint of App Service show in `X-IDENTITY-HEADER`. Everybody knows it.
#[cfg(feature = "entra")]
pub const IDENTITY_HEADER: &str = "lazuli-development-identity-header";
