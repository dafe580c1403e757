//! What kind of account it is, asked wherever a credential lets in.

use lazuli_protocol::ContainerName;

use super::{BlobClient, BlobServiceClient, ContainerClient};
use crate::call::names;
use crate::operations::{AccountScope, GetAccountInformation};
use crate::{Call, Error};

impl BlobServiceClient {
    /// Asks what kind of account this is
    /// ([Get Account Information](https://learn.microsoft.com/rest/api/storageservices/get-account-information)).
    pub fn account_info(&self) -> Call<GetAccountInformation> {
        asks(self, Ok(AccountScope::Service))
    }
}

impl ContainerClient {
    /// Asks what kind of account the container is in, where a credential lets in to the container alone
    /// ([Get Account Information](https://learn.microsoft.com/rest/api/storageservices/get-account-information)).
    pub fn account_info(&self) -> Call<GetAccountInformation> {
        let name = ContainerName::new(self.name()).map_err(Error::from);
        asks(self.service(), name.map(AccountScope::Container))
    }
}

impl BlobClient {
    /// Asks what kind of account the blob is in, where a credential lets in to the blob alone
    /// ([Get Account Information](https://learn.microsoft.com/rest/api/storageservices/get-account-information)).
    pub fn account_info(&self) -> Call<GetAccountInformation> {
        let names = names(self.container().name(), self.name());
        let at = names.map(|(container, blob)| AccountScope::Blob(container, blob));
        asks(self.container().service(), at)
    }
}

fn asks(service: &BlobServiceClient, at: Result<AccountScope, Error>) -> Call<GetAccountInformation> {
    Call::new(service.clone(), at.map(GetAccountInformation::new))
}
