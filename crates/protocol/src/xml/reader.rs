//! A small pull reader: the children of an element one by one, and the text of one.

use std::borrow::Cow;
use std::fmt;

use memchr::memchr3;

use super::markup::{self, Tag};
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
    text: &'a str,
    // What is still to be read.
    rest: &'a str,
    // The names of the elements that are open.
    open: Vec<&'a str>,
    // The innermost of them was opened and closed by one tag, and its end is still to be told.
    closed: bool,
}

/// An element that was just opened. Its children or its text are read next, or it is [skipped](XmlReader::skip).
pub struct Element<'a>(Tag<'a>);

/// What is in an element: see [`XmlReader::content`].
#[derive(Debug)]
pub enum Content<'a> {
    /// Text, and no children.
    Text(Cow<'a, str>),
    /// The first child. Text before it is passed over.
    Child(Element<'a>),
}

/// A step through the document. Comments and processing instructions are none.
enum Event<'a> {
    Start(Element<'a>),
    End,
    Text(Cow<'a, str>),
    Eof,
}

impl<'a> Element<'a> {
    /// The element's name.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.0.name
    }

    /// The value of an attribute, with its entities resolved.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<String> {
        markup::attribute(self.0.attributes, name)
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
        Ok(Self {
            text,
            rest: text,
            open: Vec::new(),
            closed: false,
        })
    }

    /// Opens the document's root.
    ///
    /// # Errors
    /// When the document cannot be read, or its root has another name.
    pub fn root(&mut self, name: &str) -> Result<Element<'a>, Error> {
        loop {
            match self.event()? {
                Event::Start(root) if root.name() == name => return Ok(root),
                Event::Start(root) => {
                    return Err(unreadable(format!("its root is {root:?} and not <{name}>")));
                }
                Event::Eof => return Err(unreadable("it is empty")),
                Event::Text(text) if text.trim().is_empty() => {}
                Event::Text(_) | Event::End => return Err(unreadable("it does not start with an element")),
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
                Event::Start(child) => return Ok(Some(child)),
                Event::End => return Ok(None),
                Event::Eof => return Err(unreadable("it ends early")),
                Event::Text(_) => {}
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
        if let Some(text) = self.plain_text() {
            return Ok(Content::Text(Cow::Borrowed(text)));
        }
        let mut text = Cow::Borrowed("");
        loop {
            match self.event()? {
                Event::Text(piece) if text.is_empty() => text = piece,
                Event::Text(piece) => text.to_mut().push_str(&piece),
                Event::End => return Ok(Content::Text(text)),
                Event::Start(child) => return Ok(Content::Child(child)),
                Event::Eof => return Err(unreadable("it ends early")),
            }
        }
    }

    /// Passes over the element that was just opened, with all that is in it.
    ///
    /// # Errors
    /// When the document cannot be read or ends early.
    pub fn skip(&mut self) -> Result<(), Error> {
        let target = self.open.len().saturating_sub(1);
        while self.open.len() > target {
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
                Event::Text(text) if text.trim().is_empty() => {}
                _ => return Err(unreadable("something follows its root")),
            }
        }
    }

    /// Where the reader is: line and column, both counted from 1.
    #[must_use]
    pub fn position(&self) -> (usize, usize) {
        let offset = self.text.len().saturating_sub(self.rest.len());
        let read = self.text.get(..offset).unwrap_or(self.text);
        let line = read.matches('\n').count() + 1;
        let column = read.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        (line, column)
    }

    // What nearly all elements of a long list are: text as it stands, and the end. `None` is for whoever looks closer.
    fn plain_text(&mut self) -> Option<&'a str> {
        if self.closed {
            return None;
        }
        let name = *self.open.last()?;
        let end = memchr3(b'<', b'&', b'\r', self.rest.as_bytes())?;
        let (text, tag) = self.rest.split_at_checked(end)?;
        self.rest = tag.strip_prefix("</")?.strip_prefix(name)?.strip_prefix('>')?;
        self.open.pop();
        Some(text)
    }

    fn event(&mut self) -> Result<Event<'a>, Error> {
        loop {
            if std::mem::take(&mut self.closed) {
                self.open.pop();
                return Ok(Event::End);
            }
            let Some(inside) = self.rest.strip_prefix('<') else {
                return self.characters();
            };
            match inside.as_bytes().first() {
                Some(b'/') => return self.end(inside),
                Some(b'?') => self.instruction(inside)?,
                Some(b'!') if inside.starts_with("!--") => {
                    self.pass(inside.strip_prefix("!--").unwrap_or(inside), "-->")?;
                }
                Some(b'!') => return self.cdata(inside),
                _ => return self.start(inside),
            }
        }
    }

    fn start(&mut self, inside: &'a str) -> Result<Event<'a>, Error> {
        let (tag, rest) = markup::tag(inside).ok_or_else(|| unreadable("a tag is not well formed"))?;
        if self.open.len() >= DEPTH_LIMIT {
            return Err(unreadable("it nests too deep"));
        }
        self.open.push(tag.name);
        self.closed = tag.closed;
        self.rest = rest;
        Ok(Event::Start(Element(tag)))
    }

    fn end(&mut self, inside: &'a str) -> Result<Event<'a>, Error> {
        let name = self.open.pop();
        let after = name.and_then(|name| inside.strip_prefix('/')?.strip_prefix(name));
        let after = after.and_then(|after| after.trim_ascii_start().strip_prefix('>'));
        self.rest = after.ok_or_else(|| unreadable("an element does not end where it should"))?;
        Ok(Event::End)
    }

    fn cdata(&mut self, inside: &'a str) -> Result<Event<'a>, Error> {
        let content = inside
            .strip_prefix("![CDATA[")
            .ok_or_else(|| unreadable("it has a document type"))?;
        let (text, rest) = content
            .split_once("]]>")
            .ok_or_else(|| unreadable("it ends early"))?;
        self.rest = rest;
        Ok(Event::Text(markup::with_plain_lines(text)))
    }

    fn instruction(&mut self, inside: &'a str) -> Result<(), Error> {
        let named = inside.strip_prefix('?').filter(|inside| {
            inside.starts_with(|c: char| !matches!(c, '?' | '>') && !c.is_ascii_whitespace())
        });
        let inside = named.ok_or_else(|| unreadable("a processing instruction has no name"))?;
        self.pass(inside, "?>")
    }

    fn pass(&mut self, inside: &'a str, end: &str) -> Result<(), Error> {
        let (_, rest) = inside
            .split_once(end)
            .ok_or_else(|| unreadable("it ends early"))?;
        self.rest = rest;
        Ok(())
    }

    /// Text up to the next tag or reference, or what a reference stands for.
    fn characters(&mut self) -> Result<Event<'a>, Error> {
        if self.rest.is_empty() {
            return Ok(Event::Eof);
        }
        if self.rest.starts_with('&') {
            let (character, rest) = markup::reference(self.rest).ok_or_else(|| {
                unreadable("a reference is bad, or to an entity that is not one of XML's own")
            })?;
            self.rest = rest;
            return Ok(Event::Text(Cow::Owned(character.to_string())));
        }
        let end = self.rest.find(['<', '&']).unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        Ok(Event::Text(markup::with_plain_lines(text)))
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
mod tests;
