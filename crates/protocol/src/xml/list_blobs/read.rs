//! Reading the entries of a list out of XML.

use super::{BlobItem, BlobPrefix, ListBlobsEntry};
use crate::xml::cell::Cell;
use crate::xml::reader::{Content, Element, XmlReader};
use crate::xml::room::add;
use crate::{Error, ErrorKind, percent_decode};

pub(super) fn entries(reader: &mut XmlReader<'_>) -> Result<Vec<ListBlobsEntry>, Error> {
    let mut entries = Vec::new();
    while let Some(element) = reader.child()? {
        match element.name() {
            "Blob" => add(&mut entries, ListBlobsEntry::Blob(blob(reader)?))?,
            "BlobPrefix" => add(&mut entries, ListBlobsEntry::Prefix(prefix(reader)?))?,
            _ => reader.skip()?,
        }
    }
    Ok(entries)
}

fn blob(reader: &mut XmlReader<'_>) -> Result<Box<BlobItem>, Error> {
    let mut item = Box::<BlobItem>::default();
    let named = fill(&mut item, reader)?;
    if named {
        Ok(item)
    } else {
        Err(lacks("a blob", "name"))
    }
}

fn prefix(reader: &mut XmlReader<'_>) -> Result<BlobPrefix, Error> {
    let mut item = Box::<BlobItem>::default();
    if !fill(&mut item, reader)? {
        return Err(lacks("a prefix", "name"));
    }
    Ok(BlobPrefix::of(item))
}

/// Reads the children of a blob, or of a prefix; whether it has a name.
fn fill(item: &mut BlobItem, reader: &mut XmlReader<'_>) -> Result<bool, Error> {
    let mut named = false;
    while let Some(element) = reader.child()? {
        match element.name() {
            "Name" => {
                item.name = decoded(&element, reader)?;
                named = true;
            }
            "Properties" => {
                while let Some(element) = reader.child()? {
                    leaf(item, &element, reader)?;
                }
            }
            "Metadata" => {
                item.metadata_encrypted = element.attribute("Encrypted");
                while let Some(element) = reader.child()? {
                    let value = reader.text()?.into_owned();
                    item.metadata.keep(element.name(), value);
                }
            }
            "OrMetadata" => {
                while let Some(element) = reader.child()? {
                    let value = reader.text()?.into_owned();
                    item.keep_replication(element.name(), value)?;
                }
            }
            "Tags" => tags(item, reader)?,
            _ => leaf(item, &element, reader)?,
        }
    }
    Ok(named)
}

/// Reads an element that has text, if it is known, and keeps it aside, if not.
fn leaf(item: &mut BlobItem, element: &Element<'_>, reader: &mut XmlReader<'_>) -> Result<(), Error> {
    match reader.content()? {
        Content::Text(text) => {
            if item.set(element.name(), Cell::Text(&text)) {
                return Ok(());
            }
            // Whoever adds up sizes must not take one that is missing for zero.
            if element.name() == "Content-Length" {
                let message = format!("{text:?} is not a blob's length");
                return Err(Error::new(ErrorKind::InvalidResponse, message));
            }
            item.keep(element.name(), text.into_owned())?;
        }
        Content::Child(child) => aside(child, reader, |name, text| item.keep(name, text))?,
    }
    Ok(())
}

/// Passes over the children of an element of which `child` is the first, and hands on those that have text.
pub(in crate::xml) fn aside<'a>(
    child: Element<'a>,
    reader: &mut XmlReader<'a>,
    mut keep: impl FnMut(&str, String) -> Result<(), Error>,
) -> Result<(), Error> {
    let (mut open, mut next) = (0_usize, Some(child));
    loop {
        match next {
            Some(child) => match reader.content()? {
                Content::Text(text) => {
                    keep(child.name(), text.into_owned())?;
                    next = reader.child()?;
                }
                Content::Child(child) => {
                    open += 1;
                    next = Some(child);
                }
            },
            None if open == 0 => return Ok(()),
            None => {
                open -= 1;
                next = reader.child()?;
            }
        }
    }
}

// Tags / TagSet / Tag / Key and Value.
fn tags(item: &mut BlobItem, reader: &mut XmlReader<'_>) -> Result<(), Error> {
    while let Some(set) = reader.child()? {
        if set.name() != "TagSet" {
            reader.skip()?;
            continue;
        }
        while reader.child()?.is_some() {
            let (mut key, mut value) = (None, String::new());
            while let Some(element) = reader.child()? {
                match element.name() {
                    "Key" => key = Some(reader.text()?.into_owned()),
                    "Value" => value = reader.text()?.into_owned(),
                    _ => reader.skip()?,
                }
            }
            let key = key.ok_or_else(|| lacks("a tag", "key"))?;
            item.tags.keep(key, value);
        }
    }
    Ok(())
}

// Names that XML cannot hold come percent-encoded, and say so.
pub(in crate::xml) fn decoded(element: &Element<'_>, reader: &mut XmlReader<'_>) -> Result<String, Error> {
    let text = reader.text()?;
    let encoded = element
        .attribute("Encoded")
        .is_some_and(|value| value.eq_ignore_ascii_case("true"));
    if !encoded {
        return Ok(text.into_owned());
    }
    match percent_decode(&text) {
        Some(name) => Ok(name.into_owned()),
        None => Err(Error::new(
            ErrorKind::InvalidResponse,
            format!("the encoded name {text:?} is not UTF-8"),
        )),
    }
}

pub(in crate::xml) fn some_text(reader: &mut XmlReader<'_>) -> Result<Option<String>, Error> {
    let text = reader.text()?;
    Ok((!text.is_empty()).then(|| text.into_owned()))
}

pub(in crate::xml) fn lacks(what: &str, part: &str) -> Error {
    Error::new(
        ErrorKind::InvalidResponse,
        format!("{what} in the answer has no {part}"),
    )
}
