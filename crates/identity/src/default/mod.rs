//! The usual sources in their usual order, as the environment says.

mod credential;
mod environment;
mod selection;

pub use credential::DefaultCredential;
pub use environment::EnvironmentCredential;
