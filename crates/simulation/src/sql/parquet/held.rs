//! How much of a table is in memory, over all of its columns.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::failure::Failure;

/// What pages and dictionaries may take together, in bytes.
const LIMIT: u64 = 256 * 1024 * 1024;

/// The bytes that are held for one table.
#[derive(Clone, Debug, Default)]
pub(super) struct Held(Arc<AtomicU64>);

/// Some of them. They are given back when it is dropped.
#[derive(Debug)]
pub(super) struct Share {
    held: Held,
    bytes: u64,
}

impl Held {
    /// Takes so many bytes.
    ///
    /// # Errors
    /// There are too many with what is held already.
    pub(super) fn take(&self, bytes: u64) -> Result<Share, Failure> {
        let before = self.0.fetch_add(bytes, Ordering::Relaxed);
        let share = Share {
            held: self.clone(),
            bytes,
        };
        match before.checked_add(bytes) {
            Some(all) if all <= LIMIT => Ok(share),
            _ => Err(Failure::table(
                "The pages of a Parquet row group take more than 256 MiB.",
            )),
        }
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.held.0.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_back_can_be_taken_again() {
        let held = Held::default();
        let most = held.take(LIMIT).unwrap();
        assert!(held.take(1).is_err());
        drop(most);
        let some = held.take(LIMIT - 1).unwrap();
        assert!(held.take(2).is_err(), "what was refused is not held");
        assert!(held.take(1).is_ok());
        drop(some);
        assert!(held.take(u64::MAX).is_err());
        assert!(held.take(LIMIT).is_ok());
    }
}
