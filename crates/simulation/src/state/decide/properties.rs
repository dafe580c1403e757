//! Deciding on Set Blob Properties, which sets headers, and of a page blob the size and the sequence number.

use std::sync::Arc;

use lazuli_protocol::ErrorCode;

use crate::state::{
    Access, Blob, BlobPath, Content, ContentHeaders, Denied, Edit, Encryption, Record, State, Timestamp,
};

/// The largest sequence number.
const SEQUENCE_MAX: u64 = i64::MAX.unsigned_abs();

/// What becomes of a sequence number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SequenceChange {
    /// It is this from now on.
    Update(u64),
    /// It is at least this from now on.
    Max(u64),
    /// It is one more.
    Increment,
}

/// What is to be set. What is not given stays as it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewProperties {
    /// All of them: those that are `None` are cleared.
    pub(crate) headers: Option<ContentHeaders>,
    /// In bytes, whole pages.
    pub(crate) len: Option<u64>,
    pub(crate) sequence: Option<SequenceChange>,
    pub(crate) encryption: Encryption,
}

impl State {
    /// Set Blob Properties.
    pub(crate) fn set_blob_properties(
        &self,
        now: Timestamp,
        at: BlobPath,
        new: NewProperties,
        access: &Access,
    ) -> Result<(Record, Arc<Blob>), Denied> {
        let len = new.len;
        let (mut edits, blob) = self.edit_blob(now, &at, access, |blob| {
            if blob.is_archived(now) {
                return Err(ErrorCode::BlobArchived.into());
            }
            // What is said of the last copy is true of what it made, and no longer of this.
            blob.copy = None;
            if let Some(headers) = new.headers {
                blob.headers = headers;
            }
            if len.is_some() {
                blob.pages()?;
                self.check_shown(&at.container, blob, &new.encryption)?;
            }
            match (new.sequence, &mut blob.content) {
                (None, _) => Ok(()),
                (Some(change), Content::Page { sequence, .. }) => {
                    *sequence = change.apply(*sequence)?;
                    Ok(())
                }
                (Some(_), _) => Err(ErrorCode::InvalidBlobType.into()),
            }
        })?;
        if let Some(len) = len {
            edits.push(Edit::Resize {
                len,
                tag: blob.tag,
                modified: blob.modified,
            });
        }
        Ok((Record::Edit { at, edits }, blob))
    }
}

impl SequenceChange {
    fn apply(self, sequence: u64) -> Result<u64, Denied> {
        match self {
            Self::Update(number) => Ok(number),
            Self::Max(number) => Ok(sequence.max(number)),
            Self::Increment if sequence >= SEQUENCE_MAX => {
                Err(ErrorCode::SequenceNumberIncrementTooLarge.into())
            }
            Self::Increment => Ok(sequence.saturating_add(1)),
        }
    }
}
