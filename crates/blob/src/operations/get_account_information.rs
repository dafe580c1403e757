//! Get Account Information.

use http::{Method, StatusCode, response};
use lazuli_protocol::{
    AccountKind, Answer, BlobName, Body, ContainerName, Endpoint, Error, Operation, OperationInfo,
    OperationKind, ResponseBody, SkuName, header,
};

use super::request::request;

/// Asks what kind of account this is: [Get Account Information](https://learn.microsoft.com/rest/api/storageservices/get-account-information). A SAS that lets
/// in to a container or a blob alone can ask there; the answer is the same.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GetAccountInformation {
    /// Where to ask.
    pub at: AccountScope,
}

/// Where an account is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AccountScope {
    /// At the service.
    Service,
    /// At a container.
    Container(ContainerName),
    /// At a blob.
    Blob(ContainerName, BlobName),
}

/// What kind of account it is. What the service left out is `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccountInformation {
    /// Its redundancy and performance.
    pub sku_name: Option<SkuName>,
    /// Its kind.
    pub account_kind: Option<AccountKind>,
    /// Whether it has a hierarchical namespace.
    pub is_hns_enabled: Option<bool>,
}

impl GetAccountInformation {
    /// Asks there.
    #[must_use]
    pub fn new(at: AccountScope) -> Self {
        Self { at }
    }
}

impl Operation for GetAccountInformation {
    type Output = AccountInformation;
    const INFO: OperationInfo = OperationInfo::blob("GetAccountInformation", OperationKind::SmallRead);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = match &self.at {
            AccountScope::Service => endpoint.uri(),
            AccountScope::Container(container) => endpoint.uri().container(container),
            AccountScope::Blob(container, blob) => endpoint.uri().container(container).blob(blob),
        };
        let uri = uri
            .query("restype", "account")
            .query("comp", "properties")
            .build()?;
        Ok(request::<Self>(Method::GET, uri, Body::empty()))
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<AccountInformation, Error> {
        let (answer, _) = Answer::expect(parts, body, &[StatusCode::OK]).await?;
        Ok(AccountInformation {
            sku_name: answer.value(&header::SKU_NAME),
            account_kind: answer.value(&header::ACCOUNT_KIND),
            is_hns_enabled: answer.flag(&header::IS_HNS_ENABLED),
        })
    }
}
