//! What token sources take from outside: the network, the clock, the environment, and which cloud it is.

use std::fmt;
use std::sync::Arc;

use lazuli_protocol::{Clock, SystemClock};
use lazuli_transport::{CircuitBreakerPolicy, RandomIds, RequestIds, Transport};

use crate::{Cloud, Environment, Error};

/// Everything that a token source takes from outside. A clone is cheap; give the same to all sources, so that they share connections.
///
/// ```
/// use lazuli_identity::{Cloud, ClientSecretCredential, Environment, Settings};
///
/// let settings = Settings::new()?.cloud(Cloud::UsGovernment);
/// let source = ClientSecretCredential::new("contoso.onmicrosoft.us", "my-app", "its secret", &settings)?;
/// # let _ = source;
///
/// // The environment of this process, for the sources that look there.
/// let settings = Settings::new()?.environment(Environment::from_process());
/// # let _ = settings;
/// # Ok::<(), lazuli_identity::Error>(())
/// ```
#[derive(Clone)]
pub struct Settings {
    authority: Transport,
    metadata: Transport,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn RequestIds>,
    environment: Environment,
    cloud: Option<Cloud>,
}

impl Settings {
    /// The machine's network, without proxies, and its clock, no environment, and the public cloud.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new() -> Result<Self, Error> {
        let authority = Transport::builder().build()?;
        // Managed identities are told by plain http, from this machine or its host, and never through a proxy. Each source makes sure that it
        // is one of these. They have a schedule of their own for an endpoint that is being updated, which no circuit breaker shall cut short.
        let metadata = Transport::builder()
            .allow_http(true)
            .circuit_breaker(CircuitBreakerPolicy::never())
            .build()?;
        Ok(Self::with(authority, metadata))
    }

    /// All requests through this transport: a simulation, or a stack of one's own. It must retry what it wants retried, and
    /// [allow `http`](lazuli_transport::TransportBuilder::allow_http) where the identity of a virtual machine is used. That one asks an endpoint
    /// up to six times, for which a [circuit breaker](lazuli_transport::TransportBuilder::circuit_breaker) with its defaults has no patience.
    #[must_use]
    pub fn on(transport: Transport) -> Self {
        Self::with(transport.clone(), transport)
    }

    fn with(authority: Transport, metadata: Transport) -> Self {
        Self {
            authority,
            metadata,
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
            environment: Environment::default(),
            cloud: None,
        }
    }

    /// Another transport for the authority, and for whatever else is not the endpoint of a managed identity: one with a
    /// [proxy](lazuli_transport::TransportBuilder::proxies), say.
    #[must_use]
    pub fn authority_transport(mut self, transport: Transport) -> Self {
        self.authority = transport;
        self
    }

    /// Another transport for the endpoints of managed identities. These are on this machine or its host, so it must have no proxy.
    #[must_use]
    pub fn metadata_transport(mut self, transport: Transport) -> Self {
        self.metadata = transport;
        self
    }

    /// The clock that dates assertions, and from which lives are counted.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Where the ids of requests and assertions come from.
    #[must_use]
    pub fn request_ids(mut self, ids: Arc<dyn RequestIds>) -> Self {
        self.ids = ids;
        self
    }

    /// The environment, for the sources that look there, and for the authority unless a [cloud](Self::cloud) is named.
    #[must_use]
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// The cloud, whatever the environment says.
    #[must_use]
    pub fn cloud(mut self, cloud: Cloud) -> Self {
        self.cloud = Some(cloud);
        self
    }

    pub(crate) fn authority(&self) -> &Transport {
        &self.authority
    }

    pub(crate) fn metadata(&self) -> &Transport {
        &self.metadata
    }

    pub(crate) fn time(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    pub(crate) fn ids(&self) -> &dyn RequestIds {
        &*self.ids
    }

    pub(crate) fn variables(&self) -> &Environment {
        &self.environment
    }

    pub(crate) fn chosen_cloud(&self) -> Result<Cloud, Error> {
        match (&self.cloud, self.environment.get("AZURE_AUTHORITY_HOST")) {
            (Some(cloud), _) => Ok(cloud.clone()),
            (None, Some(host)) => host
                .parse()
                .map_err(|error: Error| error.after("AZURE_AUTHORITY_HOST: ")),
            (None, None) => Ok(Cloud::Public),
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("cloud", &self.cloud)
            .field("environment", &self.environment)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_cloud_comes_before_the_environment() {
        let environment = |host| Environment::of([("AZURE_AUTHORITY_HOST", host)]);
        let settings = Settings::new().unwrap();
        assert_eq!(settings.chosen_cloud().unwrap(), Cloud::Public);
        let settings = settings.environment(environment("login.chinacloudapi.cn"));
        assert_eq!(settings.chosen_cloud().unwrap(), Cloud::China);
        let settings = settings.cloud(Cloud::UsGovernment);
        assert_eq!(settings.chosen_cloud().unwrap(), Cloud::UsGovernment);
        let settings = Settings::new().unwrap().environment(environment("a/b"));
        let error = settings.chosen_cloud().unwrap_err();
        assert!(error.to_string().starts_with("AZURE_AUTHORITY_HOST: "), "{error}");
    }
}
