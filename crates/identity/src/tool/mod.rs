//! Developer tools: programs whose user is logged in, and which hand out that user's tokens.

mod azure_cli;
mod azure_developer_cli;
mod credential;
mod group;
mod output;
mod place;
mod printed;
mod run;

use credential::tool_credential;

pub use azure_cli::AzureCliCredential;
pub use azure_developer_cli::AzureDeveloperCliCredential;
