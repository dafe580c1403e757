//! How much a transfer does at once, and how.

use std::path::PathBuf;

/// The settings of a [`Transfer`](crate::Transfer).
#[derive(Clone, Debug)]
pub struct Options {
    pub(crate) requests: usize,
    pub(crate) files: usize,
    pub(crate) block_bytes: u64,
    pub(crate) overwrite: bool,
    pub(crate) seed: Option<u64>,
    pub(crate) kept_out_of: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            requests: 16,
            files: 64,
            block_bytes: 8 * 1024 * 1024,
            overwrite: true,
            seed: None,
            kept_out_of: None,
        }
    }
}

impl Options {
    /// How many requests are in flight at most, 1 to 1,024; 16 unless set. Memory grows with it, by about 1 MiB each.
    #[must_use]
    pub fn requests(mut self, requests: usize) -> Self {
        self.requests = requests.clamp(1, 1024);
        self
    }

    /// How many files of a tree are at work at most, 1 to 4,096; 64 unless set.
    #[must_use]
    pub fn files(mut self, files: usize) -> Self {
        self.files = files.clamp(1, 4096);
        self
    }

    /// The size of a block, 1 byte to 4,000 MiB; 8 MiB unless set. A file that would need more than 50,000 of them gets larger ones,
    /// and one that fits a single block is sent in one request.
    #[must_use]
    pub fn block_bytes(mut self, bytes: u64) -> Self {
        self.block_bytes = bytes.clamp(1, lazuli_protocol::limits::BLOCK_BYTES);
        self
    }

    /// Whether what is at the destination is replaced; `true` unless set. Otherwise it is kept, and counts as skipped.
    #[must_use]
    pub fn overwrite(mut self, overwrite: bool) -> Self {
        self.overwrite = overwrite;
        self
    }

    /// A folder that no download writes to or below, such as one that keeps data for somebody else. A file that would go there is an
    /// error of the kind [`InvalidName`](crate::ErrorKind::InvalidName).
    #[must_use]
    pub fn keep_out_of(mut self, folder: impl Into<PathBuf>) -> Self {
        self.kept_out_of = Some(folder.into());
        self
    }

    /// Where the randomness of block ids and temporary names starts, for tests that must see the same twice.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }
}
