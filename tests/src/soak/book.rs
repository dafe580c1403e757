//! What a name may hold: one version when its last write is known to have happened, more when it is not.

use bytes::Bytes;

use crate::content;

/// A state of a blob that its worker wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Version {
    /// Decides, with the length, every byte.
    pub(super) generation: u64,
    pub(super) len: usize,
    pub(super) metadata: Option<u64>,
}

impl Version {
    pub(super) fn content(&self) -> Bytes {
        content::bytes(self.generation, self.len)
    }
}

/// The states that a blob may be in; `None` is not being there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Page(Vec<Option<Version>>);

impl Page {
    /// There is no blob.
    pub(super) fn empty() -> Self {
        Self(vec![None])
    }

    /// It is so.
    pub(super) fn known(&mut self, state: Option<Version>) {
        self.0 = vec![state];
    }

    /// It may have become so.
    pub(super) fn unsure(&mut self, state: Option<Version>) {
        if !self.0.contains(&state) {
            self.0.push(state);
        }
    }

    /// Finds the states that what was seen fits, and forgets the others; none that fits is a wrong answer.
    pub(super) fn seen(&mut self, fits: impl Fn(&Option<Version>) -> bool) -> bool {
        let fitting: Vec<_> = self.0.iter().filter(|state| fits(state)).copied().collect();
        let fits = !fitting.is_empty();
        if fits {
            self.0 = fitting;
        }
        fits
    }

    /// One of the states that it may be in, the latest if there is one.
    pub(super) fn latest(&self) -> Option<Version> {
        self.0.iter().rev().copied().flatten().next()
    }

    pub(super) fn states(&self) -> &[Option<Version>] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(generation: u64) -> Option<Version> {
        Some(Version {
            generation,
            len: 3,
            metadata: None,
        })
    }

    #[test]
    fn a_read_settles_what_a_failed_write_left_open() {
        let mut page = Page::empty();
        page.known(version(1));
        page.unsure(version(2));
        assert!(!page.seen(|state| *state == version(3)));
        assert_eq!(page.states(), [version(1), version(2)]);
        assert!(page.seen(|state| *state == version(1)));
        assert_eq!((page.states(), page.latest()), (&[version(1)][..], version(1)));
    }
}
