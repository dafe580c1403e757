//! The Blob service of an account.

use std::sync::Arc;

use lazuli_protocol::xml::KeyInfo;
use lazuli_protocol::{self as protocol, Endpoint, Operation};
use lazuli_signing::ConnectionString;
use lazuli_transport::{ReadFrom, SecondaryHosts, Transport};

use super::ContainerClient;
use crate::operations::{GetServiceProperties, GetServiceStats, GetUserDelegationKey};
use crate::options::CallOptions;
use crate::{Call, Error};

/// The Blob service of an account: where calls start.
///
/// ```
/// use lazuli_blob::BlobServiceClient;
///
/// # fn example() -> Result<(), lazuli_blob::Error> {
/// let blobs = BlobServiceClient::from_connection_string("UseDevelopmentStorage=true")?;
/// let blob = blobs.container("models").blob("llama/weights.bin");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct BlobServiceClient(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    endpoint: Endpoint,
    transport: Transport,
}

impl BlobServiceClient {
    /// The service at `endpoint`, reached through `transport`, which also signs.
    #[must_use]
    pub fn new(endpoint: Endpoint, transport: Transport) -> Self {
        Self(Arc::new(Inner { endpoint, transport }))
    }

    /// The service that a connection string names, with the default transport and the key or SAS in the string.
    ///
    /// Where the string tells of a secondary place, calls read from it when they [say so](Call::read_from).
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput), with the part of the string that cannot be used.
    pub fn from_connection_string(text: &str) -> Result<Self, Error> {
        let connection = ConnectionString::parse(text).map_err(|source| invalid(source.to_string()))?;
        let endpoint = connection
            .blob_endpoint()
            .ok_or_else(|| invalid("the connection string names no Blob service"))?;
        let endpoint = Endpoint::parse(endpoint)?;
        let mut builder = Transport::builder().credential(connection.credential().clone());
        let endpoint = match connection.blob_secondary_endpoint() {
            Some(url) => {
                let hosts = SecondaryHosts::none().pair(&endpoint, &Endpoint::parse(url)?);
                builder = builder.secondary(hosts).read_from(ReadFrom::Primary);
                endpoint.with_secondary(url)?
            }
            None => endpoint,
        };
        let transport = builder.build()?;
        Ok(Self::new(endpoint, transport))
    }

    /// Where the service is.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        &self.0.endpoint
    }

    /// A container of the account. Its name is checked when a call is sent.
    #[must_use]
    pub fn container(&self, name: impl Into<String>) -> ContainerClient {
        ContainerClient::new(self.clone(), name.into())
    }

    /// Asks for a key that signs for a user until `key_info` says
    /// ([Get User Delegation Key](https://learn.microsoft.com/rest/api/storageservices/get-user-delegation-key)). The transport must carry tokens of
    /// Microsoft Entra: the service gives such a key for no other credential.
    pub fn user_delegation_key(&self, key_info: KeyInfo) -> Call<GetUserDelegationKey> {
        Call::new(self.clone(), Ok(GetUserDelegationKey::new(key_info)))
    }

    /// Reads what the account has set for its blobs
    /// ([Get Blob Service Properties](https://learn.microsoft.com/rest/api/storageservices/get-blob-service-properties)).
    pub fn properties(&self) -> Call<GetServiceProperties> {
        Call::new(self.clone(), Ok(GetServiceProperties::default()))
    }

    /// Asks how the copy of the account in its second region stands
    /// ([Get Blob Service Stats](https://learn.microsoft.com/rest/api/storageservices/get-blob-service-stats)). It is asked of the secondary host, which the
    /// transport must [know](lazuli_transport::TransportBuilder::secondary).
    pub fn stats(&self) -> Call<GetServiceStats> {
        Call::new(self.clone(), Ok(GetServiceStats::default()))
    }

    /// Reads the account's [change feed](https://learn.microsoft.com/azure/storage/blobs/storage-blob-change-feed): what has changed in its blobs.
    ///
    /// ```no_run
    /// use futures_util::TryStreamExt as _;
    ///
    /// # async fn example(blobs: lazuli_blob::BlobServiceClient, saved: Option<String>) -> Result<(), lazuli_blob::Error> {
    /// let mut call = blobs.change_feed();
    /// if let Some(saved) = saved {
    ///     call = call.cursor(saved.parse()?);
    /// }
    /// let mut events = call.events();
    /// while let Some(event) = events.try_next().await? {
    ///     println!("{}: {} {:?}", event.event_time, event.event_type, event.blob_name());
    /// }
    /// let saved = events.cursor().map(ToString::to_string);
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "change-feed")]
    pub fn change_feed(&self) -> crate::ChangeFeedCall {
        crate::ChangeFeedCall::new(self.clone())
    }

    /// Sends any operation.
    ///
    /// # Errors
    /// What the operation, the way there or the service refuses.
    pub async fn send<O: Operation>(&self, operation: &O) -> Result<O::Output, Error> {
        self.0.transport.send(operation, &self.0.endpoint).await
    }

    pub(crate) async fn send_with<O: Operation>(
        &self,
        operation: &O,
        options: &CallOptions,
    ) -> Result<O::Output, Error> {
        let Inner { endpoint, transport } = &*self.0;
        transport
            .send_with(operation, endpoint, |request| options.apply(request))
            .await
    }
}

fn invalid(message: impl Into<String>) -> protocol::Error {
    protocol::Error::new(protocol::ErrorKind::InvalidInput, message)
}

#[cfg(feature = "provisioning")]
mod provisioning {
    //! What only a program that sets accounts up needs.

    use super::BlobServiceClient;
    use crate::operations::SetServiceProperties;
    use crate::{Call, ListContainersCall};

    impl BlobServiceClient {
        /// Sets what the account keeps for its blobs, as far as the call says it; the rest stays as it is
        /// ([Set Blob Service Properties](https://learn.microsoft.com/rest/api/storageservices/set-blob-service-properties)).
        ///
        /// ```no_run
        /// use lazuli_protocol::xml::{RetentionPolicy, StaticWebsite};
        ///
        /// # async fn example(blobs: lazuli_blob::BlobServiceClient) -> Result<(), lazuli_blob::Error> {
        /// let site = StaticWebsite::new("index.html").error_document("404.html");
        /// blobs.set_properties().static_website(site).delete_retention_policy(RetentionPolicy::for_days(7)).await?;
        /// # Ok(())
        /// # }
        /// ```
        pub fn set_properties(&self) -> Call<SetServiceProperties> {
            Call::new(self.clone(), Ok(SetServiceProperties::default()))
        }

        /// Lists the account's containers ([List Containers](https://learn.microsoft.com/rest/api/storageservices/list-containers2)), a
        /// [`ListContainers`](crate::operations::ListContainers) for each page.
        pub fn list_containers(&self) -> ListContainersCall {
            ListContainersCall::new(self.clone())
        }
    }
}
