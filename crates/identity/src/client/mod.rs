//! Applications that prove who they are to the token endpoint: with a secret, or with an assertion that somebody signed.

mod assertion;
mod confidential;
mod secret;
mod workload;

pub(crate) use confidential::{Confidential, Proof, Prove, confidential_credential};

pub use assertion::ClientAssertionCredential;
pub use secret::ClientSecretCredential;
pub use workload::WorkloadIdentityCredential;
