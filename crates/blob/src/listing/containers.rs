//! The containers of an account.

use futures_core::Stream;
use lazuli_protocol::xml::{ContainerItem, ListContainersPage};

use crate::operations::{ListContainers, ListContainersInclude};
use crate::options::CallOptions;
use crate::pages::{self, Paged};
use crate::{BlobServiceClient, Error};

/// A list of containers in the making; nothing is sent before its stream is polled.
#[derive(Clone, Debug)]
#[must_use = "a list is fetched when its stream is polled"]
pub struct ListContainersCall {
    service: BlobServiceClient,
    operation: ListContainers,
    pub(crate) options: CallOptions,
}

impl ListContainersCall {
    pub(crate) fn new(service: BlobServiceClient) -> Self {
        Self {
            service,
            operation: ListContainers::default(),
            options: CallOptions::default(),
        }
    }

    /// Only names that start with `prefix`.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.operation.prefix = Some(prefix.into());
        self
    }

    /// At most this many entries a page, 1 to 5,000.
    pub fn page_size(mut self, entries: u32) -> Self {
        self.operation.max_results = Some(entries);
        self
    }

    /// Starts at the page that this [marker](ListContainersPage::next_marker) of an earlier page names.
    pub fn marker(mut self, marker: impl Into<String>) -> Self {
        self.operation.marker = Some(marker.into());
        self
    }

    /// Lists, or tells, this too, beside what was named before.
    pub fn include(mut self, include: ListContainersInclude) -> Self {
        self.operation.include.push(include);
        self
    }

    /// The pages.
    pub fn pages(self) -> impl Stream<Item = Result<ListContainersPage, Error>> + Send + Unpin {
        pages::pages(self.service, Ok(self.operation), self.options)
    }

    /// The containers, page after page.
    pub fn items(self) -> impl Stream<Item = Result<ContainerItem, Error>> + Send + Unpin {
        pages::items(self.pages(), |page| page.containers)
    }
}

impl Paged for ListContainers {
    fn go_to(&mut self, marker: String) {
        self.marker = Some(marker);
    }

    fn marker(&self) -> Option<&str> {
        self.marker.as_deref()
    }

    fn next(page: &ListContainersPage) -> Option<String> {
        page.next_marker.clone()
    }
}
