//! Where credentials come from: given once, changed by hand while a client runs, or made anew before they expire.

mod challenge;
mod refused;
mod renewing;
mod rotating;
mod source;

pub use challenge::Challenge;
pub use refused::Refused;
pub use renewing::{IssueFuture, Issued, Issuer, Renewing, issuer_fn};
pub use rotating::Rotating;
pub(crate) use source::Fixed;
pub use source::{CredentialFuture, CredentialSource, RenewFuture};
