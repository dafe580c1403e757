//! Why a copy came to nothing.

use std::error::Error as StdError;
use std::fmt;

use lazuli_protocol::CopyStatus;

use crate::{BlobProperties, Error};

/// Why a copy came to nothing: the cause of an error of a [`CopyPoller`](crate::CopyPoller).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CopyFailure {
    /// The service gave it up.
    Failed {
        /// Why, in the service's words.
        description: Option<String>,
    },
    /// Somebody gave it up.
    Aborted,
    /// The blob tells of another copy, or of none: something else was written to it since. Some changes that leave its content alone look like that
    /// too, such as [Set Blob Properties](https://learn.microsoft.com/rest/api/storageservices/set-blob-properties), after which the service tells of no
    /// copy any more.
    Replaced {
        /// The copy that was, if it was a copy.
        by: Option<String>,
    },
}

impl CopyFailure {
    /// The failure of a copy that an error comes from.
    #[must_use]
    pub fn of(error: &Error) -> Option<&Self> {
        error.source()?.downcast_ref()
    }

    /// What the properties of the destination say of the copy `id`.
    pub(super) fn seen(properties: &BlobProperties, id: &str) -> Option<Self> {
        if properties.copy_id.as_deref() != Some(id) {
            let by = properties.copy_id.clone();
            return Some(Self::Replaced { by });
        }
        match properties.copy_status {
            Some(CopyStatus::Failed) => Some(Self::Failed {
                description: properties.copy_status_description.clone(),
            }),
            Some(CopyStatus::Aborted) => Some(Self::Aborted),
            _ => None,
        }
    }
}

impl fmt::Display for CopyFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed {
                description: Some(why),
            } => write!(f, "failed: {why}"),
            Self::Failed { description: None } => f.write_str("failed"),
            Self::Aborted => f.write_str("was aborted"),
            Self::Replaced { by: Some(id) } => write!(f, "was replaced by the copy {id}"),
            Self::Replaced { by: None } => f.write_str("was replaced by another write"),
        }
    }
}

impl StdError for CopyFailure {}
