//! What a call asks of the layers below: how long it may take, where it reads, what is worth another try.

use std::time::Duration;

use http::{Extensions, Request};
use lazuli_protocol::{Body, Operation};
use lazuli_transport::{Deadline, ReadFrom, RetryConflicts};

use crate::{Batch, Call, ListBlobsCall};

/// In a request's extensions, where the layers look for it.
#[derive(Clone, Debug, Default)]
pub(crate) struct CallOptions(Extensions);

impl CallOptions {
    /// For questions about what is going on: the secondary may tell of what was before.
    pub(crate) fn at_primary() -> Self {
        let mut options = Self::default();
        options.set(ReadFrom::Primary);
        options
    }

    pub(crate) fn set<T: Clone + Send + Sync + 'static>(&mut self, option: T) {
        self.0.insert(option);
    }

    pub(crate) fn get<T: Clone + Send + Sync + 'static>(&self) -> Option<&T> {
        self.0.get()
    }

    pub(crate) fn apply(&self, request: &mut Request<Body>) {
        request.extensions_mut().extend(self.0.clone());
    }
}

macro_rules! options {
    ($([$($generic:tt)*] $call:ty, $what:literal;)*) => {$(
        impl $($generic)* $call {
            #[doc = concat!("How long ", $what, " may take, with all tries and the waits between them, in place of the time for its kind of operation: see")]
            /// [`Deadlines`](lazuli_transport::Deadlines).
            pub fn deadline(mut self, time: Duration) -> Self {
                self.options.set(Deadline(time));
                self
            }

            /// Where to read, for an account that can be read in two regions (RA-GRS): what comes from the secondary may not be the latest.
            /// [`ReadFrom::Secondary`] is an error where the transport knows [no secondary](lazuli_transport::TransportBuilder::secondary).
            pub fn read_from(mut self, place: ReadFrom) -> Self {
                self.options.set(place);
                self
            }

            /// Whether to try again while somebody else holds what this is about: a lease, a copy, a container that is being
            /// deleted. See [`Trouble::Conflict`](lazuli_transport::Trouble::Conflict).
            pub fn retry_conflicts(mut self, again: bool) -> Self {
                self.options.set(RetryConflicts(again));
                self
            }
        }
    )*};
}

options! {
    [<O: Operation>] Call<O>, "the call";
    [] ListBlobsCall, "each page";
    [] Batch, "each request of the batch";
}

#[cfg(feature = "change-feed")]
options! {
    [] crate::ChangeFeedCall, "each request";
}

#[cfg(feature = "provisioning")]
options! {
    [] crate::ListContainersCall, "each page";
}
