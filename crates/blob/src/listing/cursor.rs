//! Where a list of blobs was left.

use std::fmt;
use std::str::FromStr;

use lazuli_protocol::xml::ListBlobsEntry;
use lazuli_protocol::{Error, ErrorKind, encode_query, percent_decode};

/// Where a list of blobs was left: the page, and the entry on it. It is text for as long as it is kept ([`Display`](fmt::Display),
/// [`FromStr`]), and a list goes on behind it with [`resume`](crate::ListBlobsCall::resume).
///
/// Where that entry is gone meanwhile, because the blob was deleted say, the list goes on from the start of its page: some entries come once
/// more, and none is left out.
///
/// ```
/// use lazuli_blob::ListCursor;
///
/// let start = ListCursor::default();
/// assert_eq!(start.to_string(), "");
/// assert_eq!("marker=2%214%21eg--&name=a%2Fb".parse::<ListCursor>()?.to_string(), "marker=2%214%21eg--&name=a%2Fb");
/// # Ok::<(), lazuli_blob::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListCursor {
    /// The page; `None` is the first.
    marker: Option<String>,
    /// The last entry that was seen of it.
    last: Option<Seen>,
}

/// What tells an entry from its neighbours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Seen {
    name: String,
    snapshot: Option<String>,
    version_id: Option<String>,
}

impl ListCursor {
    pub(super) fn at(marker: Option<String>) -> Self {
        Self { marker, last: None }
    }

    pub(super) fn marker(&self) -> Option<&str> {
        self.marker.as_deref()
    }

    /// Moves behind an entry of the page.
    pub(super) fn pass(&mut self, entry: &ListBlobsEntry) {
        let (snapshot, version_id) = states(entry);
        let last = self.last.get_or_insert_default();
        entry.name().clone_into(&mut last.name);
        keep(&mut last.snapshot, snapshot);
        keep(&mut last.version_id, version_id);
    }

    /// Drops the entries of the page that were seen: those up to the last of them. Where that is gone, nothing says which they were (names need not
    /// come in the order of their bytes), and all stay.
    pub(super) fn drop_seen(&self, entries: &mut Vec<ListBlobsEntry>) {
        let Some(last) = &self.last else {
            return;
        };
        let is_last = |entry: &ListBlobsEntry| {
            let states_of_last = (last.snapshot.as_deref(), last.version_id.as_deref());
            entry.name() == last.name && states(entry) == states_of_last
        };
        if let Some(at) = entries.iter().position(is_last) {
            entries.drain(..=at);
        }
    }
}

/// The snapshot and the version that an entry is.
fn states(entry: &ListBlobsEntry) -> (Option<&str>, Option<&str>) {
    match entry {
        ListBlobsEntry::Blob(blob) => (blob.snapshot.as_deref(), blob.version_id.as_deref()),
        _ => (None, None),
    }
}

fn keep(place: &mut Option<String>, text: Option<&str>) {
    match text {
        Some(text) => text.clone_into(place.get_or_insert_default()),
        None => *place = None,
    }
}

impl fmt::Display for ListCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.last.as_ref();
        let pairs = [
            ("marker", self.marker.as_deref()),
            ("name", last.map(|last| last.name.as_str())),
            ("snapshot", last.and_then(|last| last.snapshot.as_deref())),
            ("version", last.and_then(|last| last.version_id.as_deref())),
        ];
        let mut between = "";
        for (key, text) in pairs {
            if let Some(text) = text {
                write!(f, "{between}{key}={}", encode_query(text))?;
                between = "&";
            }
        }
        Ok(())
    }
}

impl FromStr for ListCursor {
    type Err = crate::Error;

    /// Reads the text.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) when it is not that of a cursor.
    fn from_str(text: &str) -> Result<Self, crate::Error> {
        let wrong = || {
            Error::new(
                ErrorKind::InvalidInput,
                format!("{text:?} is not a cursor of a list"),
            )
        };
        let (mut cursor, mut seen, mut named) = (Self::default(), Seen::default(), false);
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').ok_or_else(wrong)?;
            let value = percent_decode(value).ok_or_else(wrong)?.into_owned();
            match key {
                "marker" => cursor.marker = Some(value),
                "name" => (seen.name, named) = (value, true),
                "snapshot" => seen.snapshot = Some(value),
                "version" => seen.version_id = Some(value),
                _ => return Err(wrong().into()),
            }
        }
        cursor.last = named.then_some(seen);
        Ok(cursor)
    }
}
