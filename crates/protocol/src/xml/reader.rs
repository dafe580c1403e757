//! A small pull reader: the children of an element one by one, and the text of one.

use std::borrow::Cow;
use std::fmt;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::{Error, ErrorKind};

// The service's own bodies nest seven deep. Deeper input is an attack on whoever reads it.
const DEPTH_LIMIT: usize = 32;

/// Reads a document element by element, without building a tree.
///
/// ```
/// use lazuli_protocol::xml::XmlReader;
///
/// let mut reader = XmlReader::new(b"<BlockList><Latest>QQ==</Latest><Latest>Qg==</Latest></BlockList>")?;
/// reader.root("BlockList")?;
/// let mut ids = Vec::new();
/// while let Some(element) = reader.child()? {
///     match element.name() {
///         "Latest" => ids.push(reader.text()?.into_owned()),
///         _ => reader.skip()?,
///     }
/// }
/// assert_eq!(ids, ["QQ==", "Qg=="]);
/// # Ok::<(), lazuli_protocol::Error>(())
/// ```
pub struct XmlReader<'a> {
    reader: Reader<&'a [u8]>,
    text: &'a str,
    depth: usize,
}

/// An element that was just opened. Its children or its text are read next, or it is [skipped](XmlReader::skip).
pub struct Element<'a>(BytesStart<'a>);

/// What is in an element: see [`XmlReader::content`].
#[derive(Debug)]
pub enum Content<'a> {
    /// Text, and no children.
    Text(Cow<'a, str>),
    /// The first child. Text before it is passed over.
    Child(Element<'a>),
}

impl Element<'_> {
    /// The element's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.name().0
    }

    /// The value of an attribute, with its entities resolved.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<String> {
        // As most elements of long lists, and looking for one takes time.
        if self.0.len() == self.0.name().0.len() {
            return None;
        }
        let attribute = self.0.try_get_attribute(name).ok().flatten()?;
        quick_xml::escape::unescape(&attribute.value)
            .ok()
            .map(Cow::into_owned)
    }
}

impl fmt::Debug for Element<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.name())
    }
}

impl<'a> XmlReader<'a> {
    /// Starts to read a document in UTF-8, with or without a byte order mark.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidResponse`], as everywhere in this reader, when the document cannot be read.
    pub fn new(bytes: &'a [u8]) -> Result<Self, Error> {
        let text =
            std::str::from_utf8(bytes).map_err(|source| unreadable("it is not UTF-8").with_source(source))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Ok(Self {
            reader,
            text,
            depth: 0,
        })
    }

    /// Opens the document's root.
    ///
    /// # Errors
    /// When the document cannot be read, or its root has another name.
    pub fn root(&mut self, name: &str) -> Result<Element<'a>, Error> {
        loop {
            match self.event()? {
                Event::Start(start) => {
                    let element = Element(start);
                    if element.name() != name {
                        return Err(unreadable(format!(
                            "its root is <{}> and not <{name}>",
                            element.name()
                        )));
                    }
                    self.depth = 1;
                    return Ok(element);
                }
                Event::Eof => return Err(unreadable("it is empty")),
                Event::Text(text) if text.xml10_content().trim().is_empty() => {}
                Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
                _ => return Err(unreadable("it does not start with an element")),
            }
        }
    }

    /// The next child of the element that is open; `None` closes it. Text between children is passed over.
    ///
    /// # Errors
    /// When the document cannot be read, ends early or nests too deep.
    pub fn child(&mut self) -> Result<Option<Element<'a>>, Error> {
        loop {
            match self.event()? {
                Event::Start(child) => return self.opened(child).map(Some),
                Event::End(_) => {
                    self.depth -= 1;
                    return Ok(None);
                }
                Event::Eof => return Err(unreadable("it ends early")),
                _ => {}
            }
        }
    }

    /// The text of the element that was just opened, which closes it. White space is kept.
    ///
    /// # Errors
    /// When the document cannot be read, ends early, or the element has children.
    pub fn text(&mut self) -> Result<Cow<'a, str>, Error> {
        match self.content()? {
            Content::Text(text) => Ok(text),
            Content::Child(child) => Err(unreadable(format!("{child:?} stands where text should"))),
        }
    }

    /// What the element that was just opened holds, when that is not known: its text, which closes it, or its first child, which is open then.
    ///
    /// # Errors
    /// When the document cannot be read or ends early.
    pub fn content(&mut self) -> Result<Content<'a>, Error> {
        let mut text = Cow::Borrowed("");
        loop {
            let piece = match self.event()? {
                Event::Text(piece) => piece.xml10_content(),
                Event::CData(piece) => piece.xml10_content(),
                Event::GeneralRef(reference) => {
                    let character = reference
                        .resolve_char_ref()
                        .map_err(|source| unreadable("a reference is bad").with_source(source))?;
                    match character {
                        Some(character) => Cow::Owned(character.to_string()),
                        None => quick_xml::escape::resolve_predefined_entity(&reference)
                            .map(Cow::Borrowed)
                            .ok_or_else(|| unreadable("it uses an entity that is not one of XML's own"))?,
                    }
                }
                Event::End(_) => {
                    self.depth -= 1;
                    return Ok(Content::Text(text));
                }
                Event::Start(child) => return self.opened(child).map(Content::Child),
                Event::Eof => return Err(unreadable("it ends early")),
                _ => continue,
            };
            if text.is_empty() {
                text = piece;
            } else {
                text.to_mut().push_str(&piece);
            }
        }
    }

    /// Passes over the element that was just opened, with all that is in it.
    ///
    /// # Errors
    /// When the document cannot be read or ends early.
    pub fn skip(&mut self) -> Result<(), Error> {
        let target = self.depth.saturating_sub(1);
        while self.depth > target {
            self.child()?;
        }
        Ok(())
    }

    /// Checks that nothing but white space and comments follows the root, once it is closed.
    ///
    /// # Errors
    /// When something else follows.
    pub fn finish(mut self) -> Result<(), Error> {
        loop {
            match self.event()? {
                Event::Eof => return Ok(()),
                Event::Comment(_) | Event::PI(_) => {}
                Event::Text(text) if text.xml10_content().trim().is_empty() => {}
                _ => return Err(unreadable("something follows its root")),
            }
        }
    }

    /// Where the reader is: line and column, both counted from 1.
    #[must_use]
    pub fn position(&self) -> (usize, usize) {
        let offset = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
        let read = self.text.get(..offset).unwrap_or(self.text);
        let line = read.matches('\n').count() + 1;
        let column = read.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        (line, column)
    }

    fn opened(&mut self, child: BytesStart<'a>) -> Result<Element<'a>, Error> {
        self.depth += 1;
        if self.depth > DEPTH_LIMIT {
            return Err(unreadable("it nests too deep"));
        }
        Ok(Element(child))
    }

    fn event(&mut self) -> Result<Event<'a>, Error> {
        match self.reader.read_event() {
            Ok(Event::DocType(_)) => Err(unreadable("it has a document type")),
            Ok(event) => Ok(event),
            Err(source) => Err(unreadable("it is not well formed").with_source(source)),
        }
    }
}

impl fmt::Debug for XmlReader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("XmlReader")
            .field("position", &self.position())
            .finish_non_exhaustive()
    }
}

fn unreadable(why: impl fmt::Display) -> Error {
    Error::new(
        ErrorKind::InvalidResponse,
        format!("the XML cannot be read: {why}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(document: &str) -> Result<Vec<String>, Error> {
        let mut reader = XmlReader::new(document.as_bytes())?;
        reader.root("A")?;
        let mut texts = Vec::new();
        while let Some(element) = reader.child()? {
            match element.name() {
                "T" => texts.push(reader.text()?.into_owned()),
                _ => reader.skip()?,
            }
        }
        reader.finish()?;
        Ok(texts)
    }

    #[test]
    fn text_is_kept_to_the_letter() {
        let document = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<A><T> a&amp;b&#x9;&lt;c </T><!-- x --><B><T>no</T></B><T/><T><![CDATA[<d>]]>e</T></A>\n";
        assert_eq!(texts(document).unwrap(), [" a&b\t<c ", "", "<d>e"]);
    }

    #[test]
    fn bad_documents_are_errors_and_never_panics() {
        let deep = format!("<A>{}", "<B>".repeat(1000));
        for bad in [
            "",
            " ",
            "text",
            "<A>",
            "<A><T>",
            "<B></B>",
            "<A></B>",
            "<A><T><X/></T></A>",
            "<A><T>&nbsp;</T></A>",
            "<A><T>&#xFFFFFFFF;</T></A>",
            "<!DOCTYPE a [<!ENTITY x 'y'>]><A/>",
            "<A/><A/>",
            "<A/>x",
            &deep,
        ] {
            assert!(texts(bad).is_err(), "{bad:.40}");
        }
        assert!(XmlReader::new(b"\xff\xfe").is_err());
    }

    #[test]
    fn attributes_are_unescaped() {
        let mut reader = XmlReader::new(b"<A Encoded=\"true\" Where=\"a&amp;b\"/>").unwrap();
        let root = reader.root("A").unwrap();
        assert_eq!(root.attribute("Encoded").as_deref(), Some("true"));
        assert_eq!(root.attribute("Where").as_deref(), Some("a&b"));
        assert_eq!(root.attribute("Other"), None);
    }

    #[test]
    fn the_position_counts_lines() {
        let mut reader = XmlReader::new(b"<A>\n <T>x</T></A>").unwrap();
        reader.root("A").unwrap();
        assert_eq!(reader.position(), (1, 4));
        reader.child().unwrap();
        assert_eq!(reader.position(), (2, 5));
    }
}
