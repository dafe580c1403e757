//! Names and values of a query or of a form.

use lazuli_protocol::percent_decode;

/// Pairs, decoded. What cannot be decoded is left out. Values can be secrets, so that it has no `Debug`.
#[derive(Default)]
pub(in crate::entra) struct Form(Vec<(String, String)>);

impl Form {
    pub(super) fn parse(text: &str) -> Self {
        let decode = |text: &str| percent_decode(&text.replace('+', " ")).map(|text| text.into_owned());
        let pairs = text.split('&').filter_map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decode(name)?, decode(value)?))
        });
        Self(pairs.collect())
    }

    /// The first value of a name, unless it is empty.
    pub(in crate::entra) fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(other, _)| other == name)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }
}
