//! Blob Batch: many deletes or tier changes in one request, for an account or for a container.

use std::collections::BTreeMap;

use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, StatusCode, response};
use lazuli_protocol::{
    Answer, BatchRequest, Body, ContainerName, Endpoint, Error, ErrorKind, Operation, OperationInfo,
    OperationKind, ResponseBody, ServiceError, limits, parse_batch_answer,
};

use super::request::request;
use super::{DeleteBlob, SetBlobTier};

/// 256 answers of a few hundred bytes each, in bytes; some services put stack traces into theirs.
const ANSWER_LIMIT: usize = 8 * 1024 * 1024;

/// Sends up to 256 deletes, or up to 256 tier changes, at once: [Blob Batch](https://learn.microsoft.com/rest/api/storageservices/blob-batch). The service
/// carries each out by itself, in no certain order, and may refuse some and not others.
///
/// # Signatures
/// Each request in a batch has a signature of its own. They are in the request's extensions as a [`BatchRequest`], which the layer that signs looks
/// for; the body has them unsigned until then.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SubmitBatch<O> {
    /// The container that all blobs are in; anywhere in the account when `None`.
    pub container: Option<ContainerName>,
    /// What is to be done.
    pub parts: Vec<O>,
}

mod sealed {
    use lazuli_protocol::Operation;

    #[expect(
        unnameable_types,
        reason = "a bound that only this crate can meet: the service batches nothing else"
    )]
    pub trait Sealed: Operation {}
    impl Sealed for super::DeleteBlob {}
    impl Sealed for super::SetBlobTier {}
}

/// Operations that the service takes in a batch: [`DeleteBlob`] and [`SetBlobTier`].
pub trait Batched: sealed::Sealed {}

impl Batched for DeleteBlob {}
impl Batched for SetBlobTier {}

/// What the service answers to the parts of a batch.
#[derive(Debug)]
#[non_exhaustive]
pub struct BatchAnswers<T> {
    /// The answers by the number of their part, counted from zero.
    pub by_part: BTreeMap<usize, Result<T, Error>>,
}

impl<T> BatchAnswers<T> {
    /// The outcomes of a batch of `parts` parts, in their order. A part without an answer has an error: whether it was carried out is not known.
    #[must_use]
    pub fn in_order(mut self, parts: usize) -> Vec<Result<T, Error>> {
        let outcome = |part| {
            self.by_part.remove(&part).unwrap_or_else(|| {
                let message = format!(
                    "the answer to the batch says nothing of part {part}: whether it was carried out is not known"
                );
                Err(Error::new(ErrorKind::InvalidResponse, message))
            })
        };
        (0..parts).map(outcome).collect()
    }
}

impl<O> SubmitBatch<O> {
    /// Does all this, anywhere in the account.
    #[must_use]
    pub fn new(parts: Vec<O>) -> Self {
        Self {
            container: None,
            parts,
        }
    }

    /// Does all this in one container.
    #[must_use]
    pub fn in_container(container: ContainerName, parts: Vec<O>) -> Self {
        Self {
            container: Some(container),
            parts,
        }
    }
}

impl<O: Batched> Operation for SubmitBatch<O> {
    type Output = BatchAnswers<O::Output>;
    const INFO: OperationInfo = OperationInfo::blob("SubmitBatch", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let parts = self.parts.iter().map(|part| {
            let (mut parts, _) = part.request(endpoint)?.into_parts();
            parts.headers.remove(http::header::ACCEPT);
            Ok(parts)
        });
        let batch = BatchRequest::new(parts.collect::<Result<_, Error>>()?)?;
        let body = batch.body(|_| Ok::<(), Error>(()))?;
        if body.len() > limits::BATCH_BYTES {
            let message = format!(
                "a batch has at most 4 MiB, and this one {} bytes: send fewer parts at once",
                body.len()
            );
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        let uri = match &self.container {
            Some(container) => endpoint.uri().container(container).query("restype", "container"),
            None => endpoint.uri(),
        };
        let uri = uri.query("comp", "batch").build()?;
        let mut request = request::<Self>(Method::POST, uri, Body::from(body));
        let content_type = HeaderValue::from_static(BatchRequest::CONTENT_TYPE);
        request.headers_mut().insert(CONTENT_TYPE, content_type);
        request.extensions_mut().insert(batch);
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<Self::Output, Error> {
        // Some services and SDKs have it with status 200.
        let expected = [StatusCode::ACCEPTED, StatusCode::OK];
        let (answer, body) = Answer::expect(parts, body, &expected).await?;
        let content_type = answer.string(&CONTENT_TYPE).unwrap_or_default();
        let body = body.collect(ANSWER_LIMIT).await?;
        let mut by_part = BTreeMap::new();
        for part in parse_batch_answer(&content_type, &body)? {
            let (head, content) = part.response.into_parts();
            let Some(id) = part.content_id else {
                return Err(of_the_whole(&head, &content));
            };
            let outcome = O::response(head, content.into()).await;
            if by_part.insert(id, outcome).is_some() {
                let message = format!("the answer to the batch has two answers to part {id}");
                return Err(Error::new(ErrorKind::InvalidResponse, message));
            }
        }
        Ok(BatchAnswers { by_part })
    }
}

/// An answer without a number is about the batch.
fn of_the_whole(head: &response::Parts, content: &bytes::Bytes) -> Error {
    if head.status.is_success() {
        let message = "the answer to the batch has a part that does not say what it answers";
        return Error::new(ErrorKind::InvalidResponse, message);
    }
    ServiceError::from_parts(head, content).into()
}
