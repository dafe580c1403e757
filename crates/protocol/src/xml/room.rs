//! How many entries a page of a list may have: small ones take many times the memory of the bytes that they come in.

use crate::{Error, ErrorKind, limits};

/// Four times what the service gives: it may give some more than it says, and whoever gives that many means no good.
pub(crate) const MOST_ENTRIES: usize = 4 * limits::LIST_PAGE as usize;

/// Whether there is room for so many `more` entries.
pub(crate) fn make_room<T>(entries: &[T], more: usize) -> Result<(), Error> {
    if entries.len().saturating_add(more) > MOST_ENTRIES {
        let message = format!(
            "a page of a list has {} entries at most, and this one more than {MOST_ENTRIES}",
            limits::LIST_PAGE
        );
        return Err(Error::new(ErrorKind::InvalidResponse, message));
    }
    Ok(())
}

/// Adds an entry to a page.
pub(crate) fn add<T>(entries: &mut Vec<T>, entry: T) -> Result<(), Error> {
    make_room(entries, 1)?;
    entries.push(entry);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::{FoundBlobsPage, ListBlobsPage, ListContainersPage};

    #[test]
    fn a_page_ends_somewhere() {
        let page = |entries: &str, entry: &str, count| {
            format!(
                "<EnumerationResults><{entries}>{}</{entries}></EnumerationResults>",
                entry.repeat(count)
            )
        };
        let found = "<Blob><Name>a</Name><ContainerName>c</ContainerName></Blob>";
        for (count, fits) in [(MOST_ENTRIES, true), (MOST_ENTRIES + 1, false)] {
            let outcomes = [
                ListBlobsPage::parse(page("Blobs", "<Blob><Name>a</Name></Blob>", count).as_bytes()).err(),
                ListBlobsPage::parse(
                    page("Blobs", "<BlobPrefix><Name>a</Name></BlobPrefix>", count).as_bytes(),
                )
                .err(),
                ListContainersPage::parse(
                    page("Containers", "<Container><Name>a</Name></Container>", count).as_bytes(),
                )
                .err(),
                FoundBlobsPage::parse(page("Blobs", found, count).as_bytes()).err(),
            ];
            for (at, error) in outcomes.into_iter().enumerate() {
                assert_eq!(error.is_none(), fits, "row {at}: {error:?}");
                assert!(error.is_none_or(|error| error.kind() == ErrorKind::InvalidResponse));
            }
        }
    }
}
