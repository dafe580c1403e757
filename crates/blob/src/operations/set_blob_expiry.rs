//! Set Blob Expiry.

use std::time::Duration;

use http::{Method, StatusCode, response};
use lazuli_protocol::{
    Answer, BlobName, Body, ContainerName, Endpoint, Error, Etag, ExpiryOption, Operation, OperationInfo,
    OperationKind, ResponseBody, format_rfc1123, header,
};
use time::OffsetDateTime;

use super::request::{request, set, set_if};

/// Says when a blob goes by itself: [Set Blob Expiry](https://learn.microsoft.com/rest/api/storageservices/set-blob-expiry). Accounts with a
/// hierarchical namespace alone have it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SetBlobExpiry {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// When it goes.
    pub expiry: Expiry,
}

/// When a blob goes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Expiry {
    /// Never.
    Never,
    /// This long after it was made; whole milliseconds.
    AfterCreation(Duration),
    /// This long after the service has read the request; whole milliseconds.
    AfterNow(Duration),
    /// At this time; whole seconds.
    At(OffsetDateTime),
}

/// What the service answers when an expiry was set.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ExpirySet {
    /// The identity of the new state.
    pub etag: Etag,
    /// When the blob changed last; whole seconds.
    pub last_modified: OffsetDateTime,
}

impl SetBlobExpiry {
    /// Sets `expiry`.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName, expiry: Expiry) -> Self {
        Self {
            container,
            blob,
            expiry,
        }
    }
}

impl Operation for SetBlobExpiry {
    type Output = ExpirySet;
    const INFO: OperationInfo = OperationInfo::blob("SetBlobExpiry", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint
            .uri()
            .container(&self.container)
            .blob(&self.blob)
            .query("comp", "expiry")
            .build()?;
        let mut request = request::<Self>(Method::PUT, uri, Body::empty());
        let millis = |time: Duration| Some(time.as_millis().to_string());
        let (option, time) = match self.expiry {
            Expiry::Never => (ExpiryOption::NeverExpire, None),
            Expiry::AfterCreation(time) => (ExpiryOption::RelativeToCreation, millis(time)),
            Expiry::AfterNow(time) => (ExpiryOption::RelativeToNow, millis(time)),
            Expiry::At(at) => (ExpiryOption::Absolute, Some(format_rfc1123(at))),
        };
        let headers = request.headers_mut();
        set(headers, header::EXPIRY_OPTION, option.as_str())?;
        set_if(headers, header::EXPIRY_TIME, time.as_deref())?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<ExpirySet, Error> {
        let (answer, _) = Answer::expect(parts, body, &[StatusCode::OK]).await?;
        Ok(ExpirySet {
            etag: answer.etag()?,
            last_modified: answer.last_modified()?,
        })
    }
}
