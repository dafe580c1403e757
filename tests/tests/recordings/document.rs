//! XML as the recordings hold it: where its values stand, and what it says whatever its layout.

use std::collections::BTreeSet;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;

/// A document taken apart.
#[derive(Debug, Default)]
pub(crate) struct Document {
    /// Its values, in order.
    pub(crate) leaves: Vec<Leaf>,
    /// Where the content of each element starts that holds elements, after the way to it.
    pub(crate) insides: Vec<(String, usize)>,
}

/// An element or attribute that holds text and no elements.
#[derive(Debug)]
pub(crate) struct Leaf {
    /// The names from the root, `Blobs/Blob/Name`; an attribute's with an `@`.
    pub(crate) path: String,
    /// Where its text stands.
    pub(crate) span: Range<usize>,
}

/// The document without the mark of its encoding.
pub(crate) fn text(body: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(body).ok()?;
    let text = text.trim_start_matches('\u{feff}');
    text.trim_start().starts_with('<').then_some(text)
}

/// Takes a document apart; `None` when it is not well formed.
pub(crate) fn parse(xml: &str) -> Option<Document> {
    let mut reader = Reader::from_str(xml);
    let mut document = Document::default();
    // Of each open element: its name, where its content starts, whether it holds elements.
    let mut open: Vec<(String, usize, bool)> = Vec::new();
    loop {
        let before = at(&reader);
        match reader.read_event().ok()? {
            Event::Start(start) => {
                if let Some(parent) = open.last_mut() {
                    parent.2 = true;
                }
                let name = start.name().as_ref().to_owned();
                open.push((name, at(&reader), false));
                attributes(xml, before..at(&reader), &path(&open), &mut document.leaves);
            }
            Event::Empty(empty) => {
                if let Some(parent) = open.last_mut() {
                    parent.2 = true;
                }
                let name = empty.name().as_ref().to_owned();
                open.push((name, 0, false));
                let end = at(&reader);
                let path = path(&open);
                document.leaves.push(Leaf { path, span: end..end });
                open.pop();
            }
            Event::End(_) => {
                let path = path(&open);
                let (_, start, has_elements) = open.pop()?;
                if has_elements {
                    document.insides.push((path, start));
                } else {
                    document.leaves.push(Leaf {
                        path,
                        span: start..before,
                    });
                }
            }
            Event::Eof => return open.is_empty().then_some(document),
            _ => {}
        }
    }
}

/// What a document says: its values with the way to each, without layout.
pub(crate) fn outline(xml: &str) -> Option<Vec<(String, String)>> {
    let leaves = parse(xml)?.leaves;
    let pair = |leaf: Leaf| (leaf.path, plain(&xml[leaf.span]));
    Some(leaves.into_iter().map(pair).collect())
}

/// An element with what is in it.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Tree {
    name: String,
    text: String,
    children: Vec<Self>,
}

/// What a document says whatever the order of an element's parts, where each part has a name of its own. In a list the order counts.
pub(crate) fn tree(xml: &str) -> Option<Tree> {
    let mut reader = Reader::from_str(xml);
    let mut open = vec![Tree::default()];
    loop {
        let before = at(&reader);
        match reader.read_event().ok()? {
            Event::Start(start) => open.push(Tree::named(start.name().as_ref())),
            Event::Empty(empty) => open.last_mut()?.children.push(Tree::named(empty.name().as_ref())),
            Event::End(_) => {
                let mut element = open.pop()?;
                element.settle();
                open.last_mut()?.children.push(element);
            }
            Event::Eof => {
                let mut root = open.pop()?;
                root.settle();
                return open.is_empty().then_some(root);
            }
            Event::Decl(_) => {}
            _ => open.last_mut()?.text.push_str(&plain(&xml[before..at(&reader)])),
        }
    }
}

impl Tree {
    fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..Self::default()
        }
    }

    fn settle(&mut self) {
        if !self.children.is_empty() {
            // White space between elements.
            self.text = self.text.trim().to_owned();
        }
        let names: BTreeSet<&str> = self.children.iter().map(|child| child.name.as_str()).collect();
        if names.len() == self.children.len() {
            self.children.sort();
        }
    }
}

/// The letters that a text stands for.
fn plain(text: &str) -> String {
    quick_xml::escape::unescape(text).map_or_else(|_| text.to_owned(), |plain| plain.into_owned())
}

fn path(open: &[(String, usize, bool)]) -> String {
    let names: Vec<&str> = open.iter().map(|(name, ..)| name.as_str()).collect();
    names.join("/")
}

fn at(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap()
}

fn attributes(xml: &str, tag: Range<usize>, path: &str, leaves: &mut Vec<Leaf>) {
    let offset = tag.start;
    let tag = &xml[tag];
    let mut from = 0;
    while let Some(found) = tag[from..].find("=\"") {
        let start = from + found + 2;
        let Some(length) = tag[start..].find('"') else {
            return;
        };
        let name = tag[..start - 2]
            .rsplit([' ', '\n', '\t'])
            .next()
            .unwrap_or_default();
        if !name.starts_with("xmlns") {
            let span = offset + start..offset + start + length;
            leaves.push(Leaf {
                path: format!("{path}@{name}"),
                span,
            });
        }
        from = start + length + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_wherever_they_stand() {
        let xml = "<?xml version=\"1.0\"?>\n<A x=\"1\"><B>b &amp; c</B><C/><D><E></E></D></A>";
        let found: Vec<(String, String)> = outline(xml).unwrap();
        let expected = [("A@x", "1"), ("A/B", "b & c"), ("A/C", ""), ("A/D/E", "")];
        assert!(
            found
                .iter()
                .map(|(path, text)| (path.as_str(), text.as_str()))
                .eq(expected),
            "{found:?}"
        );
    }

    #[test]
    fn parts_have_no_order_and_lists_have_one() {
        let same = |one, other| tree(one).unwrap() == tree(other).unwrap();
        assert!(same(
            "<A><B>1</B><C/></A>",
            "<?xml version=\"1.0\"?>\n<A> <C></C><B>1</B> </A>\n"
        ));
        assert!(!same("<A><B>1</B><B>2</B></A>", "<A><B>2</B><B>1</B></A>"));
        assert!(!same("<A><B>1</B></A>", "<A><B>1 </B></A>"));
    }

    #[test]
    fn what_is_not_well_formed_is_nothing() {
        for bad in ["<A>", "<A></B>", "<A"] {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }
}
