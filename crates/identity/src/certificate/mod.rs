//! Client certificates: a key and its certificate in PEM, and the assertions that are signed with them.

mod assertion;
mod credential;
mod pem;
mod provider;

pub use assertion::AssertionAlgorithm;
pub use credential::ClientCertificateCredential;
pub use pem::ClientCertificate;
