//! Copies that go on after their answer: asked about, waited for, given up.

mod failure;
mod progress;

pub use failure::CopyFailure;
pub use progress::CopyProgress;

use futures_core::Stream;
use futures_util::{StreamExt as _, TryStreamExt as _};
use lazuli_protocol::{self as protocol, BlobName, ContainerName, CopyStatus, LeaseId};

use crate::operations::{AbortCopyBlob, CopyStarted, GetBlobProperties};
use crate::polling::poll;
use crate::{BlobProperties, BlobServiceClient, Error, Polling};

/// A copy that was started. The service goes on with it by itself, for two weeks at most: dropping this changes nothing.
///
/// ```no_run
/// use futures_util::TryStreamExt as _;
/// use lazuli_blob::CopyFailure;
///
/// # async fn example(from: lazuli_blob::BlobClient, to: lazuli_blob::BlobClient) -> Result<(), lazuli_blob::Error> {
/// let copy = to.copy_from(&from).start().await?;
/// let mut progress = copy.progress();
/// while let Some(now) = progress.try_next().await? {
///     println!("{:?} of {:?} bytes", now.bytes_copied, now.bytes_total);
/// }
/// match copy.wait().await {
///     Ok(properties) => println!("copied as {}", properties.etag),
///     Err(error) => match CopyFailure::of(&error) {
///         Some(CopyFailure::Aborted) => println!("somebody gave it up"),
///         _ => return Err(error),
///     },
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct CopyPoller {
    service: BlobServiceClient,
    container: ContainerName,
    blob: BlobName,
    copy_id: String,
    lease_id: Option<LeaseId>,
    started: Option<CopyStarted>,
    polling: Polling,
}

impl CopyPoller {
    pub(crate) fn new(
        service: BlobServiceClient,
        container: ContainerName,
        blob: BlobName,
        copy_id: String,
    ) -> Self {
        Self {
            service,
            container,
            blob,
            copy_id,
            lease_id: None,
            started: None,
            polling: Polling::COPY,
        }
    }

    pub(crate) fn started_as(self, started: CopyStarted, lease_id: Option<LeaseId>) -> Self {
        Self {
            started: Some(started),
            lease_id,
            ..self
        }
    }

    /// The copy's id: what another program needs to ask about it.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.copy_id
    }

    /// What the service answered when it began, if it was begun here.
    #[must_use]
    pub fn started(&self) -> Option<&CopyStarted> {
        self.started.as_ref()
    }

    /// How often to ask, in place of [`Polling::COPY`].
    #[must_use]
    pub fn polling(self, polling: Polling) -> Self {
        Self { polling, ..self }
    }

    /// Shows that the caller holds the lease on the destination, for [`abort`](Self::abort). A copy that was started with one has it already.
    #[must_use]
    pub fn lease(self, id: LeaseId) -> Self {
        Self {
            lease_id: Some(id),
            ..self
        }
    }

    /// Asks once how far it is.
    ///
    /// # Errors
    /// A copy that has failed, was given up, or has been replaced, as a [`CopyFailure`]; what the way there or the service refuses.
    pub async fn status(&self) -> Result<CopyProgress, Error> {
        self.clone()
            .ask()
            .await
            .map(|properties| CopyProgress::of(&properties))
    }

    /// How far it is, now and time after time until it is done.
    ///
    /// # Errors
    /// As [`status`](Self::status); the stream ends with an error.
    pub fn progress(&self) -> impl Stream<Item = Result<CopyProgress, Error>> + Send + Unpin + use<> {
        self.states().map_ok(|properties| CopyProgress::of(&properties))
    }

    /// Waits until it is done, and gives the properties of the blob that was copied to.
    ///
    /// # Errors
    /// As [`status`](Self::status).
    pub async fn wait(&self) -> Result<BlobProperties, Error> {
        let mut states = self.states();
        let mut last = None;
        while let Some(state) = states.next().await {
            last = Some(state?);
        }
        last.ok_or_else(|| self.failed(CopyFailure::Replaced { by: None }))
    }

    /// Gives it up: an empty blob is left.
    ///
    /// # Errors
    /// 409 `NoPendingCopyOperation` when it is over; what the way there or the service refuses.
    pub async fn abort(&self) -> Result<(), Error> {
        let mut operation = AbortCopyBlob::new(self.container.clone(), self.blob.clone(), &self.copy_id);
        operation.lease_id = self.lease_id;
        self.service.send(&operation).await.map(drop)
    }

    fn states(&self) -> impl Stream<Item = Result<BlobProperties, Error>> + Send + Unpin + use<> {
        let copy = self.clone();
        poll(
            self.polling,
            move || copy.clone().ask(),
            |properties: &BlobProperties| properties.copy_status != Some(CopyStatus::Success),
        )
    }

    async fn ask(self) -> Result<BlobProperties, Error> {
        let operation = GetBlobProperties::new(self.container.clone(), self.blob.clone());
        let properties = self.service.send(&operation).await?;
        match CopyFailure::seen(&properties, &self.copy_id) {
            Some(failure) => Err(self.failed(failure)),
            None => Ok(properties),
        }
    }

    fn failed(&self, failure: CopyFailure) -> Error {
        let message = format!("the copy to {}/{} {failure}", self.container, self.blob);
        protocol::Error::new(protocol::ErrorKind::Service, message)
            .with_source(failure)
            .into()
    }
}
