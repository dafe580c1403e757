//! What was invalidated, and when: another process that shares the folder may write down afterwards what it has found before.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use time::OffsetDateTime;

use super::key::BlobKey;

/// So many blobs are remembered by themselves; with one more, all blobs count as invalidated.
const MOST: usize = 4096;

/// Up to when nothing that was found of a blob counts.
#[derive(Debug)]
pub(super) struct Floors {
    ttl: Duration,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    blobs: HashMap<BlobKey, OffsetDateTime>,
    all: Option<OffsetDateTime>,
}

impl Floors {
    /// What is older than `ttl` is asked for anew anyway, and needs no floor.
    pub(super) fn new(ttl: Duration) -> Self {
        Self {
            ttl,
            open: Mutex::default(),
        }
    }

    pub(super) fn raise(&self, blob: BlobKey, now: OffsetDateTime) {
        let mut open = self.open();
        if open.blobs.len() >= MOST {
            let ttl = self.ttl;
            open.blobs.retain(|_, floor| *floor > now || now - *floor < ttl);
            if open.blobs.len() >= MOST {
                let highest = open.blobs.drain().map(|(_, floor)| floor).max();
                open.all = open.all.max(highest);
            }
        }
        let floor = open.blobs.entry(blob).or_insert(now);
        *floor = now.max(*floor);
    }

    /// Whether what was found of a blob then was found after all that was invalidated.
    pub(super) fn allow(&self, blob: BlobKey, found: OffsetDateTime) -> bool {
        let open = self.open();
        let floor = open.blobs.get(&blob).copied().max(open.all);
        floor.is_none_or(|floor| found > floor)
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_before_does_not_count() {
        let floors = Floors::new(Duration::from_secs(10));
        let at = |seconds| OffsetDateTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let blob = BlobKey::numbered;
        floors.raise(blob(0), at(5));
        let allowed = [4, 5, 6].map(|found| floors.allow(blob(0), at(found)));
        assert_eq!(allowed, [false, false, true]);
        assert!(floors.allow(blob(1), at(1)));
        // However many there are, few are remembered, and none is forgotten too early.
        for number in 1..=10_000 {
            floors.raise(blob(number), at(6));
        }
        assert!(floors.open().blobs.len() <= MOST);
        assert!((0..=10_000).all(|number| !floors.allow(blob(number), at(5))));
        assert!(floors.allow(blob(3), at(7)));
    }
}
