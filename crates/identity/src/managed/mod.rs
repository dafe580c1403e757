//! Managed identities: Azure itself vouches for the machine, and an endpoint next to it hands out the tokens.

mod arc;
mod ask;
mod credential;
mod endpoint;
mod identity;
mod imds;
mod source;

pub use credential::ManagedIdentityCredential;
pub use identity::ManagedIdentity;
