//! XML as the service writes it: a byte order mark, then on its classic path one line and `<Empty />`, and on its newer one the
//! declaration on a line of its own and `<Empty/>`.

use lazuli_protocol::encode_path;

const DECLARATION: &str = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>";

/// A document that is being written.
#[derive(Debug)]
pub(super) struct Xml {
    text: String,
    /// How an empty element ends.
    close: &'static str,
}

impl Xml {
    pub(super) fn new() -> Self {
        Self {
            text: DECLARATION.to_owned(),
            close: " />",
        }
    }

    /// A document of the newer path.
    pub(super) fn newer() -> Self {
        Self {
            text: format!("{DECLARATION}\n"),
            close: "/>",
        }
    }

    /// A document that was written elsewhere, with what the service writes before it.
    pub(super) fn whole(document: String) -> Self {
        Self {
            text: format!("\u{feff}{document}"),
            close: "/>",
        }
    }

    pub(super) fn open(&mut self, element: &str) {
        self.text.extend(["<", element, ">"]);
    }

    pub(super) fn open_with(&mut self, element: &str, attributes: &[(&str, &str)]) {
        self.text.extend(["<", element]);
        for (name, value) in attributes {
            self.text.extend([" ", name, "=\""]);
            self.escape(value, true);
            self.text.push('"');
        }
        self.text.push('>');
    }

    pub(super) fn close(&mut self, element: &str) {
        self.text.extend(["</", element, ">"]);
    }

    /// An element with text, or an empty one.
    pub(super) fn text(&mut self, element: &str, text: &str) {
        if text.is_empty() {
            self.text.extend(["<", element, self.close]);
            return;
        }
        self.open(element);
        self.escape(text, false);
        self.close(element);
    }

    /// An element, if there is a text for it.
    pub(super) fn some(&mut self, element: &str, text: Option<&str>) {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.text(element, text);
        }
    }

    /// An element with a name that anybody may have chosen. What XML cannot hold is percent-encoded, and marked so.
    pub(super) fn name(&mut self, element: &str, name: &str) {
        if name.chars().all(is_xml) {
            self.text(element, name);
            return;
        }
        self.open_with(element, &[("Encoded", "true")]);
        self.text.push_str(&encode_path(name));
        self.close(element);
    }

    /// An element around others, or an empty one when there are none.
    pub(super) fn list<T>(
        &mut self,
        element: &str,
        items: impl IntoIterator<Item = T>,
        mut put: impl FnMut(&mut Self, T),
    ) {
        let mut items = items.into_iter().peekable();
        if items.peek().is_none() {
            self.text(element, "");
            return;
        }
        self.open(element);
        for item in items {
            put(self, item);
        }
        self.close(element);
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    fn escape(&mut self, text: &str, attribute: bool) {
        for c in text.chars() {
            match c {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '"' if attribute => self.text.push_str("&quot;"),
                // A reader takes a bare one for a line feed.
                '\r' => self.text.push_str("&#xD;"),
                c if is_xml(c) => self.text.push(c),
                _ => self.text.push(char::REPLACEMENT_CHARACTER),
            }
        }
    }
}

/// Whether XML 1.0 can hold a character.
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_look_like_the_service_s() {
        let mut xml = Xml::new();
        xml.open_with("R", &[("A", "a\"&b")]);
        xml.text("Empty", "");
        xml.text("Text", "it's <1> & \"2\"\r\n");
        xml.some("Absent", None);
        xml.some("Absent", Some(""));
        xml.name("Name", "plain/å");
        xml.name("Name", "dir\u{fffe}/0 1");
        xml.list("None", [""; 0], |xml, text| xml.text("T", text));
        xml.list("Some", ["1", "2"], |xml, text| xml.text("T", text));
        xml.close("R");
        assert_eq!(
            xml.finish(),
            "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><R A=\"a&quot;&amp;b\"><Empty />\
             <Text>it's &lt;1&gt; &amp; \"2\"&#xD;\n</Text><Name>plain/å</Name>\
             <Name Encoded=\"true\">dir%EF%BF%BE/0%201</Name><None /><Some><T>1</T><T>2</T></Some></R>"
        );
        let mut newer = Xml::newer();
        newer.text("PageList", "");
        assert_eq!(
            newer.finish(),
            "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<PageList/>"
        );
    }
}
