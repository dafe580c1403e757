//! The pages of a page blob: what was written where, and what was cleared. All else is zeros.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::Tag;
use crate::content::ContentHandle;

/// Stretches by where they begin, none over another. States of a blob share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pages(Arc<BTreeMap<u64, Extent>>);

/// What a stretch holds.
#[derive(Clone, Debug)]
pub(crate) enum Fill {
    /// A part of some content.
    Content(ContentHandle),
    /// Zeros, since the change that gave out this tag. Lists of what changed tell them from pages that were never written.
    Cleared(Tag),
}

/// A stretch that was written, or cleared.
#[derive(Clone, Debug)]
pub(crate) struct Extent {
    pub(crate) fill: Fill,
    /// Where in the content, or in what was cleared, it begins, in bytes.
    pub(crate) offset: u64,
    /// How many bytes it has.
    pub(crate) len: u64,
}

impl Extent {
    /// All of a content.
    pub(crate) fn whole(content: ContentHandle) -> Self {
        Self {
            len: content.len(),
            fill: Fill::Content(content),
            offset: 0,
        }
    }

    /// The bytes that it holds, unless it was cleared.
    pub(crate) fn content(&self) -> Option<&ContentHandle> {
        match &self.fill {
            Fill::Content(content) => Some(content),
            Fill::Cleared(_) => None,
        }
    }

    /// The part of it between two places that are counted from where it begins.
    fn part(&self, from: u64, to: u64) -> Self {
        Self {
            fill: self.fill.clone(),
            offset: self.offset.saturating_add(from),
            len: to.saturating_sub(from),
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        self.fill.is_same(&other.fill) && self.offset == other.offset && self.len == other.len
    }
}

impl Fill {
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Content(one), Self::Content(other)) => Arc::ptr_eq(one, other),
            (Self::Cleared(one), Self::Cleared(other)) => one == other,
            _ => false,
        }
    }
}

impl Pages {
    /// Writes over what is there from `start` on.
    pub(crate) fn write(&mut self, start: u64, extent: Extent) {
        let end = start.saturating_add(extent.len);
        self.cut(start..end);
        if extent.len > 0 {
            Arc::make_mut(&mut self.0).insert(start, extent);
        }
    }

    /// Makes zeros of a stretch, by the change that gives out this tag.
    pub(crate) fn clear(&mut self, range: Range<u64>, tag: Tag) {
        let zeros = Extent {
            fill: Fill::Cleared(tag),
            offset: 0,
            len: range.end.saturating_sub(range.start),
        };
        self.write(range.start, zeros);
    }

    /// Takes in stretches of which none lies over another, nor over one that is here.
    pub(crate) fn extend(&mut self, more: Self) {
        let more = Arc::unwrap_or_clone(more.0);
        Arc::make_mut(&mut self.0).extend(more);
    }

    /// Forgets a stretch.
    fn cut(&mut self, range: Range<u64>) {
        let touched: Vec<u64> = self.overlapping(&range).map(|(start, _)| start).collect();
        if touched.is_empty() {
            return;
        }
        let map = Arc::make_mut(&mut self.0);
        for start in touched {
            let Some(extent) = map.remove(&start) else {
                continue;
            };
            let end = start.saturating_add(extent.len);
            if start < range.start {
                map.insert(start, extent.part(0, range.start.saturating_sub(start)));
            }
            if end > range.end {
                map.insert(
                    range.end,
                    extent.part(range.end.saturating_sub(start), extent.len),
                );
            }
        }
    }

    /// Drops all that lies beyond a size.
    pub(crate) fn truncate(&mut self, size: u64) {
        self.cut(size..u64::MAX);
    }

    /// Where the byte at `at` is written: in which content, how far into it, and how much of the stretch there is from there. Where it
    /// is not, where the next stretch begins.
    pub(crate) fn find(&self, at: u64) -> Result<(&ContentHandle, u64, u64), Option<u64>> {
        if let Some((start, extent)) = self.0.range(..=at).next_back() {
            let into = at.saturating_sub(*start);
            if into < extent.len {
                let left = extent.len.saturating_sub(into);
                return match extent.content() {
                    Some(content) => Ok((content, extent.offset.saturating_add(into), left)),
                    None => Err(at.checked_add(left)),
                };
            }
        }
        Err(self.0.range(at..).next().map(|(start, _)| *start))
    }

    /// How many stretches there are.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// The stretches, in order, by where they begin.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, &Extent)> {
        self.0.iter().map(|(start, extent)| (*start, extent))
    }

    /// The written ranges that touch `range`, cut to it; those that touch each other are one.
    pub(crate) fn ranges(&self, range: &Range<u64>) -> Vec<Range<u64>> {
        self.ranges_of(range, |extent| extent.content().is_some())
    }

    fn ranges_of(&self, range: &Range<u64>, wanted: impl Fn(&Extent) -> bool) -> Vec<Range<u64>> {
        let mut ranges: Vec<Range<u64>> = Vec::new();
        for (start, extent) in self.overlapping(range).filter(|(_, extent)| wanted(extent)) {
            let end = start.saturating_add(extent.len).min(range.end);
            let start = start.max(range.start);
            match ranges.last_mut() {
                Some(last) if last.end == start => last.end = end,
                _ => ranges.push(start..end),
            }
        }
        ranges
    }

    /// What changed since `before`, within `range`: written ranges, and those that were cleared, whether or not they had been written
    /// by then.
    pub(crate) fn changes(&self, before: &Self, range: &Range<u64>) -> (Vec<Range<u64>>, Vec<Range<u64>>) {
        let mut changed = Self::default();
        for (start, extent) in self.overlapping(range) {
            let kept = before.0.get(&start).is_some_and(|old| old.is_same(extent));
            if !kept {
                changed.write(start, extent.clone());
            }
        }
        // What another write cut to pieces is still the same where the same bytes of the same content stand in the same place.
        for (start, old) in before.overlapping(range) {
            for (begin, extent) in self.overlapping(&(start..start.saturating_add(old.len))) {
                let same_content = extent.fill.is_same(&old.fill);
                let same_place = begin.saturating_sub(extent.offset) == start.saturating_sub(old.offset)
                    && begin >= extent.offset
                    && start >= old.offset;
                if same_content && same_place {
                    let from = begin.max(start);
                    let to = begin
                        .saturating_add(extent.len)
                        .min(start.saturating_add(old.len));
                    changed.cut(from..to);
                }
            }
        }
        // What was written and is no stretch any more went with a change of the size.
        let mut gone = before.clone();
        for (start, extent) in self.iter() {
            gone.cut(start..start.saturating_add(extent.len));
        }
        for lost in gone.ranges(range) {
            changed.clear(lost, Tag::ZERO);
        }
        (
            changed.ranges(range),
            changed.ranges_of(range, |extent| extent.content().is_none()),
        )
    }

    fn overlapping(&self, range: &Range<u64>) -> impl Iterator<Item = (u64, &Extent)> {
        let first = self
            .0
            .range(..range.start)
            .next_back()
            .filter(|(start, extent)| start.saturating_add(extent.len) > range.start)
            .map_or(range.start, |(start, _)| *start);
        // An empty range touches nothing, even in the middle of a stretch.
        let end = if range.is_empty() { first } else { range.end };
        self.0.range(first..end).map(|(start, extent)| (*start, extent))
    }
}

impl FromIterator<(u64, Extent)> for Pages {
    fn from_iter<I: IntoIterator<Item = (u64, Extent)>>(extents: I) -> Self {
        Self(Arc::new(extents.into_iter().collect()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::content::{ContentStore as _, MemoryStore};

    const SIZE: u64 = 64;

    fn extent(fill: u8, len: u64) -> Extent {
        let mut writer = MemoryStore.create().unwrap();
        writer.write(&vec![fill; usize::try_from(len).unwrap()]).unwrap();
        Extent::whole(writer.finish().unwrap())
    }

    fn byte(pages: &Pages, at: u64) -> Option<u8> {
        let (content, offset, _) = pages.find(at).ok()?;
        Some(content.read(offset, 1).unwrap()[0])
    }

    fn ranges_of(model: &[bool]) -> Vec<Range<u64>> {
        let mut ranges: Vec<Range<u64>> = Vec::new();
        for (at, _) in model.iter().enumerate().filter(|(_, set)| **set) {
            let at = at as u64;
            match ranges.last_mut() {
                Some(last) if last.end == at => last.end = at + 1,
                _ => ranges.push(at..at + 1),
            }
        }
        ranges
    }

    proptest! {
        /// Against a plain array of bytes; every write has its own number.
        #[test]
        fn pages_are_what_was_written_last(
            steps in proptest::collection::vec((any::<bool>(), 0..SIZE, 0..20_u64), 1..40),
            snapshot_at in 0..40_usize,
            window in (0..SIZE, 0..SIZE),
        ) {
            let mut pages = Pages::default();
            // What is there, and the number of the step that made it.
            let mut model = vec![(None, 0); usize::try_from(SIZE + 20).unwrap()];
            let (mut before, mut model_before) = (pages.clone(), model.clone());
            for (number, (write, start, len)) in steps.into_iter().enumerate() {
                if number == snapshot_at {
                    (before, model_before) = (pages.clone(), model.clone());
                }
                let fill = u8::try_from(number + 1).unwrap();
                if write {
                    pages.write(start, extent(fill, len));
                } else {
                    pages.clear(start..start + len, Tag::from_number(fill.into()));
                }
                for at in start..start + len {
                    model[usize::try_from(at).unwrap()] = (write.then_some(fill), fill);
                }
            }
            for (at, expected) in model.iter().enumerate() {
                prop_assert_eq!(byte(&pages, at as u64), expected.0);
            }
            let window = window.0.min(window.1)..window.0.max(window.1);
            let within = |at: usize| window.contains(&(at as u64));
            let set: Vec<bool> = (0..model.len()).map(|at| within(at) && model[at].0.is_some()).collect();
            prop_assert_eq!(pages.ranges(&window), ranges_of(&set));
            let (written, cleared) = pages.changes(&before, &window);
            let changed: Vec<bool> = (0..model.len())
                .map(|at| within(at) && model[at].0.is_some() && model[at] != model_before[at])
                .collect();
            let gone: Vec<bool> = (0..model.len())
                .map(|at| within(at) && model[at].0.is_none() && model[at] != model_before[at])
                .collect();
            prop_assert_eq!(written, ranges_of(&changed));
            prop_assert_eq!(cleared, ranges_of(&gone));
        }
    }
}
