//! Waiting for a blob that is on its way out of the archive.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use futures_core::Stream;
use futures_util::{StreamExt as _, stream};
use lazuli_protocol::{self as protocol, AccessTier};
use tokio::time::timeout;

use crate::operations::GetBlobProperties;
use crate::options::CallOptions;
use crate::polling::poll;
use crate::{BlobProperties, BlobServiceClient, Error, Polling};

/// A wait for a blob that is on its way out of the archive. Nothing is asked before it is awaited or its stream is polled, and then the primary place of
/// the account, wherever else is read. Trouble that may pass ends the wait only where it meets the first question, or five in a row.
#[derive(Debug)]
#[must_use = "nothing is waited for until this is awaited"]
pub struct Rehydration {
    service: BlobServiceClient,
    operation: Result<GetBlobProperties, Error>,
    polling: Polling,
    deadline: Option<Duration>,
}

impl Rehydration {
    pub(crate) fn new(service: BlobServiceClient, operation: Result<GetBlobProperties, Error>) -> Self {
        Self {
            service,
            operation,
            polling: Polling::REHYDRATION,
            deadline: None,
        }
    }

    /// Waits for a snapshot of the blob, by its id.
    pub fn snapshot(mut self, id: impl Into<String>) -> Self {
        if let Ok(operation) = &mut self.operation {
            operation.snapshot = Some(id.into());
        }
        self
    }

    /// Waits for a version of the blob, by its id.
    pub fn version(mut self, id: impl Into<String>) -> Self {
        if let Ok(operation) = &mut self.operation {
            operation.version_id = Some(id.into());
        }
        self
    }

    /// How often to ask, in place of [`Polling::REHYDRATION`].
    pub fn polling(self, polling: Polling) -> Self {
        Self { polling, ..self }
    }

    /// How long to wait at most. Without it, as long as it takes: up to fifteen hours.
    pub fn deadline(self, time: Duration) -> Self {
        Self {
            deadline: Some(time),
            ..self
        }
    }

    /// How the blob stands, now and time after time until it can be read. It knows no deadline: that is for those who only wait.
    pub fn states(self) -> impl Stream<Item = Result<BlobProperties, Error>> + Send + Unpin {
        let Self {
            service,
            operation,
            polling,
            ..
        } = self;
        match operation {
            Ok(operation) => poll(
                polling,
                move || ask(service.clone(), operation.clone()),
                |properties: &BlobProperties| properties.archive_status.is_some(),
            ),
            Err(error) => Box::pin(stream::once(async { Err(error) })),
        }
    }

    async fn wait(self) -> Result<BlobProperties, Error> {
        let mut states = self.states();
        let mut last = None;
        while let Some(state) = states.next().await {
            last = Some(state?);
        }
        let lacks = || {
            protocol::Error::new(
                protocol::ErrorKind::InvalidResponse,
                "nothing is known of the blob",
            )
        };
        last.ok_or_else(|| lacks().into())
    }
}

async fn ask(service: BlobServiceClient, operation: GetBlobProperties) -> Result<BlobProperties, Error> {
    let properties = service.send_with(&operation, &CallOptions::at_primary()).await?;
    if properties.access_tier == Some(AccessTier::Archive) && properties.archive_status.is_none() {
        let message = format!(
            "{}/{} is archived, and nothing brings it back: set its tier first",
            operation.container, operation.blob
        );
        return Err(protocol::Error::new(protocol::ErrorKind::InvalidInput, message).into());
    }
    Ok(properties)
}

impl IntoFuture for Rehydration {
    type Output = Result<BlobProperties, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let Some(time) = self.deadline else {
                return self.wait().await;
            };
            let late = || Error::timed_out(format!("the blob was not out of the archive within {time:?}"));
            timeout(time, self.wait()).await.unwrap_or_else(|_| Err(late()))
        })
    }
}
