//! The body of an error: `<Error><Code/><Message/>…</Error>`.

use super::XmlReader;
use crate::Error;

/// What an error's body says. Each part may be missing: proxies answer too, and some answers are cut off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorBody {
    /// The error code.
    pub code: Option<String>,
    /// The text, with the lines that repeat the request's id and time.
    pub message: Option<String>,
    /// The elements that the code adds, in their order.
    pub details: Vec<(String, String)>,
}

impl ErrorBody {
    /// Reads what can be read.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Self {
        let mut body = Self::default();
        match body.fill(bytes) {
            Ok(()) => body,
            // What stands before the damage may itself be damaged.
            Err(_) => Self::default(),
        }
    }

    fn fill(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let mut reader = XmlReader::new(bytes)?;
        reader.root("Error")?;
        while let Some(element) = reader.child()? {
            let text = reader.text()?.into_owned();
            match element.name() {
                "Code" => self.code = Some(text),
                "Message" => self.message = Some(text),
                other => self.details.push((other.to_owned(), text)),
            }
        }
        Ok(())
    }
}
