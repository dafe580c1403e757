//! `sys.split`: where delimited text can be cut, so that its parts can be read at the same time.

/// Fewer bytes are not worth a part of their own.
pub(super) const BYTES_MIN: u64 = 10 * 1024 * 1024;

/// Gathers whole records until they have so many bytes.
#[derive(Debug)]
pub(super) struct Split {
    bytes: u64,
    part: u64,
}

impl Split {
    pub(super) fn new(bytes: u64) -> Self {
        Self { bytes, part: 0 }
    }

    /// Takes a record of so many bytes. Gives back the length of the part that it ends, if it does.
    pub(super) fn record(&mut self, bytes: u64) -> Option<u64> {
        self.part = self.part.saturating_add(bytes);
        (self.part >= self.bytes).then(|| std::mem::take(&mut self.part))
    }

    /// The length of the last part, if there is one.
    pub(super) fn finish(&mut self) -> Option<u64> {
        Some(std::mem::take(&mut self.part)).filter(|part| *part > 0)
    }
}
