//! When blobs were last accessed: by a read of their bytes or a write, in accounts that keep track of that.
//!
//! Of reads only the first in 24 hours is noted, as the service does it to keep reads fast. Nobody's read fails because it cannot be
//! noted.

use super::call::Call;
use super::copy_source::Source;
use crate::engine::Failure;
use crate::state::{BlobPath, Found, Timestamp};

/// The first version that tells it.
const TELLS: &[u8; 10] = b"2020-02-10";

impl Call {
    /// Whether answers tell when blobs were last accessed.
    pub(super) fn tells_access(&self) -> bool {
        self.since(TELLS) && self.tracks_access(&self.target.account)
    }

    /// When a blob was last accessed, as far as that is told.
    pub(super) fn last_access(&self, found: &Found) -> Option<Timestamp> {
        let told = found.id.is_none() && self.tells_access();
        told.then(|| found.blob.last_access()).flatten()
    }

    /// Notes that the source of a copy is read.
    pub(super) async fn note_read_of(&self, source: &Source) {
        if let Some(at) = &source.at {
            self.note_read(at, &source.found).await;
        }
    }

    /// Notes that a blob is read.
    pub(super) async fn note_read(&self, at: &BlobPath, found: &Found) {
        let now = self.engine.now();
        let is_news = found.id.is_none() && found.blob.notes_read(now);
        if !is_news || !self.tracks_access(&at.container.account) {
            return;
        }
        let tag = found.blob.tag;
        let noted = self
            .engine
            .change(|state, now| state.note_read(now, at.clone(), tag));
        if let Err(Failure::Io(error)) = noted.await {
            tracing::warn!(%error, "a read could not be noted");
        }
    }

    fn tracks_access(&self, account: &str) -> bool {
        self.engine.read(|state| state.options(account).access_tracking)
    }
}
