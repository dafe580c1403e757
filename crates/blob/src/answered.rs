//! An answer with its head: for who wants what the typed output does not name.

use std::fmt;

use http::{HeaderMap, StatusCode, response};
use lazuli_protocol::{Body, Endpoint, Error, Operation, OperationInfo, ResponseBody, header};

use crate::Call;

/// What an operation gives, and the head of the answer that it was read from. Headers that no field names, those made after this crate among
/// them, are here as they came.
#[derive(Clone)]
#[non_exhaustive]
pub struct Answered<T> {
    /// What the operation gives.
    pub output: T,
    /// The status.
    pub status: StatusCode,
    /// All headers.
    pub headers: HeaderMap,
}

impl<T> Answered<T> {
    /// The service's id of the request: what its support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.headers.get(header::REQUEST_ID)?.to_str().ok()
    }
}

impl<T: fmt::Debug> fmt::Debug for Answered<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A header may hold a lease's id: names are told, values are not.
        f.debug_struct("Answered")
            .field("output", &self.output)
            .field("status", &self.status)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .finish()
    }
}

/// An operation that gives the head of the answer beside its output.
///
/// ```
/// use lazuli_blob::WithHead;
/// use lazuli_blob::operations::DeleteBlob;
/// use lazuli_protocol::{BlobName, ContainerName, Endpoint, Operation as _};
///
/// let delete = DeleteBlob::new(ContainerName::new("logs")?, BlobName::new("2025/a.txt")?);
/// let request = WithHead::new(delete).request(&Endpoint::parse("https://example.blob.core.windows.net")?)?;
/// assert_eq!(request.method(), "DELETE");
/// # Ok::<(), lazuli_protocol::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct WithHead<O>(O);

impl<O: Operation> WithHead<O> {
    /// The same operation, with the head of its answer.
    #[must_use]
    pub fn new(operation: O) -> Self {
        Self(operation)
    }
}

impl<O: Operation> Operation for WithHead<O> {
    type Output = Answered<O::Output>;
    const INFO: OperationInfo = O::INFO;

    fn info(&self) -> OperationInfo {
        self.0.info()
    }

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        self.0.request(endpoint)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<Self::Output, Error> {
        let (status, headers) = (parts.status, parts.headers.clone());
        Ok(Answered {
            output: O::response(parts, body).await?,
            status,
            headers,
        })
    }
}

impl<O: Operation> Call<O> {
    /// Gives the status and all headers beside the output. Say it last: the options of the operation are set before.
    ///
    /// ```no_run
    /// # async fn example(blob: lazuli_blob::BlobClient) -> Result<(), lazuli_blob::Error> {
    /// let answered = blob.properties().with_head().await?;
    /// println!("{} bytes, request {:?}", answered.output.content_length, answered.request_id());
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_head(self) -> Call<WithHead<O>> {
        self.map(WithHead::new)
    }
}
