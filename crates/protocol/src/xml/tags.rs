//! The tags of a blob as XML: the body of Get and Set Blob Tags, and a part of lists.

use super::list_blobs::lacks;
use super::{XmlReader, writer};
use crate::{BlobTags, Error};

impl BlobTags {
    /// The XML that Set Blob Tags sends.
    ///
    /// ```
    /// use lazuli_protocol::BlobTags;
    ///
    /// let xml = BlobTags::new().with("project", "apollo")?.to_xml();
    /// assert!(xml.ends_with("<Tags><TagSet><Tag><Key>project</Key><Value>apollo</Value></Tag></TagSet></Tags>"));
    /// assert_eq!(BlobTags::parse_xml(xml.as_bytes())?.get("project"), Some("apollo"));
    /// # Ok::<(), lazuli_protocol::Error>(())
    /// ```
    #[must_use]
    pub fn to_xml(&self) -> String {
        let mut xml = writer::prolog();
        xml.push_str("<Tags><TagSet>");
        for (key, value) in self.iter() {
            xml.push_str("<Tag>");
            writer::element(&mut xml, "Key", key);
            writer::element(&mut xml, "Value", value);
            xml.push_str("</Tag>");
        }
        xml.push_str("</TagSet></Tags>");
        xml
    }

    /// Reads the XML. What the service has sent is taken as it is, whatever its keys and their number.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidResponse`](crate::ErrorKind::InvalidResponse) when it cannot be read, or a tag has no key.
    pub fn parse_xml(bytes: &[u8]) -> Result<Self, Error> {
        let mut reader = XmlReader::new(bytes)?;
        reader.root("Tags")?;
        let tags = tags(&mut reader)?;
        reader.finish()?;
        Ok(tags)
    }
}

/// Reads what is in a `Tags` element that was just opened.
pub(super) fn tags(reader: &mut XmlReader<'_>) -> Result<BlobTags, Error> {
    let mut tags = BlobTags::new();
    while let Some(element) = reader.child()? {
        match element.name() {
            "TagSet" => {
                while let Some(element) = reader.child()? {
                    match element.name() {
                        "Tag" => tag(&mut tags, reader)?,
                        _ => reader.skip()?,
                    }
                }
            }
            _ => reader.skip()?,
        }
    }
    Ok(tags)
}

fn tag(tags: &mut BlobTags, reader: &mut XmlReader<'_>) -> Result<(), Error> {
    let (mut key, mut value) = (None, String::new());
    while let Some(element) = reader.child()? {
        match element.name() {
            "Key" => key = Some(reader.text()?.into_owned()),
            "Value" => value = reader.text()?.into_owned(),
            _ => reader.skip()?,
        }
    }
    tags.keep(key.ok_or_else(|| lacks("a tag", "key"))?, value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_to_the_letter() {
        let xml = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Tags><TagSet><Tag><Key>+-./:=_ </Key><Value> first tag</Value></Tag>\
                   <Tag><Key>empty</Key><Value/></Tag><Later/></TagSet></Tags>";
        let tags = BlobTags::parse_xml(xml.as_bytes()).unwrap();
        let pairs: Vec<_> = tags.iter().collect();
        assert_eq!(pairs, [("+-./:=_ ", " first tag"), ("empty", "")]);
    }

    #[test]
    fn what_is_written_is_read() {
        let tags = BlobTags::new()
            .with("a b", "1+1=2")
            .and_then(|tags| tags.with("z/:", ""))
            .unwrap();
        assert_eq!(BlobTags::parse_xml(tags.to_xml().as_bytes()).unwrap(), tags);
        assert_eq!(
            BlobTags::parse_xml(BlobTags::new().to_xml().as_bytes()).unwrap(),
            BlobTags::new()
        );
    }

    #[test]
    fn what_is_no_list_of_tags_is_an_error() {
        for bad in [
            "",
            "<Tags>",
            "<Tag/>",
            "<Tags><TagSet><Tag><Value>v</Value></Tag></TagSet></Tags>",
            "<Tags><TagSet><Tag><Key><Key/></Key></Tag></TagSet></Tags>",
            "<Tags/><Tags/>",
        ] {
            assert!(BlobTags::parse_xml(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
