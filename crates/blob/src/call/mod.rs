//! A call in the making: an operation, its options, and the service that it goes to.

mod append;
mod blob;
mod by_date;
mod copy;
mod immutability;
mod lease;
mod page;
mod paged;
#[cfg(feature = "provisioning")]
mod provisioning;
#[cfg(feature = "query")]
mod query;
mod shared;
mod tags;
mod tier;

pub use shared::{
    Appends, Conditional, CustomerKeyed, Describes, Leased, ReadsBlob, ReadsByUrl, Retained, Scoped,
    SendsContent, Sequenced, TagConditional, Tagged, Tiered, WritesMetadata,
};

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;

use lazuli_protocol::{BlobName, ContainerName, Operation};

use crate::options::CallOptions;
use crate::{BlobServiceClient, Error};

/// A call that is sent when it is awaited. Its methods set options; which ones there are depends on the operation `O`.
///
/// A value that could never be sent, a metadata name with a space in it say, is kept and becomes the error of the call. Nothing is
/// sent then.
///
/// Dropping the future cancels the call; whether the service still carries it out is not known then.
#[must_use = "a call is sent when it is awaited"]
pub struct Call<O> {
    service: BlobServiceClient,
    operation: Result<O, Error>,
    pub(crate) options: CallOptions,
}

impl<O: Operation> Call<O> {
    pub(crate) fn new(service: BlobServiceClient, operation: Result<O, Error>) -> Self {
        Self {
            service,
            operation,
            options: CallOptions::default(),
        }
    }

    /// The same call of what `change` makes of the operation.
    pub(crate) fn map<P>(self, change: impl FnOnce(O) -> P) -> Call<P> {
        Call {
            service: self.service,
            operation: self.operation.map(change),
            options: self.options,
        }
    }

    pub(crate) fn into_parts(self) -> (BlobServiceClient, Result<O, Error>) {
        (self.service, self.operation)
    }

    pub(crate) fn with(mut self, edit: impl FnOnce(&mut O)) -> Self {
        if let Ok(operation) = &mut self.operation {
            edit(operation);
        }
        self
    }

    pub(crate) fn try_with(mut self, edit: impl FnOnce(&mut O) -> Result<(), Error>) -> Self {
        self.operation = self
            .operation
            .and_then(|mut operation| edit(&mut operation).map(|()| operation));
        self
    }
}

impl<O: Operation + 'static> IntoFuture for Call<O> {
    type Output = Result<O::Output, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.service.send_with(&self.operation?, &self.options).await })
    }
}

impl<O: fmt::Debug> fmt::Debug for Call<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}

/// The names of a blob, checked.
pub(crate) fn names(container: &str, blob: &str) -> Result<(ContainerName, BlobName), Error> {
    Ok((ContainerName::new(container)?, BlobName::new(blob)?))
}
