//! Get User Delegation Key.

use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, StatusCode, response};
use lazuli_protocol::xml::{KeyInfo, UserDelegationKey};
use lazuli_protocol::{Answer, Body, Endpoint, Error, Operation, OperationInfo, OperationKind, ResponseBody};

use super::request::request;

/// The answer is a dozen short elements, in bytes.
const ANSWER_LIMIT: usize = 64 * 1024;

/// Asks for a key that signs for a user until it expires:
/// [Get User Delegation Key](https://learn.microsoft.com/rest/api/storageservices/get-user-delegation-key). The request must carry a token of
/// Microsoft Entra.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GetUserDelegationKey {
    /// How long the key is to live, and for whom.
    pub key_info: KeyInfo,
}

impl GetUserDelegationKey {
    /// Asks for a key of this life: seven days at most.
    #[must_use]
    pub fn new(key_info: KeyInfo) -> Self {
        Self { key_info }
    }
}

impl Operation for GetUserDelegationKey {
    type Output = UserDelegationKey;
    const INFO: OperationInfo = OperationInfo::blob("GetUserDelegationKey", OperationKind::SmallRead);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint
            .uri()
            .query("restype", "service")
            .query("comp", "userdelegationkey")
            .build()?;
        let mut request = request::<Self>(Method::POST, uri, Body::from(self.key_info.to_xml()));
        request
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/xml"));
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<UserDelegationKey, Error> {
        let (_, body) = Answer::expect(parts, body, &[StatusCode::OK]).await?;
        UserDelegationKey::parse(&body.collect(ANSWER_LIMIT).await?)
    }
}
