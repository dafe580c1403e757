//! What the cache calls a blob, a state of it and a block of that: hashes, so that no name and no signature shows on a disk.

use lazuli_protocol::Etag;
use sha2::{Digest as _, Sha256};

use crate::BlobClient;

/// Which of a blob's states is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// The one that is there now; it may change.
    Current,
    /// A version, by its id; its content cannot change.
    Version(String),
    /// A snapshot, by its id; its content cannot change.
    Snapshot(String),
}

impl Moment {
    pub(super) fn is_immutable(&self) -> bool {
        *self != Self::Current
    }
}

/// A blob, or a version or snapshot of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct BlobKey([u8; 32]);

/// One state of any blob, cut into blocks of one size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct StateKey([u8; 32]);

/// A block of a state of a blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct BlockKey {
    pub(super) blob: BlobKey,
    pub(super) state: StateKey,
    pub(super) index: u64,
}

impl BlobKey {
    pub(super) fn of(client: &BlobClient, moment: &Moment) -> Self {
        let container = client.container();
        let (kind, id) = match moment {
            Moment::Current => ("current", ""),
            Moment::Version(id) => ("version", id.as_str()),
            Moment::Snapshot(id) => ("snapshot", id.as_str()),
        };
        let endpoint = container.service().endpoint().as_str();
        Self(digest(&[endpoint, container.name(), client.name(), kind, id]))
    }

    /// Some blob, for tests that care for none in particular.
    #[cfg(test)]
    pub(super) fn numbered(number: u64) -> Self {
        Self(digest(&[&number.to_string()]))
    }

    pub(super) fn hex(&self) -> String {
        hex(&self.0)
    }

    /// What a file about this blob as a whole says that it is.
    pub(super) fn identity(&self) -> [u8; 32] {
        self.0
    }
}

impl StateKey {
    pub(super) fn of(etag: &Etag, block_size: u64) -> Self {
        Self(digest(&[etag.as_str(), &block_size.to_string()]))
    }

    pub(super) fn hex(&self) -> String {
        hex(&self.0)
    }
}

impl BlockKey {
    /// What the file of this block says that it is.
    pub(super) fn identity(&self) -> [u8; 32] {
        digest(&[&self.blob.hex(), &self.state.hex(), &self.index.to_string()])
    }
}

// Each part goes in behind its length, so that no two lists of parts are the same bytes.
fn digest(parts: &[&str]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.len().to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().into()
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::BlobServiceClient;

    fn service(endpoint: &str) -> BlobServiceClient {
        BlobServiceClient::from_connection_string(&format!(
            "BlobEndpoint={endpoint};SharedAccessSignature=sv=1&sig=c2ln"
        ))
        .unwrap()
    }

    #[test]
    fn blobs_states_and_moments_are_kept_apart() {
        let (here, there) = (
            service("http://127.0.0.1:1/one"),
            service("http://127.0.0.1:1/two"),
        );
        let version = |id: &str| Moment::Version(id.to_owned());
        let keys: BTreeSet<BlobKey> = [
            BlobKey::of(&here.container("box").blob("a"), &Moment::Current),
            BlobKey::of(&there.container("box").blob("a"), &Moment::Current),
            BlobKey::of(&here.container("bo").blob("xa"), &Moment::Current),
            BlobKey::of(&here.container("box").blob("a"), &version("1")),
            BlobKey::of(&here.container("box").blob("a"), &version("2")),
            BlobKey::of(&here.container("box").blob("a"), &Moment::Snapshot("1".into())),
        ]
        .into();
        assert_eq!(keys.len(), 6);
        let etag: Etag = "0x1".parse().unwrap();
        assert_ne!(StateKey::of(&etag, 512), StateKey::of(&etag, 1024));
    }

    #[test]
    fn a_clone_of_a_client_names_the_same_blob() {
        let blob = service("http://127.0.0.1:1/one").container("box").blob("a");
        let again = service("http://127.0.0.1:1/one/").container("box").blob("a");
        assert_eq!(
            BlobKey::of(&blob, &Moment::Current),
            BlobKey::of(&again, &Moment::Current)
        );
    }
}
