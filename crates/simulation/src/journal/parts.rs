//! Cutting a record into parts, of which each fits into a frame.
//!
//! Hardly any record takes more than some kilobytes. But a page blob may have any number of stretches, which a copy of it puts all at once, and a
//! blob any number of snapshots, which may all go with it. A part says whether another one goes on with the record; whoever reads
//! makes the changes of all parts or, when the last is missing, of none.

use std::io;
use std::sync::Arc;

use super::{encode, frame};
use crate::state::{Blob, BlobPath, Content, Edit, Pages, Record};

/// How much a part may weigh. No edit takes more than 300 bytes for each unit of its weight, so a part takes less than half a frame.
const MOST: usize = 100_000;
/// What the headers, the metadata and the tags of a blob weigh.
const PROPERTIES: usize = 250;
/// What a name weighs.
const NAME: usize = 20;

/// Gives the frames of a record to `write`, one after the other. The buffer is what they are made in.
pub(super) fn frames(
    record: &Record,
    buffer: &mut Vec<u8>,
    mut write: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    each(record, MOST, |part, more| {
        buffer.clear();
        if !frame::push(buffer, |out| encode::encode(part, more, out)) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the record is too long for the journal",
            ));
        }
        write(buffer)
    })
}

/// Gives the parts of a record to `take`, each with whether another follows.
pub(super) fn each(
    record: &Record,
    most: usize,
    take: impl FnMut(&Record, bool) -> io::Result<()>,
) -> io::Result<()> {
    let mut cutter = Cutter {
        most,
        weight: 0,
        part: Vec::new(),
        take,
    };
    match record {
        Record::Edit { at, edits } if weight(edits) > most => cutter.add_all(at, edits)?,
        Record::Edits(all) if all.iter().map(|(_, edits)| weight(edits)).sum::<usize>() > most => {
            for (at, edits) in all {
                cutter.add_all(at, edits)?;
            }
        }
        short => return (cutter.take)(short, false),
    }
    cutter.end(false)
}

/// The part that is being filled.
struct Cutter<F> {
    most: usize,
    weight: usize,
    part: Vec<(BlobPath, Vec<Edit>)>,
    take: F,
}

impl<F: FnMut(&Record, bool) -> io::Result<()>> Cutter<F> {
    fn add_all(&mut self, at: &BlobPath, edits: &[Edit]) -> io::Result<()> {
        for edit in edits {
            match edit {
                Edit::Put(blob) if weight_of(edit) > self.most => self.add_blob(at, blob)?,
                edit => self.add(at, edit.clone())?,
            }
        }
        Ok(())
    }

    fn add(&mut self, at: &BlobPath, edit: Edit) -> io::Result<()> {
        let weight = weight_of(&edit);
        if self.weight.saturating_add(weight) > self.most && !self.part.is_empty() {
            self.end(true)?;
        }
        self.weight = self.weight.saturating_add(weight);
        match self.part.last_mut() {
            Some((last, edits)) if last == at => edits.push(edit),
            _ => {
                self.weight = self.weight.saturating_add(NAME);
                self.part.push((at.clone(), vec![edit]));
            }
        }
        Ok(())
    }

    /// Puts a page blob without its stretches, and these after it.
    fn add_blob(&mut self, at: &BlobPath, blob: &Arc<Blob>) -> io::Result<()> {
        let Content::Page { pages, sequence } = &blob.content else {
            // No list of blocks is as long.
            return self.add(at, Edit::Put(blob.clone()));
        };
        let bare = Blob {
            content: Content::Page {
                pages: Pages::default(),
                sequence: *sequence,
            },
            ..(**blob).clone()
        };
        self.add(at, Edit::Put(Arc::new(bare)))?;
        let mut all = pages.iter().map(|(start, extent)| (start, extent.clone()));
        loop {
            let some: Pages = all.by_ref().take(self.most.max(1)).collect();
            if some.count() == 0 {
                return Ok(());
            }
            self.add(at, Edit::Extend(some))?;
        }
    }

    fn end(&mut self, more: bool) -> io::Result<()> {
        self.weight = 0;
        let mut part = std::mem::take(&mut self.part);
        let record = match (part.pop(), part.is_empty()) {
            (Some((at, edits)), true) => Record::Edit { at, edits },
            (last, _) => {
                part.extend(last);
                Record::Edits(part)
            }
        };
        (self.take)(&record, more)
    }
}

fn weight(edits: &[Edit]) -> usize {
    edits.iter().map(weight_of).fold(NAME, usize::saturating_add)
}

fn weight_of(edit: &Edit) -> usize {
    match edit {
        Edit::Put(blob) => PROPERTIES.saturating_add(blob.content.parts()),
        Edit::Set(_) | Edit::SetKept { .. } => PROPERTIES,
        Edit::Extend(pages) => pages.count(),
        _ => 1,
    }
}

#[cfg(test)]
mod tests;
