//! How many entries a page of a list may have, and how much each of them that has no place of its own: small ones take many times the memory of the
//! bytes that they come in, and eight truth values of a table come in one.

use crate::{Error, ErrorKind, limits};

/// Four times what the service gives: it may give some more than it says, and whoever gives that many means no good.
pub(crate) const MOST_ENTRIES: usize = 4 * limits::LIST_PAGE as usize;

/// How many things an entry may have that have no place of their own. The service's own have a few.
pub(crate) const MOST_ASIDE: usize = 128;

/// Keeps something aside with its entry.
pub(crate) fn keep_aside(aside: &mut Vec<(String, String)>, name: &str, text: String) -> Result<(), Error> {
    if aside.len() >= MOST_ASIDE {
        let message = format!("an entry of a list has more than {MOST_ASIDE} things that are not known");
        return Err(Error::new(ErrorKind::InvalidResponse, message));
    }
    aside.push((name.to_owned(), text));
    Ok(())
}

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
    fn what_is_kept_aside_of_an_entry_ends_somewhere() {
        for (count, fits) in [(MOST_ASIDE, true), (MOST_ASIDE + 1, false)] {
            let (flat, deep) = ("<X/>".repeat(count), format!("<T>{}</T>", "<X/>".repeat(count)));
            for unknown in [
                flat.clone(),
                deep.clone(),
                format!("<Properties>{flat}</Properties>"),
                format!("<OrMetadata>{flat}</OrMetadata>"),
            ] {
                let page = format!(
                    "<EnumerationResults><Blobs><Blob><Name>a</Name>{unknown}</Blob></Blobs></EnumerationResults>"
                );
                assert_eq!(
                    ListBlobsPage::parse(page.as_bytes()).is_ok(),
                    fits,
                    "{unknown:.30}"
                );
            }
            for unknown in [flat, deep] {
                let page = format!(
                    "<EnumerationResults><Containers><Container><Name>a</Name>{unknown}</Container></Containers></EnumerationResults>"
                );
                assert_eq!(
                    ListContainersPage::parse(page.as_bytes()).is_ok(),
                    fits,
                    "{unknown:.30}"
                );
            }
        }
    }

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
