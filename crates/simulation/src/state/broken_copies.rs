//! Copies that come to nothing: the service reads their sources while they are under way, and gives up where one is no longer what it
//! was when the copy began.

use std::sync::Arc;

use lazuli_protocol::CopyStatus;

use super::{Blob, BlobPath, CopyReport, Edit, Record, State, Timestamp};

const CHANGED: &str = "412 ConditionNotMet \"Copy failed when reading the source.\"";
const GONE: &str = "404 ResourceNotFound \"Copy failed when reading the source.\"";

impl State {
    /// Takes notice of a blob that was put under a name.
    pub(super) fn watch_copy(&mut self, at: &BlobPath, blob: &Blob) {
        let copy = blob.copy.as_deref();
        let reads = copy.is_some_and(|copy| copy.due.is_some() && copy.from.is_some());
        if reads && !self.copying.contains(at) {
            self.copying.push(at.clone());
        }
    }

    /// The record that puts an end to a copy whose source has changed or gone, if there is such a copy.
    pub(crate) fn next_broken_copy(&mut self, now: Timestamp) -> Option<Record> {
        let mut copying = std::mem::take(&mut self.copying);
        copying.retain(|at| self.copy_under_way(now, at).is_some());
        self.copying = copying;
        self.copying.iter().find_map(|at| {
            let (blob, copy) = self.copy_under_way(now, at)?;
            let (from, tag) = copy.from.as_ref()?;
            let why = match self.blob(now, from) {
                Ok(source) if source.tag == *tag => return None,
                Ok(_) => CHANGED,
                Err(_) => GONE,
            };
            let ended = self.copy_ended(now, blob, copy, CopyStatus::Failed, Some(why));
            Some(Record::edit(at.clone(), Edit::Put(ended)))
        })
    }

    fn copy_under_way(&self, now: Timestamp, at: &BlobPath) -> Option<(&Arc<Blob>, &CopyReport)> {
        let blob = self.blob(now, at).ok()?;
        let copy = blob.copy.as_deref()?;
        copy.is_pending(now).then_some((blob, copy))
    }

    /// A blob that a copy goes to no more. What stays is a blob without bytes.
    pub(super) fn copy_ended(
        &self,
        now: Timestamp,
        blob: &Blob,
        copy: &CopyReport,
        status: CopyStatus,
        description: Option<&str>,
    ) -> Arc<Blob> {
        Arc::new(Blob {
            tag: self.last_tag.next(now),
            modified: now,
            len: 0,
            content: blob.content.emptied(),
            copy: Some(Arc::new(CopyReport {
                status,
                description: description.map(Into::into),
                completed: Some(now),
                due: None,
                from: None,
                ..copy.clone()
            })),
            ..blob.clone()
        })
    }
}
