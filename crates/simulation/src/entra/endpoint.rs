//! The endpoints, as tests name them.

/// An endpoint of the simulated Entra or of a simulated machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Endpoint {
    /// The token endpoint of a tenant, in both versions: `POST /{tenant}/oauth2/v2.0/token`, `POST /{tenant}/oauth2/token`.
    Token,
    /// What a tenant publishes: its configuration and its keys.
    Discovery,
    /// The metadata service of a virtual machine: `GET /metadata/identity/oauth2/token`.
    Imds,
    /// The endpoint of App Service and Functions: `GET /msi/token`.
    AppService,
    /// The agent of Azure Arc: the path of the metadata service, in API versions of its own.
    AzureArc,
    /// Cloud Shell: `POST /oauth2/token`.
    CloudShell,
}
