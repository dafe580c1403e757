//! Contents on disk: a file each, in folders of a few thousand.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;

use super::{Content, ContentHandle, ContentId, ContentStore, ContentWriter};

/// How many bits of an id tell the files of one folder apart.
const FOLDER_BITS: u32 = 12;

/// Keeps each content in a file of its own under one folder.
#[derive(Debug, Clone)]
pub(crate) struct DiskStore(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    root: PathBuf,
    next: AtomicU64,
    /// Whether each file is flushed to the disk before it counts as written.
    flush: bool,
    /// Whether dropping the last share of a content deletes its file. Not while the journal is still being read, when the shares that
    /// come and go do not yet say what is needed; nor once the store is closed, when all are dropped and all are needed.
    deletes: RwLock<bool>,
}

impl DiskStore {
    /// Opens the store in this folder, making it if need be.
    pub(crate) fn open(root: &Path, flush: bool) -> io::Result<Self> {
        fs::create_dir_all(root)?;
        let inner = Inner {
            root: root.to_owned(),
            next: AtomicU64::new(1),
            flush,
            deletes: RwLock::new(false),
        };
        Ok(Self(Arc::new(inner)))
    }

    /// A content that the journal says is there.
    pub(crate) fn existing(&self, id: ContentId, len: u64) -> ContentHandle {
        self.0.next.fetch_max(id.0.saturating_add(1), Ordering::Relaxed);
        Arc::new(DiskContent {
            id,
            len,
            store: self.clone(),
        })
    }

    /// Deletes every file that is not needed. Gives the ids that are needed and not there.
    pub(crate) fn settle(&self, needed: &HashSet<ContentId>) -> io::Result<Vec<ContentId>> {
        let mut found = HashSet::with_capacity(needed.len());
        self.each_file(|id, path| {
            if needed.contains(&id) {
                found.insert(id);
                Ok(())
            } else {
                fs::remove_file(path)
            }
        })?;
        Ok(needed.difference(&found).copied().collect())
    }

    /// Deletes contents that come out of use from now on. It is the last step of opening a location: until nothing can fail any more,
    /// the shares that are dropped are not contents that nobody needs.
    pub(crate) fn begin_deleting(&self) {
        *self.0.deletes.write().unwrap_or_else(PoisonError::into_inner) = true;
    }

    /// Whether the store holds any file.
    pub(crate) fn is_empty(&self) -> io::Result<bool> {
        let mut empty = true;
        self.each_file(|_, _| {
            empty = false;
            Ok(())
        })?;
        Ok(empty)
    }

    /// Brings all that was written to the disk, for a clean end.
    pub(crate) fn flush_all(&self) -> io::Result<()> {
        // Each file was brought there when it was written.
        if self.0.flush {
            return Ok(());
        }
        #[cfg(target_os = "linux")]
        {
            // A call for each of a million files would take minutes.
            Ok(rustix::fs::syncfs(File::open(&self.0.root)?)?)
        }
        #[cfg(not(target_os = "linux"))]
        self.each_file(|_, path| File::options().write(true).open(path)?.sync_all())
    }

    /// Deletes nothing from now on, not even what is being deleted by another thread: whoever opens the location next may give the
    /// same number to another content.
    pub(crate) fn close(&self) {
        *self.0.deletes.write().unwrap_or_else(PoisonError::into_inner) = false;
    }

    fn path(&self, id: ContentId) -> PathBuf {
        self.0.root.join(format!("{:04x}/{id}", id.0 >> FOLDER_BITS))
    }

    /// Goes through the files that are contents. Others are let alone.
    fn each_file(&self, mut take: impl FnMut(ContentId, &Path) -> io::Result<()>) -> io::Result<()> {
        for folder in fs::read_dir(&self.0.root)? {
            let folder = folder?;
            if !folder.file_type()?.is_dir() {
                continue;
            }
            for file in fs::read_dir(folder.path())? {
                let file = file?;
                if let Some(id) = file.file_name().to_str().and_then(ContentId::parse) {
                    take(id, &file.path())?;
                }
            }
        }
        Ok(())
    }

    fn create_file(&self, id: ContentId) -> io::Result<File> {
        let path = self.path(id);
        let create = || OpenOptions::new().write(true).create_new(true).open(&path);
        match (create(), path.parent()) {
            // The first of its folder.
            (Err(error), Some(folder)) if error.kind() == io::ErrorKind::NotFound => {
                fs::create_dir_all(folder)?;
                if self.0.flush {
                    sync_folder(&self.0.root)?;
                }
                create()
            }
            (outcome, _) => outcome,
        }
    }

    fn delete(&self, id: ContentId) {
        // Held to the end: a store that is closed meanwhile waits for it.
        let deletes = self.0.deletes.read().unwrap_or_else(PoisonError::into_inner);
        if !*deletes {
            return;
        }
        if let Err(error) = fs::remove_file(self.path(id)) {
            // It is an orphan now, and goes when the location is opened again.
            tracing::warn!(%id, %error, "a content that nothing needs could not be deleted");
        }
    }
}

impl ContentStore for DiskStore {
    fn create(&self) -> io::Result<Box<dyn ContentWriter>> {
        let id = ContentId(self.0.next.fetch_add(1, Ordering::Relaxed));
        let file = self.create_file(id)?;
        let content = DiskContent {
            id,
            len: 0,
            store: self.clone(),
        };
        Ok(Box::new(DiskWriter {
            file,
            content,
            hole: false,
        }))
    }
}

struct DiskWriter {
    file: File,
    // Dropped unfinished, it takes its file with it.
    content: DiskContent,
    /// Whether the file is shorter than the content: zeros follow that were never written.
    hole: bool,
}

impl ContentWriter for DiskWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.hole && !bytes.is_empty() {
            self.file.seek(SeekFrom::Start(self.content.len))?;
            self.hole = false;
        }
        self.file.write_all(bytes)?;
        self.content.len = self
            .content
            .len
            .saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        Ok(())
    }

    fn skip(&mut self, len: u64) {
        self.hole |= len > 0;
        self.content.len = self.content.len.saturating_add(len);
    }

    fn finish(self: Box<Self>) -> io::Result<ContentHandle> {
        if self.hole {
            self.file.set_len(self.content.len)?;
        }
        if self.content.store.0.flush {
            self.file.sync_all()?;
            let path = self.content.store.path(self.content.id);
            if let Some(folder) = path.parent() {
                sync_folder(folder)?;
            }
        }
        Ok(Arc::new(self.content))
    }
}

/// Makes sure that a folder's entries outlive a loss of power. Only Unix can be told to.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()
    } else {
        Ok(())
    }
}

#[derive(Debug)]
struct DiskContent {
    id: ContentId,
    len: u64,
    store: DiskStore,
}

impl Content for DiskContent {
    fn id(&self) -> ContentId {
        self.id
    }

    fn len(&self) -> u64 {
        self.len
    }

    fn read(&self, offset: u64, limit: usize) -> io::Result<Bytes> {
        let left = self.len.saturating_sub(offset);
        let wanted = u64::try_from(limit).unwrap_or(u64::MAX).min(left);
        let mut file = File::open(self.store.path(self.id))?;
        if offset > 0 {
            file.seek(SeekFrom::Start(offset))?;
        }
        let mut bytes = Vec::with_capacity(usize::try_from(wanted).unwrap_or(limit));
        let read = file.take(wanted).read_to_end(&mut bytes)?;
        if u64::try_from(read).unwrap_or(u64::MAX) < wanted {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                format!(
                    "the content {} is shorter than the {} bytes that were written",
                    self.id, self.len
                ),
            ));
        }
        Ok(bytes.into())
    }

    fn waits(&self) -> bool {
        true
    }
}

impl Drop for DiskContent {
    fn drop(&mut self) {
        self.store.delete(self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(root: &Path) -> usize {
        let folders = fs::read_dir(root).unwrap();
        folders
            .map(|folder| fs::read_dir(folder.unwrap().path()).unwrap().count())
            .sum()
    }

    fn opened(root: &Path) -> DiskStore {
        let store = DiskStore::open(root, false).unwrap();
        assert!(store.settle(&HashSet::new()).unwrap().is_empty());
        store.begin_deleting();
        store
    }

    fn written(store: &DiskStore, bytes: &[u8]) -> ContentHandle {
        let mut writer = store.create().unwrap();
        writer.write(bytes).unwrap();
        writer.finish().unwrap()
    }

    #[test]
    fn a_content_lives_as_long_as_its_last_share() {
        let folder = tempfile::tempdir().unwrap();
        let store = opened(folder.path());
        let content = written(&store, b"hello world");
        assert_eq!(&content.read(6, 100).unwrap()[..], b"world");
        assert_eq!(&content.read(0, 5).unwrap()[..], b"hello");
        assert!(content.read(11, 5).unwrap().is_empty());
        let share = content.clone();
        drop(content);
        assert_eq!(files(folder.path()), 1);
        drop(share);
        assert_eq!(files(folder.path()), 0);
    }

    #[test]
    #[cfg(unix)]
    fn zeros_that_are_skipped_take_no_room() {
        use std::os::unix::fs::MetadataExt;

        const GAP: u64 = 1 << 30;
        let folder = tempfile::tempdir().unwrap();
        let store = opened(folder.path());
        let mut writer = store.create().unwrap();
        writer.skip(GAP);
        writer.write(b"hello").unwrap();
        writer.skip(GAP);
        let content = writer.finish().unwrap();
        assert_eq!(content.len(), 2 * GAP + 5);
        assert_eq!(&content.read(GAP - 2, 9).unwrap()[..], b"\0\0hello\0\0");
        assert_eq!(&content.read(2 * GAP + 4, 9).unwrap()[..], b"\0");
        let taken = fs::metadata(store.path(content.id())).unwrap().blocks() * 512;
        assert!(taken < 1 << 20, "{taken} bytes");
    }

    #[test]
    fn a_writer_that_is_dropped_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = opened(folder.path());
        let mut writer = store.create().unwrap();
        writer.write(b"half").unwrap();
        assert_eq!(files(folder.path()), 1);
        drop(writer);
        assert_eq!(files(folder.path()), 0);
    }

    #[test]
    fn a_closed_store_keeps_all_and_an_opened_one_what_is_needed() {
        let folder = tempfile::tempdir().unwrap();
        let store = opened(folder.path());
        let (kept, lost) = (written(&store, b"kept"), written(&store, b"lost"));
        let id = kept.id();
        store.close();
        drop((kept, lost, store));
        assert_eq!(files(folder.path()), 2);

        let store = DiskStore::open(folder.path(), false).unwrap();
        assert!(!store.is_empty().unwrap());
        let kept = store.existing(id, 4);
        let missing = ContentId(99);
        assert_eq!(store.settle(&HashSet::from([id, missing])).unwrap(), [missing]);
        assert_eq!(files(folder.path()), 1);
        assert_eq!(&kept.read(0, 9).unwrap()[..], b"kept");
        // A new content never gets the number of one that is there.
        assert!(written(&store, b"new").id() > id);
    }

    #[test]
    fn a_file_that_was_cut_is_an_error_and_not_short() {
        let folder = tempfile::tempdir().unwrap();
        let store = opened(folder.path());
        let content = written(&store, b"hello world");
        File::options()
            .write(true)
            .open(store.path(content.id()))
            .unwrap()
            .set_len(3)
            .unwrap();
        assert_eq!(
            content.read(0, 11).unwrap_err().kind(),
            io::ErrorKind::UnexpectedEof
        );
    }
}
