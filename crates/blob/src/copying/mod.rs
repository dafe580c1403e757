//! Copies that go on after their answer: asked about, waited for, given up.

mod failure;
mod progress;

pub use failure::CopyFailure;
pub use progress::CopyProgress;

use std::time::Duration;

use futures_core::Stream;
use futures_util::{StreamExt as _, TryStreamExt as _};
use lazuli_protocol::{self as protocol, BlobName, ContainerName, CopyStatus, LeaseId};
use tokio::time::timeout;

use crate::operations::{AbortCopyBlob, CopyStarted, GetBlobProperties};
use crate::options::CallOptions;
use crate::polling::poll;
use crate::{BlobProperties, BlobServiceClient, Error, Polling};

/// A copy that was started. The service goes on with it by itself, for two weeks at most: dropping this changes nothing. It is asked about at the
/// primary place of the account, wherever else is read.
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
    deadline: Option<Duration>,
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
            deadline: None,
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

    /// How long to [wait](Self::wait) at most. Without it, as long as it takes: up to two weeks.
    #[must_use]
    pub fn deadline(self, time: Duration) -> Self {
        Self {
            deadline: Some(time),
            ..self
        }
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
    /// A copy that has failed, was given up, or has been replaced, as a [`CopyFailure`];
    /// [`InvalidResponse`](crate::ErrorKind::InvalidResponse) for a copy whose status is neither of those nor pending nor done; what the way there or
    /// the service refuses.
    pub async fn status(&self) -> Result<CopyProgress, Error> {
        let properties = self.clone().ask().await?;
        Ok(CopyProgress::of(&properties, self.begun()))
    }

    /// How far it is, now and time after time until it is done. It knows no deadline: that is for those who only wait. Trouble that may pass ends it only
    /// where it meets the first question, or five in a row.
    ///
    /// # Errors
    /// As [`status`](Self::status); the stream ends with an error.
    pub fn progress(&self) -> impl Stream<Item = Result<CopyProgress, Error>> + Send + Unpin + use<> {
        let begun = self.begun().cloned();
        self.states()
            .map_ok(move |properties| CopyProgress::of(&properties, begun.as_ref()))
    }

    /// Waits until it is done, and gives the properties of the blob that was copied to. Trouble on the way is borne as in [`progress`](Self::progress).
    ///
    /// # Errors
    /// As [`status`](Self::status), and [`Timeout`](crate::ErrorKind::Timeout) after the [deadline](Self::deadline).
    pub async fn wait(&self) -> Result<BlobProperties, Error> {
        let Some(time) = self.deadline else {
            return self.last_state().await;
        };
        let late = || {
            let message = format!(
                "the copy to {}/{} was not done within {time:?}; it goes on",
                self.container, self.blob
            );
            Error::timed_out(message)
        };
        timeout(time, self.last_state())
            .await
            .unwrap_or_else(|_| Err(late()))
    }

    async fn last_state(&self) -> Result<BlobProperties, Error> {
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
            |properties: &BlobProperties| properties.copy_status == Some(CopyStatus::Pending),
        )
    }

    async fn ask(self) -> Result<BlobProperties, Error> {
        let operation = GetBlobProperties::new(self.container.clone(), self.blob.clone());
        let options = CallOptions::at_primary();
        let properties = self.service.send_with(&operation, &options).await?;
        // After another change of its properties, a blob does not tell any more of the copy that it is.
        if properties.copy_id.is_none() && self.begun() == Some(&CopyStatus::Success) {
            return Ok(properties);
        }
        if let Some(failure) = CopyFailure::seen(&properties, &self.copy_id) {
            return Err(self.failed(failure));
        }
        match &properties.copy_status {
            Some(CopyStatus::Pending | CopyStatus::Success) => Ok(properties),
            other => {
                let status = other.as_ref().map_or("none", CopyStatus::as_str);
                let message = format!(
                    "the status of the copy to {}/{} is {status}, which says neither that it goes on nor that it is over",
                    self.container, self.blob
                );
                Err(protocol::Error::new(protocol::ErrorKind::InvalidResponse, message).into())
            }
        }
    }

    /// How it stood when it began, if it was begun here.
    fn begun(&self) -> Option<&CopyStatus> {
        self.started.as_ref().map(|started| &started.copy_status)
    }

    fn failed(&self, failure: CopyFailure) -> Error {
        let message = format!("the copy to {}/{} {failure}", self.container, self.blob);
        protocol::Error::new(protocol::ErrorKind::Service, message)
            .with_source(failure)
            .into()
    }
}
