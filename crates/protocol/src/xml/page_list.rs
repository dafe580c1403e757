//! The ranges of a page blob that hold something, or that changed: the body that Get Page Ranges answers.

use std::ops::Range;

use super::list_blobs::some_text;
use super::{XmlReader, writer};
use crate::{Error, ErrorKind};

/// The most ranges that are read of one answer. The service gives at most 10,000 to who asks for pages, and all of them to who does not: of a blob that is in more
/// pieces than this, they are to be asked for in pages.
const MOST_RANGES: usize = 1024 * 1024;

/// A page of a list of page ranges.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PageList {
    /// The ranges, in the order of their places.
    pub ranges: Vec<PageRange>,
    /// Where the next page starts; `None` on the last page.
    pub next_marker: Option<String>,
}

/// A range of a page blob.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PageRange {
    /// The bytes: the first, and the one after the last.
    pub range: Range<u64>,
    /// Whether the range was cleared since the snapshot that the blob is compared with. Without such a snapshot, a range in the list always holds
    /// something.
    pub cleared: bool,
}

impl PageRange {
    /// A range that holds something.
    #[must_use]
    pub fn filled(range: Range<u64>) -> Self {
        Self {
            range,
            cleared: false,
        }
    }

    /// A range that was cleared.
    #[must_use]
    pub fn cleared(range: Range<u64>) -> Self {
        Self { range, cleared: true }
    }
}

impl PageList {
    /// Reads the XML.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidResponse`] when it cannot be read, a range has no place or ends before it starts, or there are more than 1,048,576 of them.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        Self::read(bytes, MOST_RANGES)
    }

    fn read(bytes: &[u8], most: usize) -> Result<Self, Error> {
        let mut reader = XmlReader::new(bytes)?;
        reader.root("PageList")?;
        let mut list = Self::default();
        while let Some(element) = reader.child()? {
            match element.name() {
                "PageRange" => list.add(PageRange::filled(range(&mut reader)?), most)?,
                "ClearRange" => list.add(PageRange::cleared(range(&mut reader)?), most)?,
                "NextMarker" => list.next_marker = some_text(&mut reader)?,
                _ => reader.skip()?,
            }
        }
        Ok(list)
    }

    fn add(&mut self, range: PageRange, most: usize) -> Result<(), Error> {
        if self.ranges.len() >= most {
            let message = format!(
                "the answer has more than {most} page ranges; ask for pages of them, or for a part of the blob"
            );
            return Err(Error::new(ErrorKind::InvalidResponse, message));
        }
        self.ranges.push(range);
        Ok(())
    }

    /// The XML. Empty ranges are left out: there is no way to write them.
    #[must_use]
    pub fn to_xml(&self) -> String {
        let mut xml = writer::prolog();
        xml.push_str("<PageList>");
        for PageRange { range, cleared } in &self.ranges {
            let Some(last) = range.end.checked_sub(1).filter(|last| range.start <= *last) else {
                continue;
            };
            let name = if *cleared { "ClearRange" } else { "PageRange" };
            xml.extend(["<", name, ">"]);
            writer::element(&mut xml, "Start", &range.start.to_string());
            writer::element(&mut xml, "End", &last.to_string());
            xml.extend(["</", name, ">"]);
        }
        writer::element_if(&mut xml, "NextMarker", self.next_marker.as_deref());
        xml.push_str("</PageList>");
        xml
    }
}

fn range(reader: &mut XmlReader<'_>) -> Result<Range<u64>, Error> {
    let (mut first, mut last) = (None, None);
    while let Some(element) = reader.child()? {
        match element.name() {
            "Start" => first = reader.text()?.parse::<u64>().ok(),
            "End" => last = reader.text()?.parse::<u64>().ok(),
            _ => reader.skip()?,
        }
    }
    first
        .zip(last)
        .filter(|(first, last)| first <= last)
        .and_then(|(first, last)| Some(first..last.checked_add(1)?))
        .ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidResponse,
                "a page range in the answer has no readable start and end",
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_both_kinds_keep_their_order() {
        let xml = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<PageList><PageRange><Start>0</Start><End>511</End></PageRange>\
                   <ClearRange><Start>512</Start><End>1023</End></ClearRange><PageRange><Start>2048</Start><End>4095</End></PageRange>\
                   <NextMarker>m 1</NextMarker></PageList>";
        let list = PageList::parse(xml.as_bytes()).unwrap();
        assert_eq!(
            list.ranges,
            [
                PageRange::filled(0..512),
                PageRange::cleared(512..1024),
                PageRange::filled(2048..4096),
            ]
        );
        assert_eq!(list.next_marker.as_deref(), Some("m 1"));
        assert_eq!(PageList::parse(list.to_xml().as_bytes()).unwrap(), list);
        assert_eq!(PageList::parse(b"<PageList />").unwrap(), PageList::default());
    }

    #[test]
    fn a_list_ends_somewhere() {
        let xml = "<PageList><PageRange><Start>0</Start><End>511</End></PageRange>\
                   <ClearRange><Start>512</Start><End>1023</End></ClearRange></PageList>";
        assert_eq!(PageList::read(xml.as_bytes(), 2).unwrap().ranges.len(), 2);
        let error = PageList::read(xml.as_bytes(), 1).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse);
        assert!(error.to_string().contains("ask for pages of them"), "{error}");
    }

    #[test]
    fn ranges_that_cannot_be_are_errors() {
        for bad in [
            "",
            "<Start>0</Start>",
            "<End>511</End>",
            "<Start>512</Start><End>511</End>",
            "<Start>-1</Start><End>511</End>",
            "<Start>0</Start><End>18446744073709551615</End>",
            "<Start>0</Start><End>18446744073709551616</End>",
        ] {
            let xml = format!("<PageList><PageRange>{bad}</PageRange></PageList>");
            assert!(PageList::parse(xml.as_bytes()).is_err(), "{bad}");
        }
    }
}
