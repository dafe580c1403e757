//! Batches: many deletes and tier changes with few requests.

use lazuli_protocol::{self as protocol, AccessTier, ContainerName, ErrorKind, limits};

use super::{BlobClient, BlobServiceClient, ContainerClient};
use crate::operations::{BatchAnswers, Batched, BlobDeleted, DeleteBlob, SetBlobTier, SubmitBatch, TierSet};
use crate::options::CallOptions;
use crate::{Call, Error};

/// What a part is reckoned with beside its own bytes, for its frame, its signature or its token.
const AROUND_A_PART: usize = 4 * 1024;

impl BlobServiceClient {
    /// Starts a batch of deletes and tier changes of blobs anywhere in the account
    /// ([Blob Batch](https://learn.microsoft.com/rest/api/storageservices/blob-batch)).
    ///
    /// ```no_run
    /// use lazuli_protocol::AccessTier;
    ///
    /// # async fn example(blobs: lazuli_blob::BlobServiceClient) -> Result<(), lazuli_blob::Error> {
    /// let logs = blobs.container("logs");
    /// let (old, older) = (logs.blob("2025.txt"), logs.blob("2024.txt"));
    /// let outcomes = blobs.batch().set_tier(&old, AccessTier::Cool).delete(&older).send().await;
    /// for outcome in outcomes {
    ///     println!("{:?}", outcome?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn batch(&self) -> Batch {
        Batch::new(self.clone(), None)
    }
}

impl ContainerClient {
    /// Starts a batch of deletes and tier changes of blobs in the container, which a credential for it alone can send
    /// ([Blob Batch](https://learn.microsoft.com/rest/api/storageservices/blob-batch)).
    pub fn batch(&self) -> Batch {
        Batch::new(self.service().clone(), Some(self.name().to_owned()))
    }
}

/// A batch in the making: any number of deletes and tier changes, sent with as few requests as the service allows: one kind in a request, 256 parts and
/// 4 MiB at most.
#[derive(Debug)]
#[must_use = "a batch is to be sent"]
pub struct Batch {
    service: BlobServiceClient,
    container: Option<String>,
    parts: Vec<Result<Part, Error>>,
    pub(crate) options: CallOptions,
}

#[derive(Debug)]
enum Part {
    Delete(Box<DeleteBlob>),
    SetTier(Box<SetBlobTier>),
}

impl Part {
    fn container(&self) -> &ContainerName {
        match self {
            Self::Delete(operation) => &operation.container,
            Self::SetTier(operation) => &operation.container,
        }
    }
}

/// A call that can be part of a batch: that of [`BlobClient::delete`] or [`BlobClient::set_tier`], with all that it was given.
#[derive(Debug)]
pub struct BatchCall {
    service: BlobServiceClient,
    part: Result<Part, Error>,
}

/// What became of a part of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BatchOutcome {
    /// The blob was deleted.
    Deleted(BlobDeleted),
    /// The blob's tier was set.
    TierSet(TierSet),
}

impl From<Call<DeleteBlob>> for BatchCall {
    fn from(call: Call<DeleteBlob>) -> Self {
        let (service, operation) = call.into_parts();
        Self {
            service,
            part: operation.map(|operation| Part::Delete(Box::new(operation))),
        }
    }
}

impl From<Call<SetBlobTier>> for BatchCall {
    fn from(call: Call<SetBlobTier>) -> Self {
        let (service, operation) = call.into_parts();
        Self {
            service,
            part: operation.map(|operation| Part::SetTier(Box::new(operation))),
        }
    }
}

impl Batch {
    fn new(service: BlobServiceClient, container: Option<String>) -> Self {
        Self {
            service,
            container,
            parts: Vec::new(),
            options: CallOptions::default(),
        }
    }

    /// Adds a call with all that it was given, such as `blob.delete().if_match(etag)`. How a call is sent is said of the whole batch:
    /// what the call itself was told of its deadline, of where to read and of conflicts does not count here.
    ///
    /// A blob of another account is the error of that part, and so is one of another container in a batch of a container.
    pub fn with(mut self, call: impl Into<BatchCall>) -> Self {
        let BatchCall { service, part } = call.into();
        let here = service.endpoint().as_str() == self.service.endpoint().as_str();
        let within = |name: &str| {
            self.container
                .as_deref()
                .is_none_or(|container| container == name)
        };
        let elsewhere = |what| {
            let message = format!("a batch goes to one {what}; this blob is in another");
            Err(protocol::Error::new(ErrorKind::InvalidInput, message).into())
        };
        let part = part.and_then(|part| match (here, within(part.container().as_str())) {
            (true, true) => Ok(part),
            (true, false) => elsewhere("container"),
            (false, _) => elsewhere("account"),
        });
        self.parts.push(part);
        self
    }

    /// Adds a delete.
    pub fn delete(self, blob: &BlobClient) -> Self {
        self.with(blob.delete())
    }

    /// Adds a change of a blob's tier.
    pub fn set_tier(self, blob: &BlobClient, tier: AccessTier) -> Self {
        self.with(blob.set_tier(tier))
    }

    /// How many parts there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parts.len()
    }

    /// Whether there are none; nothing is sent then.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Sends the batch, its requests one after another, and gives the outcome of each part in the order in which they were added.
    ///
    /// A request that fails as a whole is an error for each of its parts; the others are sent all the same. A part that is refused is not tried again by
    /// itself. When a request is tried again after trouble, its first try may have deleted blobs already: their parts are `BlobNotFound` then.
    pub async fn send(self) -> Vec<Result<BatchOutcome, Error>> {
        let mut outcomes: Vec<Option<Result<BatchOutcome, Error>>> = Vec::new();
        let (mut deletes, mut tiers) = (Vec::new(), Vec::new());
        for (place, part) in self.parts.into_iter().enumerate() {
            outcomes.push(None);
            match part {
                Ok(Part::Delete(operation)) => deletes.push((place, *operation)),
                Ok(Part::SetTier(operation)) => tiers.push((place, *operation)),
                Err(error) => put(&mut outcomes, place, Err(error)),
            }
        }
        let way = Way {
            service: self.service,
            container: self.container,
            options: self.options,
        };
        way.send(deletes, BatchOutcome::Deleted, &mut outcomes).await;
        way.send(tiers, BatchOutcome::TierSet, &mut outcomes).await;
        let missing = || {
            let message = "a part of the batch was not sent";
            Err(protocol::Error::new(ErrorKind::InvalidInput, message).into())
        };
        outcomes
            .into_iter()
            .map(|outcome| outcome.unwrap_or_else(missing))
            .collect()
    }
}

type Outcomes = [Option<Result<BatchOutcome, Error>>];

fn put(outcomes: &mut Outcomes, place: usize, outcome: Result<BatchOutcome, Error>) {
    if let Some(slot) = outcomes.get_mut(place) {
        *slot = Some(outcome);
    }
}

struct Way {
    service: BlobServiceClient,
    container: Option<String>,
    options: CallOptions,
}

impl Way {
    async fn send<O: Batched>(
        &self,
        parts: Vec<(usize, O)>,
        outcome: fn(O::Output) -> BatchOutcome,
        outcomes: &mut Outcomes,
    ) {
        let mut request = Request::default();
        for (place, part) in parts {
            let size = match part.request(self.service.endpoint()) {
                Ok(sent) => size(&sent),
                Err(error) => {
                    put(outcomes, place, Err(error.into()));
                    continue;
                }
            };
            if !request.has_room_for(size) {
                self.send_one(std::mem::take(&mut request), outcome, outcomes)
                    .await;
            }
            request.places.push(place);
            request.parts.push(part);
            request.bytes = request.bytes.saturating_add(size);
        }
        if !request.parts.is_empty() {
            self.send_one(request, outcome, outcomes).await;
        }
    }

    async fn send_one<O: Batched>(
        &self,
        request: Request<O>,
        outcome: fn(O::Output) -> BatchOutcome,
        outcomes: &mut Outcomes,
    ) {
        let places = request.places;
        match self.answers(request.parts).await {
            Ok(answers) => {
                for (place, answer) in places.iter().zip(answers.in_order(places.len())) {
                    put(outcomes, *place, answer.map(outcome).map_err(Error::from));
                }
            }
            Err(error) => {
                for place in places {
                    put(outcomes, place, Err(error.share()));
                }
            }
        }
    }

    async fn answers<O: Batched>(&self, parts: Vec<O>) -> Result<BatchAnswers<O::Output>, Error> {
        let operation = match &self.container {
            Some(name) => SubmitBatch::in_container(ContainerName::new(name)?, parts),
            None => SubmitBatch::new(parts),
        };
        self.service.send_with(&operation, &self.options).await
    }
}

/// What goes into one request, and where its outcomes go.
struct Request<O> {
    places: Vec<usize>,
    parts: Vec<O>,
    bytes: usize,
}

impl<O> Default for Request<O> {
    fn default() -> Self {
        Self {
            places: Vec::new(),
            parts: Vec::new(),
            bytes: 0,
        }
    }
}

impl<O> Request<O> {
    fn has_room_for(&self, size: usize) -> bool {
        self.parts.is_empty()
            || (self.parts.len() < limits::BATCH_PARTS
                && self.bytes.saturating_add(size) <= limits::BATCH_BYTES)
    }
}

fn size(request: &http::Request<protocol::Body>) -> usize {
    let headers = request.headers().iter();
    let headers: usize = headers
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum();
    let target = request
        .uri()
        .path_and_query()
        .map_or(1, |target| target.as_str().len());
    headers.saturating_add(target).saturating_add(AROUND_A_PART)
}
