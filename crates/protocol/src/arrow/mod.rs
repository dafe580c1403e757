//! A page of a container's blobs as an Apache Arrow table: what List Blobs answers to those who accept it.
//!
//! A row is a blob or a prefix, and the columns are named as the elements of the XML. The marker of the next page stands in the schema.

mod batch;
mod column;
mod stream;
#[cfg(test)]
mod tests;

use self::batch::Batch;
use self::column::Column;
use self::stream::Stream;
use crate::xml::{BlobItem, BlobPrefix, Cell, ListBlobsEntry, ListBlobsPage, make_room};
use crate::{Error, ErrorKind};

impl ListBlobsPage {
    /// Reads the stream of an Apache Arrow table. Columns that are not known are kept with the [blob](BlobItem::other), as far as they are text,
    /// numbers, truth values or times; columns of other types are passed over.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidResponse`] when it cannot be read, a blob has no name, or there are more of them, or of columns that are not known, than any
    /// page has.
    pub fn parse_arrow(bytes: &[u8]) -> Result<Self, Error> {
        let mut stream = Stream::open(bytes)?;
        // Some write it the one way, some the other; without it the list would end in silence.
        let next_marker = stream.note("NextMarker").or_else(|| stream.note("nextMarker"));
        let mut page = Self {
            next_marker,
            ..Self::default()
        };
        while let Some(batch) = stream.next()? {
            read_rows(&batch, &mut page.entries)?;
        }
        Ok(page)
    }
}

fn read_rows(batch: &Batch<'_>, entries: &mut Vec<ListBlobsEntry>) -> Result<(), Error> {
    make_room(entries, batch.rows)?;
    for row in 0..batch.rows {
        entries.push(read_row(&batch.columns, row)?);
    }
    Ok(())
}

fn read_row(columns: &[(&str, Column<'_>)], row: usize) -> Result<ListBlobsEntry, Error> {
    let mut item = Box::<BlobItem>::default();
    let (mut named, mut is_prefix) = (false, false);
    for (name, column) in columns {
        if let Some(pairs) = column.pairs(row) {
            read_pairs(&mut item, name, pairs?)?;
            continue;
        }
        let Some(cell) = column.cell(row)? else {
            continue;
        };
        match (*name, cell) {
            ("Name", Cell::Text(text)) => {
                text.clone_into(&mut item.name);
                named = true;
            }
            ("ResourceType", Cell::Text(kind)) if kind.eq_ignore_ascii_case("blobprefix") => is_prefix = true,
            // All others are, where there is no hierarchy.
            ("ResourceType", Cell::Text(kind)) if kind.eq_ignore_ascii_case("blob") => {}
            (name, cell) if item.set(name, cell) => {}
            ("Content-Length", cell) => {
                return Err(unreadable(format!("{} is not a blob's length", cell.to_text())));
            }
            (name, cell) => item.keep(name, cell.to_text())?,
        }
    }
    match (named, is_prefix) {
        (false, _) => Err(unreadable("a row has no name")),
        (true, true) => Ok(ListBlobsEntry::Prefix(BlobPrefix::of(item))),
        (true, false) => Ok(ListBlobsEntry::Blob(item)),
    }
}

fn read_pairs(item: &mut BlobItem, name: &str, pairs: Vec<(&str, &str)>) -> Result<(), Error> {
    for (key, value) in pairs {
        match name {
            "Metadata" => item.metadata.keep(key, value.to_owned()),
            "Tags" | "BlobTags" => item.tags.keep(key.to_owned(), value.to_owned()),
            "OrMetadata" => item.keep_replication(key, value.to_owned())?,
            _ => item.keep(key, value.to_owned())?,
        }
    }
    Ok(())
}

fn unreadable(why: impl std::fmt::Display) -> Error {
    Error::new(
        ErrorKind::InvalidResponse,
        format!("the Arrow table cannot be read: {why}"),
    )
}
