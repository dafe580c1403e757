//! Documents as they are, as they must not be, and as quick-xml reads them.

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

/// The document as a list of what is in it: starts, ends and texts.
fn ours(document: &str) -> Option<Vec<String>> {
    let mut reader = XmlReader::new(document.as_bytes()).unwrap();
    let mut seen: Vec<String> = Vec::new();
    let mut after_text = false;
    loop {
        let text = match reader.event().ok()? {
            Event::Start(element) => format!("<{}>", element.name()),
            Event::End => "</>".to_owned(),
            Event::Eof if reader.open.is_empty() => return Some(seen),
            Event::Eof => return None,
            Event::Text(text) if text.is_empty() => continue,
            Event::Text(text) => {
                match seen.last_mut().filter(|_| after_text) {
                    Some(last) => last.push_str(&text),
                    None => seen.push(text.into_owned()),
                }
                after_text = true;
                continue;
            }
        };
        seen.push(text);
        after_text = false;
    }
}

/// The same, by somebody else's reader.
fn theirs(document: &str) -> Option<Vec<String>> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(document);
    reader.config_mut().expand_empty_elements = true;
    let (mut seen, mut depth): (Vec<String>, usize) = (Vec::new(), 0);
    let mut after_text = false;
    loop {
        let text = match reader.read_event().ok()? {
            Event::Start(start) => {
                depth += 1;
                seen.push(format!("<{}>", start.name().0));
                after_text = false;
                continue;
            }
            Event::End(_) => {
                depth -= 1;
                seen.push("</>".to_owned());
                after_text = false;
                continue;
            }
            Event::Text(text) => text.xml10_content().into_owned(),
            Event::CData(text) => text.xml10_content().into_owned(),
            Event::GeneralRef(reference) => match reference.resolve_char_ref().ok()? {
                Some(character) => character.to_string(),
                None => quick_xml::escape::resolve_predefined_entity(&reference)?.to_owned(),
            },
            Event::Eof if depth == 0 => return Some(seen),
            Event::Eof | Event::DocType(_) => return None,
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) | Event::Empty(_) => continue,
        };
        match seen.last_mut().filter(|_| after_text) {
            _ if text.is_empty() => continue,
            Some(last) => last.push_str(&text),
            None => seen.push(text),
        }
        after_text = true;
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(4096))]

    #[test]
    fn what_both_read_is_the_same(pieces in proptest::collection::vec(proptest::sample::select(vec![
        "<A>", "</A>", "<A>", "</A>", "<B c='1>' d=\"&lt;\">", "</B>", "<B/>", "<B />", "<C e='x'/>", "</A >", "text", " ", "\r\n", "\r",
        "&amp;", "&lt;", "&#65;", "&#x1F600;", "<!-- a < b -->", "<![CDATA[<x>&]]>", "<?pi x?>", "é", "]]>", "'", "\"",
    ]), 0..16)) {
        let document = format!("<A>{}</A>", pieces.concat());
        proptest::prop_assert_eq!(ours(&document), theirs(&document), "{}", document);
    }

    #[test]
    fn no_document_is_too_odd(document in "[<>/A-Ca !?&;#x\\[\\]'\"=\\r\\n-]{0,40}") {
        // Nothing is read that another reader would refuse; it may be stricter.
        if let Some(seen) = ours(&document) {
            proptest::prop_assert_eq!(Some(seen), theirs(&document), "{}", document);
        }
    }

    #[test]
    fn escaped_text_is_read_as_it_was(text in "\\PC*") {
        let document = format!("<A b=\"{0}\">{0}</A>", super::super::escape(&text));
        let mut reader = XmlReader::new(document.as_bytes()).unwrap();
        let root = reader.root("A").unwrap();
        proptest::prop_assert_eq!(root.attribute("b").unwrap(), text.as_str());
        proptest::prop_assert_eq!(reader.text().unwrap(), text.as_str());
        reader.finish().unwrap();
    }
}
