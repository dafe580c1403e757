//! Developer tools: programs whose user is logged in, and which hand out that user's tokens.

mod azure_cli;
mod azure_developer_cli;
mod group;
mod output;
mod place;
mod printed;
mod run;

pub use azure_cli::AzureCliCredential;
pub use azure_developer_cli::AzureDeveloperCliCredential;
